"""A form with actions, defaults, attributes and repeats is after every way back what it was."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.forms import Filling, answers_from_xml, submission_xml
from tests.forms.making import surroundings
from tests.forms.test_properties import state
from tests.forms.xforms import defined

FORM = defined(
    '<a/><b/><twice/><len unit="" scale="">7</len>'
    '<r jr:template=""><x/><y>row</y><z/></r><r><x/><y>row</y><z/></r><n/><c><p/></c>',
    '<bind nodeset="/data/n" type="int"/>'
    '<bind nodeset="/data/b" relevant="/data/a != \'\'"/>'
    '<bind nodeset="/data/twice" type="int" calculate="/data/n * 2"/>'
    '<bind nodeset="/data/len/@scale" calculate="/data/n + 1"/>'
    '<bind nodeset="/data/r" relevant="/data/a != \'none\'"/>'
    '<bind nodeset="/data/r/z" relevant="../x &gt; 1"/>'
    '<setvalue event="odk-instance-first-load" ref="/data/b" value="\'given\'"/>'
    '<setvalue event="odk-instance-first-load" ref="/data/len/@unit" value="\'cm\'"/>',
    '<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/len"'
    ' value="/data/a"/></input><input ref="/data/b"/><input ref="/data/n"/><input ref="/data/len"/>'
    '<group ref="/data/r"><repeat nodeset="/data/r">'
    '<setvalue event="odk-new-repeat" ref="/data/r/x" value="position(..)"/>'
    '<input ref="/data/r/x"><setvalue event="xforms-value-changed" ref="/data/r/y"'
    ' value="concat(../x, \'!\')"/></input><input ref="/data/r/y"/><input ref="/data/r/z"/>'
    '</repeat></group><group ref="/data/c"><repeat nodeset="/data/c" jr:count="/data/n">'
    '<input ref="/data/c/p"/></repeat></group>',
)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "n", "len", "x", "y", "z", "p", "add", "remove", "undo"]),
        st.integers(0, 3),
        st.sampled_from(["", "1", "2", "3", "none", "가"]),
    ),
    max_size=20,
)


def filled(steps: list[tuple[str, int, str]]) -> Filling:
    """The form after some steps; those that are of no use to it are passed over."""
    filling = Filling.start(FORM, surroundings())
    for what, place, text in steps:
        rows, counted = filling.repeat_paths("r"), filling.repeat_paths("c")
        if what == "add":
            filling.add_repeat("r")
        elif what == "undo":
            filling.undo()
        elif what == "remove" and rows:
            filling.remove_repeat(rows[place % len(rows)])
        elif what in {"x", "y", "z"} and rows:
            filling.answer(f"{rows[place % len(rows)]}/{what}", text)
        elif what == "p" and counted:
            filling.answer(f"{counted[place % len(counted)]}/p", text)
        elif what in {"a", "b", "len"} or (what == "n" and text in {"", "1", "2", "3"}):
            filling.answer(what, text)
    return filling


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_answers_there_and_back_by_xml_are_the_same(steps: list[tuple[str, int, str]]) -> None:
    answers = filled(steps).answers()

    assert answers_from_xml(FORM, submission_xml(FORM, answers)) == answers


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_a_record_opened_again_has_the_answers_that_it_had(
    steps: list[tuple[str, int, str]],
) -> None:
    filling = filled(steps)

    again = Filling.resume(FORM, surroundings(), filling.draft_answers())

    assert again.answers() == filling.answers()
    before, after = state(filling), state(again)
    # An instance in which nobody answered anything is not kept (F2).
    assert {path: after[path] for path in before.keys() & after.keys()} == {
        path: before[path] for path in before.keys() & after.keys()
    }


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_whatever_was_set_off_stands_after_recalculating_everything(
    steps: list[tuple[str, int, str]],
) -> None:
    filling = filled(steps)
    before = state(filling)

    filling.recalculate_all()

    assert state(filling) == before


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_an_amended_record_differs_in_its_ids_alone(steps: list[tuple[str, int, str]]) -> None:
    answers = filled(steps).answers()

    amended = Filling.edit(FORM, surroundings(record_id="other"), answers).answers()

    assert amended.pop("meta/deprecatedID") == answers["meta/instanceID"]
    assert amended | {"meta/instanceID": answers["meta/instanceID"]} == answers
