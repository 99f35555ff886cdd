"""A profile with a backup, written in since, whose store can be damaged page by page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import RecordId, ScopeId, UserId
from fieldapp.errors import StoreDamaged
from fieldapp.storage import blobs, meta
from fieldapp.storage.backup import Backup, make_backup
from fieldapp.storage.database import Store
from fieldapp.storage.restore import Restored, restore
from fieldapp.storage.sqlite import connect
from tests.storage import building as b

PAGE = 4096
LATER = b.NOON + timedelta(hours=5)
WORKER = Worker(UserId("u-1"), "가상-담당", frozenset({"visitor"}), ScopeId("가상-햇살동"))
#: Long enough that two operations fill a page.
LONG = {"good": "가상-긴-글 " * 60}


@dataclass
class Profile:
    """A profile backed up with ten records, and ten more written since."""

    folder: Path
    key: bytes
    backup: Backup
    before: list[RecordId] = field(default_factory=list)
    since: list[RecordId] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.folder / "store.db"

    def open(self) -> Store:
        return Store.open(self.path, self.key)

    def restore(self) -> Restored:
        return restore(self.folder, self.backup, self.key, now=LATER, kind_of=lambda _: "survey")

    def flip(self, page: int, at: int = 2000) -> None:
        content = bytearray(self.path.read_bytes())
        content[(page - 1) * PAGE + at] ^= 1
        self.path.write_bytes(content)

    def pages_where(self, sql: str, *values: str) -> list[int]:
        """The pages without which a query cannot be answered, bar those of the tables' list."""
        whole = self.path.read_bytes()
        found = []
        for page in range(2, len(whole) // PAGE + 1):
            self.flip(page)
            try:
                connect(self.path, self.key, "ro").close()
                db = connect(self.path, self.key, "ro")
                try:
                    db.rows(sql, values)
                except StoreDamaged:
                    found.append(page)
                finally:
                    db.close()
            except StoreDamaged:
                pass
            self.path.write_bytes(whole)
        return found


def backed_up_profile(tmp_path: Path) -> Profile:
    """Its backup lies in `tmp_path / "usb"`; the store is closed."""
    folder, key = tmp_path / "0123456789abcdef", new_data_key()
    folder.mkdir()
    store = Store.create(folder / "store.db", key, identity=b.IDENTITY, created_at=b.NOON)
    with store.writing() as db:
        meta.put_worker(db, WORKER)
    before = [b.create(store, LONG, record_id=b.record_id_at(minute)) for minute in range(10)]
    blobs.keep(store, b"%PDF-1", "pdf")
    backup = make_backup(store, tmp_path / "usb", made_at=b.NOON, kind="daily")
    since = [b.create(store, LONG, record_id=b.record_id_at(minute)) for minute in range(20, 30)]
    store.close()
    return Profile(folder, key, backup, before, since)
