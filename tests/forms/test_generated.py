"""What must hold for every form and every order of events: forms drawn by chance."""

from __future__ import annotations

from hypothesis import given, settings

from fieldapp.forms import Filling, FormDefinition, Question, answers_from_xml, submission_xml
from fieldapp.forms.view import Element, Group
from tests.forms.generated import (
    Errand,
    carry_out,
    errands,
    filled,
    forms,
    forms_counted_surely,
    state,
    without_unanswered,
)
from tests.forms.making import surroundings


def begun(definition: FormDefinition, deeds: list[Errand]) -> Filling:
    return filled(definition, Filling.start(definition, surroundings()), deeds)


@settings(max_examples=60, deadline=None)
@given(forms, errands)
def test_running_what_a_change_asks_for_is_the_same_as_running_everything(
    definition: FormDefinition, deeds: list[Errand]
) -> None:
    filling = begun(definition, deeds)
    before = state(filling)

    changed = filling.recalculate_all()

    assert state(filling) == before
    assert not changed.values
    assert not changed.repeats


@settings(max_examples=40, deadline=None)
@given(forms_counted_surely, errands)
def test_a_draft_of_any_form_is_loaded_as_it_was(
    definition: FormDefinition, deeds: list[Errand]
) -> None:
    filling = without_unanswered(begun(definition, deeds))

    again = Filling.resume(definition, surroundings(), filling.draft_answers())

    assert state(again) == state(filling)
    assert again.draft_answers() == filling.draft_answers()
    assert again.answers() == filling.answers()


@settings(max_examples=30, deadline=None)
@given(forms, errands)
def test_answers_of_any_form_are_the_same_after_a_journey_as_xml(
    definition: FormDefinition, deeds: list[Errand]
) -> None:
    filling = begun(definition, deeds)

    answers = answers_from_xml(definition, submission_xml(filling))

    assert answers == filling.answers()


@settings(max_examples=40, deadline=None)
@given(forms, errands, errands)
def test_acts_are_undone_one_by_one_back_to_where_they_began(
    definition: FormDefinition, deeds: list[Errand], further: list[Errand]
) -> None:
    filling = begun(definition, deeds)
    stations = [(filling.acts.last, state(filling), filling.draft_answers())]
    for errand in further:
        carry_out(filling, errand)
        if filling.acts.last is not stations[-1][0]:
            stations.append((filling.acts.last, state(filling), filling.draft_answers()))

    while len(stations) > 1:
        stations.pop()
        filling.undo()

        assert state(filling) == stations[-1][1]
        assert filling.draft_answers() == stations[-1][2]


@settings(max_examples=40, deadline=None)
@given(forms, errands)
def test_what_a_change_does_not_name_reads_as_before(
    definition: FormDefinition, deeds: list[Errand]
) -> None:
    filling = Filling.start(definition, surroundings())
    seen = said(filling)
    for errand in deeds:
        changes = carry_out(filling, errand)
        now = said(filling)
        for path in seen.keys() & now.keys():
            before, after = seen[path], now[path]
            assert before["value"] == after["value"] or path in changes.values
            assert before["state"] == after["state"] or path in changes.states
            assert before["words"] == after["words"] or path in changes.texts
            assert before["choices"] == after["choices"] or path in changes.choices
        if seen.keys() != now.keys():
            assert changes.repeats
        seen = now


@settings(max_examples=30, deadline=None)
@given(forms_counted_surely, errands)
def test_an_instance_keeps_its_key_whatever_happens_around_it(
    definition: FormDefinition, deeds: list[Errand]
) -> None:
    filling = Filling.start(definition, surroundings())
    keys: dict[int, str] = {}
    for errand in deeds:
        carry_out(filling, errand)
        for slot in filling.tree.root.slots():
            if slot.key:
                assert keys.setdefault(id(slot), slot.path) == slot.path
    kept = without_unanswered(filling).tree.by_path
    loaded = Filling.resume(definition, surroundings(), filling.draft_answers()).tree.by_path

    assert kept.keys() == loaded.keys()


def said(filling: Filling) -> dict[str, dict[str, object]]:
    """What a window shows, by path."""
    found: dict[str, dict[str, object]] = {}
    pending: list[Element] = list(filling.body)
    while pending:
        element = pending.pop()
        if isinstance(element, Question):
            found[element.path] = {
                "value": element.value,
                "words": (element.label, element.hint),
                "choices": element.choices,
                "state": (element.is_relevant, element.is_required, element.is_readonly,
                          filling.violation(element.path)),
            }  # fmt: skip
        elif isinstance(element, Group):
            pending += element.children
        else:
            pending += element.instances
    return found
