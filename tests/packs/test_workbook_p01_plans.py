"""What the visit log says beside its questions: texts to copy, the cycle, the monthly tables."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fieldapp.domain.plans import ContactPaths, Grouping, TablePlan
from fieldapp.packs import copy_blocks, guard
from tests.packs.shipped import answered, shipped
from tests.packs.visits import NOTHING_NEW, contact


def test_the_text_for_the_other_system_reads_like_one_that_a_person_wrote() -> None:
    filling = contact(
        NOTHING_NEW | {
            "companion": "nurse", "cared/m_health": "watch", "cared/m_health_note": "무릎 통증",
            "talk/said": "무릎이 아파 병원에 다닌다", "talk/did": "info item",
        }
    )  # fmt: skip
    (item,) = filling.repeat_paths("items")
    answered(filling, {
        f"{item}/item": "쌀", f"{item}/qty": "10", f"{item}/unit": "kg",
        f"{item}/received_by": "self",
    })  # fmt: skip

    blocks = {block.label: block.text for block in copy_blocks(shipped("P01"), filling)}

    assert blocks == {
        "상담내용": (
            "2026. 11. 30. 14:05 가정방문(간호직 동행). 본인 확인. "
            "신체·정신건강 관찰 필요(무릎 통증), 그 밖 변동 없음. "
            '"무릎이 아파 병원에 다닌다" 제도 안내, 쌀 10kg 전달. 다음 연락 12. 7. 전화.'
        ),
        "상담일시": "2026. 11. 30. 14:05",
        "상담방법": "가정방문(간호직 동행)",
        "대상자(관계)": "본인",
        "내용": (
            "본인 확인. 신체·정신건강 관찰 필요(무릎 통증), 그 밖 변동 없음. "
            '"무릎이 아파 병원에 다닌다"'
        ),
        "조치": "제도 안내, 쌀 10kg 전달. 다음 연락 12. 7. 전화.",
    }


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        (NOTHING_NEW, "본인 확인. 변동 없음."),
        ({"method": "phone", "result": "no_answer"}, "전화 안 받음."),
        ({"result": "absent", "absent_sign": "none"}, "부재."),
        (
            NOTHING_NEW | {"home/hazard": "mold fall", "talk/seen": "약이 남아 있음"},
            "본인 확인. 변동 없음. 집 안: 곰팡이, 낙상위험. 약이 남아 있음",
        ),
        (
            {"method": "phone", "result": "self", "cared/voice": "diff",
             "cared/voice_note": "목이 쉼", "talk/did": "counsel"},
            "본인 확인. 평소와 다름(목이 쉼).",
        ),
    ],
)  # fmt: skip
def test_the_content_says_no_more_than_what_was_found(
    answers: Mapping[str, str], text: str
) -> None:
    blocks = copy_blocks(shipped("P01"), contact(answers))

    assert next(block.text for block in blocks if block.label == "내용") == text


def test_the_cycle_is_that_of_the_published_table() -> None:
    schedule = shipped("P01").plans.schedule
    assert schedule is not None
    assert schedule.contact == ContactPaths("visit_date", "method", "confirmed")
    holds = guard(shipped("P01"))

    def rules(**props: str) -> list[tuple[int, str, str]]:
        return [
            (rule.every, rule.unit, rule.method)
            for rule in schedule.rules
            if rule.applies_when is not None and holds(rule.applies_when, props)
        ]

    assert rules(grade="risk") == [(7, "day", "any"), (1, "month", "visit")]
    assert rules(grade="caution") == [(1, "month", "any")]
    assert rules(grade="watch") == [(2, "month", "any")]
    assert rules(grade="closed") == [(1, "half_year", "visit")]
    assert rules() == []
    # A higher grade that was asked for holds at once; a lower one does not loosen anything.
    assert (7, "day", "any") in rules(grade="watch", grade_wanted="risk")
    assert (7, "day", "any") in rules(grade="risk", grade_wanted="watch")
    assert all(rule.confirmed_only for rule in schedule.rules)


def test_only_a_person_met_counts_for_the_cycle() -> None:
    counted = {
        result: contact({"method": "visit", "result": result}).value("confirmed")
        for result in ("self", "refused", "indirect", "absent", "gone", "hospital")
    }

    assert counted == {
        "self": "yes", "refused": "yes", "indirect": "indirect", "absent": "no", "gone": "no",
        "hospital": "no",
    }  # fmt: skip


def test_the_monthly_tables_are_those_of_the_office() -> None:
    """통 × 등급 as it was at the visit; what is not a visit by 통 and by the grade of today."""
    visits, tong, grade = shipped("P01").plans.summaries
    grades = (
        ("risk", "위험"), ("caution", "주의"), ("watch", "관심"), ("closed", "종결가구(사후관리)"),
    )  # fmt: skip

    assert isinstance(visits, TablePlan)
    assert visits.rows == Grouping("subject", "tong")
    assert visits.across == Grouping("answer", "grade_now", grades)
    assert [column.label for column in visits.columns] == ["방문", "부재", "부재율%"]
    rate = visits.columns[-1]
    assert (rate.over, rate.under) == (("부재",), ("방문", "부재"))
    assert isinstance(tong, TablePlan)
    assert isinstance(grade, TablePlan)
    assert (tong.across, grade.across) == (None, None)
    assert grade.rows == Grouping("subject", "grade", grades)
    by_tong = [column.label for column in tong.columns]
    assert by_tong == ["대상", "전화", "간접", "연계", "의뢰", "발굴"]
    assert [column.label for column in grade.columns] == [by_tong[0], "부재", *by_tong[1:]]


def test_the_grade_at_a_visit_is_a_column_of_its_own_for_the_table() -> None:
    columns = dict(shipped("P01").plans.projection.columns)

    assert columns["grade_now"] == "text"
