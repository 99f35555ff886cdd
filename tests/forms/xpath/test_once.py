"""once() gives a node its value only while it has none."""

from __future__ import annotations

from tests.forms.xpath.asking import DATA, answer

EMPTY, WORD = (
    next(node for node in DATA.children[0].children if node.local == name)
    for name in ("empty", "word")
)


def test_once_keeps_what_is_there() -> None:
    assert answer("once('new')", at=WORD) == "abc"


def test_once_gives_a_value_where_none_is() -> None:
    assert answer("once('new')", at=EMPTY) == "new"
    assert answer("once(1 + 1)", at=EMPTY) == "2"


def test_once_keeps_no_value_that_is_no_number() -> None:
    assert answer("once(. * 10)", at=EMPTY) == ""


def test_once_looks_at_the_expressions_own_node_also_inside_a_predicate() -> None:
    assert answer("/data/n[once('1') = '1']", at=EMPTY) == "3"
    assert answer("/data/n[once('1') = '1']", at=WORD) == ""
