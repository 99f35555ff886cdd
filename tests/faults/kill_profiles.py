"""Kills while a profile is made and while an old one is brought to today's tables."""

from __future__ import annotations

import random
import shutil
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldapp.clock import KOREA
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.errors import FieldAppError
from fieldapp.storage import blobs
from fieldapp.storage.database import Database, Store, newest_schema
from fieldapp.storage.key import open_key_file
from fieldapp.storage.profile import Profile, create_profile, list_profiles
from fieldapp.storage.sqlite import connect
from tests.faults.killing import Tally, killed_child
from tests.faults.typist import TypistClock
from tests.laptops import PASSWORD

OLD_PROFILES = Path(__file__).parents[1] / "upgrades"
PLACES = ("migrate.before_commit",)
_CREATING, _MIGRATING = "migrate.before_commit, creating", "migrate.before_commit, upgrading"


def kill_while_creating(folder: Path, chance: random.Random, tally: Tally) -> None:
    """A profile stands whole or is not there, and can be made again."""
    root = folder / "creating"
    new = root / "p1"

    def create(say: Callable[..., None], clock: TypistClock) -> None:
        create_profile(new, PASSWORD, created_at=clock.now(), cost=FAST_FOR_TESTS)

    killed_child(create, f"migrate.before_commit:{chance.randint(1, newest_schema())}")
    tally.kills[_CREATING] += 1
    if list_profiles(root):
        tally.corrupt += 1
    create_profile(new, PASSWORD, created_at=datetime.now(KOREA), cost=FAST_FOR_TESTS).close()
    shutil.rmtree(root)


@dataclass
class OldProfile:
    """A profile of an earlier version, and what stood in it."""

    profile: Profile
    data_key: bytes
    schema: int
    held: dict[str, list[tuple[Any, ...]]]


#: What a worker wrote, by table, with the columns that every version has had.
_WRITTEN = {
    "operation": "seq, op_id, object_id, kind, doc",
    "record": "id, form_id, form_version, local_doc, server_doc",
    "draft": "record_id, answers, cursor_path",
    "entity": "list, id, label, local_doc, server_doc",
    "blob": "name, sha256, size",
}


def old_profiles() -> list[OldProfile]:
    """The profiles under tests/upgrades that today's tables are newer than."""
    every = [_old_profile(key_file.parent) for key_file in OLD_PROFILES.glob("*/*/key.json")]
    return sorted(
        (old for old in every if old.schema < newest_schema()),
        key=lambda old: old.profile.folder.as_posix(),
    )


def _old_profile(folder: Path) -> OldProfile:
    with tempfile.TemporaryDirectory() as copies:
        copy = Profile(Path(shutil.copytree(folder, Path(copies) / "p")))
        data_key = open_key_file(copy.key_path, PASSWORD)
        db = connect(copy.store_path, data_key, "rw")
        try:
            return OldProfile(
                Profile(folder), data_key, db.count("PRAGMA user_version"), _written(db)
            )
        finally:
            db.close()


def _written(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: db.rows(f"SELECT {columns} FROM {table} ORDER BY 1, 2")  # noqa: S608 - constants
        for table, columns in _WRITTEN.items()
    }


def kill_while_upgrading(
    folder: Path, old: OldProfile, chance: random.Random, tally: Tally
) -> None:
    """An old store is the old one or the new one, with all that was written."""
    path = Profile(Path(shutil.copytree(old.profile.folder, folder / "old"))).store_path
    steps = newest_schema() - old.schema

    def upgrade(say: Callable[..., None], clock: TypistClock) -> None:
        Store.open(path, old.data_key)

    killed_child(upgrade, f"migrate.before_commit:{chance.randint(1, steps)}")
    tally.kills[_MIGRATING] += 1
    try:
        store = Store.open(path, old.data_key)
        with store.reading() as db:
            now = _written(db)
            names = [row[0] for row in db.rows("SELECT name FROM blob")]
        store.check()
        for name in names:
            blobs.read(store, name)
        store.close()
    except FieldAppError:
        traceback.print_exc()
        tally.corrupt += 1
    else:
        tally.rows_lost += sum(
            row not in now[table] for table, rows in old.held.items() for row in rows
        )
    shutil.rmtree(folder / "old")
