"""What pyxform says, told as our own problems: sheet, row, column, remedy in Korean."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from fieldapp.packs.columns import STANDARD, Table
from fieldapp.packs.conversion import Converted, Stopped
from fieldapp.packs.findings import Findings, shown

#: Turns a workbook into an XForm; `worker.convert_apart` but in tests of cells.
Converter: TypeAlias = Callable[[bytes], Converted | Stopped]

_ROW = re.compile(r"\[row : (\d+)\]")
_SHEET = re.compile(r"'(survey|choices|settings|entities)' sheet|for sheet: '(\w+)'")
_COLUMN = re.compile(r"the '([\w ]+)' value")

#: A piece of pyxform's sentence → what it means → what to do. First match wins.
_SENTENCES: Final = (
    (
        "only one entity declaration",
        "한 묶음이나 반복에서는 대상 목록 하나만 고칠 수 있습니다.",
        "두 목록의 save_to 문항을 서로 다른 묶음에 두세요.",
    ),
    (
        "is not compatible with",
        "한 대상의 값이 서로 다른 반복에 흩어져 있습니다.",
        "같은 반복 안에 calculate 문항을 두어 값을 옮기고 그 문항에 적으세요.",
    ),
    ("duplicate", "같은 이름이 두 번 있습니다.", "둘 가운데 하나의 이름을 고치세요."),
    ("must be unique", "같은 이름이 두 번 있습니다.", "둘 가운데 하나의 이름을 고치세요."),
    ("Could not find the name", "없는 문항을 가리킵니다.", "문항 이름을 고치세요."),
    ("Reference variable", "'${…}'를 잘못 적었습니다.", "'${문항이름}'으로 적으세요."),
    ("Unmatched", "묶음의 시작과 끝이 맞지 않습니다.", "begin과 end 행의 짝을 맞추세요."),
    ("Unknown question type", "없는 종류의 문항입니다.", "type 칸을 고치세요."),
    ("List name not in choices", "없는 목록을 가리킵니다.", "choices 시트에 그 목록을 만드세요."),
    ("no label or hint", "묻는 말이 비어 있습니다.", "label 칸을 채우세요."),
    ("Missing calculation", "계산식이 비어 있습니다.", "calculation 칸을 채우세요."),
    ("parameter", "parameters 칸을 잘못 적었습니다.", "'이름=값'으로 적거나 칸을 비우세요."),
    ("save_to", "save_to 칸을 잘못 적었습니다.", "entities 시트와 이름을 맞추세요."),
    ("entity", "entities 시트를 잘못 적었습니다.", "목록과 식을 살펴보세요."),
    ("headers", "머리글을 읽을 수 없습니다.", "첫 행의 열 이름을 고치세요."),
    ("Names must", "쓸 수 없는 이름입니다.", "글자로 시작해 글자, 숫자, _ - . 만으로 적으세요."),
    ("choice", "choices 시트를 잘못 적었습니다.", "목록의 이름과 보기를 살펴보세요."),
)  # fmt: skip


#: A piece of pyxform's advice → the same in Korean.
_ADVICE: Final = (
    (
        "max-pixels",
        "사진이 커서 보내는 데 오래 걸릴 수 있습니다. parameters에 max-pixels=1600처럼 적으세요.",
    ),
)


def advice(answer: Converted) -> tuple[str, ...]:
    """What pyxform advises without refusing, one a line."""
    return tuple(_advised(warning) for warning in answer.warnings)


def _advised(warning: str) -> str:
    row = _ROW.search(warning)
    place = f"survey {row[1]}행: " if row else ""
    for piece, sentence in _ADVICE:
        if piece in warning:
            return f"{place}{sentence}"
    return f"{place}pyxform이 알립니다: {shown(warning, 200)}"


def converted(
    workbook: bytes, converter: Converter, tables: dict[str, Table], findings: Findings
) -> Converted | None:
    """The XForm, or None with the reason in findings.

    pyxform tells one mistake and stops; what our own check has told already is not told twice.
    """
    answer = converter(workbook)
    if isinstance(answer, Stopped):
        findings.add(
            "survey",
            0,
            "",
            "서식을 만드는 데 너무 오래 걸려 멈추었습니다."
            if answer.is_late
            else "서식을 만들던 일이 중간에 멈추었습니다.",
            "문항과 목록을 줄이거나 서식을 둘로 나누세요.",
        )
        return None
    if not answer.refusal:
        return answer
    row = _ROW.search(answer.refusal)
    number = int(row[1]) if row else 0
    found = _SHEET.search(answer.refusal)
    name = (found[1] or found[2]) if found else "survey"
    sheet = tables[name].title if name in tables else name
    suspects: tuple[str, ...] = (name,) if found else ("survey", "choices")
    if answer.is_crash:
        suspects = tuple(STANDARD)
    is_told = (
        findings.at(sheet, number)
        if number
        else findings.in_sheets(frozenset(tables[suspect].title for suspect in suspects))
    )
    if is_told:
        return None
    column = _COLUMN.search(answer.refusal)
    problem, remedy = _explained(answer)
    findings.add(sheet, number, column[1] if column else "", problem, remedy)
    return None


def _explained(answer: Converted) -> tuple[str, str]:
    if answer.is_crash:
        return (
            f"pyxform이 서식을 만들지 못했습니다({answer.refusal}).",
            "최근에 바꾼 열이나 행을 되돌려 보세요.",
        )
    for piece, problem, remedy in _SENTENCES:
        if piece.lower() in answer.refusal.lower():
            return problem, f"{remedy} (pyxform: {shown(answer.refusal, 160)})"
    return (
        "pyxform이 받지 않는 내용입니다.",
        f"표시된 곳을 고치세요. (pyxform: {shown(answer.refusal, 160)})",
    )
