"""Change sets: after each act a view is told just what reads otherwise."""

from __future__ import annotations

from fieldapp.forms import ChangeSet, Filling
from tests.forms.making import surroundings, survey_of
from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun


def test_an_answer_that_nobody_looks_at_changes_itself_alone() -> None:
    filling = begun("<a/><b/>", "", ask("a", "b"))

    assert filling.answer("a", "1") == ChangeSet(values=frozenset({"a"}))


def test_the_same_answer_again_changes_nothing() -> None:
    filling = begun("<a>1</a>", "", ask("a"))

    assert filling.answer("a", "1") == ChangeSet()


def test_what_comes_and_goes_is_a_state_with_all_below_it() -> None:
    model = bind("g", relevant="/data/show = 1")
    filling = begun("<show/><g><a>1</a><b/></g>", model, ask("show", "g/a", "g/b"))

    changed = filling.answer("show", "1")

    assert changed.states == {"g", "g/a", "g/b"}
    assert changed.values == {"show", "g/a"}


def test_a_required_answer_that_is_given_changes_its_state() -> None:
    filling = begun("<a/>", bind("a", required="true()"), ask("a"))

    assert filling.answer("a", "1").states == {"a"}


def test_an_instance_more_names_its_repeat_and_what_counts_it() -> None:
    model = bind("n", calculate="count(/data/r)")
    filling = begun("<n/><r jr:template=''><a/></r>", model, repeat("r", ask("r/a")))

    changed = filling.add_repeat("r")

    assert changed.repeats == {"r"}
    assert "n" in changed.values


def test_a_label_that_counts_instances_is_named_when_one_comes() -> None:
    body = repeat("r", ask("r/a")) + (
        "<input ref='/data/q'><label><output value='count(/data/r)'/></label></input>"
    )
    filling = begun("<q/><r jr:template=''><a/></r>", "", body)

    assert filling.add_repeat("r").texts == {"q"}


def test_another_language_names_the_values_that_are_made_of_words() -> None:
    definition = survey_of("| | text | a | A | | | |\n")
    filling = Filling.start(definition, surroundings())

    assert filling.show_language("nobody's") == ChangeSet()


def test_only_the_instance_that_was_answered_is_named() -> None:
    filling = begun(
        "<r jr:template=''><a/><b/></r>", bind("r/b", calculate="../a"), repeat("r", ask("r/a"))
    )
    filling.add_repeat("r")
    filling.add_repeat("r")
    first, _ = filling.repeat_paths("r")

    changed = filling.answer(f"{first}/a", "1")

    assert changed.values == {f"{first}/a", f"{first}/b"}
