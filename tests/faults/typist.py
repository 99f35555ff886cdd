"""A worker at a laptop who never stops: types, saves, amends, keeps pictures, writes households.

Time is the typist's own: the pauses between keys are skipped, work takes what it takes. Drafts are
kept by the window's rule: when a question is left, and 1.5 s after the first key not yet kept.
Everything is said through `say` as it happens, so that whoever kills this process knows what had
been acknowledged, and what had been typed by then.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fieldapp.clock import KOREA
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId, uuid7
from fieldapp.packs import Catalogue
from fieldapp.storage import drafts, meta, packs, records
from fieldapp.storage.database import Store
from fieldapp.ui.filling.keeping import KEEP_AFTER_MS
from fieldapp.usecases import files, filling, finishing, lists
from fieldapp.usecases.filling import OpenForm
from fieldapp.usecases.session import Session
from tests.laptops import ANSWERS

WORKER = Worker(
    UserId("가상-오사무"), "가상-오사무", frozenset({"secretariat"}), ScopeId("가상-햇살동")
)
LIST = "household"
#: The slowest a worker types: seconds between two keys.
SLOW_S = 0.9

_TEXTS = (
    "가상-문이 잘 닫힙니다",
    "가상-밤에도 불이 켜집니다",
    "가상-소리가 작아 잘 듣지 못했다고 하십니다",
)
_ERRANDS = ("fill", "fill", "amend", "resume", "picture", "household")

Say = Callable[..., None]


class TypistClock:
    """The present, later by all pauses that were skipped."""

    def __init__(self) -> None:
        self.skipped_s = 0.0

    def now(self) -> datetime:
        """The device's clock, as the typist reads it."""
        return datetime.now(KOREA) + timedelta(seconds=self.skipped_s)

    def instant(self) -> float:
        """Seconds; only differences mean anything."""
        return time.monotonic() + self.skipped_s

    def skip(self, seconds: float) -> None:
        """A pause nobody waits for."""
        self.skipped_s += max(0.0, seconds)


def open_session(path: Path, data_key: bytes, catalogue: Catalogue, clock: TypistClock) -> Session:
    """The profile unlocked with its data key: what Argon2 takes is no part of this."""
    return Session(
        store=Store.open(path, data_key),
        worker=WORKER,
        clock=clock,
        catalogue=catalogue,
        profile_id="kill-test",
        boot_id="boot-1",
    )


def new_store(path: Path, data_key: bytes, pack_content: bytes) -> None:
    """A profile's store as it stands on its first day."""
    store = Store.create(path, data_key, identity=None, created_at=datetime.now(KOREA))
    catalogue = Catalogue()
    catalogue.add_compiled(pack_content)
    with store.writing() as db:
        meta.put_worker(db, WORKER)
        packs.install(db, form=catalogue.forms()[0], content=pack_content, workbook_sha256="0" * 64)
    store.close()


class Typist:
    """Works until killed. `say(what, **facts)` tells of each key and each acknowledgement."""

    def __init__(
        self, session: Session, clock: TypistClock, chance: random.Random, say: Say
    ) -> None:
        self._session = session
        self._clock = clock
        self._chance = chance
        self._say = say
        self._unkept_since: float | None = None

    def work(self) -> None:
        """One errand after another, for ever."""
        while True:
            getattr(self, self._chance.choice(_ERRANDS))()

    def fill(self) -> None:
        """A new survey, saved or left as a draft."""
        self._type_and_leave(filling.open_new(self._session, "P13e"), self._survey())

    def resume(self) -> None:
        """A draft left before, where there is one."""
        with self._session.store.reading() as db:
            kept = drafts.all_drafts(db)
        if kept:
            form = filling.open_draft(self._session, self._chance.choice(kept).record_id)
            self._type_and_leave(form, self._some_of_survey())

    def amend(self) -> None:
        """A change of a record that was finished before, with its reason."""
        with self._session.store.reading() as db:
            begun = {draft.record_id for draft in drafts.all_drafts(db)}
            free = [row.record_id for row in records.page(db, limit=100)]
        if free := [record for record in free if record not in begun]:
            form = filling.open_record(self._session, self._chance.choice(free))
            self._type_and_leave(form, self._some_of_survey())

    def picture(self) -> None:
        """A picture kept beside the store."""
        content = b"\x89PNG\r\n\x1a\n" + self._chance.randbytes(self._chance.randint(100, 60_000))
        self._say("picture", name=files.keep_file(self._session, content, "png"))

    def household(self) -> None:
        """A household written into the list; it must be found by its name."""
        label = f"가상-가구 {self._chance.randrange(10**9)}"
        entity_id = uuid7(self._clock.now())
        with self._session.store.writing() as db:
            lists.register(self._session, db, LIST, entity_id, label=label, props={"grade": "risk"})
        self._say("household", id=entity_id, label=label)

    def _type_and_leave(self, form: OpenForm, typed: Iterator[tuple[str, str]]) -> None:
        self._unkept_since = None
        self._say("opened", id=form.record_id, state=_state(form))
        cursor = None
        for cursor, text in typed:
            for key in self._keys(cursor, text):
                self._pause(form, cursor)
                form.filling.answer(cursor, key)
                self._unkept_since = self._unkept_since or self._clock.instant()
                self._say("key", id=form.record_id, state=_state(form), at=self._clock.instant())
            self._keep(form, cursor)
        if self._chance.random() < 0.3 or form.filling.violations():
            filling.put_away(self._session, form.snapshot(cursor))
            self._say("kept", id=form.record_id)
            return
        self._say("saving", id=form.record_id, answers=dict(form.filling.answers()))
        finishing.finish(self._session, form.snapshot(cursor), reason="가상-정정")
        self._say("saved", id=form.record_id)

    def _pause(self, form: OpenForm, cursor: str) -> None:
        """Until the next key; the window's timer may run out before."""
        pause = self._chance.uniform(0.05, SLOW_S)
        if self._unkept_since is not None:
            left = self._unkept_since + KEEP_AFTER_MS / 1000 - self._clock.instant()
            if left <= pause:
                self._clock.skip(left)
                self._keep(form, cursor)
                pause -= max(0.0, left)
        self._clock.skip(pause)

    def _keep(self, form: OpenForm, cursor: str) -> None:
        if self._unkept_since is not None:
            self._say("keeping", id=form.record_id)
            filling.keep_draft(self._session, form.snapshot(cursor))
            self._unkept_since = None
            self._say("kept", id=form.record_id)

    def _keys(self, path: str, text: str) -> Iterator[str]:
        """What stands in the field after each key."""
        if not path.endswith("good"):
            yield text
            return
        for end in range(1, len(text) + 1):
            yield text[:end]

    def _survey(self) -> Iterator[tuple[str, str]]:
        yield from ANSWERS.items()
        yield "serial", str(self._chance.randint(1, 999))
        yield "good", self._text()

    def _some_of_survey(self) -> Iterator[tuple[str, str]]:
        for number in self._chance.sample(range(1, 8), 3):
            yield f"items/q{number}", str(self._chance.randint(1, 5))
        yield "good", self._text()

    def _text(self) -> str:
        return f"{self._chance.choice(_TEXTS)} {self._chance.randrange(10**9)}"


def _state(form: OpenForm) -> dict[str, Any]:
    """What stands in the window, as a draft would hold it."""
    return dict(form.filling.draft_answers())
