"""XForms written out, for what no workbook says: actions by hand, attributes, namespaces."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.forms import Filling, FormDefinition, read_form
from tests.forms.making import surroundings

_HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
    ' xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"'
    ' xmlns:odk="http://www.opendatakit.org/xforms"'
    ' xmlns:entities="http://www.opendatakit.org/xforms/entities">'
    "<h:head><h:title>t</h:title>"
)


def xform(instance: str, model: str = "", body: str = "", *, form_id: str = "t") -> bytes:
    """An XForm whose primary instance is `<data>` around `instance`."""
    return (
        f'{_HEAD}<model><instance><data id="{form_id}">{instance}</data></instance>{model}</model>'
        f"</h:head><h:body>{body}</h:body></h:html>"
    ).encode()


def defined(instance: str, model: str = "", body: str = "") -> FormDefinition:
    """Its definition."""
    return read_form(xform(instance, model, body))


def begun(instance: str, model: str = "", body: str = "") -> Filling:
    """It, just opened."""
    return Filling.start(defined(instance, model, body), surroundings())


def values(filling: Filling, *paths: str) -> Mapping[str, str]:
    """The answers at some paths as they count."""
    return {path: filling.value(path) for path in paths}
