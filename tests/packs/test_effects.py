"""What filled forms do to entities (formats F4): created, changed, amended, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.operation import Base, Effect, PropertyChange
from fieldapp.domain.plans import Workflow, WorkflowStep
from fieldapp.errors import AnswerRefused
from fieldapp.forms import Filling
from fieldapp.packs import EntityStanding, Pack, effects_of
from tests.forms.making import form_of, surroundings
from tests.forms.rows import Rows
from tests.packs.workbooks import p13e

CHECKLIST = """
| survey |
| | type | name | label | save_to |
| | text | site_note | 시설 메모 | |
| | begin_repeat | improvements | 개선사항 | |
| | text | content | 내용 | content |
| | text | area | 영역 | area |
| | end_repeat | | | |
| settings |
| | form_id | version |
| | check | 1 |
| entities |
| | list_name | repeat | create_if | label |
| | improvement | ${improvements} | ${content} != '' | ${content} |
"""

VISIT = """
| survey |
| | type | name | label | save_to | relevant |
| | select_one_from_file household.csv | household | 가구 | | |
| | text | note | 메모 | last_note | |
| | text | method | 방법 | last_method | |
| | text | hazard | 위험 | hazard | ${method} = 'visit' |
| settings |
| | form_id | version |
| | visit | 1 |
| entities |
| | list_name | entity_id | create_if | update_if | label |
| | household | ${household} | false() | ${household} != '' | |
"""

HOME = "01a22ee6-b000-78f1-91b7-00000000000a"
HOMES = {"household": Rows({"name": HOME, "label": "가상-첫째집"})}
REV_7 = Base(rev=7)


def pack_of(table: str, *steps: WorkflowStep) -> Pack:
    """A pack with the form of a table and the workflow of a few rows."""
    whole = p13e()
    plans = replace(whole.plans, workflow=Workflow(steps))
    return replace(whole, definition=form_of(table), plans=plans)


CHECK = pack_of(
    CHECKLIST,
    WorkflowStep("record", None, "완료", "마치기", ("monitor",)),
    WorkflowStep(
        object="improvement", source=None, target="접수", label="접수", roles=("monitor",)
    ),
)
VISITS = pack_of(VISIT)


def checklist(*contents: str, area: str = "안전") -> Filling:
    """A checklist with improvements."""
    filling = Filling.start(CHECK.definition, surroundings())
    for place, content in enumerate(contents):
        if place:
            filling.add_repeat("improvements")
        path = filling.repeat_paths("improvements")[place]
        filling.answer(f"{path}/content", content)
        filling.answer(f"{path}/area", area)
    return filling


def amended(filling: Filling) -> Filling:
    """The same record opened again."""
    return Filling.resume(filling.definition, surroundings(seed=7), filling.answers(), HOMES)


def visit(**answers: str) -> Filling:
    """A visit at the household, with answers."""
    filling = Filling.start(VISITS.definition, surroundings(), HOMES)
    filling.answer("household", HOME)
    for name, text in answers.items():
        filling.answer(name, text)
    return filling


def nobody(_list: str, _id: str) -> EntityStanding | None:
    """A device that knows no entity."""
    return None


class Standing:
    """A device that knows some entities, and lays effects over them as a store does."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], dict[str, str]] = {}

    def __call__(self, list_name: str, entity_id: str) -> EntityStanding | None:
        props = self.known.get((list_name, entity_id))
        return None if props is None else EntityStanding(props, REV_7)

    def lay(self, effects: tuple[Effect, ...]) -> None:
        """The effects over what stands; what they saw must be what stands."""
        for effect in effects:
            key = effect.list, effect.id
            assert effect.create == (key not in self.known)
            props = self.known.setdefault(key, {})
            for name, change in effect.set.items():
                assert props.pop(name, None) == change.old
                if change.new is not None:
                    props[name] = change.new


def changes(effect: Effect) -> dict[str, tuple[str | None, str | None]]:
    """Old and new by property."""
    return {name: (change.old, change.new) for name, change in effect.set.items()}


def test_an_improvement_is_created_with_its_properties_its_label_and_the_first_state() -> None:
    filling = checklist("소화기를 통로에서 치우기")

    (effect,) = effects_of(CHECK, None, filling, nobody)

    assert (effect.list, effect.create, effect.base) == ("improvement", True, None)
    assert effect.id == filling.entities()[0].entity_id
    assert changes(effect) == {
        "content": (None, "소화기를 통로에서 치우기"),
        "area": (None, "안전"),
        "label": (None, "소화기를 통로에서 치우기"),
        "state": (None, "접수"),
    }


def test_a_list_without_a_workflow_gets_no_state() -> None:
    (effect,) = effects_of(pack_of(CHECKLIST), None, checklist("문"), nobody)

    assert "state" not in effect.set


def test_a_state_that_the_answers_name_is_not_overruled() -> None:
    pack = replace(
        CHECK, definition=form_of(CHECKLIST.replace("| 영역 | area |", "| 상태 | state |"))
    )
    filling = Filling.start(pack.definition, surroundings())
    (first,) = filling.repeat_paths("improvements")
    filling.answer(f"{first}/content", "문")

    assert changes(effects_of(pack, None, filling, nobody)[0])["state"] == (None, "접수")

    filling.answer(f"{first}/area", "이송")

    assert changes(effects_of(pack, None, filling, nobody)[0])["state"] == (None, "이송")


def test_a_create_of_what_stands_already_is_a_change_and_leaves_its_state() -> None:
    filling = checklist("문을 고치기")
    key = ("improvement", filling.entities()[0].entity_id)
    standing = Standing()
    standing.known[key] = {"content": "문", "area": "안전", "label": "문", "state": "부서 전달"}

    (effect,) = effects_of(CHECK, None, filling, standing)

    assert (effect.create, effect.base) == (False, REV_7)
    assert changes(effect) == {"content": ("문", "문을 고치기"), "label": ("문", "문을 고치기")}


def test_an_update_sets_only_what_stands_otherwise() -> None:
    standing = Standing()
    standing.known["household", HOME] = {"label": "가상-첫째집", "last_method": "phone"}

    (effect,) = effects_of(VISITS, None, visit(note="양호", method="phone"), standing)

    assert (effect.id, effect.base) == (HOME, REV_7)
    assert changes(effect) == {"last_note": (None, "양호")}


def test_an_empty_answer_takes_the_property_away_an_irrelevant_one_leaves_it() -> None:
    standing = Standing()
    standing.known["household", HOME] = {"last_note": "지난 메모", "hazard": "가스"}

    (effect,) = effects_of(VISITS, None, visit(method="phone"), standing)

    assert changes(effect) == {"last_note": ("지난 메모", None), "last_method": (None, "phone")}


def test_nothing_to_set_is_no_effect() -> None:
    standing = Standing()
    standing.known["household", HOME] = {"last_note": "양호", "last_method": "phone"}

    assert effects_of(VISITS, None, visit(note="양호", method="phone"), standing) == ()
    assert effects_of(CHECK, None, checklist(), nobody) == ()


def test_an_update_of_an_entity_that_is_not_on_this_device_has_no_effect() -> None:
    assert effects_of(VISITS, None, visit(note="양호"), nobody) == ()


def test_amending_says_only_what_this_record_now_says_otherwise() -> None:
    before = visit(note="양호", method="visit")
    after = amended(before)
    after.answer("note", "무릎 통증")
    standing = Standing()
    # Meanwhile another record has set the method: that is its affair.
    standing.known["household", HOME] = {"last_note": "양호", "last_method": "phone"}

    (effect,) = effects_of(VISITS, before, after, standing)

    assert changes(effect) == {"last_note": ("양호", "무릎 통증")}


def test_amending_names_as_old_what_the_record_set_and_leaves_the_dispute_to_the_server() -> None:
    before = visit(note="양호")
    after = amended(before)
    after.answer("note", "무릎 통증")
    standing = Standing()
    standing.known["household", HOME] = {"last_note": "다른 사람의 메모"}

    (effect,) = effects_of(VISITS, before, after, standing)

    assert effect.set == {"last_note": PropertyChange(old="양호", new="무릎 통증")}


def test_what_became_irrelevant_in_an_amendment_is_taken_back() -> None:
    before = visit(method="visit", hazard="가스")
    after = amended(before)
    after.answer("method", "phone")
    standing = Standing()
    standing.known["household", HOME] = {"last_method": "visit", "hazard": "가스"}

    (effect,) = effects_of(VISITS, before, after, standing)

    assert changes(effect) == {"hazard": ("가스", None), "last_method": ("visit", "phone")}


def test_an_improvement_added_by_an_amendment_is_created_the_others_are_left_alone() -> None:
    before = checklist("문")
    after = amended(before)
    after.add_repeat("improvements")
    second = after.repeat_paths("improvements")[1]
    after.answer(f"{second}/content", "창")
    standing = Standing()
    standing.lay(effects_of(CHECK, None, before, standing))

    (effect,) = effects_of(CHECK, before, after, standing)

    assert effect.create
    assert changes(effect)["content"] == (None, "창")


def test_a_removed_repeat_closes_its_entity_and_deletes_nothing() -> None:
    before = checklist("문", "창")
    after = amended(before)
    first = after.repeat_paths("improvements")[0]
    gone = before.entities()[0].entity_id
    after.remove_repeat(first)
    standing = Standing()
    standing.lay(effects_of(CHECK, None, before, standing))

    (effect,) = effects_of(CHECK, before, after, standing)

    assert (effect.id, effect.base) == (gone, REV_7)
    assert changes(effect) == {"state": ("접수", "원본 삭제")}
    standing.lay((effect,))
    assert effects_of(CHECK, before, after, standing) == ()


def test_an_emptied_repeat_closes_its_entity_too() -> None:
    before = checklist("문")
    after = amended(before)
    (path,) = after.repeat_paths("improvements")
    after.answer(f"{path}/content", "")
    standing = Standing()
    standing.lay(effects_of(CHECK, None, before, standing))

    (effect,) = effects_of(CHECK, before, after, standing)

    assert changes(effect) == {"state": ("접수", "원본 삭제")}


def test_what_never_reached_this_device_is_not_closed() -> None:
    before = checklist("문")
    after = amended(before)
    after.remove_repeat(after.repeat_paths("improvements")[0])

    assert effects_of(CHECK, before, after, nobody) == ()


def test_an_id_that_is_no_uuid_is_refused_before_it_travels() -> None:
    homes = {"household": Rows({"name": "집", "label": "가상-첫째집"})}
    filling = Filling.start(VISITS.definition, surroundings(), homes)
    filling.answer("household", "집")

    with pytest.raises(AnswerRefused) as refused:
        effects_of(VISITS, None, filling, nobody)

    assert refused.value.facts["path"] == "meta/entity"


_WORDS = st.sampled_from(["", "문", "창", "소화기", "손잡이"])
_ROWS = st.lists(st.tuples(_WORDS, _WORDS), max_size=4)


def _filled(filling: Filling, rows: list[tuple[str, str]]) -> None:
    """Make the improvements of the form these, changing, adding and removing."""
    while len(paths := filling.repeat_paths("improvements")) > len(rows):
        filling.remove_repeat(paths[len(rows) // 2])
    while len(filling.repeat_paths("improvements")) < len(rows):
        filling.add_repeat("improvements")
    paths = filling.repeat_paths("improvements")
    for path, (content, area) in zip(paths, rows, strict=True):
        filling.answer(f"{path}/content", content)
        filling.answer(f"{path}/area", area)


@settings(max_examples=60, deadline=None)
@given(editions=st.lists(_ROWS, min_size=1, max_size=4))
def test_after_every_edition_the_entities_say_what_the_record_says(
    editions: list[list[tuple[str, str]]],
) -> None:
    standing = Standing()
    before: Filling | None = None
    after = Filling.start(CHECK.definition, surroundings())
    for rows in editions:
        if before is not None:
            after = amended(before)
        _filled(after, rows)
        standing.lay(effects_of(CHECK, before, after, standing))
        before = after
        assert _open_in(standing) == {
            one.entity_id: {"label": one.label, "state": "접수"}
            | {name: text for name, text in one.properties.items() if text}
            for one in after.entities()
        }
        again = amended(after)
        assert effects_of(CHECK, after, again, standing) == ()


def _open_in(standing: Standing) -> Mapping[str, Mapping[str, str]]:
    return {
        entity_id: props
        for (_, entity_id), props in standing.known.items()
        if props.get("state") != "원본 삭제"
    }
