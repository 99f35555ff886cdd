"""접속기록: what this device notes of who looked at whom, and how it is looked through each month.

A deed that writes is noted in its own transaction (`session.append_operation`); one that only
reads has a small transaction of its own, and nothing is shown or handed out before it is noted.
A search is asked anew at each syllable: whom it shows is kept at once, its one entry is made when
it is settled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldapp.clock import KOREA
from fieldapp.crypto.sealing import keyed_name
from fieldapp.domain.access_log import Deed, LogEntry
from fieldapp.domain.figures import Period
from fieldapp.domain.ids import UserId
from fieldapp.domain.operation import Subject
from fieldapp.storage import access_log as log
from fieldapp.storage import open_search
from fieldapp.storage.database import Database
from fieldapp.usecases.session import Session

#: What the same reading is to the log when a view only draws itself anew.
_SAME_READING = timedelta(minutes=1)
#: What a search looks in (storage/search.py).
_SEARCHED = "name phone number address"
_NIGHT_FROM, _NIGHT_TO = 22, 6
_SATURDAY = 5
#: From here on a reviewer is asked to look (korea.md §1.3).
_MANY_OUTPUTS = 51
_MANY_LOOKS = 10
_OUTPUTS: frozenset[Deed] = frozenset({"print", "export"})
_LOOKS: frozenset[Deed] = frozenset({"view", "unmask"})


@dataclass(frozen=True, slots=True)
class RepeatedLooks:
    """How often one user looked at one subject (list, id) in the month."""

    user: UserId
    subject: tuple[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class MonthlyReview:
    """What the reviewer of a month is shown (월간 점검). Hours are Korean time.

    night: entries from 22:00 to 06:00; weekend: on a Saturday or Sunday; outputs: prints and
    exports by user; many_outputs: users with more than 50 of them; repeated: ten looks or more at
    one subject, the most first; failures: logins that failed; broken_at: the first entry of the
    whole log at which the chain or a checkpoint does not hold, None when it does.
    """

    month: Period
    total: int
    by_deed: Mapping[Deed, int]
    by_user: Mapping[UserId, int]
    night: int
    weekend: int
    outputs: Mapping[UserId, int]
    many_outputs: tuple[UserId, ...]
    repeated: tuple[RepeatedLooks, ...]
    failures: int
    broken_at: int | None


def note(
    session: Session,
    db: Database,
    deed: Deed,
    *,
    subjects: Iterable[tuple[str, str]] = (),
    object_id: str = "",
    form_id: str = "",
    detail: Mapping[str, str | int] | None = None,
    at: datetime | None = None,
) -> LogEntry:
    """Log a deed of this session's worker inside the caller's transaction; `at`: now, if None."""
    return log.append(
        db,
        at=at or session.clock.now(),
        user=session.worker.user,
        deed=deed,
        subjects=subjects,
        object_id=object_id,
        form_id=form_id,
        detail=detail,
    )


def note_reading(
    session: Session,
    deed: Deed,
    *,
    subjects: Iterable[tuple[str, str]] = (),
    object_id: str = "",
    form_id: str = "",
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """Log what is about to be shown or handed out, in a transaction of its own.

    A look that says the very same as the last entry, within a minute, is that entry.
    Raises StoreFull: what cannot be logged is not shown.
    """
    named = tuple(dict.fromkeys(subjects))
    given = dict(detail or {})
    now = session.clock.now()
    if deed == "view" and _is_said_last(
        session, deed, now, named, object_id=object_id, form_id=form_id, detail=given
    ):
        return
    with session.store.writing() as db:
        note(
            session,
            db,
            deed,
            subjects=named,
            object_id=object_id,
            form_id=form_id,
            detail=given,
            at=now,
        )


def note_search(session: Session, text: str, found: Iterable[tuple[str, str]]) -> None:
    """Keep whom a search is about to show: in which fields it looked, and of the text only a keyed
    hash. Searches that follow belong to the same one, until `settle_search` or the next deed makes
    an entry of them all.

    The same search as the last entry, within a minute, is that entry. Raises StoreFull: what
    cannot be kept is not shown.
    """
    shown = tuple(dict.fromkeys(found))
    text = keyed_name(session.store.derived_key("access log search"), text)
    detail: Mapping[str, str | int] = {"fields": _SEARCHED, "text": text, "count": len(shown)}
    now = session.clock.now()
    with session.store.reading() as db:
        is_open = open_search.is_open(db)
    if not is_open and _is_said_last(session, "search", now, shown, detail=detail):
        return
    with session.store.writing() as db:
        open_search.show(
            db,
            at=now,
            user=session.worker.user,
            fields=_SEARCHED,
            text=text,
            shown=shown,
        )


def settle_search(session: Session) -> None:
    """Nobody types any more, or what was found was opened: the search becomes an entry."""
    with session.store.reading() as db:
        if not open_search.is_open(db):
            return
    with session.store.writing() as db:
        log.settle_search(db)


def _is_said_last(
    session: Session,
    deed: Deed,
    now: datetime,
    subjects: tuple[tuple[str, str], ...],
    *,
    object_id: str = "",
    form_id: str = "",
    detail: Mapping[str, str | int],
) -> bool:
    """Whether the last entry says just this, and said it a moment ago."""
    with session.store.reading() as db:
        last = log.last(db)
    if last is None or abs(now - datetime.fromisoformat(last.at)) >= _SAME_READING:
        return False
    said = (last.user, last.deed, last.subjects, last.object_id, last.form_id, last.detail)
    return said == (session.worker.user, deed, subjects, object_id, form_id, detail)


def open_log(session: Session, failures: Sequence[datetime] = ()) -> None:
    """Log that the worker came in, after the failures since the last time, all at once."""
    with session.store.writing() as db:
        for failed_at in failures:
            note(session, db, "failure", at=failed_at)
        note(session, db, "login", detail={"failures": len(failures)} if failures else None)


def about(subject: Subject | None) -> tuple[tuple[str, str], ...]:
    """Whom a record is about, as the log names it."""
    return () if subject is None else ((subject.list, subject.id),)


def monthly_review(session: Session, month: Period) -> MonthlyReview:
    """The month's deeds counted, what stands out in them, and whether the log is whole."""
    settle_search(session)
    since = datetime.combine(month.first, datetime.min.time(), KOREA)
    until = datetime.combine(month.last + timedelta(days=1), datetime.min.time(), KOREA)
    deeds: Counter[Deed] = Counter()
    users: Counter[UserId] = Counter()
    outputs: Counter[UserId] = Counter()
    looks: Counter[tuple[UserId, tuple[str, str]]] = Counter()
    night = weekend = 0
    with session.store.reading() as db:
        for entry in log.entries(db, since, until):
            at = datetime.fromisoformat(entry.at).astimezone(KOREA)
            deeds[entry.deed] += 1
            users[entry.user] += 1
            night += at.hour >= _NIGHT_FROM or at.hour < _NIGHT_TO
            weekend += at.weekday() >= _SATURDAY
            outputs[entry.user] += entry.deed in _OUTPUTS
            if entry.deed in _LOOKS:
                looks.update((entry.user, subject) for subject in entry.subjects)
        broken_at = log.verify(db)
    repeated = [
        RepeatedLooks(user, subject, count)
        for (user, subject), count in looks.items()
        if count >= _MANY_LOOKS
    ]
    return MonthlyReview(
        month=month,
        total=sum(deeds.values()),
        by_deed=dict(deeds),
        by_user=dict(users),
        night=night,
        weekend=weekend,
        outputs={user: count for user, count in outputs.items() if count},
        many_outputs=tuple(sorted(u for u, count in outputs.items() if count >= _MANY_OUTPUTS)),
        repeated=tuple(sorted(repeated, key=lambda one: (-one.count, one.user, one.subject))),
        failures=deeds["failure"],
        broken_at=broken_at,
    )
