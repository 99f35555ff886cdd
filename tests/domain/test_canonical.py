"""Canonical JSON: one text for one value, whatever the order it was written in."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.canonical import canonical_hash, canonical_json, shape_hash
from fieldapp.domain.operation import FormRef, Subject
from fieldapp.domain.record import RecordDoc, RevisionHeader
from fieldapp.domain.shapes import to_wire
from fieldapp.errors import MalformedMessage

SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
FLOATS = st.floats(-(2.0**53) + 1, 2.0**53 - 1)
VALUES = st.recursive(
    st.booleans() | SAFE | FLOATS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_text_says_the_same_and_is_its_own_canonical_text(value: Any) -> None:
    text = canonical_json(value)
    again = json.loads(text)

    assert again == value
    assert canonical_json(again) == text


@given(VALUES)
def test_the_quick_way_writes_what_the_library_of_the_standard_writes(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@given(st.dictionaries(st.text(), SAFE, max_size=6), st.randoms())
def test_the_order_of_writing_does_not_matter(value: dict[str, int], random: Any) -> None:
    items = list(value.items())
    random.shuffle(items)

    assert canonical_hash(dict(items)) == canonical_hash(value)


@given(st.dictionaries(st.text(), SAFE, min_size=2, max_size=6))
def test_keys_stand_in_the_order_of_their_utf_16_units(value: dict[str, int]) -> None:
    written = list(json.loads(canonical_json(value)))

    assert written == sorted(value, key=lambda key: key.encode("utf-16-be"))


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**53, {"a": object()}, {1: "a"}, "\ud800", {"\ud800": 1}],
    ids=["NaN", "infinity", "2**53", "object", "number as key", "half a pair", "half a key"],
)
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(MalformedMessage):
        canonical_json(value)


def test_an_abyss_is_refused() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]

    with pytest.raises(MalformedMessage):
        canonical_json(value)


NAMES = st.text(min_size=1, max_size=8)
INSTANT = "2026-11-21T10:00:00+09:00"


@given(answers=st.dictionaries(NAMES, NAMES, max_size=6), has_subject=st.booleans())
def test_hash_of_a_shape_is_that_of_what_it_is_on_the_wire(
    answers: dict[str, str], has_subject: bool
) -> None:
    doc = RecordDoc(
        form=FormRef(id="P13e", version="1"),
        kind="survey",
        scope="가상-햇살동",
        state="완료",
        author="가상-하나",
        created=INSTANT,
        updated=INSTANT,
        answers=answers,
        subject=Subject(list="household", id="가상") if has_subject else None,
        history=(RevisionHeader(rev=1, who="가상-하나", when=INSTANT, state="완료"),),
    )
    wire = to_wire(doc)

    assert shape_hash(doc) == canonical_hash(wire)
    del wire["history"]
    assert shape_hash(doc, without=frozenset({"history"})) == canonical_hash(wire)


def test_half_a_pair_in_a_shape_has_no_hash() -> None:
    with pytest.raises(MalformedMessage):
        shape_hash(FormRef(id="\ud800", version="1"))
