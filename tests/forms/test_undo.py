"""Undo: an act is taken back with all that followed from it, and nothing else is."""

from __future__ import annotations

from fieldapp.forms import ChangeSet
from tests.forms.parts import ask, bind, choose, repeat, rows
from tests.forms.xforms import begun, values

REPEAT = "<sum/><r jr:template=''><n/><i jr:template=''><x/></i></r>"
SUM = bind("sum", calculate="sum(/data/r/n)")
BODY = repeat("r", ask("r/n") + repeat("r/i", ask("r/i/x")))


def test_an_answer_becomes_what_it_was_and_what_followed_from_it_too() -> None:
    filling = begun("<a>1</a><b/>", bind("b", calculate="/data/a * 2"), ask("a"))
    filling.answer("a", "3")

    changed = filling.undo()

    assert values(filling, "a", "b") == {"a": "1", "b": "2"}
    assert changed.values == {"a", "b"}


def test_an_instance_taken_away_stands_again_under_its_key_with_all_its_answers() -> None:
    filling = begun(REPEAT, SUM, BODY)
    for number in ("1", "2", "3"):
        filling.add_repeat("r")
        filling.answer(f"{filling.repeat_paths('r')[-1]}/n", number)
    before = filling.repeat_paths("r")
    filling.add_repeat(f"{before[1]}/i")
    (inner,) = filling.repeat_paths(f"{before[1]}/i")
    filling.answer(f"{inner}/x", "안")
    filling.remove_repeat(before[1])
    without = filling.value("sum")

    changed = filling.undo()

    assert without == "4"
    assert filling.repeat_paths("r") == before
    assert filling.value(f"{inner}/x") == "안"
    assert filling.value("sum") == "6"
    assert changed.repeats == {"r"}


def test_an_instance_added_goes_again() -> None:
    filling = begun(REPEAT, SUM, BODY)
    filling.add_repeat("r")

    changed = filling.undo()

    assert filling.repeat_paths("r") == ()
    assert changed.repeats == {"r"}


def test_counted_instances_come_back_with_the_count() -> None:
    filling = begun(
        "<n>2</n><r jr:template=''><a/></r>",
        "",
        ask("n") + repeat("r", ask("r/a"), count="/data/n"),
    )
    filling.answer("r[n2]/a", "가")
    filling.answer("n", "1")

    filling.undo()

    assert filling.value("n") == "2"
    assert filling.value("r[n2]/a") == "가"


def test_an_earlier_act_is_undone_alone_and_what_came_after_stays() -> None:
    filling = begun(REPEAT + "<a/>", SUM, BODY + ask("a"))
    filling.add_repeat("r")
    (path,) = filling.repeat_paths("r")
    filling.answer(f"{path}/n", "5")
    filling.remove_repeat(path)
    act = filling.acts.last
    filling.answer("a", "뒤에 적음")

    filling.undo(act)

    assert filling.value("a") == "뒤에 적음"
    assert filling.value(f"{path}/n") == "5"


def test_an_answer_given_anew_since_is_left_alone() -> None:
    filling = begun("<a/>", "", ask("a"))
    filling.answer("a", "1")
    act = filling.acts.last
    filling.answer("a", "2")

    filling.undo(act)

    assert filling.value("a") == "2"


def test_what_was_typed_over_a_calculated_answer_comes_back() -> None:
    filling = begun("<n>1</n><a/>", bind("a", calculate="/data/n"), ask("n", "a"))
    filling.answer("a", "by hand")
    filling.answer("n", "2")

    filling.undo()

    assert values(filling, "n", "a") == {"n": "1", "a": "by hand"}


def test_a_choice_filtered_away_comes_back_with_its_filter() -> None:
    nodeset = "instance('l')/root/item[kind = /data/k]"
    filling = begun(
        "<k>1</k><c/>", rows("l", "a A 1", "b B 2", of=("name", "label", "kind")),
        ask("k") + choose("c", nodeset),
    )  # fmt: skip
    filling.answer("c", "a")
    filling.answer("k", "2")

    filling.undo()

    assert values(filling, "k", "c") == {"k": "1", "c": "a"}


def test_an_undone_act_is_undone_once_and_nothing_is_left_to_undo_at_last() -> None:
    filling = begun("<a/>", "", ask("a"))
    filling.answer("a", "1")
    act = filling.acts.last
    filling.undo(act)
    filling.answer("a", "2")

    assert filling.undo(act) == ChangeSet()
    filling.undo()
    assert filling.undo() == ChangeSet()
    assert filling.value("a") == ""


def test_an_answer_that_changes_nothing_is_no_act() -> None:
    filling = begun("<a>1</a>", "", ask("a"))

    filling.answer("a", "1")

    assert filling.acts.last is None
