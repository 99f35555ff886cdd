"""Expressions made to hang or crash us: each ends, with a value or a refusal by name."""

from __future__ import annotations

import sys

import pytest

from fieldapp.errors import ExpressionRefused, FormReason
from fieldapp.forms.xpath import Context, compile_text
from fieldapp.forms.xpath.evaluation import LONGEST_RESULT
from fieldapp.forms.xpath.parser import DEEPEST_NESTING
from fieldapp.forms.xpath.values import Value
from tests.forms.xpath.asking import Here, answer, document, value_of

MANY = Here(
    root=document("<data>" + "<row><x>1</x><y>a</y></row>" * 1_500 + "</data>")
)  # fmt: skip
DATA = MANY.root.children[0]


def run(text: str) -> Value:
    return compile_text(text).run(Context(DATA, MANY))


def doubled(times: int) -> str:
    text = "'0123456789'"
    for _ in range(times):
        text = f"concat({text}, {text})"
    return text


@pytest.mark.parametrize(
    ("bomb", "culprit"),
    [
        ("//*[//*[//*[//*]]]", "*]]]"),
        ("count(//*[count(//*[count(//*) > 0]) > 0])", "*) > 0]) > 0])"),
        ("count(/data/row[x = /data/row/x])", "x])"),
        ("count(//*/following::*)", "*)"),
        (" | ".join(["row"] * 8_000), "row"),
        (" + ".join(["count(row/x)"] * 2_000), "x)"),
    ],
)
def test_walking_over_nodes_for_ever_is_stopped_where_it_happens(bomb: str, culprit: str) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        run(bomb)

    facts = caught.value.facts
    column = facts["column"]
    assert facts["reason"] is FormReason.TOO_MUCH_WORK
    assert facts["expression"] == bomb
    assert isinstance(column, int)
    assert bomb[column:].startswith(culprit)


@pytest.mark.parametrize(
    "bomb",
    [
        f"join({doubled(8)}, row, row)",
        f"concat(join({doubled(6)}, row), join({doubled(6)}, row))",
        "join(concat(row, row), row)",
    ],
)
def test_a_text_that_would_fill_the_memory_is_not_put_together(bomb: str) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        run(bomb)

    assert caught.value.facts["reason"] is FormReason.TOO_MUCH_WORK


def test_a_text_of_many_rows_is_put_together() -> None:
    text = run("join(', ', row)")

    assert isinstance(text, str)
    assert 1_500 * 2 < len(text) < LONGEST_RESULT


@pytest.mark.parametrize(
    ("before", "inner", "after"),
    [
        ("(", "1", ")"),
        ("not(", "1", ")"),
        ("-(", "1", ")"),
        ("row[", "1", "]"),
        ("if(1, ", "1", ", 2)"),
        ("if(row, 1, ", "1", ")"),
        ("(1 + 2 * ", "1", ")"),
        ("(row and ", "1", ")"),
        ("concat(row, ", "1", ")"),
        ("coalesce('', ", "1", ")"),
        ("checklist(1, 1, ", "1", ")"),
        ("(row[", "1", "])[1]"),
        ("indexed-repeat(/data/row[", "1", "]/x, /data/row, 1)"),
        ("string(/data[x = ", "1", "])"),
    ],
)
def test_brackets_nest_to_a_bound_and_no_stack_overflows(
    before: str, inner: str, after: str
) -> None:
    depth = DEEPEST_NESTING // 2 - 2
    value_of(before * depth + inner + after * depth)

    with pytest.raises(ExpressionRefused) as caught:
        value_of(before * 10_000 + inner + after * 10_000)
    assert caught.value.facts["reason"] in {FormReason.TOO_DEEP, FormReason.TOO_LARGE}


def test_a_stack_that_is_nearly_full_refuses_an_expression_and_does_not_overflow() -> None:
    deep = "concat(" * (DEEPEST_NESTING - 2) + "n" + ")" * (DEEPEST_NESTING - 2)

    def below(frames: int) -> str:
        if frames:
            return below(frames - 1)
        return answer(deep)

    with pytest.raises(ExpressionRefused) as caught:
        below(sys.getrecursionlimit() - 350)
    assert caught.value.facts["reason"] is FormReason.TOO_DEEP


@pytest.mark.parametrize(
    "long",
    [
        " + ".join(["1"] * 20_000),
        " or ".join(["false()"] * 10_000),
        " = ".join(["1"] * 20_000),
        "-" * 40_000 + "1",
        "/".join(["row"] * 20_000),
        "/".join([".."] * 20_000),
        "(row)" + "[1]" * 10_000,
        f"concat({', '.join(['1'] * 20_000)})",
        f"count({'|'.join(['x'] * 5_000)})",
    ],
)
def test_what_is_long_but_not_deep_is_run(long: str) -> None:
    value_of(long)


@pytest.mark.parametrize("bomb", ["1" + " + 1" * 100_000, "x" * 300_000, "'" + "a" * 300_000 + "'"])
def test_what_is_too_long_is_refused(bomb: str) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        compile_text(bomb)

    assert caught.value.facts["reason"] is FormReason.TOO_LARGE


def test_comparing_two_long_lists_takes_no_time_that_multiplies() -> None:
    assert run("row/x < row/y") is False
    assert run("row/x != row/y") is True
    assert run("row/x = row/y") is False
