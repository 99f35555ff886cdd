"""XLSForm sources as pyxform's own tests write them, and what our compile step tells of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook as Book

from fieldapp.domain.plans import PackProblem
from fieldapp.packs.columns import read_tables
from fieldapp.packs.compile import advice, converted
from fieldapp.packs.conversion import Converted, Stopped, convert
from fieldapp.packs.findings import Findings
from fieldapp.packs.sheets import read_workbook


def xlsx(sheets: Mapping[str, Sequence[str]]) -> bytes:
    """A workbook from rows written as `type | name | label`."""
    book = Book()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for y, row in enumerate(rows, start=1):
            for x, text in enumerate(row.split("|"), start=1):
                if text.strip():
                    page.cell(y, x).value = text.strip()
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def told_of(sheets: Mapping[str, Sequence[str]]) -> tuple[PackProblem, ...]:
    """What pyxform refuses the workbook for, in our words; () when it accepts it.

    Our own check of columns and types has not looked: what is told comes from pyxform alone.
    """
    content = xlsx(sheets)
    findings = Findings()
    workbook = read_workbook(content, findings)
    assert not findings
    tables = read_tables(workbook, Findings())
    converted(content, convert, tables, findings)
    return findings.in_order(workbook.names)


def advised_of(sheets: Mapping[str, Sequence[str]]) -> tuple[PackProblem, ...]:
    """What pyxform advises for a workbook it accepts."""
    content = xlsx(sheets)
    findings = Findings()
    tables = read_tables(read_workbook(content, findings), findings)
    answer: Converted | Stopped = convert(content)
    assert isinstance(answer, Converted)
    assert not answer.refusal
    return advice(answer, tables)
