"""Figures to the document of a monthly summary (korea.md print rules 4, 6, 8, 10-12, 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from fieldapp.domain.figures import Cell as FigureCell
from fieldapp.domain.figures import Figures, Period
from fieldapp.reports import wording
from fieldapp.reports.document import (
    Approval,
    Column,
    Document,
    PrintMark,
    Row,
    Section,
    Table,
    Text,
    check_code,
    figure_cell,
)
from fieldapp.reports.listing import numbered
from fieldapp.reports.profiles import BASIC, Profile

ROUNDING_NOTE = "반올림으로 합계가 일치하지 않을 수 있음"
DEMO_LINE = "시연용 가상 자료"

_TOTALS = frozenset({"합계", "총계", "계", "소계"})


def summary_document(
    figures: Sequence[Figures],
    *,
    title: str,
    office: str,
    period: Period,
    counted_at: datetime,
    author: str,
    purpose: str | None,
    missing_devices: int,
    demo: bool = False,
    approval: Approval | None = None,
    gist: Sequence[str] = (),
    extra_sections: Sequence[Section] = (),
    attachments: Sequence[str] = (),
    late_records: int = 0,
    profile: Profile = BASIC,
) -> Document:
    """One document with a table per section of figures, in their order, then further sections.

    counted_at is aware; the page is dated by its Korean day. Without a purpose the page carries
    no print mark: that is a preview. gist: 요지, three lines at the most. extra_sections: lists and
    paragraphs below the figures, whose tables are numbered on. Raises ValueError for figures that
    were not rounded.
    """
    counted_on = wording.korean_time(counted_at).date()
    office, author = wording.plain(office), wording.plain(author)
    common = _common_footnote(figures)
    counted = Section(
        f"{wording.period_name(period)} 집계 결과",
        tuple(
            _table(number, section, is_noted=not common)
            for number, section in enumerate(figures, start=1)
        ),
    )
    further = numbered(extra_sections, first=len(figures) + 1)
    lists = [table for section in further for table in section.blocks if isinstance(table, Table)]
    return Document(
        title=wording.plain(title),
        office=office,
        dated_on=counted_on,
        period=period,
        counted_at=counted_at,
        sections=(counted, *further),
        check_code=check_code(figures, lists),
        missing_devices=missing_devices,
        unprojected=max((section.unprojected for section in figures), default=0),
        late_records=late_records,
        notes=(common,) if common else (),
        gist=tuple(wording.plain(line) for line in gist),
        author_line=f"작성자: {author}" if author else "",
        source_line=f"자료: 현장기록({office}), {wording.day(counted_on)} 추출",
        demo_line=DEMO_LINE if demo else "",
        mark=print_mark(author, counted_at, wording.plain(purpose or "")),
        approval=approval,
        attachments=tuple(wording.plain(name) for name in attachments),
        is_ended=True,
        profile=profile,
    )


def print_mark(author: str, counted_at: datetime, purpose: str) -> PrintMark:
    """Who printed it, when and what for; without a purpose it is a preview and says nothing."""
    if not purpose:
        return PrintMark()
    return PrintMark(printed_by=author, printed_at=counted_at, purpose=purpose)


def _common_footnote(figures: Sequence[Figures]) -> str:
    """The footnote that several tables share is printed once, below the last."""
    footnotes = {wording.plain(section.footnote) for section in figures}
    return footnotes.pop() if len(figures) > 1 and len(footnotes) == 1 else ""


def _table(number: int, section: Figures, *, is_noted: bool) -> Table:
    notes = [wording.plain(section.footnote)] if is_noted and section.footnote.strip() else []
    if "%" in section.unit and any(_misses_hundred(row.cells) for row in section.rows):
        notes.append(ROUNDING_NOTE)
    return Table(
        number=number,
        caption=wording.plain(section.caption),
        unit=wording.plain(section.unit),
        columns=(
            Column(wording.plain(section.row_head), "text"),
            *(_column(wording.plain(label)) for label in section.columns),
        ),
        rows=tuple(
            Row(
                (
                    Text(wording.plain(row.label)),
                    *(figure_cell(cell.value, cell.decimals, section.empty) for cell in row.cells),
                ),
                is_total=row.label.strip() in _TOTALS,
            )
            for row in section.rows
        ),
        notes=tuple(notes),
        records=section.records,
    )


def _column(label: str) -> Column:
    """A label that ends in % says so as a unit: `반영률(%)`."""
    name = label.removesuffix("%").rstrip()
    return Column(name, unit="%") if name and name != label else Column(label)


def _misses_hundred(cells: Sequence[FigureCell]) -> bool:
    """Whether a row holds shares of one whole that rounding keeps from adding up to 100 (rule 12).

    Figures do not say which columns share a whole: neighbours of equal places that come within
    their own rounding of 100 do. Whole numbers must be three or more, or two counts would pass.
    """
    for decimals, group in groupby(cells, key=lambda cell: cell.decimals):
        values = [cell.value for cell in group]
        half_unit = Decimal(5).scaleb(-decimals - 1)
        fewest = 2 if decimals else 3
        gaps = [
            (abs(sum(window, Decimal(0)) - 100), len(window) * half_unit)
            for start in range(len(values))
            for end in range(start + fewest, len(values) + 1)
            if (window := [value for value in values[start:end] if value is not None])
            and len(window) == end - start
        ]
        if any(gap == 0 for gap, _ in gaps):
            continue
        if any(gap <= reach for gap, reach in gaps):
            return True
    return False
