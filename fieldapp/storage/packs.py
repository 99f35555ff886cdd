"""Installed form versions, as bytes that packs wrote and packs reads; immutable once here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import FormRef
from fieldapp.errors import PackVersionTaken, StoreDamaged
from fieldapp.storage import answers
from fieldapp.storage.sqlite import Database

_LACKING = """
SELECT form_id, form_version, shown FROM (
    SELECT v.form_id, v.form_version, (SELECT r.id FROM record r
        WHERE r.form_id = v.form_id AND r.form_version = v.form_version
        AND r.deleted = 0 AND r.evicted = 0
        AND NOT EXISTS (SELECT 1 FROM waiting_row w WHERE w.list = '' AND w.id = r.id)
        LIMIT 1) AS shown
    FROM (SELECT DISTINCT form_id, form_version FROM record) v
    WHERE NOT EXISTS (SELECT 1 FROM pack p
        WHERE p.form_id = v.form_id AND p.form_version = v.form_version)
) WHERE shown IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class StoredPack:
    """A form version: its compiled content, and the hash of the workbook it was made from."""

    form: FormRef
    content: bytes
    workbook_sha256: str


def digest(content: bytes) -> str:
    """sha256 in hex."""
    return hashlib.sha256(content).hexdigest()


def install(db: Database, *, form: FormRef, content: bytes, workbook_sha256: str) -> None:
    """Keep a form version; records of its form are due for projection, since it may name more.

    Installing the same workbook again is nothing. Raises PackVersionTaken for another one.
    """
    known = db.value(
        "SELECT workbook_sha256 FROM pack WHERE form_id = ? AND form_version = ?",
        (form.id, form.version),
    )
    if known == workbook_sha256:
        return
    if known is not None:
        raise PackVersionTaken(form_id=form.id, version=form.version)
    db.execute(
        "INSERT INTO pack (form_id, form_version, content, content_sha256, workbook_sha256)"
        " VALUES (?, ?, ?, ?, ?)",
        (form.id, form.version, content, digest(content), workbook_sha256),
    )
    answers.mark_due(db, form.id)


def lacking(db: Database) -> tuple[tuple[FormRef, RecordId], ...]:
    """The form versions that records here are written on and that are not installed, each with one
    of those records: one that the server still shows.
    """
    rows = db.rows(_LACKING)
    return tuple(
        (FormRef(id=form_id, version=version), RecordId(record_id))
        for form_id, version, record_id in rows
    )


def all_packs(db: Database) -> tuple[StoredPack, ...]:
    """Every installed version, by form and version. Raises StoreDamaged."""
    rows = db.rows(
        "SELECT form_id, form_version, content, workbook_sha256, content_sha256 FROM pack"
        " ORDER BY form_id, form_version"
    )
    if any(digest(content) != content_sha256 for _, _, content, _, content_sha256 in rows):
        raise StoreDamaged
    return tuple(
        StoredPack(FormRef(id=form_id, version=version), content, workbook_sha256)
        for form_id, version, content, workbook_sha256, _ in rows
    )
