"""종이 입력: surveys that came back on paper, keyed twice, blind, and compared (ux §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from fieldapp.clock import today
from fieldapp.domain.ids import RecordId, new_record_id
from fieldapp.domain.operation import Changes
from fieldapp.errors import SeatTaken
from fieldapp.packs import Pack, open_form, question_words
from fieldapp.storage import entities, marks, records
from fieldapp.storage.collation import sort_key
from fieldapp.storage.database import Database
from fieldapp.storage.records import RecordRow
from fieldapp.usecases.filling import DraftSnapshot
from fieldapp.usecases.finishing import finish
from fieldapp.usecases.lists import change, lists_of, register
from fieldapp.usecases.session import (
    Session,
    newest_packs,
    surroundings,
)

SURVEY = "survey"
BATCH = "batch"
SERIAL = "serial"
MODE = "mode"
#: Marks that every paper form has beside its own digits (ux §4).
NO_ANSWER, UNREADABLE = "0", "9"
_TARGETS = "target"
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One column of the grid: the digits that stand printed on the paper."""

    path: str
    label: str
    digits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A survey that can be keyed from paper."""

    form_id: str
    title: str
    questions: tuple[PaperQuestion, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """설문 묶음. handed_out is 0 while nobody said how many sheets went out.

    keyed: sheets that are records; second: how many of them were keyed again here and agreed;
    differences: those where the second keying gave something else.
    """

    form_id: str
    name: str
    handed_out: int
    keyed: int
    second: int
    differences: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A question of a sheet to which the two keyings gave different marks."""

    path: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class KeyedSheet:
    """What became of a keyed sheet: the record it is, and where the two keyings differ."""

    record_id: RecordId
    differences: tuple[Difference, ...]


def paper_forms(session: Session) -> tuple[PaperForm, ...]:
    """Surveys with a batch and a serial number, and the columns of their grids."""
    return tuple(
        PaperForm(pack.plans.form.id, pack.plans.title, _questions(session, pack))
        for pack in newest_packs(session)
        if pack.plans.kind == SURVEY and {BATCH, SERIAL, MODE} <= set(pack.definition.leaves)
    )


def batches(session: Session) -> tuple[Batch, ...]:
    """Every batch of which a sheet is on this device, by form and name."""
    found: list[Batch] = []
    with session.store.reading() as db:
        for form in paper_forms(session):
            sheets: dict[str, list[RecordRow]] = {}
            for row in records.of_form(db, form.form_id, states=None, limit=_MOST):
                if name := row.doc.answers.get(BATCH):
                    sheets.setdefault(name, []).append(row)
            for name, rows in sorted(sheets.items(), key=lambda one: sort_key(one[0])):
                again = marks.keyed(db, [row.record_id for row in rows])
                differing = sum(
                    bool(_differences(row.doc.answers, again[row.record_id]))
                    for row in rows
                    if row.record_id in again
                )
                found.append(
                    Batch(
                        form_id=form.form_id,
                        name=name,
                        handed_out=_handed_out(session, db, form.form_id),
                        keyed=len(rows),
                        second=len(again) - differing,
                        differences=differing,
                    )
                )
    return tuple(found)


def hand_out(session: Session, form_id: str, sheets: int) -> Changes:
    """Note how many sheets of a survey went out this year (배부): what 회수율 is of.

    Raises NothingChanged.
    """
    year = str(today(session.clock).year)
    indicator = f"{form_id}_handed_out"
    with session.store.writing() as db:
        known = _target(db, indicator, year)
        if known is None:
            register(
                session, db, _TARGETS, str(uuid4()), label=f"{form_id} 배부",
                props={"indicator": indicator, "year": year, "value": str(sheets)},
            )  # fmt: skip
        else:
            change(session, db, _TARGETS, known.entity_id, {"value": str(sheets)})
    return Changes(outbox=True)


def key_sheet(
    session: Session, form_id: str, batch: str, serial: int, given: Mapping[str, str]
) -> KeyedSheet:
    """The first keying: the sheet becomes a record, its marks its answers (path → choice).

    A mark that the form does not have at a question is left empty. Raises AnswersIncomplete.
    """
    pack = session.catalogue.newest(form_id)
    record_id = new_record_id(session.clock.now())
    filling = open_form(pack, surroundings(session, record_id), None, lists_of(session, pack))
    for path, value in {BATCH: batch, SERIAL: str(serial), MODE: "paper", **given}.items():
        filling.answer(path, value)
    finish(
        session,
        DraftSnapshot(
            record_id=record_id,
            form=pack.plans.form,
            base=None,
            is_amendment=False,
            seen={},
            answers=dict(filling.draft_answers()),
            cursor_path=None,
        ),
    )
    return KeyedSheet(record_id, ())


def key_again(
    session: Session, form_id: str, batch: str, serial: int, given: Mapping[str, str]
) -> KeyedSheet | None:
    """The second keying, blind: kept beside the first and compared; None when no first is here.

    Raises SeatTaken: who keyed a sheet does not check it.
    """
    with session.store.writing() as db:
        first = _sheet(db, form_id, batch, serial)
        if first is None:
            return None
        if first.doc.author == session.worker.name:
            raise SeatTaken(name=session.worker.name)
        marks.put_keyed(db, first.record_id, given, at=session.clock.now())
    return KeyedSheet(first.record_id, _differences(first.doc.answers, given))


def differences(session: Session, form_id: str, batch: str) -> tuple[tuple[int, Difference], ...]:
    """Serial number and question of every difference in a batch, in the order of the sheets."""
    found: list[tuple[int, Difference]] = []
    with session.store.reading() as db:
        rows = [
            row
            for row in records.of_form(db, form_id, states=None, limit=_MOST)
            if row.doc.answers.get(BATCH) == batch
        ]
        again = marks.keyed(db, [row.record_id for row in rows])
        for row in rows:
            if row.record_id in again:
                serial = int(row.doc.answers.get(SERIAL, "0"))
                found += [
                    (serial, one) for one in _differences(row.doc.answers, again[row.record_id])
                ]
    return tuple(sorted(found, key=lambda one: one[0]))


def _questions(session: Session, pack: Pack) -> tuple[PaperQuestion, ...]:
    nobody = new_record_id(session.clock.now())
    filling = open_form(pack, surroundings(session, nobody), None, lists_of(session, pack))
    return tuple(
        PaperQuestion(path, words.label, tuple(words.choices))
        for path, words in question_words(filling).items()
        if words.choices and path not in (MODE, "helper") and all(
            choice.isdigit() for choice in words.choices
        )
    )  # fmt: skip


def _sheet(db: Database, form_id: str, batch: str, serial: int) -> RecordRow | None:
    return next(
        (
            row
            for row in records.of_form(db, form_id, states=None, limit=_MOST)
            if row.doc.answers.get(BATCH) == batch and row.doc.answers.get(SERIAL) == str(serial)
        ),
        None,
    )


def _differences(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Difference, ...]:
    return tuple(
        Difference(path, first.get(path, ""), value)
        for path, value in second.items()
        if first.get(path, "") != value
    )


def _handed_out(session: Session, db: Database, form_id: str) -> int:
    year = str(today(session.clock).year)
    found = _target(db, f"{form_id}_handed_out", year)
    value = found.props.get("value", "") if found else ""
    return int(value) if value.isdigit() else 0


def _target(db: Database, indicator: str, year: str) -> entities.StoredEntity | None:
    return next(
        (
            one
            for one in entities.where(db, _TARGETS, "indicator", indicator)
            if one.props.get("year") == year
        ),
        None,
    )
