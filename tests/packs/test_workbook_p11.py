"""The monitoring checklist: its shape by programme, what must be explained, what it leaves."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.plans import Grouping, Part, TablePlan
from fieldapp.domain.workflow import automatic_step, checked_step, seats_to_sign
from fieldapp.errors import TransitionRefused
from fieldapp.forms import Filling, Group, Question
from fieldapp.forms.view import Element
from fieldapp.packs import effects_of, guard, open_form
from tests.forms.rows import Rows
from tests.packs.shipped import (
    MONITOR_1,
    MONITOR_2,
    MONITORS,
    RECORD,
    SITE,
    SURROUNDINGS,
    answered,
    missing,
    opened,
    shipped,
)

AREAS = {
    "care": ("안전", "급식", "프로그램 운영", "지역사회협력", "홍보"),
    "re100": ("접근·편의", "운영·관리", "홍보"),
    "tool": ("접근·편의", "운영·관리", "기증", "홍보전략"),
}
HEAD = {
    "round": "onsite",
    "round_no": "2",
    "monitor1": MONITOR_1,
    "monitor2": MONITOR_2,
    "conflict_free": "yes",
    "visit_state": "done",
}


def checklist(programme: str = "care", answers: Mapping[str, str] | None = None) -> Filling:
    """A checklist of a site of that programme, its head answered."""
    site = {"name": SITE, "label": "가상-햇살 센터", "programme": programme}
    lists = {"site": Rows(site), "monitor": MONITORS}
    head = {"programme": programme, "site": SITE} | HEAD
    return opened("P11", lists, head | dict(answers or {}))


def items_of(filling: Filling) -> list[str]:
    """The paths of every statement, in order."""
    return [
        item
        for area in filling.repeat_paths("areas")
        for item in filling.repeat_paths(f"{area}/items")
    ]


def scored(filling: Filling, score: str = "4") -> Filling:
    """The same checklist with one score everywhere."""
    return answered(filling, {f"{item}/score": score for item in items_of(filling)})


@pytest.mark.parametrize("programme", AREAS)
def test_a_programme_has_its_areas_and_four_statements_in_each(programme: str) -> None:
    filling = checklist(programme)

    areas = filling.repeat_paths("areas")
    assert areas == tuple(f"areas[n{n}]" for n in range(1, len(AREAS[programme]) + 1))
    assert tuple(filling.value(f"{area}/area_name") for area in areas) == AREAS[programme]
    for area in areas:
        assert filling.repeat_paths(f"{area}/items") == tuple(
            f"{area}/items[n{n}]" for n in (1, 2, 3, 4)
        )
    texts = [filling.value(f"{item}/item_text") for item in items_of(filling)]
    assert len(set(texts)) == len(texts) == 4 * len(areas)
    assert all(text and not text.endswith(".") for text in texts)


@pytest.mark.parametrize(
    ("programme", "item", "text"),
    [
        ("care", "areas[n1]/items[n1]", "출입문을 잠그고 드나드는 사람을 확인한다"),
        ("care", "areas[n2]/items[n2]", "식재료 보관과 소비기한이 관리된다"),
        ("care", "areas[n5]/items[n4]", "정원·대기를 물으면 알려 준다"),
        ("re100", "areas[n2]/items[n1]", "단가표가 붙어 있고 지금 단가와 같다"),
        ("re100", "areas[n3]/items[n4]", "처음 온 사람도 이용법을 안다"),
        ("tool", "areas[n3]/items[n3]", "기증품 이력이 남는다"),
        ("tool", "areas[n4]/items[n4]", "이용 실적을 알린다"),
    ],
)
def test_a_statement_is_asked_in_the_words_of_the_field(
    programme: str, item: str, text: str
) -> None:
    filling = checklist(programme)
    group = next(e for e in _questions(filling) if e.path == f"{item}/score")

    assert group.label == filling.value(f"{item}/item_text") == text
    filling.show_language("English (en)")
    assert group.label == filling.value(f"{item}/item_english") != text


def test_a_site_that_was_not_inspected_has_no_areas_and_needs_a_reason() -> None:
    filling = scored(checklist())

    filling.answer("visit_state", "closed")

    assert missing(filling) == ["state_note"]
    assert not any(path.startswith("areas") for path in filling.answers())
    # What was scored is not lost by a slip of the finger.
    filling.answer("visit_state", "done")
    assert filling.value("areas[n1]/items[n1]/score") == "4"


@pytest.mark.parametrize(
    ("score", "is_asked"),
    [("5", False), ("4", False), ("3", False), ("2", True), ("1", True), ("na", True),
     ("unk", True)],
)  # fmt: skip
def test_evidence_is_asked_for_what_is_low_or_was_not_judged(score: str, is_asked: bool) -> None:
    filling = scored(checklist())

    filling.answer("areas[n2]/items[n2]/score", score)

    assert missing(filling) == (["areas[n2]/items[n2]/evidence"] if is_asked else [])


@pytest.mark.parametrize(
    ("scores", "counted", "mean", "is_asked"),
    [
        (("3", "3", "3", "3"), "4", "3", True),
        (("3", "3", "3", "4"), "4", "3.25", False),
        (("1", "na", "5", "unk"), "2", "3", True),
        (("4", "4", "5", "na"), "3", "4.33", False),
        (("na", "na", "unk", "unk"), "0", "", False),
    ],
)
def test_an_area_of_three_or_less_needs_an_opinion_and_the_mean_leaves_out_what_says_nothing(
    scores: tuple[str, ...], counted: str, mean: str, is_asked: bool
) -> None:
    filling = scored(checklist())
    for number, score in enumerate(scores, start=1):
        item = f"areas[n1]/items[n{number}]"
        answered(filling, {f"{item}/score": score, f"{item}/evidence": "라벨에 날짜 없음"})

    assert filling.value("areas[n1]/n_scored") == counted
    assert filling.value("areas[n1]/area_mean") == mean
    assert missing(filling) == (["areas[n1]/opinion"] if is_asked else [])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(("5", "4", "3", "2", "1", "na", "unk")), min_size=4, max_size=4))
def test_a_mean_is_that_of_the_scores_that_are_numbers(scores: list[str]) -> None:
    filling = checklist("re100")
    for number, score in enumerate(scores, start=1):
        filling.answer(f"areas[n1]/items[n{number}]/score", score)

    numbers = [int(score) for score in scores if score.isdigit()]
    assert filling.value("areas[n1]/n_scored") == str(len(numbers))
    expected = "" if not numbers else sum(numbers) / len(numbers)
    got = filling.value("areas[n1]/area_mean")
    assert (got == "") == (expected == "")
    assert got == "" or abs(float(got) - float(expected)) <= 0.005


def test_the_second_monitor_is_another_person() -> None:
    filling = scored(checklist(answers={"monitor2": MONITOR_1}))

    assert missing(filling) == ["monitor2"]


def test_only_sites_of_the_programme_are_offered() -> None:
    lists = {
        "site": Rows(
            {"name": "a", "label": "가상-센터", "programme": "care"},
            {"name": "b", "label": "가상-가게", "programme": "re100"},
        ),
        "monitor": MONITORS,
    }
    filling = opened("P11", lists, {"programme": "re100"})

    site = next(question for question in _questions(filling) if question.path == "site")
    assert [choice.value for choice in site.choices] == ["b"]


def test_a_checklist_without_improvements_finishes_and_leaves_none() -> None:
    filling = scored(checklist())

    assert missing(filling) == []
    assert effects_of(shipped("P11"), None, filling, lambda *_: None) == ()


def test_an_improvement_is_left_with_what_the_checklist_knows_and_waits_for_its_number() -> None:
    filling = scored(checklist())
    (path,) = filling.repeat_paths("improvements")
    filling.answer(f"{path}/content", "냉장고 라벨에 날짜를 적는다")
    assert missing(filling) == [f"{path}/of_area", f"{path}/urgency"]
    answered(filling, {f"{path}/of_area": "care_meals", f"{path}/urgency": "normal"})

    (effect,) = effects_of(shipped("P11"), None, filling, lambda *_: None)

    assert missing(filling) == []
    assert (effect.list, effect.create) == ("improvement", True)
    assert {name: change.new for name, change in effect.set.items()} == {
        "label": "냉장고 라벨에 날짜를 적는다",
        "content": "냉장고 라벨에 날짜를 적는다",
        "area": "급식",
        "urgency": "normal",
        "programme": "care",
        "site": SITE,
        "round": "2",
        "round_kind": "onsite",
        "source_record": RECORD,
        "source": "onsite",
        "recv_date": "2026-11-30",
        "state": "접수",
    }
    (row,) = [step for step in shipped("P11").plans.workflow.steps if step.object == "improvement"]
    assert (row.source, row.target, row.effects) == (None, "접수", ("number improvement",))


def test_each_improvement_is_one_and_stays_the_same_one_when_the_form_is_opened_again() -> None:
    filling = scored(checklist())
    filling.add_repeat("improvements")
    for path, content in zip(filling.repeat_paths("improvements"), ("라벨", "비상구"), strict=True):
        given = {"content": content, "of_area": "care_safety", "urgency": "now"}
        answered(filling, {f"{path}/{name}": text for name, text in given.items()})
    lists = {"site": Rows(), "monitor": MONITORS}

    again = open_form(shipped("P11"), SURROUNDINGS, filling.answers(), lists)

    assert again.entities() == filling.entities()
    assert len({entity.entity_id for entity in again.entities()}) == 2


def test_parts_belong_to_the_two_seats_that_sign() -> None:
    plans = shipped("P11").plans

    assert plans.parts == (Part("part1", "monitor1"), Part("part2", "monitor2"))
    assert seats_to_sign(plans.workflow) == ("monitor1", "monitor2")


def test_the_server_completes_what_both_signed_and_nothing_less() -> None:
    pack = shipped("P11")
    workflow, holds = pack.plans.workflow, guard(pack)

    for signed, target in (
        ("", None), ("monitor1", None), ("monitor2", None), ("monitor1 monitor2", "완료"),
    ):  # fmt: skip
        step = automatic_step(workflow, "서명 전", {"_signed": signed}, holds)
        assert (step.target if step else None) == target


def test_a_paper_checklist_is_keyed_by_the_office_with_the_signed_page() -> None:
    pack = shipped("P11")
    filling = scored(checklist(answers={"together/how": "paper"}))

    def finish(how: str) -> str:
        return checked_step(
            pack.plans.workflow, state="예정", target="완료", roles=frozenset({"secretariat"}),
            answers={"together/how": how}, reason=None, guard=guard(pack),
        ).label  # fmt: skip

    assert missing(filling) == ["together/signed_page"]
    assert finish("paper") == "종이 점검표 마치기"
    with pytest.raises(TransitionRefused):
        finish("screen")


def test_the_tables_count_visits_by_programme_and_means_by_area_in_their_order() -> None:
    visits, *results = shipped("P11").plans.summaries

    assert isinstance(visits, TablePlan)
    assert [label for _, label in visits.rows.labels] == [
        "다함께돌봄센터",
        "자원순환가게",
        "복지용구",
    ]
    assert len(results) == 3
    for table in results:
        assert isinstance(table, TablePlan)
        assert table.rows == Grouping("answer", "areas/area_row")
        assert [column.label for column in table.columns] == ["점검한 곳", "평균", "3점 이하"]
    rows = [checklist("care").value(f"areas[n{n}]/area_row") for n in range(1, 6)]
    assert rows[0] == "1. 안전"
    assert rows == sorted(rows)


def _questions(filling: Filling) -> list[Question]:
    """Every question that can be shown."""
    found: list[Question] = []
    waiting: list[Element] = list(filling.body)
    while waiting:
        element = waiting.pop(0)
        if isinstance(element, Question):
            found.append(element)
        else:
            waiting += element.children if isinstance(element, Group) else element.instances
    return found
