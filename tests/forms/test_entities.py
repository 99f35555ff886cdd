"""Entities that a form declares: attribute nodes, ids, properties, in groups and repeats (F4)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.forms import (
    EntityDeclaration,
    Filling,
    FormDefinition,
    answers_from_xml,
    submission_xml,
)
from tests.forms.making import RECORD_ID, form_of, surroundings
from tests.forms.rows import Rows

FAMILY = """
| survey |
| | type | name | label | calculation | save_to | relevant | default |
| | text | alias | 부르는 이름 | | household#alias | | |
| | select_one yn | pet | 반려동물 | | household#pet | | |
| | text | pet_name | 이름 | | household#pet_name | ${pet}='1' | |
| | begin_repeat | people | 가구원 | | | | |
| | text | full | 이름 | | person#full | | |
| | date | birth | 생일 | | person#birth | | |
| | text | role | 관계 | | person#role | | 본인 |
| | begin_group | more | 더 | | | | |
| | text | job | 하는 일 | | person#job | | |
| | end_group | | | | | | |
| | calculate | home | | /data/meta/entity/@id | person#household | | |
| | end_repeat | | | | | | |
| choices |
| | list_name | name | label |
| | yn | 1 | 예 |
| | yn | 0 | 아니오 |
| settings |
| | form_id | version |
| | family | 1 |
| entities |
| | list_name | repeat | create_if | label |
| | household | | ${alias} != '' | ${alias} |
| | person | ${people} | ${full} != '' | ${full} |
"""

SITE = """
| survey |
| | type | name | label | save_to | required |
| | select_one_from_file site.csv | site | 시설 | | |
| | text | manager | 담당 | manager | |
| | text | phone | 전화 | phone | |
| settings |
| | form_id | version |
| | site | 1 |
| entities |
| | list_name | entity_id | create_if | update_if | label |
| | site | ${site} | false() | ${site} != '' | |
"""

SITE_A = "01a22ee6-b000-78f1-91b7-00000000000a"


@pytest.fixture
def family() -> Filling:
    """The form that registers a family, just opened."""
    return Filling.start(form_of(FAMILY), surroundings())


def told(filling: Filling) -> list[tuple[str, str, str]]:
    """List, label and whether created or updated, of what is declared."""
    return [
        (one.dataset, one.label, "create" * one.is_create + "update" * one.is_update)
        for one in filling.entities()
    ]


def declared(filling: Filling, dataset: str) -> EntityDeclaration:
    """The only declaration of a list."""
    (found,) = [one for one in filling.entities() if one.dataset == dataset]
    return found


def test_a_form_declares_nothing_until_its_condition_holds(family: Filling) -> None:
    assert family.entities() == ()

    family.answer("alias", "가상-첫째집")

    assert told(family) == [("household", "가상-첫째집", "create")]


def test_every_instance_of_a_repeat_declares_an_entity_of_its_own(family: Filling) -> None:
    family.answer("alias", "가상-첫째집")
    family.add_repeat("people")
    for path, name in zip(family.repeat_paths("people"), ("가상-하나", "가상-둘"), strict=True):
        family.answer(f"{path}/full", name)

    one, two, home = family.entities()

    assert [one.label, two.label] == ["가상-하나", "가상-둘"]
    assert [one.repeat, two.repeat, home.repeat] == [*family.repeat_paths("people"), ""]
    assert one.path == f"{one.repeat}/meta/entity"
    assert len({one.entity_id, two.entity_id, home.entity_id}) == 3
    assert {one.properties["household"], two.properties["household"]} == {home.entity_id}


def test_properties_are_the_answers_of_the_same_place_groups_included(family: Filling) -> None:
    (person,) = family.repeat_paths("people")
    family.answer(f"{person}/full", "가상-하나")
    family.answer(f"{person}/birth", "1950-03-01")
    family.answer(f"{person}/more/job", "목수")

    found = declared(family, "person")

    assert dict(found.properties) == {
        "full": "가상-하나",
        "birth": "1950-03-01",
        "role": "본인",
        "job": "목수",
        "household": family.value("meta/entity/@id"),
    }


def test_an_irrelevant_question_says_nothing_of_its_property_an_empty_one_says_empty(
    family: Filling,
) -> None:
    family.answer("alias", "가상-첫째집")

    assert dict(declared(family, "household").properties) == {"alias": "가상-첫째집", "pet": ""}

    family.answer("pet", "1")

    assert declared(family, "household").properties["pet_name"] == ""


def test_an_update_names_the_entity_that_was_chosen_and_creates_none() -> None:
    sites = Rows({"name": SITE_A, "label": "가상-센터", "__version": "3"})
    filling = Filling.start(form_of(SITE), surroundings(), {"site": sites})

    assert filling.entities() == ()
    filling.answer("site", SITE_A)
    filling.answer("phone", "053-000-0000")

    found = declared(filling, "site")
    assert (found.entity_id, found.is_create, found.is_update) == (SITE_A, False, True)
    assert dict(found.properties) == {"manager": "", "phone": "053-000-0000"}


def test_what_an_update_was_based_on_is_no_answer() -> None:
    definition = form_of(SITE)
    filling = Filling.start(
        definition, surroundings(), {"site": Rows({"name": SITE_A, "__version": "3"})}
    )

    filling.answer("site", SITE_A)

    assert filling.value("meta/entity/@baseVersion") == "3"
    assert set(filling.answers()) == {
        "site",
        "meta/entity/@create",
        "meta/entity/@update",
        "meta/entity/@id",
        "meta/instanceID",
    }
    xml = submission_xml(filling)
    assert b'baseVersion="3"' in xml
    assert answers_from_xml(definition, xml) == filling.answers()


def test_the_same_record_gives_an_entity_the_same_id_on_every_machine() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | repeat_count | save_to |\n"
        "| | begin_repeat | areas | 구역 | 2 | |\n| | text | place | 곳 | | place |\n"
        "| | end_repeat | | | | |\n| settings |\n| | form_id | version |\n| | a | 1 |\n"
        "| entities |\n| | list_name | repeat | label |\n| | area | ${areas} | ${place} |\n"
    )

    here, there = (
        {one.path: one.entity_id for one in Filling.start(definition, around).entities()}
        for around in (surroundings(seed=1), surroundings(seed=2))
    )

    assert len(set(here.values())) == 2
    assert here == there


def test_ids_come_back_with_the_answers_and_are_those_of_the_xml(family: Filling) -> None:
    family.answer("alias", "가상-첫째집")
    (person,) = family.repeat_paths("people")
    family.answer(f"{person}/full", "가상-하나")
    before = family.entities()

    again = Filling.resume(form_of(FAMILY), surroundings(seed=9), family.answers())
    by_draft = Filling.resume(form_of(FAMILY), surroundings(seed=9), family.draft_answers())

    assert again.entities() == by_draft.entities() == before
    xml = submission_xml(form_of(FAMILY), family.answers())
    assert answers_from_xml(form_of(FAMILY), xml) == family.answers() == again.answers()
    for one in before:
        assert f'id="{one.entity_id}"'.encode() in xml
        assert f"<label>{one.label}</label>".encode() in xml


def test_an_id_that_came_in_from_elsewhere_is_kept(family: Filling) -> None:
    family.answer("alias", "가상-첫째집")
    other = "11111111-2222-4333-8444-555555555555"
    answers = family.answers() | {"meta/entity/@id": other}

    again = Filling.resume(form_of(FAMILY), surroundings(), answers)

    assert declared(again, "household").entity_id == other


def test_an_instance_that_nobody_answered_is_neither_saved_nor_an_entity(family: Filling) -> None:
    (first,) = family.repeat_paths("people")
    family.add_repeat("people")
    second = family.repeat_paths("people")[1]

    assert not any(path.startswith(first) for path in family.answers())
    assert f"{second}/role" in family.answers(), "somebody added it, with what stands in it"

    family.answer(f"{first}/full", "가상-하나")

    assert family.answers()[f"{first}/role"] == "본인"
    assert [one.repeat for one in family.entities()] == [first]


def test_what_is_required_is_not_asked_of_an_instance_that_nobody_began() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | required |\n| | begin_repeat | more | 개선 | |\n"
        "| | text | what | 내용 | yes |\n| | text | where | 곳 | |\n| | end_repeat | | | |\n"
    )
    filling = Filling.start(definition, surroundings())
    (first,) = filling.repeat_paths("more")

    assert filling.violations() == ()

    filling.answer(f"{first}/where", "현관")

    assert [one.path for one in filling.violations()] == [f"{first}/what"]


def test_typed_text_of_an_irrelevant_instance_stays_in_the_draft() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | relevant |\n| | text | q | Q | |\n"
        "| | begin_group | g | G | ${q} != 'x' |\n| | begin_repeat | r | R | |\n"
        "| | text | t | T | |\n| | end_repeat | | | |\n| | end_group | | | |\n"
    )
    filling = Filling.start(definition, surroundings())
    (first,) = filling.repeat_paths("g/r")
    filling.answer(f"{first}/t", "말씀")

    filling.answer("q", "x")

    assert f"{first}/t" not in filling.answers()
    assert filling.draft_answers()[f"{first}/t"] == "말씀"


def test_an_entity_below_an_irrelevant_group_is_not_declared() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | relevant | save_to |\n"
        "| | text | q | Q | | thing#q |\n"
        "| | begin_group | g | G | ${q} = '1' | |\n| | text | a | A | | part#a |\n"
        "| | end_group | | | | |\n| settings |\n| | form_id | version |\n| | f | 1 |\n"
        "| entities |\n| | list_name | label | create_if |\n| | thing | ${q} | true() |\n"
        "| | part | ${a} | true() |\n"
    )
    filling = Filling.start(definition, surroundings())
    assert told(filling) == [("thing", "", "create")]

    filling.answer("q", "1")
    filling.answer("g/a", "가상-부품")

    assert told(filling) == [("part", "가상-부품", "create"), ("thing", "1", "create")]
    assert [dict(one.properties) for one in filling.entities()] == [{"a": "가상-부품"}, {"q": "1"}]


def test_entity_nodes_are_never_a_person_s_to_answer() -> None:
    definition: FormDefinition = form_of(FAMILY)

    of_entities = {path for path in definition.leaves if "meta/entity" in path}

    assert of_entities == {
        f"{place}meta/entity/{name}"
        for place in ("", "people/")
        for name in ("@create", "@id", "label")
    }
    assert all(definition.leaf(path).is_metadata for path in of_entities)
    assert not of_entities & definition.asked
    assert definition.entity_lists == {"meta/entity": "household", "people/meta/entity": "person"}


def test_the_record_id_is_part_of_every_entity_id(family: Filling) -> None:
    family.answer("alias", "가상-첫째집")
    other = Filling.start(form_of(FAMILY), surroundings(record_id=RECORD_ID[:-1] + "0"))
    other.answer("alias", "가상-첫째집")

    assert declared(family, "household").entity_id != declared(other, "household").entity_id


def test_a_version_that_stands_in_the_answers_is_kept_as_an_answer_at_an_unknown_path() -> None:
    old = {"site": SITE_A, "meta/entity/@baseVersion": "2"}

    again = Filling.resume(form_of(SITE), surroundings(), old)

    assert again.unknown_answers == {"meta/entity/@baseVersion": "2"}
    assert again.answers()["meta/entity/@baseVersion"] == "2"


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["alias", "pet_name"]), st.sampled_from(["", "가", "나"])),
        st.tuples(st.just("pet"), st.sampled_from(["", "0", "1"])),
        st.tuples(st.just("add"), st.just("")),
        st.tuples(st.sampled_from(["remove", "full"]), st.sampled_from(["", "0", "1", "2"])),
        st.tuples(st.just("again"), st.just("")),
    ),
    max_size=16,
)


@settings(max_examples=60, deadline=None)
@given(_STEPS)
def test_whatever_is_done_a_place_keeps_its_id_and_every_way_back_declares_the_same(
    steps: list[tuple[str, str]],
) -> None:
    filling = Filling.start(form_of(FAMILY), surroundings())
    ids: dict[str, str] = {}
    for what, how in steps:
        filling = _done(filling, what, how)
        for one in filling.entities():
            assert ids.setdefault(one.path, one.entity_id) == one.entity_id
    found, answers = filling.entities(), filling.answers()

    assert len({one.entity_id for one in found}) == len(found)
    assert {one.repeat for one in found} - {""} <= set(filling.repeat_paths("people"))
    xml = submission_xml(filling)
    for back in (answers, answers_from_xml(form_of(FAMILY), xml)):
        again = Filling.resume(form_of(FAMILY), surroundings(seed=3), back)
        assert (again.answers(), again.entities()) == (answers, found)


def _done(filling: Filling, what: str, how: str) -> Filling:
    people = filling.repeat_paths("people")
    if what == "again":
        return Filling.resume(form_of(FAMILY), surroundings(seed=4), filling.draft_answers())
    if what == "add":
        filling.add_repeat("people")
    elif what in {"remove", "full"}:
        if people:
            path = people[int(how or "0") % len(people)]
            if what == "remove":
                filling.remove_repeat(path)
            else:
                filling.answer(f"{path}/full", how)
    else:
        filling.answer(what, how)
    return filling
