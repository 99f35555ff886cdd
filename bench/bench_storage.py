"""What the store takes of a worker's time: a save, a draft, the unlocking, a summary.

On a store of 100,000 surveys. A save is the whole use case (the form checked, operation, record,
projection, draft's end) and durable when it returns; by turns with it, the floor: one row of the
same document into a bare SQLCipher file on the same disk, committed with the same pragmas.
Bars: design.md §4. Run: `make bench ARGS=storage`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from fieldapp.clock import KOREA
from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.figures import Period
from fieldapp.domain.shapes import encode
from fieldapp.storage import figures, operations
from fieldapp.storage.key import open_key_file
from fieldapp.storage.sqlite import Database, connect
from fieldapp.usecases import filling, finishing, profiles, summaries
from fieldapp.usecases.session import Session

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.measuring import median, quantile, seconds, told
from bench.samples import (
    FORM_ID,
    PASSWORD,
    TEXT,
    keep_pulled,
    new_profile,
    project_all,
    survey,
    unlock,
)

RECORDS = 100_000
SAVES, UNLOCKS, COUNTS = 300, 5, 3
SAVE_RATIO_BAR, SAVE_BAR_MS, UNLOCK_BAR_S, SUMMARY_BAR_S = 5.0, 10.0, 0.8, 2.0
NOVEMBER = Period.month(2026, 11)
#: What a worker gives; the rest the form computes.
ANSWERED = ("batch", "serial", "mode", "again", "damage", "good")


def main(count: int = RECORDS) -> int:
    """Print what was measured; 1 when a bar was missed."""
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        root = Path(folder)
        session = new_profile(root / "profiles")
        kept_s = seconds(lambda: keep_pulled(session, count))
        projected_s = seconds(lambda: project_all(session))
        print(
            f"{count:,} records: {count / kept_s:,.0f}/s kept, {count / projected_s:,.0f}/s shown"
        )
        session.store.close()
        is_met = [_bench_unlock(root / "profiles")]
        session = unlock(root / "profiles")
        is_met += [_bench_saves(session, root / "floor.db"), _bench_summary(session, count)]
        session.store.close()
    return 0 if all(is_met) else 1


def _bench_unlock(folder: Path) -> bool:
    """The password to an open session, beside the key alone."""
    (profile,) = profiles.list_profiles(folder)
    key_file = profile.folder / "key.json"
    unlocks_s: list[float] = []
    keys_s: list[float] = []
    for _ in range(UNLOCKS):
        keys_s.append(seconds(lambda: open_key_file(key_file, PASSWORD)))
        began = time.perf_counter()
        session = unlock(folder)
        unlocks_s.append(time.perf_counter() - began)
        session.store.close()
    return told(
        "unlock",
        median(unlocks_s),
        "s",
        bar=UNLOCK_BAR_S,
        floor=median(keys_s),
        beside="key alone",
    )


def _bench_saves(session: Session, floor_path: Path) -> bool:
    """Drafts and saves, each by turns with a bare commit."""
    floor = connect(floor_path, new_data_key(), "rwc")
    floor.execute("CREATE TABLE floor (id INTEGER PRIMARY KEY, doc TEXT NOT NULL)")
    drafts_ms: list[float] = []
    saves_ms: list[float] = []
    commits_ms: list[float] = []
    for serial in range(1, SAVES + 1):
        snapshot = _filled(session, serial)
        drafts_ms.append(1e3 * seconds(partial(filling.keep_draft, session, snapshot)))
        saves_ms.append(1e3 * seconds(partial(finishing.finish, session, snapshot)))
        document = _last_document(session, snapshot.record_id)
        commits_ms.append(1e3 * seconds(partial(_commit, floor, document)))
    floor.close()
    commit_ms = median(commits_ms)
    print(f"{'bare commit':18} {_spread(commits_ms)}   floor")
    print(
        f"{'draft kept':18} {_spread(drafts_ms)}   {median(drafts_ms) / commit_ms:4.1f} x; no bar"
    )
    print(f"{'durable save':18} {_spread(saves_ms)}")
    p95_ms = quantile(saves_ms, 0.95)
    is_fast = told(
        "save p95",
        p95_ms,
        "ms",
        bar=SAVE_BAR_MS,
        floor=quantile(commits_ms, 0.95),
        beside="commit p95",
    )
    ratio = median(saves_ms) / commit_ms
    return (
        told("save / commit", ratio, "x", bar=SAVE_RATIO_BAR, floor=1, beside="commit p50")
        and is_fast
    )


def _filled(session: Session, serial: int) -> filling.DraftSnapshot:
    """A survey as it stands in the window when the worker finishes it."""
    form = filling.open_new(session, FORM_ID)
    for path, text in survey(serial, TEXT).items():
        if path in ANSWERED or path.startswith("items/"):
            form.filling.answer(path, text)
    return form.snapshot(None)


def _last_document(session: Session, record_id: str) -> str:
    """The operation that a save made: what the floor writes, too."""
    with session.store.reading() as db:
        (own,) = operations.for_object(db, record_id)
    return encode(own.operation).decode()


def _commit(floor: Database, document: str) -> None:
    floor.execute("BEGIN IMMEDIATE")
    floor.execute("INSERT INTO floor (doc) VALUES (?)", (document,))
    floor.execute("COMMIT")


def _bench_summary(session: Session, count: int) -> bool:
    """A month's summary to the finished page, beside the counting alone."""
    plans = session.catalogue.newest(FORM_ID).plans.summaries
    counted_at = datetime.now(KOREA)

    def count_only() -> None:
        with session.store.reading() as db:
            for plan in plans:
                counted = figures.figures(
                    db, plan, period=NOVEMBER, scope=session.worker.scope, counted_at=counted_at
                )
                if counted.records < count:
                    raise SystemExit(f"{counted.records} records of {count} were counted")

    counts_s: list[float] = []
    wholes_s: list[float] = []
    for _ in range(COUNTS):
        counts_s.append(seconds(count_only))
        wholes_s.append(seconds(lambda: summaries.build_summary(session, FORM_ID, NOVEMBER)))
    return told(
        "summary",
        median(wholes_s),
        "s",
        bar=SUMMARY_BAR_S,
        floor=median(counts_s),
        beside="counting alone",
    )


def _spread(values_ms: Sequence[float]) -> str:
    return f"{median(values_ms):6.2f} ms p50 {quantile(values_ms, 0.95):6.2f} ms p95"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS))
