"""When each subject was last contacted, from the projection of a form that counts as a contact."""

from __future__ import annotations

from datetime import date

from fieldapp.domain.plans import ContactPaths
from fieldapp.storage import answers
from fieldapp.storage.sqlite import Database, quoted

#: Subject, Korean day, method, what was confirmed.
ContactRow = tuple[str, str, str, str]


def of_form(
    db: Database, form_id: str, paths: ContactPaths, *, since: date, newest_only: bool = True
) -> tuple[ContactRow, ...]:
    """Contacts from `since` on; newest_only: one a subject, method and outcome, the last.

    One is enough for every rule that asks for a single contact, and spares reading the others.
    """
    table = answers.table_of(db, form_id)
    if table is None:
        return ()
    day, method, confirmed = (
        answers.shown(table, path) for path in (paths.date, paths.method, paths.confirmed)
    )
    picked = f"max({day})" if newest_only else day
    grouped = "GROUP BY 1, 3, 4" if newest_only else ""
    rows = db.rows(
        f"SELECT subject_id, {picked}, coalesce({method}, ''), coalesce({confirmed}, '')"  # noqa: S608
        f" FROM {quoted(table.name)} WHERE subject_id IS NOT NULL AND {day} >= ? {grouped}",
        (since.isoformat(),),
    )
    return tuple(rows)
