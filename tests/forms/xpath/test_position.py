"""Where a node stands, current(), and nodes inside the n-th instance of a repeat."""

from __future__ import annotations

import pytest

from fieldapp.errors import ExpressionRefused, FormReason
from tests.forms.xpath.asking import Here, answer, document

IN_HOUSES = Here(root=document(
    "<data><at>2</at>"
    "<house><name>A</name><person><age>1</age></person><person><age>2</age></person></house>"
    "<house><name>B</name><person><age>3</age></person></house>"
    "<house><name>C</name><person><age>4</age></person><person><age>5</age></person></house>"
    "</data>"
))  # fmt: skip
HOUSES = IN_HOUSES.root.children[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("position()", "1"),
        ("last()", "1"),
        ("n[last()]", "2"),
        ("n[position() = last() - 1]", "1"),
        ("n[position() > 1][1]", "1"),
        ("position(n[2])", "2"),
        ("position(row[2])", "2"),
        ("position(word)", "1"),
        ("position(nothing)", "NaN"),
        ("position(/)", "1"),
    ],
)
def test_a_position_is_among_the_nodes_asked_or_the_siblings_of_the_name(
    text: str, expected: str
) -> None:
    assert answer(text) == expected


def test_position_of_the_parent_is_the_number_of_the_repeat_instance() -> None:
    assert answer("position(..)", at=HOUSES.children[2].children[1], world=IN_HOUSES) == "2"


def test_current_is_the_expressions_own_node_also_inside_predicates() -> None:
    at = HOUSES.children[0]

    assert answer("/data/house[position() = current()]/name", at=at, world=IN_HOUSES) == "B"
    assert answer("../house[count(person) = current()]/name", at=at, world=IN_HOUSES) == "A"
    assert answer("../house[person[age > current()]][1]/name", at=at, world=IN_HOUSES) == "B"
    assert answer("current()/../at", at=at, world=IN_HOUSES) == "2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("indexed-repeat(/data/house/name, /data/house, 2)", "B"),
        ("indexed-repeat(/data/house/name, /data/house, 1 + 1)", "B"),
        ("indexed-repeat(/data/house/name, /data/house, 4)", ""),
        ("indexed-repeat(/data/house/name, /data/house, 0)", ""),
        ("indexed-repeat(/data/house/name, /data/house, '')", ""),
        ("indexed-repeat(/data/house/name, /data/nothing, 1)", ""),
        ("indexed-repeat(/data/house/person/age, /data/house, 3, /data/house/person, 2)", "5"),
        ("indexed-repeat(/data/house/person/age, /data/house/person, 2, /data/house, 3)", "5"),
        ("indexed-repeat(/data/house/person/age, /data/house, 2, /data/house/person, 2)", ""),
        ("count(indexed-repeat(/data/house/person/age, /data/house, 1))", "2"),
        ("indexed-repeat(house/name, house, at)", "B"),
        ("indexed-repeat(//age, //house, 3, //person, 2)", "5"),
    ],
)
def test_indexed_repeat_goes_into_the_instances_named_outermost_first(
    text: str, expected: str
) -> None:
    assert answer(text, at=HOUSES, world=IN_HOUSES) == expected


def test_indexed_repeat_wants_pairs() -> None:
    with pytest.raises(ExpressionRefused) as caught:
        answer("indexed-repeat(row/x, row, 1, row)")

    assert caught.value.facts["reason"] is FormReason.ARGUMENT_COUNT
