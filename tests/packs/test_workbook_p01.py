"""The visit log: what each method and result asks, what it proposes, leaves and writes out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fieldapp.domain.workflow import automatic_step, checked_step, is_locked
from fieldapp.forms import Filling, Group, Question
from fieldapp.packs import effects_of, guard, open_form
from tests.packs.shipped import (
    SURROUNDINGS,
    answered,
    missing,
    shipped,
    standing,
)
from tests.packs.visits import AS_LAST_TIME, NOTHING_NEW, PROMISED, contact, left, lists


def offered(filling: Filling, path: str) -> list[str]:
    """The choices of a question at the top of the form."""
    question = next(e for e in filling.body if isinstance(e, Question) and e.path == path)
    return [choice.value for choice in question.choices]


# Few keys


def test_before_a_routine_visit_only_the_result_is_left_to_answer() -> None:
    filling = contact({})

    assert missing(filling) == ["result"]
    assert {path: filling.value(path) for path in
            ("kind", "method", "visit_date", "start_time", "companion")} == {
        "kind": "routine", "method": "visit", "visit_date": "2026-11-30",
        "start_time": "14:05:00.000+09:00", "companion": "none",
    }  # fmt: skip


def test_a_routine_visit_with_nothing_changed_is_four_answers_beside_the_six_areas() -> None:
    filling = contact({"result": "self"})

    assert [path for path in missing(filling) if path not in AS_LAST_TIME] == [
        "home/inside_seen",
        "talk/did",
    ]
    answered(filling, {**AS_LAST_TIME, "home/inside_seen": "in", "talk/did": "counsel"})
    assert missing(filling) == ["home/hazard"]
    filling.answer("home/hazard", "none")
    assert missing(filling) == []


def test_a_call_asks_how_the_voice_was_and_nothing_else() -> None:
    filling = contact({"method": "phone", "result": "self"})

    assert missing(filling) == ["cared/voice"]
    filling.answer("cared/voice", "same")
    assert missing(filling) == []


def test_a_call_that_nobody_takes_asks_only_what_next() -> None:
    filling = contact({"method": "phone", "result": "no_answer"}, grade="watch")

    assert missing(filling) == ["absence/noncontact"]
    filling.answer("absence/noncontact", "revisit")
    assert missing(filling) == []
    assert filling.value("absence/retry_on") == "2026-12-01"


@pytest.mark.parametrize(
    ("method", "results"),
    [
        ("visit", ["self", "indirect", "absent", "refused", "hospital", "facility", "moved",
                   "gone", "dead"]),
        ("phone", ["self", "indirect", "no_answer", "wrong_no", "refused", "hospital",
                   "facility", "moved", "dead"]),
        ("center", ["self", "refused"]),
        ("video", ["self", "indirect", "no_answer", "wrong_no", "refused"]),
    ],
)  # fmt: skip
def test_a_method_offers_the_results_it_can_have(method: str, results: list[str]) -> None:
    assert offered(contact({"method": method}), "result") == results


def test_what_must_be_acted_on_is_explained() -> None:
    filling = contact(NOTHING_NEW | {"cared/m_health": "act"})

    assert missing(filling) == ["cared/m_health_note"]


def test_alone_with_a_household_where_two_should_go_asks_why() -> None:
    filling = contact(NOTHING_NEW, safety="큰 개 있음 (2026. 9. 3. 이담당)")

    assert missing(filling) == ["alone_reason"]
    filling.answer("companion", "nurse")
    assert missing(filling) == []


def test_nothing_on_the_screen_tells_the_grade_or_the_safety_fact() -> None:
    filling = contact(NOTHING_NEW, safety="큰 개 있음", grade_wanted="risk")
    filling.answer("result", "absent")
    said = [element.label for element in _questions(filling)]

    assert not [label for label in said if "위험" in label and label not in SAYS_DANGER]
    assert not [label for label in said if "큰 개" in label]


#: Of things and of the moment, not of the person's grade.
SAYS_DANGER = (
    "집 안 위험",
    "대응을 시작하시기를 권합니다. 위험 신호가 있으면 기록보다 112·119가 먼저입니다.",
)


# Nobody home


@pytest.mark.parametrize(
    ("result", "grade", "fails", "sign", "proposal"),
    [
        ("absent", "watch", "", "none", "revisit"),
        ("absent", "", "", "unk", "revisit"),
        ("absent", "watch", "1", "none", "revisit"),
        ("absent", "watch", "2", "none", "open"),
        ("absent", "risk", "", "none", "open"),
        ("absent", "watch", "", "mail", "open"),
        ("absent", "watch", "", "meter smell", "open"),
        ("absent", "watch", "", "light", "open"),
        ("absent", "watch", "", "sticker", "open"),
        ("absent", "watch", "", "meter", "revisit"),
        ("gone", "caution", "", "none", "revisit"),
        ("gone", "risk", "", "none", "open"),
    ],
)
def test_the_response_is_proposed_for_danger_and_never_for_shopping(
    result: str, grade: str, fails: str, sign: str, proposal: str
) -> None:
    filling = contact({"result": result, "absent_sign": sign}, grade=grade, fails_in_a_row=fails)

    assert filling.value("absence/escalate") == proposal
    assert missing(filling) == ["absence/noncontact"]


def test_a_proposal_is_declined_with_a_reason_and_followed_without() -> None:
    filling = contact({"result": "absent", "absent_sign": "mail"})

    filling.answer("absence/noncontact", "revisit")
    assert missing(filling) == ["absence/revisit_reason"]
    filling.answer("absence/noncontact", "open")
    assert missing(filling) == []


@pytest.mark.parametrize(
    ("answers", "effects"),
    [
        ({"absence/noncontact": "open"}, ("entities", "open P03")),
        ({"absence/noncontact": "revisit"}, ("entities",)),
        ({"paused": "yes"}, ("entities", "notify team_lead")),
        ({}, ("entities",)),
    ],
)
def test_the_first_row_whose_guard_holds_is_taken(
    answers: Mapping[str, str], effects: tuple[str, ...]
) -> None:
    pack = shipped("P01")
    step = checked_step(
        pack.plans.workflow, state=None, target="완료", roles=frozenset({"dong_welfare"}),
        answers=answers, reason=None, guard=guard(pack),
    )  # fmt: skip

    assert step.effects == effects


# Grades


@pytest.mark.parametrize(
    ("size", "traits", "grade"),
    [
        ("", "elder_alone", ""),
        ("1", "", ""),
        ("1", "unk", ""),
        ("1", "none", ""),
        ("1", "elder_alone", "risk"),
        ("1", "severe basic", "risk"),
        ("1", "blindspot", "risk"),
        ("2", "elder_couple", "risk"),
        ("2", "disabled", "risk"),
        ("3", "disabled", ""),
        ("3", "emergency", "caution"),
        ("2", "case_mgmt", "caution"),
        ("1", "case_mgmt", "risk"),
        ("2", "no_work", "caution"),
        ("1", "no_work", ""),
        ("1", "linked", "closed"),
        ("2", "linked", "caution"),
        ("1", "basic", "watch"),
        ("4", "single_parent near", "watch"),
        ("1", "aftercare", "closed"),
        ("1", "aftercare basic", "watch"),
    ],
)
def test_a_grade_is_proposed_from_what_is_known_and_not_from_blanks(
    size: str, traits: str, grade: str
) -> None:
    assert contact({}, hh_size=size, traits=traits).value("grade_proposed") == grade


def test_a_worker_wishes_a_grade_with_a_reason_and_does_not_set_it() -> None:
    filling = contact(NOTHING_NEW | {"next/grade_change": "down", "next/grade_new": "caution"})
    assert missing(filling) == ["next/grade_reason"]

    filling.answer("next/grade_reason", "이웃이 매일 들름")

    changes = left(filling, grade="risk")
    assert (changes["grade_wanted"], changes["grade_reason"]) == ("caution", "이웃이 매일 들름")
    assert "grade" not in changes


@pytest.mark.parametrize(
    ("answers", "is_clean"),
    [
        ({}, True),
        ({"cared/m_health": "watch"}, True),
        ({"cared/m_health": "act"}, False),
        ({"next/grade_change": "up"}, False),
        ({"result": "indirect"}, False),
        ({"result": "absent"}, False),
    ],
)
def test_the_server_confirms_what_leaves_nothing_open(
    answers: Mapping[str, str], is_clean: bool
) -> None:
    pack = shipped("P01")
    given = contact({**NOTHING_NEW, **answers}).answers()

    step = automatic_step(pack.plans.workflow, "완료", given, guard(pack))

    assert (step.target if step else None) == ("확인" if is_clean else None)
    assert is_locked(pack.plans.workflow, "확인")


# What the household keeps


def test_a_visit_leaves_its_day_and_the_next_one_at_the_household() -> None:
    filling = contact(NOTHING_NEW | {"talk/said": "무릎이 아파 병원에 다니신다고 함"})

    assert left(filling, fails_in_a_row="2", paused="yes") == {
        "last_contact": "2026-11-30", "last_method": "visit", "last_result": "self",
        "last_confirmed": "2026-11-30", "last_note": "무릎이 아파 병원에 다니신다고 함",
        "fails_in_a_row": "0", "paused": None, "grade_proposed": "risk",
        "next_date": "2026-12-07", "next_method": "phone",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("grade", "next_date"),
    [
        ("risk", "2026-12-07"), ("caution", "2026-12-28"), ("watch", "2027-01-25"),
        ("closed", "2027-05-31"), ("", ""),
    ],
)  # fmt: skip
def test_the_next_date_follows_the_cycle_and_may_be_changed(grade: str, next_date: str) -> None:
    filling = contact(NOTHING_NEW, grade=grade)
    assert filling.value("next/next_date") == next_date

    filling.answer("next/next_date", "2026-12-24")

    assert filling.value("next/next_date") == "2026-12-24"
    assert missing(filling) == []


def test_failed_tries_are_counted_and_a_meeting_ends_the_count() -> None:
    failed = contact({"result": "absent", "absent_sign": "none"}, fails_in_a_row="1")
    changes = left(failed, fails_in_a_row="1", last_confirmed="2026-11-20")

    assert changes["fails_in_a_row"] == "2"
    assert "last_confirmed" not in changes


@pytest.mark.parametrize("result", ["hospital", "facility", "moved", "dead"])
def test_who_is_elsewhere_is_not_due(result: str) -> None:
    assert left(contact({"result": result}))["paused"] == "yes"


def test_an_older_visit_that_arrives_late_leaves_the_newer_one_standing() -> None:
    late = contact(NOTHING_NEW | {"visit_date": "2026-11-28"}, last_contact="2026-11-29")

    assert not {"last_contact", "last_result", "promises"} & set(left(late))


def test_promises_are_ticked_and_what_is_open_stays_beside_the_new_one() -> None:
    filling = contact(NOTHING_NEW, promises=PROMISED)
    paper, rice = filling.repeat_paths("past")
    assert missing(filling) == [f"{paper}/kept", f"{rice}/kept"]
    assert filling.value(f"{paper}/past_text") == "기초연금 서류 (담당자, 12. 7.까지)"
    (new,) = filling.repeat_paths("todos")

    answered(filling, {
        f"{paper}/kept": "not", f"{rice}/kept": "done",
        f"{new}/what": "병원 동행", f"{new}/who": "worker", f"{new}/due": "2026-12-10",
    })  # fmt: skip

    assert missing(filling) == []
    changes = left(filling, promises=PROMISED)
    assert changes["promises"] == (
        "기초연금 서류 (담당자, 12. 7.까지)\n병원 동행 (담당자, 12. 10.까지)"
    )


def test_promises_beyond_the_rows_of_the_form_are_not_lost() -> None:
    promised = "\n".join(f"약속 {number}" for number in range(1, 8))
    filling = contact(NOTHING_NEW, promises=promised)
    paths = filling.repeat_paths("past")
    assert len(paths) == 5
    for path in paths:
        filling.answer(f"{path}/kept", "done")

    assert left(filling, promises=promised)["promises"] == "약속 6\n약속 7"


def test_all_promises_kept_leave_none() -> None:
    filling = contact(NOTHING_NEW, promises=PROMISED)
    for path in filling.repeat_paths("past"):
        filling.answer(f"{path}/kept", "done")

    assert left(filling, promises=PROMISED)["promises"] is None


def test_a_visit_that_nobody_answered_leaves_the_promises_alone() -> None:
    filling = contact({"result": "absent", "absent_sign": "none"}, promises=PROMISED)

    assert "promises" not in left(filling, promises=PROMISED)


def test_an_amendment_counts_nothing_twice() -> None:
    first = contact(
        {"result": "absent", "absent_sign": "none", "absence/noncontact": "revisit",
         "absence/revisit_reason": "병원 예약을 앎"},
        fails_in_a_row="1", promises=PROMISED,
    )  # fmt: skip

    # By now the household holds what the first version left there.
    again = open_form(
        shipped("P01"), SURROUNDINGS, first.answers(), lists(fails_in_a_row="2", promises="")
    )

    assert again.answers() == first.answers()
    assert effects_of(shipped("P01"), first, again, lambda *_: standing({})) == ()


def test_rice_is_handed_over_with_what_and_to_whom() -> None:
    filling = contact(NOTHING_NEW | {"talk/did": "counsel item link"})
    (item,) = filling.repeat_paths("items")
    filling.answer(f"{item}/item", "쌀")

    assert missing(filling) == [f"{item}/qty", f"{item}/received_by"]


def _questions(filling: Filling) -> list[Question]:
    found: list[Question] = []
    waiting = list(filling.body)
    while waiting:
        element = waiting.pop(0)
        if not element.is_relevant:
            continue
        if isinstance(element, Question):
            found.append(element)
        elif isinstance(element, Group):
            waiting += element.children
        else:
            waiting += element.instances
    return found
