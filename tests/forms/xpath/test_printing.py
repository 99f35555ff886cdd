"""Tree to text and back: what is printed is read as the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.forms.xpath.ast import (
    DESCENDANTS,
    PARENT,
    SELF,
    Binary,
    Call,
    Expr,
    Filtered,
    NameTest,
    Negation,
    NumberLiteral,
    Path,
    Step,
    StringLiteral,
    TypeTest,
)
from fieldapp.forms.xpath.parser import PRECEDENCE, parse
from fieldapp.forms.xpath.printing import written
from tests.conformance.corpus import forms, recorded

NAMES = st.sampled_from(["a", "b-1", "div", "and", "or", "mod", "text", "item", "한글", "a.b", "_"])
NUMBERS = st.one_of(st.integers(0, 10**20).map(float), st.floats(0, 1e300, allow_nan=False))
TEXTS = st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=8)
AXES = st.sampled_from(["child", "attribute", "self", "ancestor", "following-sibling", "parent"])
TESTS = st.one_of(
    st.builds(NameTest, st.none(), st.one_of(NAMES, st.just("*"))),
    st.builds(NameTest, st.just("jr"), st.one_of(NAMES, st.just("*"))),
    st.builds(TypeTest, st.sampled_from(["node", "text", "comment"])),
    st.builds(TypeTest, st.just("processing-instruction"), st.one_of(st.none(), TEXTS)),
)


def trees() -> st.SearchStrategy[Expr]:
    """Trees that some text is read as: at most two signs in a row, filters with a predicate."""
    leaves: st.SearchStrategy[Expr] = st.one_of(
        st.builds(NumberLiteral, NUMBERS),
        st.builds(StringLiteral, TEXTS),
        st.just(Path("root", ())),
        st.just(Path("context", (SELF,))),
    )
    return st.recursive(leaves, _larger, max_leaves=25)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    predicates = st.lists(inner, max_size=2).map(tuple)
    step = st.one_of(
        st.sampled_from([SELF, PARENT, DESCENDANTS]), st.builds(Step, AXES, TESTS, predicates)
    )
    steps = st.lists(step, min_size=1, max_size=3).map(tuple)
    filtered = st.builds(Filtered, inner, st.lists(inner, min_size=1, max_size=2).map(tuple))
    return st.one_of(
        st.builds(Binary, inner, st.sampled_from(sorted(PRECEDENCE)), inner),
        inner.map(_negated),
        st.builds(Call, st.sampled_from(["count", "jr:itext", "if"]), st.lists(inner).map(tuple)),
        st.builds(Path, st.sampled_from(["root", "context"]), steps),
        st.builds(Path, st.one_of(filtered, inner.map(_startable)), steps),
        filtered,
    )


def _negated(tree: Expr) -> Expr:
    # `---a` is read as `-a`.
    is_twice = isinstance(tree, Negation) and isinstance(tree.operand, Negation)
    return tree if is_twice else Negation(tree)


def _startable(tree: Expr) -> Expr:
    # `(a)/b` is a path from a path; a start without steps is the path itself.
    return Call("current", ()) if isinstance(tree, Path) and not tree.steps else tree


@settings(max_examples=400, deadline=None)
@given(trees())
def test_a_printed_tree_is_read_as_the_same_tree(tree: Expr) -> None:
    assert parse.__wrapped__(written(tree)) == tree


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("((1-2))-3", "1 - 2 - 3"),
        ("- - a", "--a"),
        ("-(a|b)", "-a | b"),
        ("(-a)*2", "-a * 2"),
        ("//a", "/descendant-or-self::node()/a"),
        ("child::a/attribute::b/self::node()", "a/@b/."),
        ("(a)[1]", "(a)[1]"),
        ("a[1][2]", "a[1][2]"),
        ("(a/b)/c", "(a/b)/c"),
        ("f( 'x' ) [ 1 ] / b", "f('x')[1]/b"),
        ('"it\'s"', '"it\'s"'),
        ("1.50", "1.5"),
        ("1e21", "1000000000000000000000"),
        ("processing-instruction('x')", "processing-instruction('x')"),
    ],
)
def test_a_text_is_printed_without_what_it_does_not_need(text: str, printed: str) -> None:
    assert written(parse(text)) == printed
    assert parse(printed) == parse(text)


def test_a_chain_of_five_thousand_operators_is_printed() -> None:
    text = " + ".join(["1"] * 5_000)

    assert written(parse(text)) == text


@pytest.mark.parametrize("tree", [StringLiteral("'\""), NumberLiteral(-1.0)])
def test_a_tree_that_no_text_says_is_not_printed(tree: Expr) -> None:
    with pytest.raises(ValueError, match=r"['\-]"):
        written(tree)


def test_every_recorded_expression_is_printed_and_read_as_before() -> None:
    cases = recorded("xpath")["cases"]
    assert forms()

    for case in cases:
        tree = parse(case["expr"])
        assert parse(written(tree)) == tree, case["expr"]
