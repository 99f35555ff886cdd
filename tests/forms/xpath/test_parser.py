"""Text to tree: the grammar, its traps, and carets."""

from __future__ import annotations

import pytest

from fieldapp.errors import ExpressionRefused, FormReason
from fieldapp.forms.xpath.ast import (
    ANY_NODE,
    DESCENDANTS,
    PARENT,
    SELF,
    Binary,
    Call,
    Filtered,
    NameTest,
    Negation,
    NumberLiteral,
    Path,
    Step,
    StringLiteral,
    TypeTest,
)
from fieldapp.forms.xpath.parser import parse


def named(name: str) -> Step:
    return Step("child", NameTest(None, name))


ONE, TWO, THREE = (NumberLiteral(float(n)) for n in (1, 2, 3))
A, B = (Path("context", (named(name),)) for name in "ab")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3", Binary(ONE, "+", Binary(TWO, "*", THREE))),
        ("1 - 2 - 3", Binary(Binary(ONE, "-", TWO), "-", THREE)),
        ("1 = 2 < 3", Binary(ONE, "=", Binary(TWO, "<", THREE))),
        ("a or b and a", Binary(A, "or", Binary(B, "and", A))),
        ("-a | b", Negation(Binary(A, "|", B))),
        ("--1", Negation(Negation(ONE))),
        ("(1 + 2) * 3", Binary(Binary(ONE, "+", TWO), "*", THREE)),
        (".5", NumberLiteral(0.5)),
        ("'it''", None),
        ('"it\'s"', StringLiteral("it's")),
        ("/", Path("root", ())),
        ("/a", Path("root", (named("a"),))),
        ("//a", Path("root", (DESCENDANTS, named("a")))),
        ("a//b", Path("context", (named("a"), DESCENDANTS, named("b")))),
        ("../a", Path("context", (PARENT, named("a")))),
        (".", Path("context", (SELF,))),
        ("@id", Path("context", (Step("attribute", NameTest(None, "id")),))),
        ("jr:x", Path("context", (Step("child", NameTest("jr", "x")),))),
        ("jr:*", Path("context", (Step("child", NameTest("jr", "*")),))),
        ("text()", Path("context", (Step("child", TypeTest("text")),))),
        (
            "processing-instruction('x')",
            Path("context", (Step("child", TypeTest("processing-instruction", "x")),)),
        ),
        ("a[1]", Path("context", (Step("child", NameTest(None, "a"), (ONE,)),))),
        ("(a)[1]", Filtered(A, (ONE,))),
        ("f(a)/b", Path(Call("f", (A,)), (named("b"),))),
        ("following-sibling::node()", Path("context", (Step("following-sibling", ANY_NODE),))),
        ("한글_이름-1.2", Path("context", (named("한글_이름-1.2"),))),
    ],
)
def test_a_text_is_read_as_the_recommendation_reads_it(text: str, tree: object) -> None:
    if tree is None:
        with pytest.raises(ExpressionRefused):
            parse(text)
    else:
        assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("* * *", "(*) * (*)"),
        ("div div div", "(div) div (div)"),
        ("and and and", "(and) and (and)"),
        ("a -b", "a - b"),
        ("a[*]", "a[ * ]"),
        ("/* * 2", "(/*) * 2"),
        ("@*", "@ *"),
        ("count (a)", "count(a)"),
        ("child :: a", "child::a"),
        ("7mod2", "7 mod 2"),
        ("1.", "1.0"),
        ("1.5e3 - 2e-1", "1500 - 0.2"),
    ],
)
def test_operators_are_told_from_names_by_what_stands_before(text: str, same: str) -> None:
    assert parse(text) == parse(same)


def test_a_hyphen_in_a_name_is_part_of_the_name() -> None:
    assert parse("a-b") == Path("context", (named("a-b"),))


@pytest.mark.parametrize(
    ("text", "reason", "column", "name"),
    [
        ("", FormReason.EMPTY, 0, ""),
        ("   ", FormReason.EMPTY, 0, ""),
        ("1 +", FormReason.ENDS_EARLY, 3, ""),
        ("count(", FormReason.ENDS_EARLY, 6, ""),
        ("a[1", FormReason.ENDS_EARLY, 3, ""),
        ("1 + + 2", FormReason.UNEXPECTED, 4, "+"),
        ("a b", FormReason.UNEXPECTED, 2, "b"),
        ("(1))", FormReason.UNEXPECTED, 3, ")"),
        ("1e", FormReason.UNEXPECTED, 1, "e"),
        ("'open", FormReason.OPEN_QUOTE, 0, ""),
        ("a = “x”", FormReason.UNKNOWN_CHARACTER, 4, "“"),
        ("a ! b", FormReason.UNKNOWN_CHARACTER, 2, "!"),
        ("1 + $x", FormReason.VARIABLE, 4, "$x"),
        ("${age} > 3", FormReason.VARIABLE, 0, "${age}"),
        ("a/sideways::b", FormReason.UNKNOWN_AXIS, 2, "sideways"),
        ("f(1,)", FormReason.UNEXPECTED, 4, ")"),
    ],
)
def test_what_is_no_expression_is_refused_with_reason_and_caret(
    text: str, reason: FormReason, column: int, name: str
) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        parse(text)

    facts = caught.value.facts
    assert (facts["reason"], facts["column"], facts["name"]) == (reason, column, name)
    assert facts["expression"] == text


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 5_000 + "1" + ")" * 5_000,
        "a[" * 5_000 + "1" + "]" * 5_000,
        "not(" * 5_000 + "1" + ")" * 5_000,
        "1" + " + 1" * 100_000,
        "x" * 300_000,
    ],
)
def test_an_expression_bomb_is_refused(bomb: str) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        parse(bomb)

    assert caught.value.facts["reason"] in {FormReason.TOO_DEEP, FormReason.TOO_LARGE}


def test_a_sum_of_five_thousand_terms_is_read() -> None:
    tree = parse(" + ".join(["1"] * 5_000))

    assert isinstance(tree, Binary)


def test_a_path_tells_where_its_names_stand() -> None:
    tree = parse("  /data/ab")

    assert isinstance(tree, Path)
    assert [step.test.column for step in tree.steps if isinstance(step.test, NameTest)] == [3, 8]
