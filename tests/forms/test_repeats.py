"""Repeats: keys from birth, counted and added instances, sums over them."""

from __future__ import annotations

from uuid import UUID

import pytest

from fieldapp.errors import UnknownPath
from fieldapp.forms import (
    Filling,
    FormDefinition,
    Group,
    Repeat,
    answers_from_xml,
    read_form,
    submission_xml,
)
from tests.forms.making import AREAS, RECORD_ID, form_of, surroundings


def test_the_first_instance_and_every_added_one_has_a_uuid7_key_in_order(areas: Filling) -> None:
    for _ in range(20):
        areas.add_repeat("areas")

    keys = [path.removeprefix("areas[").removesuffix("]") for path in areas.repeat_paths("areas")]

    assert len(keys) == 21
    assert keys == sorted(keys)
    assert {UUID(key).version for key in keys} == {7}


def test_a_change_stays_in_its_instance_but_for_the_sums(areas: Filling) -> None:
    areas.add_repeat("areas")
    first, second = areas.repeat_paths("areas")
    areas.answer(f"{second}/score", "4")

    changed = areas.answer(f"{first}/score", "3")

    assert changed.values == {f"{first}/score", f"{first}/twice", "total"}
    assert (areas.value("total"), areas.value(f"{second}/twice")) == ("7", "8")


def test_relevance_is_the_instance_s_own(areas: Filling) -> None:
    areas.add_repeat("areas")
    first, second = areas.repeat_paths("areas")

    areas.answer(f"{first}/score", "1")
    areas.answer(f"{second}/score", "5")

    assert areas.violation(f"{first}/why") is not None
    assert areas.violation(f"{second}/why") is None


def test_removing_an_instance_takes_its_answers_and_its_part_of_the_sum(areas: Filling) -> None:
    areas.add_repeat("areas")
    first, second = areas.repeat_paths("areas")
    areas.answer(f"{first}/score", "3")
    areas.answer(f"{second}/score", "4")

    changed = areas.remove_repeat(first)

    assert changed.repeats == {"areas"}
    assert changed.values == {"total", "how_many"}
    assert areas.repeat_paths("areas") == (second,)
    assert areas.value("total") == "4"
    assert not any(path.startswith(first) for path in areas.draft_answers())


def test_a_nested_instance_sees_the_instance_around_it(areas: Filling) -> None:
    area = areas.repeat_paths("areas")[0]
    areas.add_repeat(f"{area}/parts")
    inner = areas.repeat_paths(f"{area}/parts")
    areas.answer(f"{area}/score", "10")
    for path, number in zip(inner, ("1", "2"), strict=True):
        areas.answer(f"{path}/n", number)

    assert [areas.value(f"{path}/of_area") for path in inner] == ["11", "12"]


def test_counted_instances_are_n1_n2_on_every_laptop(areas: Filling) -> None:
    changed = areas.answer("rooms", "3")

    assert areas.repeat_paths("counted") == ("counted[n1]", "counted[n2]", "counted[n3]")
    assert areas.value("counted[n3]/place_no") == "3"
    assert "counted[n3]/place_no" in changed.values
    areas.answer("counted[n2]/name", "안방")
    areas.answer("rooms", "1")
    assert areas.repeat_paths("counted") == ("counted[n1]",)


@pytest.mark.parametrize("count", ["0", "-4", "999999999"])
def test_a_count_that_makes_no_sense_makes_no_instance(areas: Filling, count: str) -> None:
    areas.answer("rooms", count)

    assert areas.repeat_paths("counted") == ()


def test_the_body_shows_each_instance_as_a_group_of_its_own(areas: Filling) -> None:
    areas.add_repeat("areas")
    group = areas.body[1]
    assert isinstance(group, Group)
    (repeat,) = group.children
    assert isinstance(repeat, Repeat)
    assert [instance.path for instance in repeat.instances] == list(areas.repeat_paths("areas"))
    assert not repeat.is_fixed
    counted = areas.body[2]
    assert isinstance(counted, Group)
    assert isinstance(counted.children[0], Repeat)
    assert counted.children[0].is_fixed


def test_keys_come_back_with_a_draft_and_new_ones_come_after_them(areas: Filling) -> None:
    areas.add_repeat("areas")
    for path in areas.repeat_paths("areas"):
        areas.answer(f"{path}/place", "방")
    shuffled = dict(reversed(areas.draft_answers().items()))

    again = Filling.resume(form_of(AREAS), surroundings(), shuffled)
    again.add_repeat("areas")

    assert again.repeat_paths("areas")[:2] == areas.repeat_paths("areas")
    assert again.repeat_paths("areas")[2] > areas.repeat_paths("areas")[1]


def test_xml_of_another_client_gets_keys_that_are_the_same_every_time() -> None:
    xml = (
        f'<data id="areas"><areas><place>방</place></areas><areas><place>부엌</place></areas>'
        f"<meta><instanceID>uuid:{RECORD_ID}</instanceID></meta></data>"
    ).encode()
    definition = form_of(AREAS)

    answers = answers_from_xml(definition, xml)

    assert answers == answers_from_xml(definition, xml)
    assert sorted(answers.values()) == sorted(["방", "부엌", f"uuid:{RECORD_ID}"])
    assert answers_from_xml(definition, submission_xml(definition, answers)) == answers


@pytest.mark.parametrize("path", ["rooms", "areas[none]", "areas[none]/parts", "nothing", ""])
def test_only_a_repeat_of_the_form_grows(areas: Filling, path: str) -> None:
    with pytest.raises(UnknownPath):
        areas.add_repeat(path)


def test_a_running_total_down_a_repeat_follows_a_change_at_its_top() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | calculation |\n| | begin_repeat | r | R | |\n"
        "| | integer | x | X | |\n"
        "| | calculate | sofar | | ${x} + coalesce(../preceding-sibling::r[1]/sofar, 0) |\n"
        "| | end_repeat | | | |\n"
    )
    filling = Filling.start(definition, surroundings())
    filling.add_repeat("r")
    filling.add_repeat("r")
    for path in filling.repeat_paths("r"):
        filling.answer(f"{path}/x", "1")

    filling.answer(f"{filling.repeat_paths('r')[0]}/x", "10")

    assert [filling.value(f"{path}/sofar") for path in filling.repeat_paths("r")] == [
        "10",
        "11",
        "12",
    ]


def test_adding_and_removing_leaves_what_the_other_instances_worked_out_alone() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | calculation |\n| | begin_repeat | r | R | |\n"
        "| | integer | x | X | |\n| | calculate | dice | | ${x} + random() |\n"
        "| | calculate | place | | position(..) |\n| | end_repeat | | | |\n"
    )
    filling = Filling.start(definition, surroundings())
    for number in range(3):
        filling.add_repeat("r")
        filling.answer(f"{filling.repeat_paths('r')[number]}/x", str(number))
    first, second, third, _ = filling.repeat_paths("r")
    before = {path: filling.value(f"{path}/dice") for path in (second, third)}

    changed = filling.remove_repeat(first)
    filling.add_repeat("r")

    assert {path: filling.value(f"{path}/dice") for path in (second, third)} == before
    assert changed.values >= {f"{second}/place", f"{third}/place"}
    assert [filling.value(f"{path}/place") for path in filling.repeat_paths("r")] == list("1234")


def test_one_of_many_is_looked_up_by_its_place_from_outside_and_from_inside() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | calculation |\n| | begin_repeat | r | R | |\n"
        "| | text | t | T | |\n| | calculate | first | | indexed-repeat(${t}, ${r}, 1) |\n"
        "| | end_repeat | | | |\n"
        "| | calculate | second | | indexed-repeat(${t}, ${r}, 2) |\n"
    )
    filling = Filling.start(definition, surroundings())
    filling.add_repeat("r")
    for path, text in zip(filling.repeat_paths("r"), ("가", "나"), strict=True):
        filling.answer(f"{path}/t", text)

    assert filling.value("second") == "나"
    assert [filling.value(f"{path}/first") for path in filling.repeat_paths("r")] == ["가", "가"]
    filling.remove_repeat(filling.repeat_paths("r")[0])
    assert filling.value("second") == ""


def test_a_form_begins_with_the_instances_that_it_has_and_adds_what_its_template_says() -> None:
    definition = read_form(
        b'<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        b' xmlns:jr="http://openrosa.org/javarosa"><h:head><model><instance><data id="d">'
        b'<r jr:template=""><a>new</a><s jr:template=""><b>inner</b></s></r>'
        b"<r><a>first</a><s><b>x</b></s><s><b>y</b></s></r><r><a>second</a></r>"
        b'<none jr:template=""><c/></none><plain><d>written</d></plain>'
        b"</data></instance></model></h:head><h:body>"
        b'<repeat nodeset="/data/r"><input ref="/data/r/a"/>'
        b'<repeat nodeset="/data/r/s"><input ref="/data/r/s/b"/></repeat></repeat>'
        b'<repeat nodeset="/data/none"><input ref="/data/none/c"/></repeat>'
        b'<repeat nodeset="/data/plain"><input ref="/data/plain/d"/></repeat>'
        b"</h:body></h:html>"
    )
    filling = Filling.start(definition, surroundings())
    for path in ("r", "none", "plain"):
        filling.add_repeat(path)

    assert [filling.value(f"{path}/a") for path in filling.repeat_paths("r")] == [
        "first",
        "second",
        "new",
    ]
    assert [
        [filling.value(f"{inner}/b") for inner in filling.repeat_paths(f"{path}/s")]
        for path in filling.repeat_paths("r")
    ] == [["x", "y"], [], []]
    assert len(filling.repeat_paths("none")) == 1
    assert [filling.value(f"{path}/d") for path in filling.repeat_paths("plain")] == ["written", ""]
    kept = FormDefinition.from_bytes(definition.to_bytes())
    assert Filling.start(kept, surroundings()).repeat_paths("none") == ()


def test_a_counted_instance_has_the_defaults_that_the_form_has_at_its_place() -> None:
    definition = read_form(
        b'<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        b' xmlns:jr="http://openrosa.org/javarosa"><h:head><model><instance><data id="d"><n/>'
        b'<r jr:template=""><a>other</a></r><r><a>first</a></r><r><a>second</a></r>'
        b"</data></instance></model></h:head><h:body>"
        b'<input ref="/data/n"/><repeat nodeset="/data/r" jr:count="/data/n">'
        b'<input ref="/data/r/a"/></repeat></h:body></h:html>'
    )
    filling = Filling.start(definition, surroundings())
    assert filling.repeat_paths("r") == ()

    filling.answer("n", "3")

    assert [filling.value(f"r[n{place}]/a") for place in (1, 2, 3)] == ["first", "second", "other"]


def test_instances_that_the_form_began_with_are_saved_only_when_somebody_answered() -> None:
    filling = Filling.start(form_of(AREAS), surroundings())
    (area,) = filling.repeat_paths("areas")
    assert not any(path.startswith("areas") for path in filling.answers())

    (part,) = filling.repeat_paths(f"{area}/parts")
    filling.answer(f"{part}/n", "1")

    assert filling.answers()[f"{part}/n"] == "1"


def test_what_waits_for_a_calculated_value_is_done_when_it_changes_and_not_on_reopening() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | calculation | trigger |\n"
        "| | integer | n | N | | |\n| | text | half | H | ${n} div 2 | |\n"
        "| | calculate | told | | concat(${half}, ' at ', ${n}) | ${half} |\n"
    )
    filling = Filling.start(definition, surroundings())

    changed = filling.answer("n", "4")

    assert filling.value("told") == "2 at 4"
    assert changed.values == {"n", "half", "told"}
    again = Filling.resume(definition, surroundings(), filling.answers() | {"told": "as it was"})
    assert again.value("told") == "as it was"
