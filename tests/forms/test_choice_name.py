"""`jr:choice-name()`: the words of a choice, in the language shown (ODK XForms, functions)."""

from __future__ import annotations

import pytest

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms import Filling
from tests.forms.making import surroundings, survey_of
from tests.forms.parts import bind, choose, rows
from tests.forms.xforms import begun, defined

LIST = rows("l", "a 가 1", "b 나 2", of=("name", "label", "kind"))
ASKED = choose("q", "instance('l')/root/item")


def named(path: str, question: str = "/data/q") -> str:
    return bind(path, calculate=f"jr:choice-name({question}, ' {question} ')")


def test_the_words_follow_the_answer() -> None:
    filling = begun("<q/><told/>", LIST + named("told"), ASKED)

    filling.answer("q", "b")
    words = filling.value("told")
    filling.answer("q", "")

    assert (words, filling.value("told")) == ("나", "")


def test_what_is_no_choice_has_no_words() -> None:
    filling = begun(
        "<q/><told/>", LIST + bind("told", calculate="jr:choice-name('zzz', '/data/q')"), ASKED
    )

    assert filling.value("told") == ""


def test_the_words_of_items_in_place_are_found_too() -> None:
    filling = begun("<q/><told/>", named("told"), choose("q", items="x y"))

    filling.answer("q", "y")

    assert filling.value("told") == "Y"


def test_words_are_told_in_the_language_that_is_shown() -> None:
    definition = survey_of(
        "| | select_one l | q | Q | | | |\n"
        "| | calculate | told | | | jr:choice-name(${q}, '${q}') | |\n",
        choices="| | l | a | 가 | |\n",
    )
    filling = Filling.start(definition, surroundings())
    filling.answer("q", "a")

    assert filling.value("told") == "가"


def test_a_question_that_the_form_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(FormRefused) as refused:
        defined("<q/><told/>", LIST + named("told", "/data/nobody"), ASKED)

    assert refused.value.facts["reason"] == FormReason.UNKNOWN_NODE
    assert refused.value.facts["name"] == "/data/nobody"
    assert refused.value.facts["node"] == "/data/told"
