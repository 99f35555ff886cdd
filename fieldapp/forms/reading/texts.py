"""Words for the worker: itext, labels, hints, messages, `<output>` (ODK XForms, itext)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from fieldapp.errors import ExpressionRefused, FormReason, FormRefused
from fieldapp.forms.definition import Expression, Output, Parts, Text, Translated
from fieldapp.forms.reading.xml import XFORMS, local_name, tag
from fieldapp.forms.xpath.nodes import is_element
from fieldapp.forms.xpath.parser import parse

_ITEXT_BY_ID = re.compile(r"""\s*jr:itext\(\s*(?:'([^']*)'|"([^"]*)")\s*\)\s*\Z""")
_SPACE = re.compile(r"[ \t\r\n]+")


def expression(text: str, node: str) -> Expression:
    """An expression of the form; raises FormRefused with the node, the text and the caret."""
    try:
        return Expression(text, parse(text))
    except ExpressionRefused as refusal:
        raise FormRefused(node=node, **refusal.facts) from None


def optional(text: str | None, node: str) -> Expression | None:
    """The same for an attribute that may be missing or empty."""
    return expression(text, node) if text is not None and text.strip() else None


def text_by(reference: str | None, element: etree._Element | None, node: str) -> Text | None:
    """The text that a `ref` attribute or an element's own words give; None for neither."""
    if reference is not None and reference.strip():
        match = _ITEXT_BY_ID.match(reference)
        if match is None:
            return Text(by_expression=expression(reference, node))
        # The words in place serve where no translation has the id (ODK XForms, languages).
        return Text(
            text_id=match[1] if match[1] is not None else match[2],
            parts=() if element is None else parts_of(element, node),
        )
    if element is None:
        return None
    parts = parts_of(element, node)
    return Text(parts=parts) if parts else None


def message(text: str | None, node: str) -> Text | None:
    """A constraint or required message: words, or `jr:itext(…)` of an id or of an expression."""
    if text is None or not text.strip():
        return None
    if text.lstrip().startswith("jr:itext("):
        return text_by(text, None, node)
    return Text(parts=(text,))


def parts_of(element: etree._Element, node: str) -> Parts:
    """An element's words and outputs in order; white space at the ends is dropped."""
    parts: list[str | Output] = []
    _append(parts, element.text)
    for child in element:
        if is_element(child) and local_name(child) == "output":
            value = child.get("value") or child.get("ref") or ""
            if value.strip():
                parts.append(Output(expression(value, node)))
        elif is_element(child):
            parts.extend(parts_of(child, node))
        _append(parts, child.tail)
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    return tuple(part for part in parts if part != "")


def _append(parts: list[str | Output], words: str | None) -> None:
    if not words:
        return
    if parts and isinstance(parts[-1], str):
        parts[-1] += words
    else:
        parts.append(words)


def translations_of(
    itext: etree._Element | None,
) -> tuple[Mapping[str, Mapping[str, Translated]], str]:
    """Language → text id → words, and the default language (``""`` without itext)."""
    translations: dict[str, Mapping[str, Translated]] = {}
    default = ""
    if itext is None:
        return translations, default
    for translation in itext.iterfind(tag(XFORMS, "translation")):
        language = translation.get("lang", "")
        if language in translations:
            raise FormRefused(node=f"itext/{language}", reason=FormReason.DUPLICATE_NAME,
                              name=language)  # fmt: skip
        if not translations or translation.get("default", "false()") not in {"false()", "false"}:
            default = language
        translations[language] = {
            text.get("id", ""): _translated(text)
            for text in translation.iterfind(tag(XFORMS, "text"))
        }
    return translations, default


def _translated(text: etree._Element) -> Translated:
    node = f"itext/{text.get('id', '')}"
    words: Parts = ()
    forms: dict[str, Parts] = {}
    for value in text.iterfind(tag(XFORMS, "value")):
        form = value.get("form")
        if form is None:
            words = parts_of(value, node)
        else:
            forms[form] = parts_of(value, node)
    # A text given only in its long or short form is shown in that form.
    return Translated(words or forms.get("long", ()) or forms.get("short", ()), forms)
