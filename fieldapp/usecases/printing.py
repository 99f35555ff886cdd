"""One record as a filed form: what was asked and answered, who signed, the pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from fieldapp.clock import KOREA
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import generic_path
from fieldapp.domain.workflow import standing_signatures
from fieldapp.errors import BlobMissing
from fieldapp.packs import Pack, open_form, question_words, seat_words
from fieldapp.reports.filed_form import (
    FiledRow,
    FiledSection,
    FiledSignature,
    record_document,
)
from fieldapp.reports.filenames import file_stem
from fieldapp.reports.pdf import write_pdf
from fieldapp.reports.preview import page_count
from fieldapp.storage import places, records
from fieldapp.storage.records import StoredRecord
from fieldapp.usecases.access_log import about
from fieldapp.usecases.files import read_file
from fieldapp.usecases.homes import office_name
from fieldapp.usecases.lists import lists_of, standing_label
from fieldapp.usecases.session import Session, surroundings
from fieldapp.usecases.summaries import SummaryOutput

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOUR = re.compile(r"\d{2}:\d{2}:\d{2}[.\d]*(?:[+-]\d{2}:\d{2}|Z)?")
_PICTURES = (".png", ".jpg", ".jpeg")


def record_output(
    session: Session, record_id: RecordId, *, purpose: str | None = None
) -> SummaryOutput:
    """A record laid out as a page. Raises RecordMissing, PackMissing, GlyphMissing."""
    with session.store.reading() as db:
        stored = records.find(db, record_id)
        subject = stored.doc.subject
        label = standing_label(db, subject.list, subject.id) if subject else ""
        office = office_name(places.known(db), stored.doc.scope)
    pack = session.catalogue.find(stored.doc.form)
    now = session.clock.now()
    written = datetime.fromisoformat(stored.doc.created).astimezone(KOREA)
    document = record_document(
        pack.plans.title,
        office,
        _facts(stored, label, written),
        _sections(session, pack, stored),
        signatures=_signatures(stored),
        photos=_photos(session, stored.doc.answers),
        dated_on=written.date(),
        printed_at=now,
        author=session.worker.name,
        purpose=purpose,
        demo=session.worker.name.startswith("가상-"),
    )
    pdf = write_pdf(document)
    return SummaryOutput(
        document=document,
        pdf=pdf,
        page_count=page_count(pdf),
        file_stem=file_stem(now.date(), office, pack.plans.title),
        check_code=document.check_code,
        records=1,
        missing_devices=0,
        late_records=0,
        form_id=stored.doc.form.id,
        record_id=record_id,
        about=about(subject),
    )


def _facts(stored: StoredRecord, label: str, written: datetime) -> tuple[tuple[str, str], ...]:
    facts = (
        ("대상", label),
        ("작성", f"{written.year}. {written.month}. {written.day}. {written:%H:%M}"),
        ("작성자", stored.doc.author),
        ("상태", stored.doc.state),
    )
    return tuple((name, value) for name, value in facts if value)


def _sections(session: Session, pack: Pack, stored: StoredRecord) -> tuple[FiledSection, ...]:
    """Questions with an answer, under the group or repeat instance that stands outermost."""
    given = stored.doc.answers
    filling = open_form(
        pack, surroundings(session, stored.record_id), given, lists_of(session, pack)
    )
    words = question_words(filling)
    sections: dict[str, list[FiledRow]] = {}
    for path, question in words.items():
        value = given.get(path)
        if value is None or pack.definition.leaves[generic_path(path)].is_calculated:
            continue
        around = path.partition("/")[0] if "/" in path else ""
        row = FiledRow(question.label, _printed(question.words(value)))
        sections.setdefault(words[around].label if around in words else "", []).append(row)
    return tuple(FiledSection(heading, tuple(rows)) for heading, rows in sections.items())


def _printed(value: str) -> str:
    """Days and hours as an office writes them; anything else as it stands."""
    if _DAY.fullmatch(value):
        day = date.fromisoformat(value)
        return f"{day.year}. {day.month}. {day.day}."
    return value[:5] if _HOUR.fullmatch(value) else value


def _signatures(stored: StoredRecord) -> tuple[FiledSignature, ...]:
    return tuple(
        FiledSignature(
            seat=seat_words(one.part),
            name=one.by,
            signed_at=datetime.fromisoformat(one.at),
            is_same_device=one.same_device,
        )
        for one in standing_signatures(stored.doc.signatures, stored.doc.answers)
    )


def _photos(session: Session, given: Mapping[str, str]) -> tuple[bytes, ...]:
    """The pictures that are on this device; the others come with their file."""
    found: list[bytes] = []
    for value in given.values():
        if value.endswith(_PICTURES) and len(value) > len(".png") + 60:
            try:
                found.append(read_file(session, value))
            except BlobMissing:
                continue
    return tuple(found)
