"""When a setvalue action is carried out, on what, and with which value (ODK XForms, actions)."""

from __future__ import annotations

import pytest

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms import Filling
from tests.forms.making import surroundings
from tests.forms.xforms import begun, defined, values

TWO = "<a/><b/>"
INPUTS = '<input ref="/data/a"/><input ref="/data/b"/>'


def nested(action: str, *, more: str = "") -> Filling:
    """A form whose question `a` holds an action."""
    return begun(TWO, body=f'<input ref="/data/a">{action}</input><input ref="/data/b"/>{more}')


@pytest.mark.parametrize("event", ["odk-instance-first-load", "odk-instance-load", "xforms-ready"])
def test_an_action_of_the_model_sets_its_target_when_a_new_form_opens(event: str) -> None:
    filling = begun(TWO, f'<setvalue event="{event}" ref="/data/a" value="1 + 1"/>', INPUTS)

    assert filling.value("a") == "2"


@pytest.mark.parametrize(
    ("event", "kept"), [("odk-instance-first-load", "mine"), ("odk-instance-load", "theirs")]
)
def test_a_form_opened_again_is_loaded_but_not_for_the_first_time(event: str, kept: str) -> None:
    definition = defined(
        TWO, f'<setvalue event="{event}" ref="/data/a" value="\'theirs\'"/>', INPUTS
    )

    assert Filling.resume(definition, surroundings(), {"a": "mine"}).value("a") == kept
    assert Filling.edit(definition, surroundings(), {"a": "mine"}).value("a") == kept


def test_an_action_has_as_many_events_as_it_names() -> None:
    events = "odk-instance-first-load xforms-value-changed"
    filling = nested(f'<setvalue event="{events}" ref="/data/b" value="concat(/data/a, \'!\')"/>')

    assert filling.value("b") == "!"
    filling.answer("a", "now")
    assert filling.value("b") == "now!"


def test_text_stands_for_a_value_and_nothing_at_all_empties() -> None:
    change = 'event="xforms-value-changed" ref="/data/b"'
    words = nested(f"<setvalue {change}>as said</setvalue>")
    nothing = nested(f"<setvalue {change}/>")
    nothing.answer("b", "there")

    words.answer("a", "x")
    nothing.answer("a", "x")

    assert words.value("b") == "as said"
    assert nothing.value("b") == ""


def test_a_changed_answer_sets_its_target_once_and_leaves_it_free() -> None:
    filling = nested('<setvalue event="xforms-value-changed" ref="/data/b" value="/data/a"/>')
    filling.answer("a", "first")
    filling.answer("b", "by hand")

    filling.answer("a", "first")
    assert filling.value("b") == "by hand", "the same answer is no change"

    filling.answer("a", "second")
    assert filling.value("b") == "second"


def test_one_action_sets_another_off() -> None:
    filling = begun(
        "<a/><b/><c/>",
        body='<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b"'
        ' value="/data/a * 2"/></input><input ref="/data/b"><setvalue event="xforms-value-changed"'
        ' ref="/data/c" value="/data/b + 1"/></input><input ref="/data/c"/>',
    )

    changed = filling.answer("a", "4")

    assert values(filling, "b", "c") == {"b": "8", "c": "9"}
    assert changed.values == {"a", "b", "c"}


def test_a_calculated_value_that_changes_sets_its_action_off() -> None:
    filling = begun(
        "<a/><twice/><b/>",
        '<bind nodeset="/data/twice" calculate="/data/a * 2"/>',
        '<input ref="/data/a"/><input ref="/data/twice"><setvalue event="xforms-value-changed"'
        ' ref="/data/b" value="/data/twice + 1"/></input>',
    )

    filling.answer("a", "4")

    assert filling.value("b") == "9"


def test_an_action_sees_what_was_calculated_when_the_form_opened() -> None:
    filling = begun(
        "<a>3</a><twice/><b/>",
        '<bind nodeset="/data/twice" calculate="/data/a * 2"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/b" value="/data/twice"/>',
        INPUTS,
    )

    assert filling.value("b") == "6"


def test_a_target_that_is_irrelevant_keeps_what_it_was_given_for_when_it_counts() -> None:
    filling = begun(
        TWO,
        '<bind nodeset="/data/b" relevant="/data/a = \'yes\'"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/b" value="\'given\'"/>',
        INPUTS,
    )

    assert filling.value("b") == ""
    filling.answer("a", "yes")
    assert filling.value("b") == "given"


def test_what_an_action_gives_is_kept_as_its_type_writes_it() -> None:
    filling = begun(
        "<n/><day/><when/>",
        '<bind nodeset="/data/n" type="int"/><bind nodeset="/data/day" type="date"/>'
        '<bind nodeset="/data/when" type="dateTime"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/n" value="7 div 2"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/day" value="now()"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/when" value="\'soon\'"/>',
    )

    assert values(filling, "n", "day", "when") == {"n": "3", "day": "2026-12-01", "when": ""}


def test_a_target_may_be_an_attribute() -> None:
    filling = begun(
        '<a unit=""/>',
        '<bind nodeset="/data/a/@unit"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/a/@unit" value="\'cm\'"/>',
    )

    assert filling.answers()["a/@unit"] == "cm"


def test_an_action_may_name_its_target_by_the_bind() -> None:
    filling = begun(
        "<a/>",
        '<bind id="of-a" nodeset="/data/a"/>'
        '<setvalue event="odk-instance-first-load" bind="of-a">said</setvalue>',
    )

    assert filling.value("a") == "said"


def test_what_is_set_when_a_form_opens_sets_off_what_waits_for_it() -> None:
    filling = begun(
        TWO,
        '<setvalue event="odk-instance-first-load" ref="/data/a" value="\'set\'"/>',
        '<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b"'
        " value=\"concat(/data/a, '!')\"/></input>",
    )

    assert values(filling, "a", "b") == {"a": "set", "b": "set!"}


def test_what_an_answer_set_off_is_taken_back_with_it() -> None:
    filling = nested('<setvalue event="xforms-value-changed" ref="/data/b" value="/data/a"/>')
    filling.answer("a", "one")

    filling.undo()

    assert values(filling, "a", "b") == {"a": "", "b": ""}


# Groups and repeats

REPEAT = '<r jr:template=""><x/><y/></r><r><x/><y/></r>'


def rows(*, in_x: str = "", in_repeat: str = "", model: str = "", before: str = "") -> Filling:
    body = (
        f'{before}<group ref="/data/r"><repeat nodeset="/data/r">{in_repeat}'
        f'<input ref="/data/r/x">{in_x}</input><input ref="/data/r/y"/></repeat></group>'
    )
    return begun(f"<a/>{REPEAT}", model, body)


def test_an_action_in_a_repeat_sets_the_target_of_its_own_instance() -> None:
    filling = rows(in_x='<setvalue event="xforms-value-changed" ref="/data/r/y" value="../x"/>')
    filling.add_repeat("r")
    first, second = filling.repeat_paths("r")

    filling.answer(f"{second}/x", "two")

    assert values(filling, f"{first}/y", f"{second}/y") == {f"{first}/y": "", f"{second}/y": "two"}


def test_a_new_instance_sets_off_its_own_action_and_the_first_one_is_not_new() -> None:
    filling = rows(
        in_repeat='<setvalue event="odk-new-repeat" ref="/data/r/y" value="position(..)"/>'
    )
    filling.add_repeat("r")
    filling.add_repeat("r")

    assert [filling.value(f"{path}/y") for path in filling.repeat_paths("r")] == ["", "2", "3"]


def test_the_action_of_a_new_instance_sees_what_was_calculated_in_it() -> None:
    filling = rows(
        in_repeat='<setvalue event="odk-new-repeat" ref="/data/r/y" value="concat(../x, \'!\')"/>',
        model='<bind nodeset="/data/r/x" calculate="position(..) * 10"/>',
    )

    filling.add_repeat("r")

    assert filling.value(f"{filling.repeat_paths('r')[1]}/y") == "20!"


def test_an_instance_that_is_filled_again_from_a_draft_is_no_new_one() -> None:
    filling = rows(in_repeat='<setvalue event="odk-new-repeat" ref="/data/r/y" value="1"/>')
    filling.add_repeat("r")
    second = filling.repeat_paths("r")[1]
    filling.answer(f"{second}/y", "by hand")

    again = Filling.resume(filling.definition, surroundings(), filling.draft_answers())

    assert again.value(f"{second}/y") == "by hand"


def test_a_new_instance_may_set_what_stands_outside_it() -> None:
    filling = rows(
        in_repeat='<setvalue event="odk-new-repeat" ref="/data/a" value="count(/data/r)"/>'
    )

    filling.add_repeat("r")

    assert filling.value("a") == "2"


def test_a_counted_instance_is_a_new_one() -> None:
    filling = begun(
        '<n/><r jr:template=""><x/></r>',
        body='<input ref="/data/n"/><group ref="/data/r"><repeat nodeset="/data/r"'
        ' jr:count="/data/n"><setvalue event="odk-new-repeat" ref="/data/r/x"'
        ' value="position(..) * 10"/><input ref="/data/r/x"/></repeat></group>',
    )

    filling.answer("n", "2")

    assert [filling.value(f"r[n{n}]/x") for n in (1, 2)] == ["10", "20"]


def test_a_position_picks_the_instance_that_is_set() -> None:
    filling = rows(
        before='<input ref="/data/a"><setvalue event="xforms-value-changed"'
        ' ref="/data/r[2]/x" value="/data/a"/></input>'
    )
    filling.add_repeat("r")

    filling.answer("a", "for the second")

    assert [filling.value(f"{path}/x") for path in filling.repeat_paths("r")] == [
        "",
        "for the second",
    ]


def test_a_target_in_every_instance_is_none_when_one_answer_changes() -> None:
    change = '<setvalue event="xforms-value-changed" ref="/data/r/x" value="/data/a"/>'
    filling = rows(before=f'<input ref="/data/a">{change}</input>')
    filling.answer("a", "one")
    assert filling.value(f"{filling.repeat_paths('r')[0]}/x") == "one"
    filling.add_repeat("r")

    filling.answer("a", "which?")

    assert [filling.value(f"{path}/x") for path in filling.repeat_paths("r")] == ["one", ""]


def test_a_relative_target_is_seen_from_the_group_around_the_action() -> None:
    filling = begun(
        "<g><x/><y/></g>",
        body='<group ref="/data/g"><setvalue event="odk-instance-first-load" ref="y"'
        ' value="\'near\'"/><input ref="/data/g/x"/></group>',
    )

    assert filling.value("g/y") == "near"


# What is no event

TARGET = 'ref="/data/a" value="1"'


@pytest.mark.parametrize(
    ("model", "body", "reason", "name"),
    [
        (f'<setvalue event="odk-inftance-first-load" {TARGET}/>', "",
         FormReason.UNKNOWN_EVENT, "odk-inftance-first-load"),
        ("", f'<input ref="/data/a"><setvalue event="odk-new-repeat my-event" {TARGET}/></input>',
         FormReason.UNKNOWN_EVENT, "my-event"),
        (f'<setvalue event="odk-new-repeat" {TARGET}/>', "",
         FormReason.MISPLACED_EVENT, "odk-new-repeat"),
    ],
)  # fmt: skip
def test_an_event_that_can_never_come_is_refused(
    model: str, body: str, reason: FormReason, name: str
) -> None:
    with pytest.raises(FormRefused) as refused:
        defined(TWO, model, body)

    assert refused.value.facts["reason"] == reason
    assert refused.value.facts["name"] == name
    assert refused.value.facts["node"] == "/data/a"


@pytest.mark.parametrize(("ref", "value"), [("/data/a", "nosuch(1)"), ("/data/a[nosuch(1)]", "1")])
def test_what_an_action_cannot_run_is_refused_when_the_form_is_read(ref: str, value: str) -> None:
    with pytest.raises(FormRefused) as refused:
        defined(TWO, f'<setvalue event="odk-instance-load" ref="{ref}" value="{value}"/>')

    assert refused.value.facts["reason"] == FormReason.UNKNOWN_FUNCTION
    assert refused.value.facts["name"] == "nosuch"


def test_an_action_on_a_node_that_is_not_there_is_remarked_on_and_left_out() -> None:
    definition = defined("<a/>", '<setvalue event="odk-instance-load" ref="/data/gone" value="1"/>')

    assert definition.actions == ()
    assert [(r.reason, r.name) for r in definition.remarks] == [
        (FormReason.UNKNOWN_NODE, "/data/gone")
    ]


def test_a_place_is_set_where_the_device_knows_it_and_left_where_it_does_not() -> None:
    definition = defined(
        "<spot/>",
        '<bind nodeset="/data/spot" type="geopoint"/>'
        '<odk:setgeopoint event="odk-instance-first-load" ref="/data/spot"/>',
    )
    knowing = surroundings()
    located = type(knowing)(
        now=knowing.now, record_id=knowing.record_id, seed=1, locate=lambda: "37.5 127.1 0 5"
    )

    assert Filling.start(definition, located).value("spot") == "37.5 127.1 0 5"
    assert Filling.start(definition, knowing).value("spot") == ""
