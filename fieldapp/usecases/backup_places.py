"""Where backups are made: beside the profiles, and in a second place where the worker chose one.

A laptop that is lost takes the backups beside its profiles with it; those on a second disk stay.
The second place may be away: that keeps nobody from the first, and what it last said is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from fieldapp.domain.shapes import Shape, decode, encode
from fieldapp.errors import BackupPlaceRefused, Cancelled, StoreFull, StoreLocked, StoreTrouble
from fieldapp.storage import meta
from fieldapp.storage.backup import Backup, list_backups
from fieldapp.storage.checking import Progress
from fieldapp.usecases import backups
from fieldapp.usecases.preferences import keep_preferences, preferences
from fieldapp.usecases.session import Session

#: What came of the last backup in the second place; away: not there, read-only or not giving back
#: what it was given.
Outcome = Literal["made", "full", "away"]


class _Told(Shape, frozen=True, kw_only=True):
    at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class SecondPlace:
    """The folder, and what came of the last backup in it: None before the first."""

    folder: Path
    told_at: datetime | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A whole backup as it is listed. size_bytes: of its store, without the attachments."""

    backup: Backup
    is_second: bool
    size_bytes: int


def first_place(session: Session) -> Path:
    """Beside the profiles, on this laptop."""
    return backups.default_place(session.store.path.parent)


def second_place(session: Session) -> SecondPlace | None:
    """The other place, where one was chosen."""
    folder = preferences(session).second_place
    if folder is None:
        return None
    with session.store.reading() as db:
        text = meta.second_place_told(db)
    told = decode(_Told, text) if text else None
    return SecondPlace(folder, told.at if told else None, told.outcome if told else None)


def choose_second_place(session: Session, folder: Path | None) -> None:
    """Make backups there too from now on; None: no more. What stands there is left as it is.

    Raises BackupPlaceRefused for a folder within the profiles' own: it would be lost with them.
    """
    profiles = session.store.path.parent.parent.resolve()
    if folder is not None and folder.resolve().is_relative_to(profiles):
        raise BackupPlaceRefused
    keep_preferences(session, replace(preferences(session), second_place=folder))
    with session.store.writing() as db:
        meta.put_second_place_told(db, "")


def kept_backups(session: Session) -> tuple[KeptBackup, ...]:
    """Every whole backup of this profile that can be seen now, newest first."""
    chosen = preferences(session).second_place
    found = [_kept(one, is_second=False) for one in _listed(session, first_place(session))]
    if chosen is not None:
        found += [_kept(one, is_second=True) for one in _listed(session, chosen)]
    return tuple(sorted(found, key=lambda one: one.backup.made_at, reverse=True))


def back_up_today(session: Session, *, cancelled: Callable[[], bool] = lambda: False) -> None:
    """Today's backup, where none stands yet, in both places.

    Raises Cancelled, and what kept it from being made on this laptop: StoreFull, StoreUnreadable,
    BackupDamaged. What the second place said is kept (`second_place`).
    """
    try:
        backups.back_up_if_due(session, (first_place(session),), cancelled=cancelled)
    finally:
        if not cancelled():
            _second(
                session,
                lambda folder: backups.back_up_if_due(session, (folder,), cancelled=cancelled),
            )


def back_up_both(
    session: Session,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outcome | None:
    """지금 만들기, in both places. Returns what came of the second; None where there is none.

    Raises as `back_up_today`.
    """
    backups.back_up_now(session, first_place(session), progress=progress, cancelled=cancelled)
    return back_up_second(session, progress=progress, cancelled=cancelled)


def back_up_second(
    session: Session,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outcome | None:
    """A backup in the second place now. Returns what came of it; None where there is none.

    Raises Cancelled.
    """
    return _second(
        session,
        lambda folder: backups.back_up_now(session, folder, progress=progress, cancelled=cancelled),
    )


def try_out(
    session: Session,
    kept: KeptBackup,
    *,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> KeptBackup:
    """복구 확인 of one that is listed: it serves, and the day is kept (`backups.drilled_at`).

    Returns it. Raises BackupDamaged, Cancelled, StoreFull, StoreUnreadable.
    """
    backups.drill(session, kept.backup, progress=progress, cancelled=cancelled)
    return kept


def _second(session: Session, make: Callable[[Path], object]) -> Outcome | None:
    """Make one in the second place and keep what it said. Raises Cancelled, StoreLocked."""
    folder = preferences(session).second_place
    if folder is None:
        return None
    outcome: Outcome = "made"
    try:
        if not _is_there(folder):
            outcome = "away"
        elif make(folder) == ():
            return "made"  # today's stands there already
    except (Cancelled, StoreLocked):
        raise
    except StoreFull:
        outcome = "full"
    except StoreTrouble:
        outcome = "away"
    with session.store.writing() as db:
        told = _Told(at=session.clock.now(), outcome=outcome)
        meta.put_second_place_told(db, encode(told).decode())
    return outcome


def _is_there(folder: Path) -> bool:
    """Never made anew: where a USB was plugged in, a folder of that name would be this disk's."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def _listed(session: Session, place: Path) -> tuple[Backup, ...]:
    return list_backups(place, session.profile_id)


def _kept(backup: Backup, *, is_second: bool) -> KeptBackup:
    try:
        size = backup.path.stat().st_size
    except OSError:
        size = 0
    return KeptBackup(backup, is_second, size)
