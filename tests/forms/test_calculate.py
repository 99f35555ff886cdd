"""`calculate`: worked out whenever what it looks at changes (ODK XForms, bind attributes)."""

from __future__ import annotations

from fieldapp.forms import Filling
from tests.forms.making import surroundings
from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun, defined, values


def test_a_chain_of_calculates_is_settled_in_one_answer_whatever_order_they_stand_in() -> None:
    model = (
        bind("c", calculate="/data/b * 2") + bind("b", calculate="/data/a + 1")
        + bind("d", calculate="concat(/data/c, /data/b)")
    )  # fmt: skip
    filling = begun("<d/><c/><b/><a>1</a>", model, ask("a"))

    changed = filling.answer("a", "4")

    assert values(filling, "b", "c", "d") == {"b": "5", "c": "10", "d": "105"}
    assert changed.values == {"a", "b", "c", "d"}


def test_what_is_typed_over_a_calculated_answer_stays_until_the_calculate_gives_another() -> None:
    filling = begun("<n>1</n><a/>", bind("a", calculate="/data/n > 3"), ask("n", "a"))
    filling.answer("a", "by hand")

    filling.answer("n", "2")
    same = filling.value("a")
    filling.answer("n", "4")

    assert same == "by hand"
    assert filling.value("a") == "true"


def test_a_calculate_may_read_its_own_answer() -> None:
    filling = begun(
        "<n/><most>0</most>",
        bind("most", calculate="if(/data/n > ., /data/n, .)"),
        ask("n"),
    )
    for number in ("3", "7", "5"):
        filling.answer("n", number)

    assert filling.value("most") == "7"


def test_a_running_total_goes_down_the_instances() -> None:
    filling = begun(
        "<r jr:template=''><n/><total/></r>",
        bind("r/total", calculate="sum(../preceding-sibling::r[1]/total | ../n)"),
        repeat("r", ask("r/n")),
    )
    for number in ("1", "2", "3"):
        filling.add_repeat("r")
        filling.answer(f"{filling.repeat_paths('r')[-1]}/n", number)
    first, second, third = filling.repeat_paths("r")

    filling.answer(f"{first}/n", "10")

    assert [filling.value(f"{path}/total") for path in (first, second, third)] == ["10", "12", "15"]


def test_an_aggregate_outside_follows_every_instance() -> None:
    model = bind("sum", calculate="sum(/data/r/n)") + bind("most", calculate="max(/data/r/n)")
    filling = begun("<sum/><most/><r jr:template=''><n/></r>", model, repeat("r", ask("r/n")))
    for number in ("4", "5"):
        filling.add_repeat("r")
        filling.answer(f"{filling.repeat_paths('r')[-1]}/n", number)
    both = values(filling, "sum", "most")

    filling.remove_repeat(filling.repeat_paths("r")[1])

    assert both == {"sum": "9", "most": "5"}
    assert values(filling, "sum", "most") == {"sum": "4", "most": "4"}


def test_once_keeps_what_it_gave_first() -> None:
    filling = begun("<n>1</n><a/>", bind("a", calculate="once(/data/n)"), ask("n"))

    filling.answer("n", "2")

    assert filling.value("a") == "1"


def test_what_clock_and_chance_gave_is_kept_when_a_draft_is_opened_again() -> None:
    definition = defined("<a/><b/>", bind("a", calculate="random()") + bind("b", calculate="now()"))
    filling = Filling.start(definition, surroundings(seed=1))

    again = Filling.resume(definition, surroundings(seed=2), filling.draft_answers())

    assert values(again, "a", "b") == values(filling, "a", "b")


def test_recalculating_the_whole_form_gives_calculates_their_own_values_again() -> None:
    filling = begun("<n>1</n><a/>", bind("a", calculate="/data/n + 1"), ask("n", "a"))
    filling.answer("a", "by hand")

    changed = filling.recalculate_all()

    assert filling.value("a") == "2"
    assert changed.values == {"a"}
