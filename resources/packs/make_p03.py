"""Writes P03.xlsx, the response to somebody who cannot be found: for now only as it is planned.

    python resources/packs/make_p03.py

A visit or call that proposes it makes this record in 예정; its six steps come later.
"""

from __future__ import annotations

from typing import Final

from household_lists import FACTS
from making import Book, calculate, metadata, note, question, step, write

PACK: Final = (
    ("id", "P03", ""),
    ("family", "P01", ""),
    ("title", "안부 미확인 대응", ""),
    ("kind", "case", ""),
    ("subject", "household", "대상 가구: 문항 household"),
    ("sensitivity", "normal", ""),
    ("fill", "dong_welfare, dong_nurse", ""),
    ("confirm", "team_lead", ""),
    ("read", "dong_welfare, dong_nurse, case_manager, team_lead, gu_hope", ""),
    ("follows", "yes", "전입지에서 읽을 수 있습니다"),
    ("retention", "5년", ""),
    ("legal_basis", "사회보장급여법 제9조의2(위기가구의 발굴)", "조문은 발행 전에 확인"),
    ("source", "004 수영 PART Ⅲ-2 5 안부 미확인 대응(1일차·2일차); 단계 서식은 다음 판", ""),
    ("year", "2026", ""),
    ("licence", "자체 작성", ""),
)

BOOK: Final = Book(
    form_id="P03",
    title="안부 미확인 대응",
    instance_name="concat('안부 미확인 대응 ', format-date(${opened_at}, '%Y. %n. %e.'))",
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
        question("hidden", "origin"),
        note(
            "first_note",
            (
                "즉시 위험 신호가 있으면 기록보다 112·119가 먼저입니다.",
                "In immediate danger, call 112 or 119 first.",
            ),
        ),
        question(
            "dateTime",
            "opened_at",
            ("대응을 시작한 때", "Opened at"),
            required=True,
            default="now()",
        ),
        question(
            "text", "note", ("메모", "Note"), hint=FACTS, appearance="multiline", merge="append"
        ),
    ),
    choices={},
    pack=PACK,
    workflow=(
        step("", "예정", "대응 시작", "dong_welfare, dong_nurse, case_manager, team_lead"),
        step("예정", "종료", "찾았습니다", "dong_welfare, dong_nurse, team_lead", reason=True),
    ),
)

if __name__ == "__main__":
    write(BOOK)
