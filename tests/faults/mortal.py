"""A laptop that can lose its power and its disk at any moment, and what it acknowledged by then."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fieldapp.clock import KOREA
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.errors import NothingChanged
from fieldapp.storage import drafts, meta, operations, records
from fieldapp.storage.profile import create_profile
from fieldapp.storage.restore import Restored
from fieldapp.usecases import backups, filling, finishing, profiles
from fieldapp.usecases.session import lock
from tests.laptops import PASSWORD
from tests.servers import PACKS, compiled

FORM = "P13e"
WORKER = Worker(UserId("가상-u"), "가상-오사무", frozenset({"secretariat"}), ScopeId("가상-햇살동"))


@dataclass
class HookedClock:
    """Stands until it is set; whoever looks at it next sets off what hangs on it, once."""

    at: datetime = datetime(2026, 11, 21, 9, tzinfo=KOREA)
    at_next_look: Callable[[], None] | None = None

    def now(self) -> datetime:
        act, self.at_next_look = self.at_next_look, None
        if act is not None:
            act()
        return self.at


@dataclass
class Model:
    """What was acknowledged: answers by record, kept drafts, how many operations."""

    records: dict[str, Mapping[str, str]] = field(default_factory=dict)
    drafts: dict[str, Mapping[str, str]] = field(default_factory=dict)
    operations: int = 0


def make_home(home: Path) -> None:
    """A profile in which nothing was written yet (`laptop`), and the one form of it (`packs`)."""
    packs = home / "packs"
    packs.mkdir()
    (packs / f"{FORM}.pack").write_bytes(compiled(PACKS / f"{FORM}.xlsx"))
    clock = HookedClock()
    folder = home / "laptop" / "0123456789abcdef"
    store = create_profile(folder, PASSWORD, created_at=clock.now(), cost=FAST_FOR_TESTS)
    with store.writing() as db:
        meta.put_worker(db, WORKER)
    lock(profiles.begin_session(store, clock, packs, folder.name))


class MortalLaptop:
    """The real use cases over one profile folder, which a death exchanges for a copy of itself."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._packs = home / "packs"
        self._lives = folder
        self.folder = folder / "0"
        shutil.copytree(home / "laptop", self.folder)
        self.clock = HookedClock()
        self.model = Model()
        self.unlock()

    def unlock(self) -> None:
        (profile,) = profiles.list_profiles(self.folder)
        self.session = profiles.unlock(profile, PASSWORD, self.clock, self._packs)

    def keep(self, form: filling.OpenForm) -> None:
        """As the window does within two seconds; acknowledged on return."""
        snapshot = form.snapshot("serial")
        filling.keep_draft(self.session, snapshot)
        self.model.drafts[form.record_id] = dict(snapshot.answers)

    def save(self, form: filling.OpenForm) -> None:
        """마치기; acknowledged on return. Nothing happens when nothing was changed."""
        try:
            finishing.finish(self.session, form.snapshot(None), reason="가상-정정")
        except NothingChanged:
            return
        self.model.records[form.record_id] = dict(form.filling.answers())
        self.model.drafts.pop(form.record_id, None)
        self.model.operations += 1

    def copied(self) -> Path:
        """The folder as a power cut would leave it now."""
        number = max(int(life.name) for life in self._lives.iterdir()) + 1
        copy = self._lives / str(number)
        return Path(shutil.copytree(self.folder, copy, ignore=shutil.ignore_patterns("*-shm")))

    def go_on_with(self, copy: Path) -> None:
        """This laptop is that copy from now on, and still closed."""
        self.session.store.close()
        shutil.rmtree(self.folder)
        self.folder = copy

    def closed(self, *, dies: bool) -> Path:
        """The store's file: of a laptop that was locked, or that died and left its log behind."""
        if dies:
            self.go_on_with(self.copied())
        else:
            lock(self.session)
        return self.folder / self.session.profile_id / self.session.store.path.name

    def restore(self) -> Restored:
        """From the newest backup; the store is closed before and after."""
        (profile,) = profiles.list_profiles(self.folder)
        return backups.restore_newest_good(profile, PASSWORD, self.clock)

    def standing(self) -> Model:
        """What is there."""
        with self.session.store.reading() as db:
            ids = [key for (key,) in db.rows("SELECT id FROM record")]
            return Model(
                records={key: dict(records.find(db, key).doc.answers) for key in ids},
                drafts={one.record_id: dict(one.answers) for one in drafts.all_drafts(db)},
                operations=operations.count_unsent(db),
            )
