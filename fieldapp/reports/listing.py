"""Tables of words: an overdue list, a register of improvements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count

from fieldapp.reports import wording
from fieldapp.reports.document import (
    Cell,
    Column,
    ColumnKind,
    Missing,
    Number,
    Row,
    Section,
    Table,
    Text,
)

NOBODY = "해당 없음"


def listing_section(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str | Decimal | int | None]],
    kinds: Sequence[ColumnKind],
    notes: Sequence[str] = (),
    *,
    heading: str = "",
    unit: str = "",
    lists_persons: bool = True,
    room: int = 0,
) -> Section:
    """A captioned table of words under a heading; without rows it says 해당 없음.

    Texts stand left and wrap, codes (numbers of things, days, names) in the middle, numbers right;
    None prints `-`. lists_persons: every page is headed 개인정보 포함 (rule 18). room: rows of a
    form that may stay empty. Raises ValueError where heads, kinds and rows differ in length.
    """
    columns = tuple(
        Column(wording.plain(head), kind) for head, kind in zip(heads, kinds, strict=True)
    )
    printed_rows = tuple(Row(tuple(_cell(value) for value in row)) for row in rows)
    if not printed_rows and not room:
        printed_rows = (Row((Text(NOBODY), *[Text("")] * (len(columns) - 1))),)
    table = Table(
        number=0,
        caption=wording.plain(caption),
        unit=wording.plain(unit),
        columns=columns,
        rows=printed_rows,
        notes=tuple(wording.plain(note) for note in notes),
        lists_persons=lists_persons and bool(rows),
        room=room,
    )
    return Section(wording.plain(heading), (table,))


def numbered(sections: Sequence[Section], *, first: int) -> tuple[Section, ...]:
    """The sections with their tables numbered on from `first`."""
    numbers = count(first)
    return tuple(
        replace(
            section,
            blocks=tuple(
                replace(block, number=next(numbers)) if isinstance(block, Table) else block
                for block in section.blocks
            ),
        )
        for section in sections
    )


def _cell(value: str | Decimal | int | None) -> Cell:
    if value is None or value == "":
        return Missing()
    if isinstance(value, str):
        return Text(wording.paragraphs(value))
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    return Number(number, max(0, -exponent) if isinstance(exponent, int) else 0)
