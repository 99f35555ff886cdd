"""Writes wellbeing_check.xlsx: the short check-in of neighbourhood heads and care workers.

    python resources/packs/make_wellbeing_check.py

No traits, no grade, no history: its own six questions, not a short form of P01 (corrections §2).
"""

from __future__ import annotations

from typing import Final

from household_lists import FACTS, METHODS, RESULTS, several
from making import CHOOSE, Book, calculate, choices, group, metadata, note, question, step, write

SHORT: Final = ("self", "indirect", "absent", "no_answer", "refused", "hospital", "gone")
MET: Final = "${result}='self' or ${result}='indirect'"

BOOK: Final = Book(
    form_id="wellbeing_check",
    title="안부확인",
    instance_name="concat('안부확인 ', format-date(${visit_date}, '%Y. %n. %e.'))",
    survey=(
        *metadata("start", "end", "today", "deviceid", "username"),
        calculate("worker_id", "once(${username})"),
        question(
            "select_one_from_file household.csv",
            "household",
            ("대상", "Household"),
            required=True,
            required_message=("대상을 골라 주세요", "Please choose the household"),
        ),
        question(
            "select_one method",
            "method",
            ("만난 방법", "How"),
            required=True,
            required_message=CHOOSE,
            default="visit",
        ),
        question(
            "date",
            "visit_date",
            ("날짜", "Date"),
            required=True,
            default="today()",
            constraint=". <= today()",
            constraint_message=("아직 오지 않은 날입니다", "This day has not come yet"),
        ),
        question(
            "select_one result",
            "result",
            ("확인 결과", "Result"),
            required=True,
            required_message=CHOOSE,
            choice_filter="selected(methods, ${method})",
        ),
        calculate(
            "confirmed",
            "if(${result}='self' or ${result}='refused', 'yes', if(${result}='indirect', "
            "'indirect', if(${result}='', '', 'no')))",
        ),
        *group(
            "telling",
            ("알릴 것", "What to tell"),
            (
                question(
                    "select_one voice",
                    "voice",
                    ("평소와 비교해", "Compared with before"),
                    required=True,
                    required_message=CHOOSE,
                    relevant=MET,
                ),
                several("tell", "tell", ("알릴 것", "What to tell"), unknown=False, relevant=MET),
                question(
                    "text",
                    "said",
                    ("말", "In words"),
                    hint=FACTS,
                    appearance="multiline",
                    required="${voice}='diff'",
                    required_message=(
                        "무엇이 다른지 적어 주세요",
                        "Please write what is different",
                    ),
                ),
                question(
                    "select_one urgent",
                    "urgent",
                    ("급한가", "Is it urgent"),
                    required=True,
                    required_message=CHOOSE,
                ),
                note(
                    "urgent_note",
                    (
                        "지금 위험하면 기록보다 112·119가 먼저입니다.",
                        "In immediate danger, call 112 or 119 first.",
                    ),
                    "${urgent}='now'",
                ),
            ),
            relevant="${result}!=''",
        ),
    ),
    choices={
        "method": METHODS,
        "result": tuple(row for row in RESULTS if row["name"] in SHORT),
        "voice": choices(
            ("same", "같음", "The same"),
            ("diff", "다름", "Different"),
            ("unk", "모르겠음", "Unsure"),
        ),
        "tell": choices(
            ("meal", "식사", "Meals"),
            ("ill", "아픔", "Illness"),
            ("home", "집 안 위험", "Danger in the home"),
            ("money", "돈·공과금", "Money and bills"),
            ("etc", "기타", "Other"),
            ("none", "없음", "Nothing"),
        ),
        "urgent": choices(
            ("now", "지금 전화함", "Called right now"),
            ("today", "오늘 중", "Today"),
            ("no", "아님", "No"),
        ),
    },
    pack=(
        ("id", "wellbeing_check", ""),
        ("family", "P01", ""),
        ("title", "안부확인", ""),
        ("kind", "visit", ""),
        ("subject", "household", "맡은 가구: 문항 household"),
        ("sensitivity", "normal", "특성·등급·지난 기록을 보이지 않습니다"),
        ("fill", "care_network", "통·반장, 생활지원사, 이웃돌봄단"),
        ("confirm", "dong_welfare", ""),
        ("read", "care_network, dong_welfare, dong_nurse, team_lead", ""),
        ("retention", "3년", ""),
        ("legal_basis", "사회보장급여법 제9조의2(위기가구의 발굴)", "조문은 발행 전에 확인"),
        ("source", "004 수영 PART Ⅲ-2 5; 004 광주 서구(이웃돌봄단); 문항 (added)", ""),
        ("year", "2026", ""),
        ("licence", "자체 작성", ""),
    ),
    workflow=(
        step(
            "",
            "완료",
            "마치기",
            "care_network",
            guard=("${urgent}='now' or ${urgent}='today'", "급한 일이 아닙니다"),
            effect="notify dong_welfare",
        ),
        step("", "완료", "마치기", "care_network"),
        step("완료", "확인", "확인", "dong_welfare, dong_nurse", needs_seen=True),
    ),
)

if __name__ == "__main__":
    write(BOOK)
