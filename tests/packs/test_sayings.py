"""Whatever pyxform says reaches an officer in Korean and English, with its place."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.packs.sayings import CATALOGUE, OTHER, told_by
from fieldapp.packs.sayings.saying import Saying
from tests.packs.templates import FILLED, coded, written

#: Keys under which several of pyxform's codes are told alike.
TOLD_TOGETHER = {"INTERNAL_001": "internal", "INTERNAL_002": "internal"}


@pytest.mark.parametrize(("code", "text"), list(coded()), ids=lambda value: str(value)[:20])
def test_each_code_of_pyxform_has_its_own_entry(code: str, text: str) -> None:
    (told,) = told_by(text)

    assert told.key == TOLD_TOGETHER.get(code, code)


def test_each_sentence_in_pyxform_s_code_is_known() -> None:
    sentences = written()
    unknown = [
        (one.where, one.text)
        for one in sentences
        for told in told_by(one.text)
        if told.key == OTHER
    ]

    assert unknown == []
    assert len(sentences) > 150


def test_no_entry_is_left_over_from_another_pyxform() -> None:
    texts = [text for _, text in coded()] + [one.text for one in written()]
    # pyxform calls the columns without a language by a name of their own.
    texts += [text.replace(FILLED, "default") for text in texts]
    used = {told.key for text in texts for told in told_by(text)}

    assert {saying.key for saying in CATALOGUE} - used == set()


@pytest.mark.parametrize("saying", CATALOGUE, ids=lambda saying: str(saying.key))
def test_an_entry_speaks_both_languages_and_fills_only_what_it_has_read(saying: Saying) -> None:
    known = set(re.compile(saying.said).groupindex)
    for korean, english in zip(saying.ko, saying.en, strict=True):
        assert re.search("[가-힣]", korean)
        assert not re.search("[가-힣]", english)
        for sentence in (korean, english):
            assert sentence.endswith((".", "?", "}"))
            fields = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            assert fields <= known
    assert saying.ko[0] != saying.ko[1]


def test_keys_are_unique() -> None:
    keys = [saying.key for saying in CATALOGUE]

    assert len(keys) == len(set(keys))


def test_a_sentence_nobody_knows_is_told_with_the_place_it_names() -> None:
    (told,) = told_by("[row : 12] On the 'choices' sheet, the 'label' value is {odd}.")

    assert (told.key, told.sheet, told.row, told.column) == (OTHER, "choices", 12, "label")
    assert "is {odd}." in told.remedy
    assert re.search("[가-힣]", told.problem)


def test_several_mistakes_in_one_text_are_told_one_by_one() -> None:
    (code,) = (text for code, text in coded() if code == "NAMES_007")
    text = "\n".join(code.replace(f"[row : {FILLED}]", f"[row : {row}]") for row in (3, 8))

    assert [(told.sheet, told.row) for told in told_by(text)] == [("choices", 3), ("choices", 8)]


def test_a_long_cell_in_a_sentence_is_cut_in_ours() -> None:
    (told,) = told_by(f"[row : 4] List name not in choices sheet: {'가' * 30_000}")

    assert told.key == "list-missing"
    assert len(told.problem) < 100


def test_a_row_number_of_a_thousand_digits_is_no_trouble() -> None:
    (told,) = told_by(f"[row : {'9' * 3_000}] Question with no type.")

    assert told.row == 999_999_999


@given(st.text(), st.sampled_from([text for _, text in coded()] + [""]), st.text())
@settings(max_examples=300)
def test_whatever_a_cell_adds_to_a_sentence_it_is_told(before: str, text: str, after: str) -> None:
    for told in told_by(before + text.replace(FILLED, after) + after):
        assert told.row >= 0
        assert told.problem
        assert told.remedy
        assert all(told.english)
