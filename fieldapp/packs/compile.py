"""A workbook made into an XForm, and what pyxform says of it told as our own problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from fieldapp.domain.plans import PackProblem
from fieldapp.packs.columns import STANDARD, Table
from fieldapp.packs.conversion import Converted, Stopped
from fieldapp.packs.findings import FILE, Findings
from fieldapp.packs.sayings import Told, crash_told, told_by

#: Turns a workbook into an XForm; `worker.convert_apart` but in tests of cells.
Converter: TypeAlias = Callable[[bytes], Converted | Stopped]

#: A sentence without a row stands at survey, though its cause may be a list.
_SUSPECTS: Final = {"survey": frozenset({"survey", "choices"})}
_SMALLER: Final = (
    "문항과 목록을 줄이거나 서식을 둘로 나누세요.",
    "Use fewer questions and choices, or make two forms of it.",
)


def advice(answer: Converted, tables: Mapping[str, Table]) -> tuple[PackProblem, ...]:
    """What pyxform advises without refusing, each at its place; the same one once."""
    told = (one for warning in answer.warnings for one in told_by(warning))
    return tuple(dict.fromkeys(_problem(_placed(one, tables)) for one in told))


def converted(
    workbook: bytes, converter: Converter, tables: Mapping[str, Table], findings: Findings
) -> Converted | None:
    """The XForm, or None with the reason in findings.

    pyxform tells one mistake and stops; what our own check has told already is not told twice.
    """
    answer = converter(workbook)
    if isinstance(answer, Stopped):
        _tell_stopped(answer, findings)
        return None
    if not answer.refusal:
        return answer
    for one in _refusals(answer):
        told = _placed(one, tables)
        if not _is_told(told, answer, tables, findings):
            problem = _problem(told)
            findings.add(
                problem.sheet,
                problem.row,
                problem.column,
                problem.problem,
                problem.remedy,
                english=problem.english,
            )
    return None


def _refusals(answer: Converted) -> tuple[Told, ...]:
    if answer.is_crash:
        told = crash_told(answer.refusal, answer.sheet, answer.row, answer.column)
        return (_with_standing(told, answer),)
    several = told_by(answer.refusal)
    if len(several) == 1 and several[0].sheet == answer.sheet and not several[0].row:
        return (_with_standing(several[0], answer),)
    return several


def _with_standing(told: Told, answer: Converted) -> Told:
    """With the place at which pyxform stood; a name that the sentence itself quotes goes first."""
    facts = {"question": answer.question, **told.facts} if answer.question else told.facts
    return replace(told, row=answer.row, facts=facts)


def _is_told(
    told: Told, answer: Converted, tables: Mapping[str, Table], findings: Findings
) -> bool:
    """Whether our own check has named the same already, at its row or in its sheet."""
    if answer.is_crash and told.column and findings.about(told.sheet, told.column):
        return True
    if told.row:
        return findings.at(told.sheet, told.row)
    if answer.is_crash:
        suspects = STANDARD
    else:
        suspects = _SUSPECTS.get(told.sheet.lower(), frozenset({told.sheet.lower()}))
    return findings.in_sheets(frozenset(tables[name].title for name in suspects if name in tables))


def _placed(told: Told, tables: Mapping[str, Table]) -> Told:
    """Sheet and column as the workbook writes them, and the row of what the sentence names."""
    table = tables.get(told.sheet.lower())
    if table is None:
        return told
    row = told.row or _row_named(told, table)
    column = table.column(told.column)
    return replace(told, sheet=table.title, row=row, column=column.head if column else told.column)


def _row_named(told: Told, table: Table) -> int:
    """The first row with the names a sentence quotes, 0 when it quotes none."""
    sought = {
        meaning: told.facts[fact]
        for fact, meaning in (
            ("question", "name"),
            ("type", "type"),
            ("list", "list_name"),
            ("choice", "name"),
        )
        if told.facts.get(fact)
    }
    if not sought:
        return 0
    return next(
        (
            row.number
            for row in table.rows
            if all(row[meaning] == name for meaning, name in sought.items())
        ),
        0,
    )


def _problem(told: Told) -> PackProblem:
    return PackProblem(told.sheet, told.row, told.column, told.problem, told.remedy, told.english)


def _tell_stopped(answer: Stopped, findings: Findings) -> None:
    if answer.is_cancelled:
        findings.add(
            FILE,
            0,
            "",
            "서식을 만드는 일을 멈추었습니다.",
            "들이려면 처음부터 다시 하세요.",
            english=("The conversion was stopped.", "Begin again to install the form."),
        )
        return
    if answer.is_late:
        ko, en = "서식을 만드는 데 너무 오래 걸려 멈추었습니다.", "The conversion took too long."
    elif answer.is_full:
        ko = "서식을 만드는 데 메모리가 모자라 중간에 멈추었습니다."
        en = "The conversion needed too much memory."
    else:
        ko, en = "서식을 만들던 일이 중간에 멈추었습니다.", "The conversion broke off."
    findings.add("survey", 0, "", ko, _SMALLER[0], english=(en, _SMALLER[1]))
