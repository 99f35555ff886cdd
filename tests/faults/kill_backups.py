"""Kills while a backup is made and while one takes the place of the store."""

from __future__ import annotations

import random
import shutil
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fieldapp.clock import KOREA
from fieldapp.domain.operation import FormRef
from fieldapp.errors import FieldAppError
from fieldapp.storage.backup import Backup, check_backup, list_backups, make_backup
from fieldapp.storage.database import Store
from fieldapp.storage.restore import end_restore, restore
from tests.faults.kill_desk import Desk, look
from tests.faults.killing import Tally, killed_child
from tests.faults.typist import TypistClock

_BACKUP = "backup.before_manifest"
_RESTORE = ("restore.before_swap", "restore.in_swap")
PLACES = (_BACKUP, *_RESTORE)


def kill_while_backing_up(desk: Desk, tally: Tally) -> None:
    """A backup is whole or none; the store is as it was, and can be backed up again."""
    place = desk.path.parent.with_name("backups")

    def work(_say: Callable[..., None], _clock: TypistClock) -> None:
        back_up(desk, place)

    killed_child(work, f"{_BACKUP}:1")
    tally.kills[_BACKUP] += 1
    try:
        for whole in list_backups(place, desk.path.parent.name):
            check_backup(whole, desk.data_key)
        check_backup(back_up(desk, place), desk.data_key)
        look_again(desk, tally)
    except FieldAppError:
        traceback.print_exc()
        tally.corrupt += 1
    shutil.rmtree(place)


def kill_while_restoring(desk: Desk, chance: random.Random, tally: Tally) -> None:
    """A backup of some kills ago takes the place of the store; what came after it is there too."""
    if desk.backup is None:
        desk.backup = back_up(desk, desk.path.parent.with_name("kept backups"))
        return
    backup, failpoint = desk.backup, chance.choice(_RESTORE)

    def put_back(_say: Callable[..., None], _clock: TypistClock) -> None:
        _restore(desk, backup)

    killed_child(put_back, f"{failpoint}:1")
    tally.kills[failpoint] += 1
    try:
        end_restore(desk.path.parent, datetime.now(KOREA))
        look_again(desk, tally)
        _restore(desk, backup)
        look_again(desk, tally)
    except FieldAppError:
        traceback.print_exc()
        tally.corrupt += 1
    desk.backup = None
    shutil.rmtree(backup.path.parent)


def back_up(desk: Desk, place: Path) -> Backup:
    """A daily backup of the desk's store."""
    store = Store.open(desk.path, desk.data_key)
    try:
        return make_backup(store, place, made_at=datetime.now(KOREA), kind="daily")
    finally:
        store.close()


def _restore(desk: Desk, backup: Backup) -> None:
    def kind_of(form: FormRef) -> str:
        return desk.catalogue.find(form).plans.kind

    now = datetime.now(KOREA)
    restore(desk.path.parent, backup, desk.data_key, now=now, kind_of=kind_of)


def look_again(desk: Desk, tally: Tally) -> None:
    """The whole store against what must stand in it."""
    store = Store.open(desk.path, desk.data_key)
    try:
        look(desk, store, None, 0.0, tally)
    finally:
        store.close()
