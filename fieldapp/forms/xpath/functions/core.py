"""The core function library of XPath 1.0 (W3C Recommendation, §4)."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import cast

from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.evaluation import Context
from fieldapp.forms.xpath.functions.registry import function
from fieldapp.forms.xpath.nodes import Document, Node, NodeKind, in_document_order
from fieldapp.forms.xpath.values import Moment, Value

_SPACE = " \t\r\n"

# Node sets (§4.1)


@function("last", gives="number", context=True)
def last(context: Context) -> float:
    """XPath 1.0 §4.1: how many nodes the context has."""
    return float(context.size)


@function("count nodes", gives="number")
def count(nodes: list[Node]) -> float:
    """XPath 1.0 §4.1: how many nodes there are."""
    return float(len(nodes))


@function("id any", gives="nodes", context=True)
def by_id(context: Context, wanted: Value) -> list[Node]:
    """XPath 1.0 §4.1: the elements with these ids, separated by white space."""
    texts = [node.text() for node in wanted] if isinstance(wanted, list) else [str(wanted)]
    document = context.node.root()
    if not isinstance(document, Document):
        return []
    found = [document.element_with_id(name) for text in texts for name in text.split()]
    return in_document_order([node for node in found if node is not None])


@function("local-name nodes?", gives="string", context=True)
def local_name(context: Context, nodes: list[Node] | None = None) -> str:
    """XPath 1.0 §4.1: the name of the first node without its prefix."""
    node = _first(context, nodes)
    return node.local if node is not None and _is_named(node) else ""


@function("namespace-uri nodes?", gives="string", context=True)
def namespace_uri(context: Context, nodes: list[Node] | None = None) -> str:
    """XPath 1.0 §4.1: the namespace of the first node's name."""
    node = _first(context, nodes)
    return node.namespace if node is not None else ""


@function("name nodes?", gives="string", context=True)
def name(context: Context, nodes: list[Node] | None = None) -> str:
    """XPath 1.0 §4.1: the name of the first node as written."""
    node = _first(context, nodes)
    return node.name if node is not None and _is_named(node) else ""


def _first(context: Context, nodes: list[Node] | None) -> Node | None:
    if nodes is None:
        return context.node
    return nodes[0] if nodes else None


def _is_named(node: Node) -> bool:
    return node.kind not in {NodeKind.TEXT, NodeKind.COMMENT, NodeKind.DOCUMENT}


# Texts (§4.2)


@function("string any?", gives="string", context=True)
def string(context: Context, value: Value | None = None) -> str:
    """XPath 1.0 §4.2: any value as a text; the context node when there is no argument."""
    return context.node.text() if value is None else values.text_of(value)


@function("starts-with string string", gives="boolean")
def starts_with(text: str, start: str) -> bool:
    """XPath 1.0 §4.2."""
    return text.startswith(start)


@function("contains string string", gives="boolean")
def contains(text: str, part: str) -> bool:
    """XPath 1.0 §4.2."""
    return part in text


@function("substring-before string string", gives="string")
def substring_before(text: str, mark: str) -> str:
    """XPath 1.0 §4.2: what stands before the first mark; empty without one."""
    before, found, _ = text.partition(mark) if mark else ("", "", "")
    return before if found else ""


@function("substring-after string string", gives="string")
def substring_after(text: str, mark: str) -> str:
    """XPath 1.0 §4.2: what stands after the first mark; empty without one."""
    return text.partition(mark)[2] if mark else text


@function("substring string number number?", gives="string")
def substring(text: str, start: float, length: float | None = None) -> str:
    """XPath 1.0 §4.2: characters counted from 1, start and length rounded."""
    first = round_half_up(start)
    end = math.inf if length is None else first + round_half_up(length)
    # Comparisons with NaN are false, which is what the recommendation's examples want.
    return "".join(letter for place, letter in enumerate(text, 1) if first <= place < end)


@function("string-length string?", gives="number", context=True)
def string_length(context: Context, text: str | None = None) -> float:
    """XPath 1.0 §4.2: the number of characters (not of code units)."""
    return float(len(context.node.text() if text is None else text))


@function("normalize-space string?", gives="string", context=True)
def normalize_space(context: Context, text: str | None = None) -> str:
    """XPath 1.0 §4.2: trimmed, inner white space to one space each."""
    whole = context.node.text() if text is None else text
    return " ".join(part for part in whole.translate(_TO_SPACE).split(" ") if part)


_TO_SPACE = {ord(character): " " for character in _SPACE}


@function("translate string string string", gives="string")
def translate(text: str, wanted: str, given: str) -> str:
    """XPath 1.0 §4.2: each character of the second text by its fellow in the third, or dropped."""
    table: dict[int, str | None] = {}
    for place, character in enumerate(wanted):
        table.setdefault(ord(character), given[place] if place < len(given) else None)
    return text.translate(table)


# Truths (§4.3)


@function("boolean any", gives="boolean")
def boolean(value: Value) -> bool:
    """XPath 1.0 §4.3."""
    return values.truth_of(value)


@function("not boolean", gives="boolean")
def negated(truth: bool) -> bool:
    """XPath 1.0 §4.3."""
    return not truth


@function("true", gives="boolean")
def true() -> bool:
    """XPath 1.0 §4.3."""
    return True


@function("false", gives="boolean")
def false() -> bool:
    """XPath 1.0 §4.3."""
    return False


@function("lang string", gives="boolean", context=True)
def lang(context: Context, wanted: str) -> bool:
    """XPath 1.0 §4.3: whether the nearest xml:lang is the language or a kind of it."""
    node: Node | None = context.node
    while node is not None:
        for attribute in node.attributes:
            if attribute.local == "lang" and attribute.prefix == "xml":
                found, asked = (attribute.value or "").lower(), wanted.lower()
                return found == asked or found.startswith(asked + "-")
        node = node.parent
    return False


# Numbers (§4.4)


@function("number any?", gives="any", context=True)
def number(context: Context, value: Value | None = None) -> Value:
    """XPath 1.0 §4.4; ODK XForms, number functions: a date as days since 1970.

    Such a number reckons with the share of its day and is written as whole days.
    """
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    zone = context.world.zone
    if isinstance(value, Moment):
        return values.days_of(value)
    text = context.node.text() if value is None else values.text_of(value)
    found = values.number_in(text, zone)
    moment = None if found != found else values.moment_in(text, zone)  # noqa: PLR0124 (NaN)
    return found if moment is None else values.days_of(moment)


@function("sum nodes", gives="number", context=True)
def total(context: Context, nodes: list[Node]) -> float:
    """XPath 1.0 §4.4: NaN as soon as one node is no number."""
    texts = [node.text() if node.value is None else node.value for node in nodes]
    with suppress(TypeError, OverflowError, ValueError):
        return math.fsum(cast("map[float]", map(values.plain_number, texts)))
    # A date, no number, more than a float holds, or ∞ - ∞.
    numbers = [values.number_in(text, context.world.zone) for text in texts]
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):
        return sum(numbers)


@function("floor number", gives="number")
def floor(number: float) -> float:
    """XPath 1.0 §4.4."""
    return float(math.floor(number)) if math.isfinite(number) else number


@function("ceiling number", gives="number")
def ceiling(number: float) -> float:
    """XPath 1.0 §4.4: -0.5 gives negative zero."""
    if not math.isfinite(number):
        return number
    return math.copysign(float(math.ceil(number)), number) if -1 < number < 0 else float(
        math.ceil(number)
    )  # fmt: skip


def round_half_up(number: float) -> float:
    """XPath 1.0 §4.4: the nearest whole number, of two the greater."""
    if not math.isfinite(number):
        return number
    if -0.5 <= number < 0:
        return -0.0
    below = math.floor(number)
    return float(below + 1 if number - below >= 0.5 else below)
