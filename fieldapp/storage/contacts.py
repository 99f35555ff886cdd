"""When each subject was last contacted, from the projection of a form that counts as a contact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fieldapp.domain.plans import ContactPaths
from fieldapp.storage import answers
from fieldapp.storage.sqlite import Database, quoted

#: Subject, Korean day, method, what was confirmed.
ContactRow = tuple[str, str, str, str]
#: The same without its subject.
ContactFacts = tuple[str, str, str]
#: Between contacts and between their facts, where no answer has it (XML 1.0, Char).
_CONTACTS_APART, _FACTS_APART = "\x1e", "\x1f"


def of_form(
    db: Database, form_id: str, paths: ContactPaths, *, since: date, newest_only: bool = True
) -> tuple[ContactRow, ...]:
    """Contacts from `since` on; newest_only: one a subject, method and outcome, the last.

    One is enough for every rule that asks for a single contact, and spares reading the others.
    """
    query = _contacts(db, form_id, paths, newest_only=newest_only)
    return () if query is None else tuple(db.rows(query, (since.isoformat(),)))


def by_subject(
    db: Database,
    form_id: str,
    paths: ContactPaths,
    *,
    since: date,
    subject: str | None = None,
    newest_only: bool = True,
) -> Mapping[str, tuple[ContactFacts, ...]]:
    """As `of_form`, for every subject at once, or for one.

    Subjects that were met on the same days in the same way share one value: of 20,000 households
    few differ, and whoever reckons with them can remember what came out.
    """
    query = _contacts(db, form_id, paths, newest_only=newest_only, of_one=subject is not None)
    if query is None:
        return {}
    rows = db.rows(
        "SELECT subject_id,"  # noqa: S608 - constants and the names of columns
        f" group_concat(day || '{_FACTS_APART}' || method || '{_FACTS_APART}' || confirmed,"
        f" '{_CONTACTS_APART}') FROM ({query} ORDER BY 1, 2, 3, 4) GROUP BY 1",
        (since.isoformat(), *([] if subject is None else [subject])),
    )
    met: dict[str, tuple[ContactFacts, ...]] = {}
    for text in {text for _, text in rows}:
        contacts = (contact.split(_FACTS_APART) for contact in text.split(_CONTACTS_APART))
        met[text] = tuple((day, method, confirmed) for day, method, confirmed in contacts)
    return {subject: met[text] for subject, text in rows}


def _contacts(
    db: Database,
    form_id: str,
    paths: ContactPaths,
    *,
    newest_only: bool,
    of_one: bool = False,
) -> str | None:
    """SQL: subject_id, day, method, confirmed from a day on (of one subject, its id the second
    parameter); None for a form never projected.
    """
    table = answers.table_of(db, form_id)
    if table is None:
        return None
    day, method, confirmed = (
        answers.shown(table, path) for path in (paths.date, paths.method, paths.confirmed)
    )
    picked = f"max({day})" if newest_only else day
    grouped = " GROUP BY 1, 3, 4" if newest_only else ""
    return (
        f"SELECT subject_id, {picked} AS day, coalesce({method}, '') AS method,"  # noqa: S608
        f" coalesce({confirmed}, '') AS confirmed FROM {quoted(table.name)}"
        f" WHERE subject_id IS NOT NULL AND {day} >= ?{' AND subject_id = ?' if of_one else ''}"
        f"{grouped}"
    )
