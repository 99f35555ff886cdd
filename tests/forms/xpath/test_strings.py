"""Texts: XPath's own functions and those of ODK."""

from __future__ import annotations

import pytest

from tests.forms.xpath.asking import answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string(n)", "3"),
        ("string(nothing)", ""),
        ("string(1 = 1)", "true"),
        ("string(row)", "1"),
        ("n[string() = '2']", "2"),
    ],
)
def test_string_of_nodes_is_the_text_of_the_first(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("concat('a', 1, n)", "a1312"),
        ("concat(nothing)", ""),
        ("concat()", ""),
        ("concat(true(), 1 div 0)", "trueInfinity"),
        ("join(', ', n)", "3, 1, 2"),
        ("join('-', 'a', n, '')", "a-3-1-2-"),
        ("join('-')", ""),
    ],
)
def test_concat_and_join_take_every_node(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("starts-with('abc', 'ab')", "true"),
        ("starts-with('abc', '')", "true"),
        ("contains('abc', 'bc')", "true"),
        ("contains('abc', 'BC')", "false"),
        ("ends-with('abc', 'bc')", "true"),
        ("ends-with('abc', 'ab')", "false"),
    ],
)
def test_parts_of_a_text_are_found(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("substring-before('1999/04/01', '/')", "1999"),
        ("substring-before('abc', 'x')", ""),
        ("substring-before('abc', '')", ""),
        ("substring-after('1999/04/01', '/')", "04/01"),
        ("substring-after('abc', 'x')", ""),
        ("substring-after('abc', '')", "abc"),
    ],
)
def test_what_stands_before_and_after_a_mark(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("substring('12345', 2)", "2345"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0, 3)", "12"),
        ("substring('12345', 0 div 0, 3)", ""),
        ("substring('12345', -42, 1 div 0)", "12345"),
        ("substring('12345', -1 div 0, 1 div 0)", ""),
    ],
)
def test_substring_counts_from_one_and_rounds(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("substr('hello', 1, 3)", "el"),
        ("substr('hello', -2)", "lo"),
        ("substr('hello', 0, -1)", "hell"),
        ("substr('hello', 3, 1)", ""),
        ("substr('hello', 'x', 99)", "hello"),
    ],
)
def test_substr_counts_from_zero_and_from_the_end(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string-length('가나다')", "3"),
        ("string-length('😀')", "1"),
        ("word[string-length() = 3]", "abc"),
        ("normalize-space('  a \t  b ')", "a b"),
        ("normalize-space('\u00a0')", "\u00a0"),
        ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
        ("translate('aa', 'aa', 'xy')", "xx"),
    ],
)
def test_length_white_space_and_translation_go_by_characters(text: str, expected: str) -> None:
    # A no-break space is none of XML's white space.
    assert answer(text) == expected


def test_itext_is_the_text_in_the_language_shown() -> None:
    assert answer("jr:itext('hello')") == "<hello>"
