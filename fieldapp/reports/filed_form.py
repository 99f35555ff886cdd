"""One record as a filed form: what was asked, what was answered, who signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from fieldapp.reports import wording
from fieldapp.reports.document import (
    Approval,
    Block,
    Column,
    Document,
    Missing,
    Paragraph,
    Row,
    Section,
    Signed,
    Table,
    Text,
    check_code,
)
from fieldapp.reports.pictures import photo_of
from fieldapp.reports.profiles import BASIC, Profile
from fieldapp.reports.summary import DEMO_LINE, print_mark

_SAME_DEVICE = "(같은 기기)"


@dataclass(frozen=True, slots=True)
class FiledRow:
    """A question with its answer as words; an empty answer prints `-`. `note` stands beside it."""

    question: str
    answer: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FiledSection:
    """Questions under one heading, in the order of the form."""

    heading: str
    rows: tuple[FiledRow, ...]


@dataclass(frozen=True, slots=True)
class FiledSignature:
    """Who signed for which seat; `drawn` is the picture of the signature as it was stored."""

    seat: str
    name: str
    signed_at: datetime | None = None
    is_same_device: bool = False
    drawn: bytes | None = field(default=None, repr=False)


def record_document(
    title: str,
    office: str,
    facts: Sequence[tuple[str, str]],
    sections: Sequence[FiledSection],
    *,
    signatures: Sequence[FiledSignature] = (),
    photos: Sequence[bytes] = (),
    dated_on: date,
    printed_at: datetime,
    author: str,
    purpose: str | None,
    approval: Approval | None = None,
    demo: bool = False,
    profile: Profile = BASIC,
) -> Document:
    """The record as it goes into the file: facts in a box, a table, signatures, photos.

    facts: what the form says about itself (대상, 작성일, 작성자, 접수번호 …). dated_on: the day of
    the record. printed_at is aware. Without a purpose the page carries no print mark: that is a
    preview. Photos that cannot be read are named as such; the rest goes on. Every page is headed
    개인정보 포함. Raises ValueError for a naive instant.
    """
    author = wording.plain(author)
    table = _table(sections)
    parts = [Section("", (table,))] if table.rows else []
    if photos:
        parts.append(Section("사진", tuple(_photos(photos))))
    return Document(
        title=wording.plain(title),
        office=wording.plain(office),
        dated_on=dated_on,
        period=None,
        counted_at=wording.korean_time(printed_at),
        sections=tuple(parts),
        check_code=check_code((), [table]),
        facts=tuple((wording.plain(name), _answer(fact)) for name, fact in facts),
        author_line=f"출력자: {author}" if author else "",
        demo_line=DEMO_LINE if demo else "",
        mark=print_mark(author, printed_at, wording.plain(purpose or "")),
        approval=approval,
        signed=tuple(_signed(signature) for signature in signatures),
        is_ended=True,
        profile=profile,
    )


def _table(sections: Sequence[FiledSection]) -> Table:
    """Every section in one table, its heading a row of its own: most records fit on one page."""
    has_notes = any(row.note.strip() for section in sections for row in section.rows)
    heads = ("문항", "답", "비고") if has_notes else ("문항", "답")
    rows: list[Row] = []
    for section in sections:
        if section.heading:
            heading = Text(wording.plain(section.heading))
            rows.append(Row((heading, *[Text("")] * (len(heads) - 1)), is_total=True))
        rows += [_row(row, len(heads)) for row in section.rows]
    return Table(
        number=0,
        caption="",
        unit="",
        columns=tuple(Column(head, "text") for head in heads),
        rows=tuple(rows),
        lists_persons=True,
        shares=(36, 44, 20) if has_notes else (36, 64),
    )


def _row(row: FiledRow, width: int) -> Row:
    answer = Text(_answer(row.answer)) if row.answer.strip() else Missing()
    return Row((Text(_answer(row.question)), answer, Text(_answer(row.note)))[:width])


def _answer(text: str) -> str:
    return wording.paragraphs(text)


def _photos(photos: Sequence[bytes]) -> list[Block]:
    blocks: list[Block] = []
    for number, content in enumerate(photos, start=1):
        photo = photo_of(content, f"사진 {number}")
        blocks.append(photo or Paragraph(f"사진 {number}: 읽을 수 없는 파일", "※"))
    return blocks


def _signed(signature: FiledSignature) -> Signed:
    return Signed(
        seat=wording.plain(signature.seat),
        name=wording.plain(signature.name),
        signed_at=signature.signed_at,
        drawn=photo_of(signature.drawn) if signature.drawn else None,
        note=_SAME_DEVICE if signature.is_same_device else "",
    )
