"""Answers of select questions, which stand apart by white space."""

from __future__ import annotations

import pytest

from fieldapp.errors import ExpressionRefused, FormReason
from tests.forms.xpath.asking import answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("selected(many, 'b')", "true"),
        ("selected(many, 'd')", "false"),
        ("selected('ab', 'a')", "false"),
        ("selected('a b', ' b ')", "true"),
        ("selected('', '')", "true"),
        ("selected('a b', '')", "false"),
        ("is-selected(many, 'b')", "true"),
    ],
)
def test_a_choice_is_selected_as_a_whole_word(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("selected-at(many, 1)", "b"),
        ("selected-at(many, '1')", "b"),
        ("selected-at(many, 9)", ""),
        ("selected-at(many, -1)", ""),
        ("selected-at('', 0)", ""),
        ("count-selected(many)", "3"),
        ("count-selected('  a  b ')", "2"),
        ("count-selected('')", "0"),
    ],
)
def test_choices_are_counted_and_taken_by_their_place_from_zero(text: str, expected: str) -> None:
    assert answer(text) == expected


def test_choice_name_is_the_label_at_the_question_that_the_path_names() -> None:
    assert answer("jr:choice-name(word, '/data/word')") == "word=abc"
    assert answer("jr:choice-name('x', 'nothing')") == ""


def test_choice_name_of_a_path_without_quotes_is_refused() -> None:
    with pytest.raises(ExpressionRefused) as caught:
        answer("jr:choice-name(word, /data/word)")

    assert caught.value.facts["reason"] is FormReason.NOT_NODES
