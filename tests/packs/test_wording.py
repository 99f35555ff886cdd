"""The checklist as it ships, in the words that a conflict or a review shows."""

from __future__ import annotations

import pytest

from fieldapp.packs import Filling, open_form, property_words, question_words, seat_words
from tests.packs.test_p13e import SURROUNDINGS
from tests.packs.workbooks import P13E, read_here

PACKS = P13E.parent


def shipped(form_id: str) -> bytes:
    return (PACKS / f"{form_id}.xlsx").read_bytes()


@pytest.fixture(scope="module")
def checklist() -> Filling:
    pack = read_here(shipped("P11"), "P11.xlsx")
    filling = open_form(pack, SURROUNDINGS)
    filling.answer("programme", "care")
    filling.answer("visit_state", "done")
    return filling


def test_a_statement_is_called_by_its_place_and_its_words(checklist: Filling) -> None:
    words = question_words(checklist)

    assert words["areas[n2]/items[n2]/score"].label == "2-2 식재료 보관과 소비기한이 관리된다"
    assert words["areas[n2]/items[n2]/score"].words("unk") == "확인 못 함"
    assert words["areas[n2]/items[n2]/photo"].words("0f" * 32 + ".jpg") == "사진"
    # An area has the name of its own instance, not of the first.
    assert words["areas[n2]"].label == "2 급식"


def test_every_question_that_stands_in_the_form_has_words(checklist: Filling) -> None:
    words = question_words(checklist)

    shown = {
        path
        for path in checklist.draft_answers()
        if not checklist.definition.leaf(path).is_calculated
        and not checklist.definition.leaf(path).is_metadata
    }
    assert shown <= words.keys()
    assert all(question.label for question in words.values())


def test_an_improvement_has_the_words_of_all_forms_that_write_it() -> None:
    packs = [read_here(shipped(form_id), f"{form_id}.xlsx") for form_id in ("P11", "P12")]

    words = property_words(packs, "improvement")

    assert words["urgency"].words("now") == "안전상 바로"
    assert words["decision"].words("adopt") == "반영"
    assert words["programme"].words("care") == "다함께돌봄센터"
    assert words["content"].label == "무엇을 어떻게 고치면 좋은지"


def test_a_seat_is_called_by_what_sits_in_it() -> None:
    assert seat_words("monitor2") == "조사원 2"
    assert seat_words("somebody") == "somebody"
