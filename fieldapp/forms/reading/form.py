"""A whole XForm."""

from __future__ import annotations

from typing import NoReturn

from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.acting import ready_actions
from fieldapp.forms.collecting import without_collecting
from fieldapp.forms.definition import FormDefinition
from fieldapp.forms.display import display_of
from fieldapp.forms.program import program_of
from fieldapp.forms.reading.actions import actions_of
from fieldapp.forms.reading.body import body_classes, controls_of, repeat_paths
from fieldapp.forms.reading.checks import (
    refuse_circles,
    remarks_on,
    remarks_on_model,
    remarks_on_twins,
)
from fieldapp.forms.reading.meta import add_instance_id
from fieldapp.forms.reading.model import (
    PLAIN_NAMESPACES,
    PrimaryInstance,
    binds_of,
    binds_of_uploads,
    mark_repeats,
    primary_instance,
    secondary_instances,
)
from fieldapp.forms.reading.seeds import seeds_of
from fieldapp.forms.reading.texts import translations_of
from fieldapp.forms.reading.xml import XHTML, first, parse_xml, refuse_endless, tag

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
    refuse_endless(html, len(xform))
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
            definition = _definition(primary, head, model, body)
            program_of(definition)
            display_of(definition)
            ready_actions(definition)
    except FormRefused as refusal:
        raise FormRefused(**{**refusal.facts, "form": form_id}) from None
    return definition


def _definition(
    primary: PrimaryInstance, head: etree._Element, model: etree._Element, body: etree._Element
) -> FormDefinition:
    root = primary.root
    _refuse_method(first(model, "submission"))
    instance_id = add_instance_id(root)
    mark_repeats(root, repeat_paths(body, root))
    seed, templates = seeds_of(primary.element, root)
    binds, bind_remarks = binds_of(model, root)
    if instance_id is not None:
        binds = {instance_id.path: instance_id, **binds}
    translations, default_language = translations_of(first(model, "itext"))
    refuse_circles(translations)
    instances, external = secondary_instances(model)
    actions, action_remarks = actions_of(model, body, root)
    controls, control_remarks = controls_of(body, root)
    binds |= binds_of_uploads(controls, binds)
    lists = {*instances, *external}
    odd = remarks_on(binds.values(), controls, actions, translations, lists)
    title = head.findtext(tag(XHTML, "title")) or ""
    declared = {prefix: uri for prefix, uri in model.nsmap.items() if prefix}
    prefixes = {**_USUAL_PREFIXES, **declared}
    return FormDefinition(
        form_id=primary.form_id,
        version=primary.version,
        title=title.strip() or primary.form_id,
        root=root,
        binds=binds,
        body=controls,
        translations=translations,
        default_language=default_language,
        instances=instances,
        external_instances=external,
        actions=actions,
        namespaces={p: "" if uri in PLAIN_NAMESPACES else uri for p, uri in prefixes.items()},
        root_namespace=primary.root_namespace,
        remarks=(
            *primary.remarks,
            *remarks_on_twins(primary.twins, root),
            *remarks_on_model(model),
            *bind_remarks,
            *action_remarks,
            *control_remarks,
            *odd,
        ),
        seed=seed,
        templates=templates,
        classes=body_classes(body),
    )


def _refuse_method(submission: etree._Element | None) -> None:
    """Raises FormRefused for a way of sending that no client knows (ODK XForms, submission)."""
    method = submission.get("method", "") if submission is not None else ""
    if method not in {"", "post", "form-data-post"}:
        raise FormRefused(node="submission", reason=FormReason.UNKNOWN_METHOD, name=method)


def _refuse(reason: FormReason) -> NoReturn:
    raise FormRefused(reason=reason)
