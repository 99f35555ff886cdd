"""rank, range, trigger, and what is read-only: how each kind of question takes answers."""

from __future__ import annotations

import pytest

from fieldapp.forms import Question
from tests.forms.parts import ask, bind, choose, repeat, rows
from tests.forms.xforms import begun

LIST = rows("l", "a A 1", "b B 1", "c C 2", of=("name", "label", "kind"))


def test_a_ranking_is_kept_in_the_order_in_which_it_was_given() -> None:
    filling = begun(
        "<q/><best/>", LIST + bind("best", calculate="selected-at(/data/q, 0)"),
        choose("q", "instance('l')/root/item", kind="rank"),
    )  # fmt: skip

    filling.answer("q", "c a b")

    assert filling.value("q") == "c a b"
    assert filling.value("best") == "c"


def test_what_is_offered_later_is_ranked_behind_what_was_ranked() -> None:
    filling = begun(
        "<least>2</least><q/>", LIST,
        ask("least") + choose("q", "instance('l')/root/item[kind >= /data/least]", kind="rank"),
    )  # fmt: skip
    filling.answer("least", "1")
    filling.answer("q", "c b a")

    filling.answer("least", "2")
    fewer = filling.value("q")
    filling.answer("least", "1")

    assert (fewer, filling.value("q")) == ("c", "c b a")


def test_nothing_is_ranked_until_somebody_ranks() -> None:
    filling = begun("<q/>", LIST, choose("q", "instance('l')/root/item", kind="rank"))

    assert filling.value("q") == ""


def test_a_range_tells_its_bounds_and_takes_a_number() -> None:
    body = "<range ref='/data/q' start='0' end='10' step='2'><label>얼마나</label></range>"
    filling = begun("<q/>", bind("q", "int"), body)
    (shown,) = filling.body
    assert isinstance(shown, Question)

    filling.answer("q", "4")

    assert (shown.control, shown.attributes["end"], shown.value) == ("range", "10", "4")


def test_a_trigger_is_acknowledged_once_and_can_be_taken_back() -> None:
    model = bind("ok", required="true()") + bind("next", relevant="/data/ok = 'OK'")
    filling = begun("<ok/><next/>", model, "<trigger ref='/data/ok'/>" + ask("next"))
    missing = [v.path for v in filling.violations()]

    filling.answer("ok", "OK")
    shown = filling.slot("next").is_relevant
    filling.answer("ok", "")

    assert missing == ["ok"]
    assert shown
    assert not filling.slot("next").is_relevant


@pytest.mark.parametrize("path", ["g", "g/a"])
def test_read_only_is_inherited_and_follows_answers(path: str) -> None:
    filling = begun("<done/><g><a/></g>", bind(path, readonly="/data/done = 1"), ask("done", "g/a"))
    before = filling.slot("g/a").is_readonly

    changed = filling.answer("done", "1")

    assert not before
    assert filling.slot("g/a").is_readonly
    assert "g/a" in changed.states


def test_read_only_differs_from_instance_to_instance() -> None:
    filling = begun(
        "<r jr:template=''><done/><a/></r>", bind("r/a", readonly="../done = 1"),
        repeat("r", ask("r/done", "r/a")),
    )  # fmt: skip
    filling.add_repeat("r")
    filling.add_repeat("r")
    first, second = filling.repeat_paths("r")

    filling.answer(f"{second}/done", "1")

    assert not filling.slot(f"{first}/a").is_readonly
    assert filling.slot(f"{second}/a").is_readonly


def test_a_read_only_question_is_still_calculated() -> None:
    model = bind("a", readonly="true()", calculate="/data/n + 1")
    filling = begun("<n/><a/>", model, ask("n", "a"))

    filling.answer("n", "1")

    assert filling.value("a") == "2"
