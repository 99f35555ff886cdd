"""kill -9 over and over, at every named place: `python -m tests.faults.kill_test --kills 1000`.

One warm process forks a typist for each kill, with a place and a pass drawn from a seed; some are
killed when a line of what they said is read, wherever they are by then. After each kill the store
is opened and read whole: pages, tables, operation numbers, and everything acknowledged. The last
three lines are the figures.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.packs import Catalogue
from fieldapp.storage.key import create_key_file
from fieldapp.storage.profile import Profile
from tests.faults.kill_backups import kill_while_backing_up, kill_while_restoring
from tests.faults.kill_desk import Desk, kill_at_desk
from tests.faults.kill_profiles import kill_while_creating, kill_while_upgrading, old_profiles
from tests.faults.kill_rekey import kill_while_rekeying
from tests.faults.killing import LOSS_BAR_S, Tally
from tests.faults.typist import new_store
from tests.laptops import PASSWORD
from tests.servers import PACKS, compiled

#: A store works through so many kills before a new one takes its place.
KILLS_A_STORE = 20


def run(kills: int, seed: int, folder: Path) -> Tally:
    """So many kills, the same ones for the same seed."""
    chance = random.Random(seed)
    tally = Tally()
    pack = compiled(PACKS / "P13e.xlsx")
    catalogue = Catalogue()
    catalogue.add_compiled(pack)
    old = old_profiles()
    if not old:
        tally.not_tried.append("an upgrade: no profile under tests/upgrades is older than today's")
    desk: Desk | None = None
    first = 0
    while (number := tally.kills.total()) < kills:
        if desk is None or number - first >= KILLS_A_STORE:
            desk, first = _new_desk(folder / f"store-{number}", pack, catalogue), number
        errand = chance.random()
        if errand < 0.05:
            kill_while_creating(folder, chance, tally)
        elif errand < 0.1 and old:
            kill_while_upgrading(folder, chance.choice(old), chance, tally)
        elif errand < 0.14:
            kill_while_backing_up(desk, tally)
        elif errand < 0.24:
            kill_while_restoring(desk, chance, tally)
        elif errand < 0.3:
            kill_while_rekeying(desk, chance, tally)
        else:
            kill_at_desk(desk, chance, tally)
    return tally


def _new_desk(folder: Path, pack: bytes, catalogue: Catalogue) -> Desk:
    """A desk with an empty store; those before it are put away."""
    for old in folder.parent.iterdir():
        shutil.rmtree(old)
    profile = Profile(folder / "profile")
    profile.folder.mkdir(parents=True)
    data_key = create_key_file(profile.key_path, PASSWORD, cost=FAST_FOR_TESTS)
    new_store(profile.store_path, data_key, pack)
    return Desk(profile.store_path, data_key, catalogue)


def report(tally: Tally, took_s: float) -> str:
    """By place, then the three figures, last."""
    lines = [f"{count:6} kills at {place}" for place, count in sorted(tally.kills.items())]
    heard = ", ".join(f"{count} {what}" for what, count in sorted(tally.acknowledged.items()))
    lines += [f"heard: {heard}", *(f"NOT TRIED: {what}" for what in tally.not_tried)]
    lines += [
        f"{tally.kills.total()} kills in {took_s:.0f} s",
        f"corrupt stores: {tally.corrupt}",
        f"acknowledged rows lost: {tally.rows_lost}",
        f"longest draft loss: {tally.longest_loss_s:.2f} s (bar {LOSS_BAR_S:.0f} s)",
    ]
    return "\n".join(lines)


def main() -> int:
    """0 when nothing was lost beyond the bar."""
    parser = argparse.ArgumentParser(description="kill -9 at every named place")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261201)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fieldapp-kill-") as folder:
        tally = run(asked.kills, asked.seed, Path(folder))
    print(report(tally, time.monotonic() - began))
    return 0 if tally.holds() else 1


if __name__ == "__main__":
    sys.exit(main())
