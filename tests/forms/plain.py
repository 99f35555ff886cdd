"""XForms written by hand: for what pyxform never emits and others do."""

from __future__ import annotations

from fieldapp.forms import FormDefinition, read_form

PLAIN = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"
 xmlns:orx="http://openrosa.org/xforms"><h:head><h:title>t</h:title><model>
 <instance><data id="t" version="1">{instance}</data></instance>{model}</model></h:head>
 <h:body>{body}</h:body></h:html>"""


def xform(*, instance: str = "<a/><b/>", model: str = "", body: str = "") -> bytes:
    """An XForm with the nodes, the parts of the model and the controls given."""
    return PLAIN.format(instance=instance, model=model, body=body).encode()


def form(*, instance: str = "<a/><b/>", model: str = "", body: str = "") -> FormDefinition:
    """Its definition."""
    return read_form(xform(instance=instance, model=model, body=body))
