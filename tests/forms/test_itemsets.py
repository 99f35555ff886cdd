"""Choices out of nodes: offered, filtered, taken back and given again (ODK XForms, itemsets)."""

from __future__ import annotations

from fieldapp.forms import Filling, Question
from tests.forms.making import surroundings
from tests.forms.parts import ask, bind, choose, repeat, rows
from tests.forms.xforms import begun, defined, values

LABELLED = rows("l", "a A 1", "b B 1", "c C 2", "d D 2", of=("name", "label", "kind"))
FILTERED = "instance('l')/root/item[kind = /data/kind]"


def question(filling: Filling, path: str) -> Question:
    pending = list(filling.body)
    while pending:
        element = pending.pop()
        if isinstance(element, Question):
            if element.path == path:
                return element
        else:
            pending += getattr(element, "children", ()) or getattr(element, "instances", ())
    raise AssertionError(path)


def offered(filling: Filling, path: str) -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in question(filling, path).choices]


def test_a_filter_offers_the_rows_that_fit_the_answers_now() -> None:
    filling = begun("<kind/><c/>", LABELLED, ask("kind") + choose("c", FILTERED))
    none = offered(filling, "c")

    changed = filling.answer("kind", "1")

    assert none == []
    assert offered(filling, "c") == [("a", "A"), ("b", "B")]
    assert "c" in changed.choices


def test_an_answer_whose_choice_is_filtered_away_counts_no_more_and_comes_back_with_it() -> None:
    filling = begun(
        "<kind>1</kind><c/><told/>", LABELLED + bind("told", calculate="/data/c"),
        ask("kind") + choose("c", FILTERED),
    )  # fmt: skip
    filling.answer("c", "b")

    filling.answer("kind", "2")
    without = values(filling, "c", "told"), "c" in filling.answers(), filling.draft_answers()["c"]
    filling.answer("kind", "1")

    assert without == ({"c": "", "told": ""}, False, "b")
    assert values(filling, "c", "told") == {"c": "b", "told": "b"}


def test_of_several_answers_only_those_that_are_filtered_away_go() -> None:
    everything = "instance('l')/root/item[kind >= /data/kind]"
    filling = begun(
        "<kind>1</kind><c/>", LABELLED, ask("kind") + choose("c", everything, kind="select")
    )
    filling.answer("c", "d a")
    whole = filling.value("c")

    filling.answer("kind", "2")

    assert (whole, filling.value("c")) == ("a d", "d")


def test_what_no_list_has_is_no_answer() -> None:
    body = choose("c", "instance('l')/root/item", kind="select") + choose("d", items="x y")
    filling = begun("<c/><d/>", LABELLED, body)

    filling.answer("c", "a zzz")
    filling.answer("d", "zzz")

    assert filling.draft_answers() == {"c": "a"} | {
        path: text for path, text in filling.draft_answers().items() if path.startswith("meta")
    }


def test_a_default_that_is_no_choice_is_not_seen() -> None:
    filling = begun(
        "<c>zzz</c><d>a</d>", LABELLED, choose("c", items="a b") + choose("d", items="a")
    )

    assert values(filling, "c", "d") == {"c": "", "d": "a"}


def test_answers_may_come_before_what_filters_their_choices() -> None:
    filling = begun("<kind/><c/>", LABELLED, ask("kind") + choose("c", FILTERED))

    filling.answer("c", "c")
    filling.answer("kind", "2")

    assert filling.value("c") == "c"


def test_a_draft_is_opened_with_the_answers_that_were_offered_and_those_filtered_away() -> None:
    definition = defined("<kind>1</kind><c/>", LABELLED, ask("kind") + choose("c", FILTERED))
    filling = Filling.start(definition, surroundings())
    filling.answer("c", "a")
    filling.answer("kind", "2")

    again = Filling.resume(definition, surroundings(), filling.draft_answers())

    assert again.value("c") == ""
    assert again.draft_answers()["c"] == "a"


def test_instances_of_a_repeat_can_be_choices_with_what_was_typed_in_them() -> None:
    filling = begun(
        "<r jr:template=''><name/></r><c/>", "",
        repeat("r", ask("r/name")) + choose("c", "/data/r[name != '']", label="name"),
    )  # fmt: skip
    filling.add_repeat("r")
    (first,) = filling.repeat_paths("r")
    filling.answer(f"{first}/name", "가상 이름")
    filling.answer("c", "가상 이름")
    chosen = filling.value("c")

    changed = filling.answer(f"{first}/name", "다른 이름")

    assert chosen == "가상 이름"
    assert offered(filling, "c") == [("다른 이름", "다른 이름")]
    assert filling.value("c") == ""
    assert "c" in changed.choices


def test_a_filter_in_a_repeat_looks_at_its_own_instance() -> None:
    nodeset = "instance('l')/root/item[kind = current()/../kind]"
    filling = begun(
        "<r jr:template=''><kind/><c/></r>", LABELLED,
        repeat("r", ask("r/kind") + choose("r/c", nodeset)),
    )  # fmt: skip
    filling.add_repeat("r")
    filling.add_repeat("r")
    first, second = filling.repeat_paths("r")

    filling.answer(f"{first}/kind", "1")
    filling.answer(f"{second}/kind", "2")

    assert [value for value, _ in offered(filling, f"{first}/c")] == ["a", "b"]
    assert [value for value, _ in offered(filling, f"{second}/c")] == ["c", "d"]


def test_a_seed_shuffles_for_everybody_alike() -> None:
    fruits = ["apple", "banana", "cherimoya", "durian", "elderberry", "fig"]
    model = rows("f", *(f"{fruit} {fruit}" for fruit in fruits), of=("name", "label"))
    filling = begun("<c/>", model, choose("c", "randomize(instance('f')/root/item, 42)"))

    # As Enketo, Collect and ODK Web Forms shuffle six things with 42.
    shuffled = ["apple", "fig", "cherimoya", "banana", "durian", "elderberry"]
    assert [value for value, _ in offered(filling, "c")] == shuffled


def test_items_of_search_name_columns_and_take_any_answer() -> None:
    body = choose("c", items="name_key").replace("<select1", "<select1 appearance=\"search('f')\"")
    filling = begun("<c/>", "", body)

    filling.answer("c", "row-17")

    assert filling.value("c") == "row-17"
