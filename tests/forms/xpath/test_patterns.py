"""regex(): the dialect, and that no pattern keeps us busy."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from fieldapp.errors import ExpressionRefused, FormReason
from fieldapp.forms.xpath.patterns import PatternRefused, PatternTooHard, pattern_of
from fieldapp.forms.xpath.patterns.automaton import Automaton, NoProgram
from fieldapp.forms.xpath.patterns.reading import read
from tests.forms.xpath.asking import answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("regex('010-1234', '[0-9]{3}-[0-9]{4}')", "true"),
        ("regex('x010-1234', '[0-9]{3}-[0-9]{4}')", "false"),
        ("regex('010-1234', '^[0-9]{3}-[0-9]{4}$')", "true"),
        ("regex(word, concat('a', '.*'))", "true"),
        ("regex(word, concat('(', 'a'))", "false"),
        ("regex(n, '[12]')", "false"),
    ],
)
def test_regex_asks_for_the_whole_text(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        (r"\d+", "12", True),
        (r"\d+", "１２", False),
        (r"\w+", "a_1", True),
        (r"\w+", "한글", False),
        (r"[가-힣]{2,4}", "한글", True),
        (r"\p{Hangul}+|\p{L}\P{L}", "한글", True),
        (r"\p{Lu}\p{Alpha}+", "Äb", True),
        (r"a\sb", "a\u00a0b", True),
        (r".", "\n", False),
        (r"[^]", "\n", True),
        (r"[]", "x", False),
        (r"[[\]\-a&&]+", "[]-&", True),
        (r"[a-]", "-", True),
        (r"[\w-]+", "a-b", True),
        (r"\x41\u0042\u{43}", "ABC", True),
        (r"\/\.\-", "/.-", True),
        (r"x{,3}", "x{,3}", True),
        (r"x{2}", "xx", True),
        (r"x{2,}", "x", False),
        (r"(?:a|b)*?c", "abc", True),
        (r"(?<y>\d)\k<y>", "11", True),
        (r"(\d)\1", "12", False),
        (r"(?=.*\d)(?!.*x)\w{3}", "a1b", True),
        (r"\w{3}(?<=b)(?<!x)", "a1b", True),
        (r"(?i)abc", "aBC", True),
        (r"\bab\b", "ab", True),
        (r"a\Bb\z", "ab", True),
        (r"a++b", "aab", True),
        (r"a++a", "aaa", False),
        (r"", "", True),
        (r"a|", "", True),
        (r"[\s\S]*", "a\nb", True),
    ],
)
def test_patterns_are_read_in_the_dialect_of_javascript_and_java(
    pattern: str, text: str, fits: bool
) -> None:
    assert pattern_of(pattern).fits(text) is fits


@pytest.mark.parametrize(
    "pattern",
    ["(", "a)", "[a", "*a", "a**", "a{3,1}", "a{9999999}", "\\", "[z-a]", r"\1", r"\k<no>",
     r"\p{Nothing}", "^*", "(?x)", "(" * 40 + ")" * 40, "a" * 6_000],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        pattern_of(pattern)


def test_a_literal_that_is_no_pattern_is_refused_when_the_form_is_read() -> None:
    with pytest.raises(ExpressionRefused) as caught:
        answer("1 = 1 and regex(word, '(')")

    facts = caught.value.facts
    assert (facts["reason"], facts["name"], facts["column"]) == (FormReason.BAD_PATTERN, "(", 10)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("(a+)+b", "a" * 5_000, False),
        ("(a|aa)+", "a" * 3_000 + "b", False),
        ("(.*)*x", "a" * 2_000, False),
        ("(a?){200}a{200}", "a" * 200, True),
        ("(x+x+)+y" * 10, "x" * 500, False),
        ("((a{1000}){1000}){1000}", "aaa", False),
    ],
)
def test_a_catastrophic_pattern_gives_its_answer_all_the_same(
    pattern: str, text: str, fits: bool
) -> None:
    try:
        assert pattern_of(pattern).fits(text) is fits
    except PatternTooHard:
        pytest.fail("an automaton does this one")


def test_a_catastrophic_pattern_that_no_automaton_does_is_stopped_by_name() -> None:
    with pytest.raises(ExpressionRefused) as caught:
        answer(f"regex('{'a' * 3_000}', '(a+)+\\1b')")

    assert caught.value.facts["reason"] is FormReason.TOO_MUCH_WORK


PIECES = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", "^", "$", r"\b", r"\B", "(a)", "(?:b)", r"\w", "-"]
)
PATTERNS = st.recursive(
    PIECES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join).map("(?:{})".format),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(PATTERNS, st.text("ab- ", max_size=8))
def test_both_ways_of_running_a_pattern_agree(pattern: str, text: str) -> None:
    try:
        tree, _ = read(pattern)
        slow = Automaton(tree, ignores_case=False)
        quick = pattern_of(pattern)
    except (PatternRefused, NoProgram):
        reject()
    # Python finds no such place in an empty text, ECMAScript does.
    expected = re.compile(pattern.replace(r"\B", r"(?!\b)"), re.ASCII).fullmatch(text) is not None

    assert slow.fits(text, 1_000_000) is expected
    assert quick.fits(text) is expected
