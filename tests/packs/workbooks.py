"""The shipped workbook, and copies of it that somebody has broken in Excel."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from fieldapp.domain.plans import PackProblem
from fieldapp.errors import PackRefused
from fieldapp.packs.conversion import convert
from fieldapp.packs.reading import Pack, read_pack

P13E = Path(__file__).resolve().parents[2] / "resources" / "packs" / "P13e.xlsx"
Edit: TypeAlias = Callable[[Workbook], None]


def read_here(content: bytes, file_name: str = "P13e.xlsx") -> Pack:
    """`read_pack` with pyxform in this process: the worker has tests of its own."""
    return read_pack(content, file_name, converter=convert)


@lru_cache(maxsize=1)
def p13e() -> Pack:
    """The shipped pack, read once."""
    return read_here(P13E.read_bytes())


def edited(*edits: Edit) -> bytes:
    """A copy of the shipped workbook after some edits."""
    book = load_workbook(P13E)
    for edit in edits:
        edit(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def column_of(sheet: Worksheet, head: str) -> int:
    """The number of the column with this head."""
    heads = [cell.value for cell in sheet[1]]
    return heads.index(head) + 1


def row_of(sheet: Worksheet, head: str, value: str) -> int:
    """The number of the first row with this value in this column."""
    column = column_of(sheet, head)
    return next(
        row for row in range(2, sheet.max_row + 1) if sheet.cell(row, column).value == value
    )


def put(sheet: str, key: str, value: str, head: str, text: str | float | None) -> Edit:
    """In the row whose `key` is `value`, write `text` below `head`."""

    def edit(book: Workbook) -> None:
        page = book[sheet]
        page.cell(row_of(page, key, value), column_of(page, head)).value = text

    return edit


def new_column(sheet: str, head: str, key: str, value: str, text: str) -> Edit:
    """A column more, with one cell filled."""

    def edit(book: Workbook) -> None:
        page = book[sheet]
        place = page.max_column + 1
        page.cell(1, place).value = head
        page.cell(row_of(page, key, value), place).value = text

    return edit


def new_row(sheet: str, *cells: str) -> Edit:
    """A row more at the end."""

    def edit(book: Workbook) -> None:
        book[sheet].append(cells)

    return edit


def problems_of(content: bytes) -> tuple[PackProblem, ...]:
    """What the workbook is refused for; () when it is not."""
    try:
        read_here(content)
    except PackRefused as refused:
        problems = refused.facts["problems"]
        assert isinstance(problems, tuple)
        return problems
    return ()
