"""What the benches fill stores with: synthetic surveys, a laptop's profile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from fieldapp.clock import KOREA, SystemClock, instant_text
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId, new_record_id, uuid7
from fieldapp.domain.operation import FormRef
from fieldapp.domain.plans import Projection
from fieldapp.domain.record import RecordDoc, document_hash
from fieldapp.storage import answers, records
from fieldapp.storage.documents import written
from fieldapp.usecases import exchange, profiles
from fieldapp.usecases.session import Session

PACKS = Path(__file__).resolve().parent.parent / "resources" / "packs"
FORM_ID = "P13e"
PASSWORD = "gasang-noteubuk-2026"
SCOPE = "가상-햇살동"
SHORT_TEXT = "가상-시간을 잘 지켰음"
#: Pads an operation to about 2 kB of JSON.
TEXT = "가상-약속한 시간에 와서 부탁한 곳을 깨끗이 치우고 돌아갔음. " * 12
_FIRST_DAY = datetime(2026, 11, 1, 9, tzinfo=KOREA)
_ROWS_A_TRANSACTION = 5_000


def new_profile(folder: Path, user: str = "가상-오사무", scope: str = SCOPE) -> Session:
    """A fresh profile in an empty folder, its key wrapped at the cost that offices have."""
    return profiles.create_profile(
        folder,
        label="가상-노트북",
        worker=Worker(UserId(user), user, frozenset({"secretariat"}), ScopeId(scope)),
        password=PASSWORD,
        clock=SystemClock(),
        packs_dir=PACKS,
    )


def unlock(folder: Path) -> Session:
    """The one profile of a folder, by its password."""
    (profile,) = profiles.list_profiles(folder)
    return profiles.unlock(profile, PASSWORD, SystemClock(), PACKS)


def form_of(session: Session) -> FormRef:
    """The survey's newest version."""
    return session.catalogue.newest(FORM_ID).plans.form


def survey(serial: int, text: str = SHORT_TEXT) -> dict[str, str]:
    """Answers of a finished survey with its calculates; the scores vary with the serial."""
    scores = {f"items/q{item}": str((serial * item) % 5 + 1) for item in range(1, 8)}
    mean = sum(map(int, scores.values())) / len(scores)
    return {
        "today": f"2026-11-{serial % 28 + 1:02}",
        "batch": "2026-11 가상-햇살동",
        "serial": str(serial),
        "mode": ("paper", "self", "interview")[serial % 3],
        **scores,
        "answered": "7",
        "mean5": f"{mean:.2f}".rstrip("0").rstrip("."),
        "again": "1",
        "damage": "2",
        "good": text,
    }


def keep_pulled(session: Session, count: int, *, first: int = 1, text: str = SHORT_TEXT) -> None:
    """So many records from the serial `first` on, as if pulled before, in the way storage writes
    them, and waiting for their projection: without a server, whose pace is another bench's matter.
    """
    form = form_of(session)
    end = first + count
    for start in range(first, end, _ROWS_A_TRANSACTION):
        serials = range(start, min(start + _ROWS_A_TRANSACTION, end))
        rows = [_record_row(form, serial, text) for serial in serials]
        names = ", ".join(rows[0])
        marks = ", ".join("?" * len(rows[0]))
        with session.store.writing() as db:
            db.execute_many(
                f"INSERT INTO record ({names}) VALUES ({marks})",  # noqa: S608 - columns of ours
                [tuple(row.values()) for row in rows],
            )


def project_all(session: Session) -> None:
    """Show what waits in columns."""
    projections = exchange.projections_of(session.catalogue)
    while answers.project_due(session.store, projections, exchange.PROJECTION_BATCH):
        pass


def projection_of(session: Session) -> Projection:
    """What the survey's summary names."""
    return session.catalogue.newest(FORM_ID).plans.projection


def _record_row(
    form: FormRef, serial: int, text: str
) -> Mapping[str, str | int | float | bytes | None]:
    at = _FIRST_DAY + timedelta(seconds=serial)
    record_id = new_record_id(at)
    doc = RecordDoc(
        form=form,
        kind="survey",
        scope=SCOPE,
        state="완료",
        author="가상-오사무",
        created=instant_text(at),
        updated=instant_text(at),
        answers=survey(serial, text) | {"meta/instanceID": f"uuid:{record_id}"},
    )
    return {
        "id": record_id,
        **records.described(doc),
        "rev": 1,
        "epoch": uuid7(_FIRST_DAY),
        "hash": document_hash(doc),
        "server_doc": written(doc),
        "is_due": 1,
    }
