"""Rings of expressions: those that can settle work, the others are refused with their names."""

from __future__ import annotations

import pytest

from fieldapp.errors import FormReason, FormRefused
from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun, defined, values


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (bind("a", calculate="/data/b + 1") + bind("b", calculate="/data/a"), "b → a → b"),
        (
            bind("a", calculate="/data/b") + bind("b", calculate="/data/c")
            + bind("c", calculate="/data/a"),
            "b → c → a → b",
        ),
        (bind("a", calculate="/data/r/x") + bind("r/x", calculate="/data/a"), "r/x → a → r/x"),
    ],
)  # fmt: skip
def test_calculates_in_a_ring_are_refused_with_their_names(model: str, names: str) -> None:
    with pytest.raises(FormRefused) as refused:
        defined("<a/><b/><c/><r><x/></r>", model, repeat("r", ask("r/x")))

    assert refused.value.facts["reason"] == FormReason.CYCLE
    told = str(refused.value.facts["name"]).split(" → ")
    assert told[0] == told[-1]
    assert sorted(told[1:]) == sorted(names.split(" → ")[1:])


def test_a_calculate_that_changes_itself_without_end_is_refused_when_the_form_is_begun() -> None:
    with pytest.raises(FormRefused) as refused:
        begun("<a>1</a>", bind("a", calculate=". + 1"), ask("a"))

    assert refused.value.facts["reason"] == FormReason.CYCLE
    assert refused.value.facts["name"] == "a → a"


def test_two_questions_that_exclude_each_other_are_both_asked_until_one_is_answered() -> None:
    model = bind("a", relevant="/data/b = ''") + bind("b", relevant="/data/a = ''")
    filling = begun("<a/><b/>", model, ask("a", "b"))
    before = filling.slot("a").is_relevant, filling.slot("b").is_relevant

    filling.answer("a", "가")

    assert before == (True, True)
    assert filling.slot("a").is_relevant
    assert not filling.slot("b").is_relevant


def test_the_repeat_that_an_instance_is_looked_up_in_makes_no_ring_of_its_questions() -> None:
    model = bind("r/before", calculate="indexed-repeat(/data/r/n, /data/r, 1) + 1") + bind(
        "r/after", calculate="../before + 1"
    )
    filling = begun("<r jr:template=''><n/><before/><after/></r>", model, repeat("r", ask("r/n")))
    filling.add_repeat("r")
    first = filling.repeat_paths("r")[0]

    filling.answer(f"{first}/n", "1")

    assert values(filling, f"{first}/after") == {f"{first}/after": "3"}


def test_a_constraint_and_a_relevance_may_look_at_their_own_answer() -> None:
    model = bind("a", constraint=". != 'x'", relevant=". != 'hidden'")

    assert values(begun("<a>가</a>", model, ask("a")), "a") == {"a": "가"}


def test_a_repeat_grows_as_long_as_its_last_instance_asks_for_more() -> None:
    filling = begun(
        "<n/><wanted/><r jr:template=''><more/></r>",
        bind("n", calculate="count(/data/r)")
        + bind(
            "wanted",
            calculate="if(/data/n = 0 or /data/r[position() = /data/n]/more = 'yes',"
            " /data/n + 1, /data/n)",
        ),
        repeat("r", ask("r/more"), count="/data/wanted"),
    )
    filling.answer("r[n1]/more", "yes")

    filling.answer("r[n2]/more", "no")

    assert filling.repeat_paths("r") == ("r[n1]", "r[n2]")


def test_rules_that_never_agree_stand_still_instead_of_running_for_ever() -> None:
    model = bind("a", relevant="/data/b = ''") + bind("b", calculate="if(/data/a = '', '', 'x')")
    filling = begun("<a>1</a><b/>", model, ask("a"))

    filling.answer("a", "2")

    assert filling.draft_answers()["a"] == "2"
