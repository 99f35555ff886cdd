"""What a worker sets for their own profile on this laptop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from fieldapp.domain.shapes import Shape, decode, encode
from fieldapp.storage import meta
from fieldapp.storage.database import Database
from fieldapp.usecases.session import Session

#: No setting lets the app stand open for good (고시 제6조④).
LOCK_MINUTES = range(1, 31)
#: How long the longer edge of a new picture may be, in pixels; the largest by itself (decision 31).
PICTURE_PX = (1600, 1200, 800)


class _Stored(Shape, frozen=True, kw_only=True):
    lock_minutes: int | None = None
    lock_visit_minutes: int | None = None
    second_place: str | None = None
    pauses_files: bool = False
    picture_px: int = PICTURE_PX[0]


@dataclass(frozen=True, slots=True)
class Preferences:
    """None: as this installation has it.

    lock_minutes: untouched for so long, the app locks; lock_visit_minutes: the same while a visit
    is open; second_place: another folder for backups, on a second disk or an approved USB;
    pauses_files: records are exchanged and attachments wait, as on a line that is paid by the byte;
    picture_px: one of PICTURE_PX, to which a picture is shrunk when it is taken.
    """

    lock_minutes: int | None = None
    lock_visit_minutes: int | None = None
    second_place: Path | None = None
    pauses_files: bool = False
    picture_px: int = PICTURE_PX[0]


def preferences(session: Session) -> Preferences:
    """As they stand."""
    with session.store.reading() as db:
        return preferences_in(db)


def preferences_in(db: Database) -> Preferences:
    """As they stand in a store."""
    text = meta.preferences(db)
    if text is None:
        return Preferences()
    stored = decode(_Stored, text)
    return Preferences(
        lock_minutes=stored.lock_minutes,
        lock_visit_minutes=stored.lock_visit_minutes,
        second_place=Path(stored.second_place) if stored.second_place else None,
        pauses_files=stored.pauses_files,
        picture_px=stored.picture_px if stored.picture_px in PICTURE_PX else PICTURE_PX[0],
    )


def keep_preferences(session: Session, wanted: Preferences) -> None:
    """From now on. Raises ValueError for minutes outside LOCK_MINUTES, a size that is none of
    PICTURE_PX; StoreFull.
    """
    for minutes in (wanted.lock_minutes, wanted.lock_visit_minutes):
        if minutes is not None and minutes not in LOCK_MINUTES:
            raise ValueError("minutes to the lock are from 1 to 30")
    if wanted.picture_px not in PICTURE_PX:
        raise ValueError("pictures have one of a few sizes")
    stored = _Stored(
        lock_minutes=wanted.lock_minutes,
        lock_visit_minutes=wanted.lock_visit_minutes,
        second_place=str(wanted.second_place) if wanted.second_place else None,
        pauses_files=wanted.pauses_files,
        picture_px=wanted.picture_px,
    )
    with session.store.writing() as db:
        meta.put_preferences(db, encode(stored).decode())


def pause_files(session: Session, *, is_paused: bool) -> None:
    """Let attachments wait from now on, or no more. Raises StoreFull."""
    keep_preferences(session, replace(preferences(session), pauses_files=is_paused))
