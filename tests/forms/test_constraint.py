"""`constraint`: what an answer must be, once there is one (ODK XForms, bind attributes)."""

from __future__ import annotations

from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun


def test_an_empty_answer_breaks_no_constraint() -> None:
    filling = begun("<a/>", bind("a", constraint="false()"), ask("a"))

    assert filling.violations() == ()


def test_an_answer_that_breaks_its_constraint_stays_and_is_named() -> None:
    filling = begun("<a/>", bind("a", "int", constraint=". < 10"), ask("a"))

    filling.answer("a", "12")

    assert filling.value("a") == "12"
    assert [(v.path, v.kind) for v in filling.violations()] == [("a", "constraint")]


def test_a_constraint_is_looked_at_again_when_another_answer_in_it_changes() -> None:
    filling = begun("<a/><most>9</most>", bind("a", "int", constraint=". <= /data/most"), ask("a"))
    filling.answer("a", "8")

    filling.answer("most", "7")

    assert not filling.slot("a").is_valid
    assert filling.violation("a") is not None


def test_an_irrelevant_answer_breaks_no_constraint() -> None:
    model = bind("a", constraint="false()", relevant="/data/show = 1")
    filling = begun("<show>1</show><a/>", model, ask("show", "a"))
    filling.answer("a", "가")
    assert filling.violation("a") is not None

    filling.answer("show", "0")

    assert filling.violation("a") is None


def test_an_answer_taken_away_is_no_longer_wrong() -> None:
    filling = begun("<a/>", bind("a", constraint="false()"), ask("a"))
    filling.answer("a", "가")

    filling.answer("a", "")

    assert filling.slot("a").is_valid


def test_a_constraint_may_look_at_the_instances_beside_its_own() -> None:
    filling = begun(
        "<r jr:template=''><a/></r>",
        bind("r/a", constraint="count(../../r[a = current()/.]) = 1"),
        repeat("r", ask("r/a")),
    )
    filling.add_repeat("r")
    filling.add_repeat("r")
    first, second = filling.repeat_paths("r")
    filling.answer(f"{first}/a", "1")

    filling.answer(f"{second}/a", "1")

    assert [v.path for v in filling.violations()] == [f"{first}/a", f"{second}/a"]
