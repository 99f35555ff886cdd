"""What a store costs that has grown for years: 500,000 records in a file of 2 GB.

The projection's pace, a group-by over a million answers beside a bare count of the same rows, the
opening without the key's Argon2 beside an empty store's, and the memory of a process that unlocks,
lists, opens a record and counts a month. Bars: design.md §4 and the store's own.
Run: `make bench ARGS=large_store`; a smaller number as argument measures a smaller store.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.samples import (
    FORM_ID,
    PASSWORD,
    TEXT,
    keep_pulled,
    new_profile,
    project_all,
    quantile,
    unlock,
)
from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.figures import Period
from fieldapp.domain.ids import ReplicaId, uuid7
from fieldapp.domain.operation import ReplicaIdentity
from fieldapp.storage.database import Store
from fieldapp.storage.key import open_key_file
from fieldapp.storage.sqlite import quoted
from fieldapp.usecases import profiles, records, summaries
from fieldapp.usecases.session import Session

RECORDS = 500_000
PROJECTED = 100_000
ANSWERS = 1_000_000
OPENINGS = 5
PROJECTION_BAR_S, GROUPING_BAR_S, OPENING_BAR_S, MEMORY_BAR_MB = 90.0, 1.0, 1.0, 250.0
#: Pads a document to 4 kB, so that 500,000 of them fill 2 GB.
LONG_TEXT = TEXT * 3
NOVEMBER = Period.month(2026, 11)


def main(count: int = RECORDS) -> int:
    """Print what was measured; 1 when a bar was missed."""
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        root = Path(folder)
        session = new_profile(root / "profiles")
        is_met = [_bench_projection(session, min(count, PROJECTED))]
        keep_pulled(session, max(count - PROJECTED, 0), first=PROJECTED + 1, text=LONG_TEXT)
        project_all(session)
        is_met.append(_bench_grouping(session))
        session.store.close()
        is_met += [_bench_opening(root), _bench_memory(root / "profiles")]
    return 0 if all(is_met) else 1


def use(folder: Path) -> None:
    """What a worker does first, in a process of its own; prints its memory as JSON, in MB."""
    session = unlock(folder)
    records.status(session)
    listed = records.records_and_drafts(session)
    summaries.build_summary(session, FORM_ID, NOVEMBER)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    facts = dict(line.split(":", 1) for line in status.splitlines())
    resident, peak = (int(facts[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    print(json.dumps({"listed": len(listed), "resident": resident, "peak": peak}))
    session.store.close()


def _bench_projection(session: Session, count: int) -> bool:
    keep_pulled(session, count, text=LONG_TEXT)
    took_s = _seconds(lambda: project_all(session)) * PROJECTED / count
    return _told(f"project {PROJECTED:,}", took_s, "s", bar=PROJECTION_BAR_S, beside="")


def _bench_grouping(session: Session) -> bool:
    """Seven answers a record, over as many records as make a million of them."""
    with session.store.reading() as db:
        table = quoted("answer_" + FORM_ID)
        shown = db.count(f"SELECT count(*) FROM {table}")  # noqa: S608 - a table of ours
        columns = [f"items/q{item}" for item in range(1, 8)]
        limit = min(shown, -(-ANSWERS // len(columns)))

        def group() -> None:
            for column in columns:
                db.rows(
                    f"SELECT v, count(*) FROM (SELECT {quoted(column)} AS v FROM {table}"  # noqa: S608
                    " LIMIT ?) GROUP BY v",
                    (limit,),
                )

        def scan() -> None:
            for _ in columns:
                db.rows(f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT ?)", (limit,))  # noqa: S608

        group()
        took_s = quantile([_seconds(group) for _ in range(OPENINGS)], 0.5)
        floor_s = quantile([_seconds(scan) for _ in range(OPENINGS)], 0.5)
    return _told(
        f"group {limit * len(columns):,}",
        took_s,
        "s",
        bar=GROUPING_BAR_S,
        beside=f"{took_s / floor_s:.1f} x a bare count",
    )


def _bench_opening(root: Path) -> bool:
    """The file opened and asked once, beside an empty one."""
    (profile,) = profiles.list_profiles(root / "profiles")
    path = profile.folder / "store.db"
    key = open_key_file(profile.folder / "key.json", PASSWORD)
    empty_key = new_data_key()
    Store.create(
        root / "empty.db",
        empty_key,
        identity=ReplicaIdentity(ReplicaId(uuid7(datetime.now(UTC))), 1),
        created_at=datetime.now(UTC),
    ).close()
    opened_s = quantile([_seconds(lambda: _ask(path, key)) for _ in range(OPENINGS)], 0.5)
    floor_s = quantile(
        [_seconds(lambda: _ask(root / "empty.db", empty_key)) for _ in range(OPENINGS)], 0.5
    )
    size_gb = path.stat().st_size / 1e9
    return _told(
        f"open {size_gb:.2f} GB",
        opened_s,
        "s",
        bar=OPENING_BAR_S,
        beside=f"{opened_s / floor_s:.1f} x an empty store",
    )


def _bench_memory(folder: Path) -> bool:
    asked = [sys.executable, str(Path(__file__).resolve()), "use", str(folder)]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)  # noqa: S603
    said = json.loads(done.stdout)
    return _told(
        "resident memory",
        said["resident"],
        "MB",
        bar=MEMORY_BAR_MB,
        beside=f"{said['listed']:,} listed; peak {said['peak']:.0f} MB with Argon2's 64",
    )


def _ask(path: Path, key: bytes) -> None:
    store = Store.open(path, key)
    with store.reading() as db:
        db.row("SELECT id FROM record WHERE deleted = 0 ORDER BY updated_ms DESC LIMIT 1")
    store.close()


def _told(what: str, value: float, unit: str, *, bar: float, beside: str) -> bool:
    missed = f"   missed by {value - bar:.2f} {unit}" if value > bar else ""
    print(f"{what:20} {value:8.3f} {unit:2}   bar {bar:g} {unit}   {beside}{missed}", flush=True)
    return value <= bar


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    if sys.argv[1:2] == ["use"]:
        use(Path(sys.argv[2]))
        sys.exit(0)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS))
