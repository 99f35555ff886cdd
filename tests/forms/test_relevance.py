"""`relevant`: what is asked, what counts, what is remembered (ODK XForms, bind attributes)."""

from __future__ import annotations

from fieldapp.forms import Filling, submission_xml
from tests.forms.making import surroundings
from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun, defined, values


def test_an_irrelevant_answer_is_empty_to_others_and_comes_back_when_it_is_relevant_again() -> None:
    filling = begun(
        "<show>1</show><a/><b/>",
        bind("a", relevant="/data/show = 1") + bind("b", calculate="concat('[', /data/a, ']')"),
        ask("show", "a"),
    )
    filling.answer("a", "가")

    filling.answer("show", "0")
    hidden = values(filling, "a", "b")
    filling.answer("show", "1")

    assert hidden == {"a": "", "b": "[]"}
    assert values(filling, "a", "b") == {"a": "가", "b": "[가]"}


def test_an_irrelevant_answer_is_kept_in_the_draft_and_absent_in_the_submission() -> None:
    filling = begun("<show/><a/>", bind("a", relevant="/data/show = 1"), ask("show", "a"))

    filling.answer("a", "가")

    assert filling.draft_answers()["a"] == "가"
    assert "a" not in filling.answers()
    assert b"<a>" not in submission_xml(filling)


def test_relevance_is_inherited_by_everything_below() -> None:
    filling = begun(
        "<show>1</show><g><h><a>가</a></h></g>",
        bind("g", relevant="/data/show = 1") + bind("g/h/a", relevant="true()"),
        ask("show", "g/h/a"),
    )

    filling.answer("show", "0")

    assert not filling.slot("g/h").is_relevant
    assert not filling.slot("g/h/a").is_relevant
    assert filling.value("g/h/a") == ""


def test_each_instance_of_a_repeat_has_a_relevance_of_its_own() -> None:
    filling = begun(
        "<r jr:template=''><a/><b/></r>",
        bind("r/b", relevant="../a = 1"),
        repeat("r", ask("r/a", "r/b")),
    )
    filling.add_repeat("r")
    filling.add_repeat("r")
    first, second = filling.repeat_paths("r")

    filling.answer(f"{second}/a", "1")

    assert not filling.slot(f"{first}/b").is_relevant
    assert filling.slot(f"{second}/b").is_relevant


def test_a_calculate_runs_again_when_its_place_becomes_relevant() -> None:
    filling = begun(
        "<show>0</show><n>1</n><a/>",
        bind("a", calculate="/data/n + 1", relevant="/data/show = 1"),
        ask("show", "n"),
    )
    filling.answer("n", "4")
    before = filling.value("a")

    filling.answer("show", "1")

    assert before == ""
    assert filling.value("a") == "5"


def test_a_default_of_what_is_irrelevant_at_first_is_there_when_it_is_asked() -> None:
    definition = defined("<show/><a>가</a>", bind("a", relevant="/data/show = 1"), ask("show", "a"))
    filling = Filling.start(definition, surroundings())

    filling.answer("show", "1")

    assert filling.value("a") == "가"
