"""Kills while the store is written again under another data key."""

from __future__ import annotations

import random
import shutil
import traceback
from collections.abc import Callable
from datetime import datetime

from fieldapp.clock import KOREA
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.errors import FieldAppError
from fieldapp.storage.backup import check_backup, list_backups
from fieldapp.storage.key import open_key_file
from fieldapp.storage.profile import Profile
from fieldapp.storage.rekey import end_rekey, rekey, sweep_backups
from tests.faults.kill_backups import back_up, look_again
from tests.faults.kill_desk import Desk
from tests.faults.killing import Tally, killed_child
from tests.faults.typist import WORKER, TypistClock
from tests.laptops import PASSWORD

_BEFORE = ("rekey.before_key", "rekey.before_switch")
_AFTER = ("rekey.in_switch", "rekey.before_sweep")
PLACES = (*_BEFORE, *_AFTER)


def kill_while_rekeying(desk: Desk, chance: random.Random, tally: Tally) -> None:
    """The old key opens all of it or the new one does, and it can be changed again."""
    failpoint = chance.choice((*_BEFORE, *_AFTER))
    place = desk.path.parent.with_name("backups of keys")
    back_up(desk, place)

    def work(_say: Callable[..., None], _clock: TypistClock) -> None:
        _rekey(desk)

    killed_child(work, f"{failpoint}:1")
    tally.kills[failpoint] += 1
    try:
        is_made = end_rekey(desk.path.parent)
        opened = open_key_file(Profile(desk.path.parent).key_path, PASSWORD)
        if (opened != desk.data_key) != (failpoint in _AFTER) or (is_made and failpoint in _BEFORE):
            tally.corrupt += 1
        desk.data_key = opened
        look_again(desk, tally)
        desk.data_key = _rekey(desk)
        look_again(desk, tally)
        now = datetime.now(KOREA)
        sweep_backups(desk.path.parent, desk.data_key, place, now)
        for whole in list_backups(place, desk.path.parent.name):
            check_backup(whole, desk.data_key)
    except FieldAppError:
        traceback.print_exc()
        tally.corrupt += 1
    shutil.rmtree(place)
    if desk.backup is not None:
        # Of the key before: nothing puts it back any more.
        shutil.rmtree(desk.backup.path.parent)
        desk.backup = None


def _rekey(desk: Desk) -> bytes:
    return rekey(
        desk.path.parent,
        PASSWORD,
        user=WORKER.user,
        now=datetime.now(KOREA),
        cost=FAST_FOR_TESTS,
    )
