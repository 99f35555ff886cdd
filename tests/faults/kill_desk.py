"""Kills of a typist at a desk, and the look at what is left in the store."""

from __future__ import annotations

import random
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.errors import BlobDamaged, BlobMissing, FieldAppError
from fieldapp.packs import Catalogue
from fieldapp.storage import blobs, drafts, entities, records
from fieldapp.storage.backup import Backup
from fieldapp.storage.database import Database, Store
from tests.faults.killing import Said, Tally, killed_child
from tests.faults.typist import LIST, Typist, TypistClock, open_session

#: Places, and how many passes of each are tried.
PLACES = {
    "draft.before_commit": 40,
    "save.before_commit": 3,
    "save.after_commit": 3,
    "blob.before_file": 3,
    "blob.before_row": 3,
}
_A_LINE, _LINES = "a line of output", 150


@dataclass
class Desk:
    """One store that is worked on and killed, and what must stand in it."""

    path: Path
    data_key: bytes
    catalogue: Catalogue
    backup: Backup | None = None
    records: dict[str, dict[str, str]] = field(default_factory=dict)
    drafts: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    households: dict[str, str] = field(default_factory=dict)

    # How far the typist's clock is before the device's: it never goes back.
    skipped_s: float = 0.0

    def forget(self, key: str) -> None:
        """Expect this row no more."""
        for rows in (self.records, self.drafts, self.households):
            rows.pop(key, None)
        self.pictures.discard(key)

    def work(self, seed: int, say: Callable[..., None], clock: TypistClock) -> None:
        """What the child does until it is killed."""
        clock.skip(self.skipped_s)
        session = open_session(self.path, self.data_key, self.catalogue, clock)
        Typist(session, clock, random.Random(seed), say).work()


@dataclass
class _Form:
    """The form that was on the desk when the typist died: its states, oldest first."""

    record_id: str
    states: list[dict[str, str]]
    typed_at: list[float]
    kept: int = -1
    saving: dict[str, str] | None = None


def kill_at_desk(desk: Desk, chance: random.Random, tally: Tally) -> None:
    """One kill of a typist, and the look at what is left."""
    place = chance.choice([*PLACES, _A_LINE])
    if place == _A_LINE:
        failpoint, lines = "", chance.randint(1, _LINES)
    else:
        failpoint, lines = f"{place}:{chance.randint(1, PLACES[place])}", 0
    seed = chance.randrange(2**32)
    said, died_at = killed_child(lambda say, clock: desk.work(seed, say, clock), failpoint, lines)
    tally.kills[place] += 1
    desk.skipped_s = said[-1]["skipped"] if said else desk.skipped_s
    on_desk = _replayed(desk, said, tally)
    try:
        store = Store.open(desk.path, desk.data_key)
    except FieldAppError:
        traceback.print_exc()
        tally.corrupt += 1
        raise
    try:
        look(desk, store, on_desk, died_at, tally)
    finally:
        store.close()


def _replayed(desk: Desk, said: Said, tally: Tally) -> _Form | None:
    """Take up what was acknowledged; returns the form whose end nobody heard of."""
    form: _Form | None = None
    for line in said:
        match line["what"]:
            case "picture":
                desk.pictures.add(line["name"])
            case "household":
                desk.households[line["id"]] = line["label"]
            case "opened":
                form = _Form(line["id"], [line["state"]], [])
            case "key":
                assert form is not None
                form.states.append(line["state"])
                form.typed_at.append(line["at"])
            case "kept":
                assert form is not None
                form.kept = len(form.states) - 1
                desk.drafts[form.record_id] = form.states[-1]
            case "saving":
                assert form is not None
                form.saving = line["answers"]
            case "saved":
                assert form is not None
                assert form.saving is not None
                desk.records[form.record_id] = form.saving
                desk.drafts.pop(form.record_id, None)
                form = None
            case _:
                continue
        tally.acknowledged[line["what"]] += 1
    return form


def look(desk: Desk, store: Store, form: _Form | None, died_at: float, tally: Tally) -> None:
    """Count what is corrupt or lost; `form` is the one whose end nobody heard of."""
    with store.reading() as db:
        if wrong := _wrong_with(db):
            print(f"corrupt: {', '.join(wrong)}", file=sys.stderr)
            tally.corrupt += 1
        stored: dict[str, dict[str, str]] = {
            draft.record_id: dict(draft.answers) for draft in drafts.all_drafts(db)
        }
        if form is not None:
            first_gone = _settle_open_form(desk, db, stored, form, tally)
            if first_gone is not None:
                tally.longest_loss_s = max(tally.longest_loss_s, died_at - first_gone)
        lost = {
            "draft": [k for k, answers in desk.drafts.items() if stored.get(k) != answers],
            "record": [k for k, answers in desk.records.items() if not _is_whole(db, k, answers)],
            "household": [k for k, name in desk.households.items() if not _is_found(db, k, name)],
        }
    lost["picture"] = [name for name in desk.pictures if not _is_readable(store, name)]
    for kind, keys in lost.items():
        for key in keys:
            # Counted once: the next look is for what is lost by then.
            print(f"lost: {kind} {key}", file=sys.stderr)
            desk.forget(key)
        tally.rows_lost += len(keys)


def _settle_open_form(
    desk: Desk, db: Database, stored: dict[str, dict[str, str]], form: _Form, tally: Tally
) -> float | None:
    """The instant of the first key that is gone; what stands now is what the next typist finds."""
    found = stored.get(form.record_id)
    is_saved = form.saving is not None and _is_whole(db, form.record_id, form.saving)
    if found is None and is_saved and form.saving is not None:  # and nobody was told any more
        desk.records[form.record_id] = form.saving
        desk.drafts.pop(form.record_id, None)
        return None
    fitting = [number for number, state in enumerate(form.states) if state == found]
    if form.kept < 0 and found == desk.drafts.get(form.record_id):
        fitting.insert(0, 0)  # as it was before the form was opened
    if not fitting or fitting[-1] < form.kept:
        tally.rows_lost += 1
        print(f"draft lost: {form.record_id}", file=sys.stderr)
        desk.drafts.pop(form.record_id, None)
        return None
    if found is not None:
        desk.drafts[form.record_id] = found
    return form.typed_at[fitting[-1]] if fitting[-1] < len(form.typed_at) else None


def _wrong_with(db: Database) -> list[str]:
    """Pages authentic, trees whole, operations without holes, each record shown or to be shown."""
    numbered = db.rows(
        "SELECT min(seq), max(seq), count(*) FROM operation GROUP BY replica, incarnation"
    )
    shown = 'SELECT record_id FROM "answer_P13e"' if db.has_table("answer_P13e") else "''"
    unshown = f"SELECT count(*) FROM record WHERE is_due = 0 AND id NOT IN ({shown})"  # noqa: S608
    looks = {
        "pages": db.rows("PRAGMA cipher_integrity_check") == [],
        "trees": db.rows("PRAGMA integrity_check") == [("ok",)],
        "references": db.rows("PRAGMA foreign_key_check") == [],
        "numbers": all(low == 1 and high == count for low, high, count in numbered),
        "projection": db.count(unshown) == 0,
    }
    return [name for name, is_well in looks.items() if not is_well]


def _is_whole(db: Database, record_id: str, answers: dict[str, str]) -> bool:
    row = db.row("SELECT count(*) FROM record WHERE id = ?", (record_id,))
    return row == (1,) and dict(records.find(db, record_id).doc.answers) == answers


def _is_readable(store: Store, name: str) -> bool:
    try:
        blobs.read(store, name)
    except (BlobMissing, BlobDamaged):
        return False
    return True


def _is_found(db: Database, entity_id: str, label: str) -> bool:
    line = db.value("SELECT text FROM search WHERE list = ? AND id = ?", (LIST, entity_id))
    return entities.find_or_none(db, LIST, entity_id) is not None and label in str(line)
