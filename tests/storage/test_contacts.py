"""When somebody was last seen, and what was written after its month was closed."""

from __future__ import annotations

from datetime import date, timedelta

from fieldapp.clock import instant_text
from fieldapp.domain.figures import Period
from fieldapp.domain.plans import ContactPaths
from fieldapp.storage import contacts, late
from fieldapp.storage.database import Store
from tests.storage import building as b
from tests.storage.table_building import visits

PATHS = ContactPaths(date="date", method="method", confirmed="programme")


def test_newest_contact_is_told_for_each_subject_method_and_outcome(store: Store) -> None:
    one, other = b.new_uuid(), b.new_uuid()
    seen = {"method": "visit", "programme": "yes"}
    visits(
        store,
        [
            {"date": "2026-11-02", "subject": one, **seen},
            {"date": "2026-11-09", "subject": one, **seen},
            {"date": "2026-11-20", "subject": one, "method": "phone"},
            {"date": "2026-11-03", "subject": other, **seen},
            {"date": "2026-10-01", "subject": other, **seen},
            {"date": "2026-11-30"},
        ],
    )

    with store.reading() as db:
        newest = contacts.of_form(db, "P13e", PATHS, since=date(2026, 11, 1))
        every = contacts.of_form(db, "P13e", PATHS, since=date(2026, 10, 1), newest_only=False)
        nothing = contacts.of_form(db, "P99", PATHS, since=date(2026, 10, 1))
        by_subject = contacts.by_subject(db, "P13e", PATHS, since=date(2026, 11, 1))
        of_one = contacts.by_subject(db, "P13e", PATHS, since=date(2026, 11, 1), subject=other)
        of_nobody = contacts.by_subject(db, "P99", PATHS, since=date(2026, 10, 1))

    assert set(newest) == {
        (one, "2026-11-09", "visit", "yes"),
        (one, "2026-11-20", "phone", ""),
        (other, "2026-11-03", "visit", "yes"),
    }
    assert len(every) == 5
    assert nothing == ()
    assert by_subject == {
        one: (("2026-11-09", "visit", "yes"), ("2026-11-20", "phone", "")),
        other: (("2026-11-03", "visit", "yes"),),
    }
    assert of_one == {other: by_subject[other]}
    assert of_nobody == {}


def test_records_of_closed_months_that_came_later_are_counted(store: Store) -> None:
    december = Period.month(2026, 12)
    for offset, day in ((0, "2026-11-30"), (5, "2026-11-30"), (5, "2026-12-02"), (5, "2025-12-31")):
        at = b.NOON + timedelta(days=offset)
        visits(
            store, [{"date": day}], created=instant_text(at), first=4 * offset + int(day[-2:]) * 100
        )

    with store.reading() as db:
        counted = late.count(db, "P13e", "date", december, b.SCOPE)
        elsewhere = late.count(db, "P13e", "date", december, "가상-달빛동")

    assert counted == 1
    assert elsewhere == 0
