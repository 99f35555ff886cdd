"""The seats of a record that several people fill and sign (formats F6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fieldapp.domain.plans import Part
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.survey import Question, Survey

#: Seat → what a worker calls it.
SEATS: Final[Mapping[str, str]] = {
    "monitor1": "조사원 1",
    "monitor2": "조사원 2",
    "welfare": "복지 담당",
    "nurse": "간호 담당",
}


def read_parts(survey: Survey, findings: Findings) -> tuple[Part, ...]:
    """The groups that a seat fills, from the column `part`, in the order of the sheet."""
    parts: list[Part] = []
    for question in survey.questions:
        seat = question.row["part"]
        if not seat:
            continue
        around = next((part for part in parts if question.path.startswith(f"{part.path}/")), None)
        problem = _problem_of(seat, question, around, survey)
        if problem is None:
            parts.append(Part(question.path, seat))
        else:
            row = question.row
            findings.add(row.sheet, row.number, row.head("part"), *problem)
    return tuple(parts)


def seat_problem(seat: str, survey: Survey) -> tuple[str, str] | None:
    """What is wrong with a seat, and how to mend it; None when someone can be put in it."""
    if seat not in SEATS:
        remedy = did_you_mean(seat, frozenset(SEATS), f"{', '.join(SEATS)} 가운데 적으세요.")
        return f"'{shown(seat)}'이라는 자리가 없습니다.", remedy
    if survey.question(seat) is None:
        return (
            f"'{seat}' 자리에 누가 앉는지 묻는 문항이 없습니다.",
            f"이름이 '{seat}'인 select_one_from_file monitor.csv 문항을 만드세요.",
        )
    return None


def _problem_of(
    seat: str, question: Question, around: Part | None, survey: Survey
) -> tuple[str, str] | None:
    if question.kind.role != "begin" or question.kind.name != "group":
        return "part는 begin_group 행에만 적습니다.", "묶음의 첫 행으로 옮기세요."
    if around is not None:
        return f"'{around.seat}'의 묶음 안에 있습니다.", "둘 가운데 한 묶음에만 적으세요."
    return seat_problem(seat, survey)
