"""`jr:count`: the form says how many instances there are, `n1 n2 …` (ODK XForms, repeats; F2)."""

from __future__ import annotations

import pytest

from fieldapp.forms import Filling
from tests.forms.making import surroundings
from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun, defined

INSTANCE = "<n/><r jr:template=''><a/><b/></r>"
BODY = ask("n") + repeat("r", ask("r/a"), count="/data/n")


@pytest.mark.parametrize(
    ("count", "instances"),
    [("3", 3), ("0", 0), ("-2", 0), ("2.9", 2), ("", 0), ("many", 0), ("1000000000000", 0)],
)
def test_as_many_instances_as_the_count_says(count: str, instances: int) -> None:
    filling = begun(INSTANCE, bind("r/b", calculate="position(..)"), BODY)

    filling.answer("n", count)

    assert filling.repeat_paths("r") == tuple(f"r[n{n}]" for n in range(1, instances + 1))


def test_fewer_take_the_last_away_and_more_begin_empty() -> None:
    filling = begun(INSTANCE, "", BODY)
    filling.answer("n", "3")
    for number in (1, 2, 3):
        filling.answer(f"r[n{number}]/a", str(number))

    filling.answer("n", "1")
    filling.answer("n", "2")

    assert filling.value("r[n1]/a") == "1"
    assert filling.value("r[n2]/a") == ""


@pytest.mark.parametrize("between", ["", "x"])
def test_a_count_that_is_no_number_takes_nothing_away(between: str) -> None:
    filling = begun(INSTANCE, "", BODY)
    filling.answer("n", "2")
    filling.answer("r[n2]/a", "가")

    filling.answer("n", between)
    meanwhile = filling.repeat_paths("r")
    filling.answer("n", "2")

    assert meanwhile == ("r[n1]", "r[n2]")
    assert filling.value("r[n2]/a") == "가"


def test_an_irrelevant_count_leaves_the_instances_remembered() -> None:
    model = bind("g", relevant="/data/show = 1")
    body = ask("show") + repeat("g/r", ask("g/r/a"), count="/data/g/n")
    filling = begun("<show>1</show><g><n>2</n><r jr:template=''><a/></r></g>", model, body)
    filling.answer("g/r[n2]/a", "가")

    filling.answer("show", "0")
    hidden = filling.value("g/r[n2]/a"), dict(filling.answers())
    filling.answer("show", "1")

    assert hidden[0] == ""
    assert "g/r[n2]/a" not in hidden[1]
    assert filling.value("g/r[n2]/a") == "가"


def test_an_inner_count_is_each_outer_instance_s_own() -> None:
    filling = begun(
        "<o jr:template=''><n/><r jr:template=''><a/></r></o>", "",
        repeat("o", ask("o/n") + repeat("o/r", ask("o/r/a"), count="../n")),
    )  # fmt: skip
    filling.add_repeat("o")
    filling.add_repeat("o")
    first, second = filling.repeat_paths("o")

    filling.answer(f"{first}/n", "1")
    filling.answer(f"{second}/n", "2")

    assert filling.repeat_paths(f"{first}/r") == (f"{first}/r[n1]",)
    assert filling.repeat_paths(f"{second}/r") == (f"{second}/r[n1]", f"{second}/r[n2]")


def test_instances_that_the_form_begins_with_keep_what_it_says_in_them() -> None:
    instance = "<n>3</n><r jr:template=''><a>new</a></r><r><a>one</a></r><r><a>two</a></r>"
    filling = begun(instance, "", BODY.replace("r/b", "r/a"))

    said = [filling.value(f"{path}/a") for path in filling.repeat_paths("r")]

    assert said == ["one", "two", "new"]


def test_a_draft_has_the_same_instances_when_it_is_opened_again() -> None:
    definition = defined(INSTANCE, "", BODY)
    filling = Filling.start(definition, surroundings())
    filling.answer("n", "2")
    filling.answer("r[n2]/a", "가")

    again = Filling.resume(definition, surroundings(), filling.draft_answers())

    assert again.repeat_paths("r") == ("r[n1]", "r[n2]")
    assert again.value("r[n2]/a") == "가"
