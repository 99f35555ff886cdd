"""A whole XForm."""

from __future__ import annotations

from typing import NoReturn

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.collecting import without_collecting
from fieldapp.forms.definition import FormDefinition
from fieldapp.forms.display import display_of
from fieldapp.forms.program import program_of
from fieldapp.forms.reading.body import controls_of, repeat_paths
from fieldapp.forms.reading.model import (
    PLAIN_NAMESPACES,
    actions_of,
    binds_of,
    mark_repeats,
    primary_instance,
    secondary_instances,
)
from fieldapp.forms.reading.seeds import seeds_of
from fieldapp.forms.reading.texts import translations_of
from fieldapp.forms.reading.xml import XFORMS, XHTML, first, parse_xml, tag

# Prefixes that forms use without declaring them where pyxform or ODK Build always does.
_USUAL_PREFIXES = {
    "jr": "http://openrosa.org/javarosa",
    "orx": "http://openrosa.org/xforms",
    "odk": "http://www.opendatakit.org/xforms",
    "h": XHTML,
}


def read_form(xform: bytes) -> FormDefinition:
    """The definition of a form out of its XForm XML (ODK XForms, as pyxform 4.5 emits it).

    Everything that can be wrong is looked for here: expressions are compiled once, references
    resolved, cycles sought. Raises FormRefused with form, node, expression and a 0-based caret.
    """
    html = parse_xml(xform)
    form_id = ""
    try:
        head, body = html.find(tag(XHTML, "head")), html.find(tag(XHTML, "body"))
        model = first(head, "model") if head is not None else None
        if head is None or model is None:
            _refuse(FormReason.NO_MODEL)
        if body is None:
            _refuse(FormReason.NO_BODY)
        primary = primary_instance(model)
        form_id = primary.form_id
        with without_collecting():
            definition = _definition(head, model, body)
            program_of(definition)
            display_of(definition)
    except FormRefused as refusal:
        raise FormRefused(**{**refusal.facts, "form": form_id}) from None
    return definition


def _definition(
    head: etree._Element, model: etree._Element, body: etree._Element
) -> FormDefinition:
    primary = primary_instance(model)
    root = primary.root
    mark_repeats(root, repeat_paths(body, root))
    seed, templates = seeds_of(primary.element, root)
    binds, bind_remarks = binds_of(model, root)
    translations, default_language = translations_of(first(model, "itext"))
    instances, external = secondary_instances(model)
    set_values = [*model.iter(tag(XFORMS, "setvalue")), *body.iter(tag(XFORMS, "setvalue"))]
    actions, action_remarks = actions_of(set_values, root)
    title = head.findtext(tag(XHTML, "title")) or ""
    declared = {prefix: uri for prefix, uri in model.nsmap.items() if prefix}
    prefixes = {**_USUAL_PREFIXES, **declared}
    return FormDefinition(
        form_id=primary.form_id,
        version=primary.version,
        title=title.strip() or primary.form_id,
        root=root,
        binds=binds,
        body=controls_of(body, root),
        translations=translations,
        default_language=default_language,
        instances=instances,
        external_instances=external,
        actions=actions,
        namespaces={p: "" if uri in PLAIN_NAMESPACES else uri for p, uri in prefixes.items()},
        root_namespace=primary.root_namespace,
        remarks=(*bind_remarks, *action_remarks),
        seed=seed,
        templates=templates,
    )


def _refuse(reason: FormReason) -> NoReturn:
    raise FormRefused(reason=reason)
