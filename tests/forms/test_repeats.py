"""Repeats: keys from birth, counted and added instances, sums over them."""

from __future__ import annotations

from uuid import UUID

import pytest

from fieldapp.errors import UnknownPath
from fieldapp.forms import Filling, Group, Repeat, answers_from_xml, submission_xml
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
