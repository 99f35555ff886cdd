"""A workbook as text: its sheets, heads and rows, each row with the number Excel shows.

Cells read as pyxform reads them, so that both see one workbook: numbers without `.0`, text without
white space at its ends. Nothing here knows what a column means.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from typing import Final

import python_calamine

from fieldapp.packs.archive import is_safe
from fieldapp.packs.findings import FILE, Findings, shown

#: pyxform stops reading after so many empty rows or heads, in silence.
_ROWS_PYXFORM_SKIPS: Final = 60
_HEADS_PYXFORM_SKIPS: Final = 20
_LONGEST_CELL: Final = 32_767


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the head: cells by head, empty ones left out. `number` is 1-based."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet. `name` is in small letters, as pyxform compares it; `title` as written."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a file, by name, in its order. Sheets that begin with `_` are left out."""

    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Titles in the order of the file."""
        return tuple(sheet.title for sheet in self.sheets.values())

    def sheet(self, name: str) -> Sheet:
        """The sheet, or an empty one of that name."""
        return self.sheets.get(name) or Sheet(name, name, (), ())


def read_workbook(content: bytes, findings: Findings) -> Workbook:
    """The workbook in an .xlsx file; what cannot be read is in findings."""
    if not is_safe(content, findings):
        return Workbook()
    sheets: dict[str, Sheet] = {}
    for title, grid in _grids(content, findings):
        name = title.strip().lower()
        if title.startswith("_"):
            continue
        if name in sheets:
            findings.add(
                title, 0, "", "같은 이름의 시트가 두 개입니다.", "하나를 지우거나 이름을 바꾸세요."
            )
            continue
        sheets[name] = _sheet(name, title, grid, findings)
    return Workbook(sheets)


def _grids(content: bytes, findings: Findings) -> list[tuple[str, list[list[str]]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            (
                title,
                [
                    [_text(cell) for cell in row]
                    for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False)
                ],
            )
            for title in book.sheet_names
        ]
    except (KeyboardInterrupt, SystemExit):
        raise
    # A panic of the Rust reader is a BaseException; a file can make it do so.
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        findings.add(
            FILE,
            0,
            "",
            "엑셀 파일의 내용을 읽을 수 없습니다.",
            "엑셀에서 열어 새 통합 문서로 다시 저장한 뒤 넣으세요.",
        )
        return []


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return str(datetime.combine(value, time()))
    return str(value).replace("\xa0", " ").strip()


def _sheet(name: str, title: str, grid: list[list[str]], findings: Findings) -> Sheet:
    # Spaces within a head count once, as in pyxform.
    head = tuple(" ".join(cell.split()) for cell in grid[0]) if grid else ()
    _check_head(title, head, findings)
    rows: list[Row] = []
    for number, cells in enumerate(grid[1:], start=2):
        row = Row(number, {column: cell for column, cell in zip(head, cells, strict=False) if cell})
        loose = [cell for column, cell in zip(head, cells, strict=False) if cell and not column]
        if loose:
            findings.add(
                title,
                number,
                "",
                f"머리글이 없는 열에 '{shown(loose[0])}'이(가) 적혀 있습니다.",
                "첫 행에 열 이름을 적거나 그 칸을 비우세요.",
            )
        for column, cell in row.cells.items():
            if len(cell) > _LONGEST_CELL:
                findings.add(
                    title,
                    number,
                    column,
                    "칸의 글이 너무 깁니다.",
                    "엑셀 한 칸의 한도 안으로 줄이세요.",
                )
        if not row.cells:
            continue
        if rows and number - rows[-1].number > _ROWS_PYXFORM_SKIPS:
            findings.add(
                title,
                number,
                "",
                f"앞에 빈 행이 {_ROWS_PYXFORM_SKIPS}개 넘게 있어 이 아래는 읽히지 않습니다.",
                "빈 행을 지우세요.",
            )
        rows.append(row)
    return Sheet(name, title, head, tuple(rows))


def _check_head(title: str, head: tuple[str, ...], findings: Findings) -> None:
    seen: set[str] = set()
    gap = 0
    for column in head:
        gap = 0 if column else gap + 1
        if not column:
            continue
        if column in seen:
            findings.add(
                title,
                1,
                column,
                "같은 이름의 열이 두 개입니다.",
                "하나를 지우거나 이름을 바꾸세요.",
            )
        seen.add(column)
    filled = [place for place, column in enumerate(head) if column]
    if any(after - before > _HEADS_PYXFORM_SKIPS for before, after in pairwise(filled)):
        findings.add(
            title,
            1,
            "",
            f"머리글 사이에 빈 열이 {_HEADS_PYXFORM_SKIPS}개 넘게 있어 그 뒤는 읽히지 않습니다.",
            "빈 열을 지우세요.",
        )
