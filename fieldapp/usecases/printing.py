"""One record as a filed form: what was asked and answered, who signed, the pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

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
from fieldapp.storage import records
from fieldapp.storage.records import StoredRecord
from fieldapp.usecases.files import read_file
from fieldapp.usecases.lists import lists_of, standing_label
from fieldapp.usecases.review import in_words
from fieldapp.usecases.session import Session, surroundings
from fieldapp.usecases.summaries import SummaryOutput

_PICTURES = (".png", ".jpg", ".jpeg")


def record_output(
    session: Session, record_id: RecordId, *, purpose: str | None = None
) -> SummaryOutput:
    """A record laid out as a page. Raises RecordMissing, PackMissing, GlyphMissing."""
    with session.store.reading() as db:
        stored = records.find(db, record_id)
        subject = stored.doc.subject
        label = standing_label(db, subject.list, subject.id) if subject else ""
    pack = session.catalogue.find(stored.doc.form)
    now = session.clock.now()
    written = datetime.fromisoformat(stored.doc.created).astimezone(KOREA)
    document = record_document(
        pack.plans.title,
        stored.doc.scope,
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
        file_stem=file_stem(now.date(), stored.doc.scope, pack.plans.title),
        check_code=document.check_code,
        records=1,
        missing_devices=0,
        late_records=0,
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
    """Questions with an answer, one section for each group or repeat instance they stand in."""
    given = stored.doc.answers
    filling = open_form(
        pack, surroundings(session, stored.record_id), given, lists_of(session, pack)
    )
    sections: dict[str, list[FiledRow]] = {}
    for path, words in question_words(filling).items():
        value = given.get(path)
        if value is None or pack.definition.leaves[generic_path(path)].is_calculated:
            continue
        heading = path.rpartition("/")[0]
        row = FiledRow(words.label, in_words(value, words.choices) or "")
        sections.setdefault(heading, []).append(row)
    return tuple(
        FiledSection(f"{number}", tuple(rows))
        for number, rows in enumerate(sections.values(), start=1)
    )


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
