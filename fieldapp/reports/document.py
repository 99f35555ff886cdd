"""A printed page as plain data: what stands on it, before any file format.

PDF, HWPX and XLSX are written from the same `Document`, so their numbers cannot differ; the check
code (검산코드) printed on all three is a hash of those numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from fieldapp.domain.canonical import canonical_hash
from fieldapp.domain.figures import Figures, Period
from fieldapp.reports import wording
from fieldapp.reports.profiles import BASIC, Profile

# Cells


@dataclass(frozen=True, slots=True)
class Text:
    """Words or a code: never read as a number or a formula. A newline begins a new line."""

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
    """A column's head and how its cells stand; `unit` where it is not the table's own (rule 8)."""

    head: str
    kind: ColumnKind = "number"
    unit: str = ""

    @property
    def head_text(self) -> str:
        """`반영률(%)`"""
        return f"{self.head}({self.unit})" if self.unit else self.head


@dataclass(frozen=True, slots=True)
class Row:
    """A row with one cell per column; a total (합계, 소계) is bold on a light ground, as is the
    head of the rows below it in a filed form.
    """

    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table. `records` were counted; `notes` are printed below it, each after ※.

    number: 0 for a table without a caption line, as in a filed form. lists_persons: what it says
    tells of people, so every page is marked. room: rows that the paper form offers; one that is
    not full says so (`이하 빈칸`, rule 15). shares: how wide the columns stand to each other where
    the office's form says so; otherwise their contents decide. records: None for a list, of which
    nothing was counted.
    """

    number: int
    caption: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    records: int | None = None
    lists_persons: bool = False
    room: int = 0
    shares: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError("a row has as many cells as its table has columns")
        if self.shares and len(self.shares) != len(self.columns):
            raise ValueError("a table has as many shares as columns")

    @property
    def is_part_filled(self) -> bool:
        """Whether the form has room for more rows than were filled."""
        return len(self.rows) < self.room

    @property
    def printed_rows(self) -> tuple[Row, ...]:
        """The rows as they stand on paper: a part-filled form ends in 이하 빈칸 and empty rows."""
        if not self.is_part_filled:
            return self.rows
        empty = Row(tuple(Text("") for _ in self.columns))
        first = Row((Text(wording.BLANK_BELOW), *empty.cells[1:]))
        return (*self.rows, first, *[empty] * (self.room - len(self.rows) - 1))

    @property
    def heading(self) -> str:
        """`<표 1> 평가요소별 응답 분포`; the caption alone where tables are not numbered."""
        return f"<표 {self.number}> {self.caption}" if self.number else self.caption

    @property
    def unit_text(self) -> str:
        """`(단위: %, 명)`, or nothing."""
        return f"(단위: {self.unit})" if self.unit else ""

    @property
    def is_wide(self) -> bool:
        """More than nine data columns: the page lies on its side (rule 1)."""
        return len(self.columns) > 10


#: Outline marks of rule 5; "" is plain text.
Level = Literal["ㅇ", "-", "*", "※", ""]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text at its outline level."""

    text: str
    level: Level = "ㅇ"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as `pictures.readable` made it: JPEG, upright, without its metadata."""

    jpeg: bytes = field(repr=False)
    width_px: int
    height_px: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars of one column of a table of the same document, by its number.

    The bars show what the table prints: `column` counts from 0, totals are left out.
    """

    table_number: int
    column: int
    caption: str = ""


Block = Paragraph | Table | Photo | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one □ heading; an empty heading prints none."""

    heading: str
    blocks: tuple[Block, ...]


# What surrounds the sections


@dataclass(frozen=True, slots=True)
class Approval:
    """결재란: one box for each who signs, label above, signature, date below (rule 14).

    `marks` stand in the signature boxes where the office says 전결 or 대결; missing ones are empty.
    """

    labels: tuple[str, ...] = ("담당", "팀장", "동장")
    marks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.labels) <= 5 or len(self.marks) > len(self.labels):
            raise ValueError("one to five people sign, and none leaves two marks")

    @property
    def boxes(self) -> tuple[tuple[str, str], ...]:
        """(label, mark) of each box."""
        marks = (*self.marks, *[""] * (len(self.labels) - len(self.marks)))
        return tuple(zip(self.labels, marks, strict=True))


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed for what, and when; `drawn` is the signature's picture where there is one."""

    seat: str
    name: str
    signed_at: datetime | None = None
    drawn: Photo | None = None
    note: str = ""

    @property
    def text(self) -> str:
        """`가상-한바다  2026. 11. 30. 15:20 (같은 기기)`"""
        at = wording.minute(self.signed_at) if self.signed_at else ""
        return "  ".join(part for part in (self.name, at, self.note) if part)


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
    """A page ready to be written: a summary, or one record as a filed form.

    period: the days that were counted; None where nothing was. facts: what a filed form says
    about itself, in place of what figures rest on. gist: 요지, three lines at the most.
    missing_devices: devices of the scope that had not delivered when it was counted.
    unprojected: received records that were not yet counted. late_records: counted ones that came
    after their period was closed. notes: remarks that hold for every table. check_code: see
    `check_code()`. demo_line: stands on every page of synthetic data. attachments: named after
    붙임. is_ended: whether 끝. is said. profile: margins and sizes.
    """

    title: str
    office: str
    dated_on: date
    period: Period | None
    counted_at: datetime
    sections: tuple[Section, ...]
    check_code: str
    missing_devices: int = 0
    unprojected: int = 0
    late_records: int = 0
    notes: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    gist: tuple[str, ...] = ()
    author_line: str = ""
    source_line: str = ""
    demo_line: str = ""
    mark: PrintMark = PrintMark()
    approval: Approval | None = None
    signed: tuple[Signed, ...] = ()
    attachments: tuple[str, ...] = ()
    is_ended: bool = False
    profile: Profile = BASIC

    def __post_init__(self) -> None:
        if len(self.gist) > 3:
            raise ValueError("a gist has three lines at the most")

    @property
    def dated_text(self) -> str:
        """`2026. 12. 1.(화)`"""
        return wording.day_with_weekday(self.dated_on)

    @property
    def period_name(self) -> str:
        """`2026년 11월`; nothing for a filed form."""
        return wording.period_name(self.period) if self.period else ""

    @property
    def period_text(self) -> str:
        """`2026. 11. 1. ~ 11. 30.`; nothing for a filed form."""
        return wording.day_range(self.period) if self.period else ""

    @property
    def counted_text(self) -> str:
        """`2026. 12. 1. 09:00`"""
        return wording.minute(self.counted_at)

    @property
    def records_text(self) -> str:
        """`12건`, or by table when they counted different records."""
        counts = {table.number: table.records for table in self.tables if table.records is not None}
        if len(set(counts.values())) == 1:
            return f"{next(iter(counts.values())):,}건"
        return ", ".join(f"표 {table} {records:,}건" for table, records in counts.items()) or "0건"

    @property
    def unprojected_text(self) -> str:
        """The sentence for records that could not be counted yet, or nothing."""
        if not self.unprojected:
            return ""
        return f"받은 기록 {self.unprojected:,}건은 아직 정리되지 않아 집계에 들어 있지 않음"

    @property
    def basis(self) -> tuple[tuple[str, str], ...]:
        """What the figures rest on, or the facts of a filed form, in the order it is printed."""
        if self.period is None:
            return self.facts
        late = f" (늦게 온 기록 {self.late_records:,}건은 앞선 달 몫)" if self.late_records else ""
        return (
            *self.facts,
            ("기간", self.period_text),
            ("집계 기준시각", f"{self.counted_text} (미수신 기기 {self.missing_devices}대)"),
            ("집계한 기록", f"{self.records_text}{late}"),
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

    @property
    def privacy_line(self) -> str:
        """What every page that tells of people is headed with (rule 18)."""
        is_personal = any(table.lists_persons for table in self.tables)
        return wording.PERSONAL if is_personal else ""

    @property
    def end_lines(self) -> tuple[str, ...]:
        """붙임 and 끝. as they close the page (rule 15): nothing below a part-filled form."""
        last = self.tables[-1] if self.tables else None
        is_ended = self.is_ended and not (last and last.is_part_filled)
        if not self.attachments:
            return ("끝.",) if is_ended else ()
        names = wording.attachments(self.attachments)
        return (*names[:-1], f"{names[-1]}  끝." if is_ended else names[-1])

    def table(self, number: int) -> Table:
        """The table of this number. Raises KeyError where there is none."""
        for table in self.tables:
            if table.number == number:
                return table
        raise KeyError(number)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that may hold what somebody wrote, with the place it is printed at."""
        yield "제목", self.title
        yield "기관", self.office
        for text in (self.author_line, self.source_line, self.demo_line, *self.notes):
            yield "작성 정보", text
        yield "출력 정보", self.mark.as_text()
        for text in (*self.gist, *(text for fact in self.basis for text in fact)):
            yield "요지", text
        for label, mark in self.approval.boxes if self.approval else ():
            yield "결재란", label + mark
        for signed in self.signed:
            yield "서명", f"{signed.seat} {signed.text}"
        for text in self.end_lines:
            yield "붙임", text
        for section in self.sections:
            yield "제목", section.heading
            for block in section.blocks:
                if isinstance(block, Table):
                    yield from _table_texts(block)
                else:
                    yield "본문", block.text if isinstance(block, Paragraph) else block.caption


def _table_texts(table: Table) -> Iterator[tuple[str, str]]:
    place = f"표 {table.number}" if table.number else "표"
    for text in (table.caption, table.unit, *table.notes):
        yield place, text
    for column in table.columns:
        yield f"{place} 머리", column.head_text
    for number, row in enumerate(table.printed_rows, start=1):
        for cell in row.cells:
            yield f"{place} {number}행", printed(cell)


# The check code


def figure_cell(value: Decimal | None, decimals: int, empty: str) -> Cell:
    """A counted figure as a cell; None prints `-`, zero as the plan's `empty`."""
    if value is None:
        return Missing()
    return Number(value, decimals, zero=empty or "0")


def check_code(figures: Sequence[Figures], tables: Sequence[Table] = ()) -> str:
    """검산코드 `1a2b-3c4d-5e6f`: 12 hex digits of the canonical hash of the printed values.

    The same numbers under the same heads give the same code whenever and wherever they were
    counted and whichever file they stand in; one changed digit gives another. Tables of words that
    are printed beside the figures are part of it.
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
        + [
            {
                "caption": table.caption,
                "columns": [column.head_text for column in table.columns],
                "rows": [[printed(cell) for cell in row.cells] for row in table.rows],
            }
            for table in tables
        ]
    )
    return "-".join(digest[start : start + 4] for start in (0, 4, 8))
