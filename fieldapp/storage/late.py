"""Records that were written after their month was closed (corrections.md §1.8)."""

from __future__ import annotations

from datetime import date, timedelta

from fieldapp.domain.figures import Period
from fieldapp.storage import answers
from fieldapp.storage.sqlite import Database, quoted

#: How many days after its end a month is still open.
OPEN_DAYS = 3


def count(db: Database, form_id: str, period_path: str, period: Period, scope: str | None) -> int:
    """Records of earlier months of the year that were first written once the period had begun and
    the month before it was closed.
    """
    table = answers.table_of(db, form_id)
    if table is None:
        return 0
    day = answers.shown(table, period_path)
    closed_on = (period.first + timedelta(days=OPEN_DAYS)).isoformat()
    return db.count(
        f"SELECT count(*) FROM {quoted(table.name)} a JOIN record r ON r.id = a.record_id"  # noqa: S608
        f" WHERE {day} >= ? AND {day} < ? AND substr(r.created, 1, 10) > ?"
        " AND substr(r.created, 1, 10) <= ? AND (? IS NULL OR a.scope = ?)",
        (
            date(period.first.year, 1, 1).isoformat(),
            period.first.isoformat(),
            closed_on,
            period.last.isoformat(),
            scope,
            scope,
        ),
    )
