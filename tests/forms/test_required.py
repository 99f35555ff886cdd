"""`required`: only what is relevant has to be answered (ODK XForms, bind attributes)."""

from __future__ import annotations

from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun


def test_what_is_required_and_empty_is_named_until_it_is_answered() -> None:
    filling = begun("<a/>", bind("a", required="true()"), ask("a"))
    before = [(v.path, v.kind) for v in filling.violations()]

    filling.answer("a", "가")

    assert before == [("a", "required")]
    assert filling.violations() == ()


def test_what_is_irrelevant_is_not_missed_though_it_be_required() -> None:
    model = bind("a", required="true()", relevant="/data/show = 1")
    filling = begun("<show/><a/>", model, ask("show", "a"))
    assert filling.violations() == ()

    filling.answer("show", "1")

    assert [v.path for v in filling.violations()] == ["a"]


def test_whether_it_is_required_follows_other_answers() -> None:
    filling = begun("<n/><a/>", bind("a", required="/data/n > 3"), ask("n", "a"))

    filling.answer("n", "4")
    above = filling.slot("a").is_required
    filling.answer("n", "3")

    assert above
    assert not filling.slot("a").is_required


def test_an_answer_that_is_calculated_away_is_missed_again() -> None:
    model = bind("a", required="true()", calculate="if(/data/n > 3, 'x', '')")
    filling = begun("<n>4</n><a/>", model, ask("n"))
    assert filling.violations() == ()

    filling.answer("n", "1")

    assert [v.path for v in filling.violations()] == ["a"]


def test_an_empty_instance_that_nobody_answered_is_not_missed() -> None:
    filling = begun(
        "<r jr:template=''><a/><b/></r>", bind("r/a", required="true()"),
        repeat("r", ask("r/a", "r/b")),
    )  # fmt: skip
    filling.add_repeat("r")
    assert filling.violations() == ()

    (path,) = filling.repeat_paths("r")
    filling.answer(f"{path}/b", "가")

    assert [v.path for v in filling.violations()] == [f"{path}/a"]
