"""A printed summary as plain data: what stands on the page, before any file format.

PDF and XLSX are written from the same `Document`, so their numbers cannot differ; the check code
(검산코드) printed on both is a hash of those numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from fieldapp.domain.canonical import canonical_hash
from fieldapp.domain.figures import Figures, Period
from fieldapp.reports import wording

# Cells


@dataclass(frozen=True, slots=True)
class Text:
    """Words or a code: never read as a number or a formula."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A figure already rounded to `decimals`; `zero` is what a zero prints as (`0` or `-`)."""

    value: Decimal
    decimals: int = 0
    zero: str = "0"


@dataclass(frozen=True, slots=True)
class Missing:
    """No figure: `-` nothing to divide by, `…` not collected, `해당없음` not applicable."""

    text: str = wording.NO_VALUE


Cell = Text | Number | Missing


def printed(cell: Cell) -> str:
    """The cell as every format shows it."""
    if isinstance(cell, Number):
        return wording.number(cell.value, cell.decimals, cell.zero)
    return cell.text


# Blocks

#: text stands left, a code in the middle, a number right.
ColumnKind = Literal["text", "code", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head and how its cells stand."""

    head: str
    kind: ColumnKind = "number"


@dataclass(frozen=True, slots=True)
class Row:
    """A row with one cell per column; a total (합계, 소계) is bold on a light ground."""

    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table. `records` were counted; `notes` are printed below it, each after ※."""

    number: int
    caption: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    records: int = 0

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError("a row has as many cells as its table has columns")

    @property
    def heading(self) -> str:
        """`<표 1> 평가요소별 응답 분포`"""
        return f"<표 {self.number}> {self.caption}"

    @property
    def unit_text(self) -> str:
        """`(단위: %, 명)`, or nothing."""
        return f"(단위: {self.unit})" if self.unit else ""

    @property
    def is_wide(self) -> bool:
        """More than nine data columns: the page lies on its side (rule 1)."""
        return sum(column.kind == "number" for column in self.columns) > 9


#: Outline marks of rule 5; "" is plain text.
Level = Literal["ㅇ", "-", "*", "※", ""]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text at its outline level."""

    text: str
    level: Level = "ㅇ"


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one □ heading; an empty heading prints none."""

    heading: str
    blocks: tuple[Paragraph | Table, ...]


@dataclass(frozen=True, slots=True)
class PrintMark:
    """Who took this copy, when and what for (rule 17); an empty part is left out."""

    serial: str = ""
    printed_by: str = ""
    printed_at: datetime | None = None
    purpose: str = ""
    destroy_on: date | None = None

    def as_text(self) -> str:
        """`일련번호 | 출력자 | 2026. 11. 21. 15:20:33 | 용도 보고 | 파기예정일 2026. 12. 21.`"""
        parts = (
            self.serial,
            self.printed_by,
            wording.second(self.printed_at) if self.printed_at else "",
            f"용도 {self.purpose}" if self.purpose else "",
            f"파기예정일 {wording.day(self.destroy_on)}" if self.destroy_on else "",
        )
        return " | ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Document:
    """A summary ready to be written.

    missing_devices: devices of the scope that had not delivered when it was counted.
    unprojected: received records that were not yet counted.
    notes: remarks that hold for every table. check_code: see `check_code()`.
    demo_line: stands on every page of synthetic data. approval: no 결재란 yet.
    """

    title: str
    office: str
    dated_on: date
    period: Period
    counted_at: datetime
    sections: tuple[Section, ...]
    check_code: str
    missing_devices: int = 0
    unprojected: int = 0
    notes: tuple[str, ...] = ()
    author_line: str = ""
    source_line: str = ""
    demo_line: str = ""
    mark: PrintMark = PrintMark()
    approval: None = None

    @property
    def dated_text(self) -> str:
        """`2026. 12. 1.(화)`"""
        return wording.day_with_weekday(self.dated_on)

    @property
    def period_name(self) -> str:
        """`2026년 11월`"""
        return wording.period_name(self.period)

    @property
    def period_text(self) -> str:
        """`2026. 11. 1. ~ 11. 30.`"""
        return wording.day_range(self.period)

    @property
    def counted_text(self) -> str:
        """`2026. 12. 1. 09:00`"""
        return wording.minute(self.counted_at)

    @property
    def records_text(self) -> str:
        """`12건`, or by table when they counted different records."""
        counts = {table.records for table in self.tables}
        if len(counts) == 1:
            return f"{counts.pop():,}건"
        return ", ".join(f"표 {table.number} {table.records:,}건" for table in self.tables) or "0건"

    @property
    def unprojected_text(self) -> str:
        """The sentence for records that could not be counted yet, or nothing."""
        if not self.unprojected:
            return ""
        return f"받은 기록 {self.unprojected:,}건은 아직 정리되지 않아 집계에 들어 있지 않음"

    @property
    def basis(self) -> tuple[tuple[str, str], ...]:
        """What the figures rest on, in the order it is printed."""
        return (
            ("기간", self.period_text),
            ("집계 기준시각", f"{self.counted_text} (미수신 기기 {self.missing_devices}대)"),
            ("집계한 기록", self.records_text),
        )

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table in printed order."""
        return tuple(
            block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Table)
        )

    @property
    def is_wide(self) -> bool:
        """Whether the pages lie on their side."""
        return any(table.is_wide for table in self.tables)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that may hold what somebody wrote, with the place it is printed at."""
        yield "제목", self.title
        yield "기관", self.office
        for text in (self.author_line, self.source_line, self.demo_line, *self.notes):
            yield "작성 정보", text
        yield "출력 정보", self.mark.as_text()
        for section in self.sections:
            yield "제목", section.heading
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    yield "본문", block.text
                else:
                    yield from _table_texts(block)


def _table_texts(table: Table) -> Iterator[tuple[str, str]]:
    place = f"표 {table.number}"
    for text in (table.caption, table.unit, *table.notes):
        yield place, text
    for column in table.columns:
        yield f"{place} 머리", column.head
    for number, row in enumerate(table.rows, start=1):
        for cell in row.cells:
            yield f"{place} {number}행", printed(cell)


# The check code


def figure_cell(value: Decimal | None, decimals: int, empty: str) -> Cell:
    """A counted figure as a cell; None prints `-`, zero as the plan's `empty`."""
    if value is None:
        return Missing()
    return Number(value, decimals, zero=empty or "0")


def check_code(figures: Sequence[Figures]) -> str:
    """검산코드 `1a2b-3c4d-5e6f`: 12 hex digits of the canonical hash of the printed values.

    The same numbers under the same heads give the same code whenever and wherever they were
    counted and whichever file they stand in; one changed digit gives another.
    """
    digest = canonical_hash(
        [
            {
                "section": section.summary_id,
                "period": [section.period.first.isoformat(), section.period.last.isoformat()],
                "columns": [wording.plain(column) for column in section.columns],
                "rows": [
                    [
                        wording.plain(row.label),
                        *(
                            printed(figure_cell(cell.value, cell.decimals, section.empty))
                            for cell in row.cells
                        ),
                    ]
                    for row in section.rows
                ],
            }
            for section in figures
        ]
    )
    return "-".join(digest[start : start + 4] for start in (0, 4, 8))
