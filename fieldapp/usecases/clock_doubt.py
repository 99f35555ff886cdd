"""A clock that jumped: what the worker is asked, and whose word sets it right.

The worker's holds until the next exchange; the server's until the clock jumps again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from fieldapp.storage import access_log, meta
from fieldapp.storage.database import Database
from fieldapp.usecases.session import Session, keep_clock
from fieldapp.usecases.working_clock import Doubt, WorkingClock


def doubt(session: Session) -> Doubt | None:
    """A jump of the device's clock that nobody has explained yet; None while it is believed."""
    return session.clock.doubt() if isinstance(session.clock, WorkingClock) else None


def settle_day(session: Session, day: date) -> None:
    """오늘은 이 날입니다: kept, logged, and by it everything is dated until the next exchange.

    Raises StoreFull, StoreUnreadable.
    """
    clock = session.clock
    if not isinstance(clock, WorkingClock):
        return
    offset_ms = clock.settle(day)
    with session.store.writing() as db:
        meta.put_clock_offset_ms(db, offset_ms)
        _keep(session, db, "worker", offset_ms)


def device_now(session: Session) -> Callable[[], datetime]:
    """The device's own clock, for the server to measure."""
    clock = session.clock
    return clock.device_now if isinstance(clock, WorkingClock) else clock.now


def take_truth(session: Session) -> datetime | None:
    """After a round: time is what the server says. Returns when the round ended by that, None for
    a clock that nobody can set.
    """
    clock = session.clock
    if not isinstance(clock, WorkingClock):
        return None
    with session.store.writing() as db:
        offset_ms = meta.clock_offset_ms(db)
        is_other = clock.correct(timedelta(milliseconds=offset_ms))
        at = clock.now()
        meta.put_exchange(db, at, offset_ms)
        if is_other:
            _keep(session, db, "server", offset_ms)
        else:
            keep_clock(session, db)
    return at


def _keep(session: Session, db: Database, by: str, offset_ms: int) -> None:
    """From here on instants go on from this one, whatever was stored as later."""
    now = session.clock.now()
    meta.put_back_instants(db, now)
    access_log.append(
        db,
        at=now,
        user=session.worker.user,
        deed="change",
        detail={"clock": by, "offset_ms": offset_ms},
    )
    keep_clock(session, db)
