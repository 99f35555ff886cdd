"""What a store costs that has grown for years: 500,000 records in a file of 2 GB.

The projection's pace, a summary of a million answers beside one of its columns read, the
opening without the key's Argon2 beside an empty store's, and the memory of a process that unlocks,
lists, opens a record and counts a month. Bars: design.md §4 and the store's own.
Run: `make bench ARGS=large_store`; a smaller number as argument measures a smaller store.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.measuring import median, quantile, seconds, told
from bench.samples import (
    FORM_ID,
    PASSWORD,
    TEXT,
    keep_pulled,
    new_profile,
    project_all,
    unlock,
)
from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.figures import Period
from fieldapp.domain.ids import ReplicaId, uuid7
from fieldapp.domain.operation import ReplicaIdentity
from fieldapp.domain.plans import SummaryPlan
from fieldapp.storage import figures
from fieldapp.storage.database import Store
from fieldapp.storage.key import open_key_file
from fieldapp.storage.sqlite import quoted
from fieldapp.usecases import profiles, records, summaries
from fieldapp.usecases.session import Session

RECORDS = 500_000
PROJECTED = 100_000
ANSWERS, ITEMS = 1_000_000, 7
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
        grouped = min(count, -(-ANSWERS // ITEMS))
        _keep_more(session, min(count, PROJECTED), grouped)
        is_met.append(_bench_grouping(session))
        _keep_more(session, grouped, count)
        session.store.close()
        is_met += [_bench_opening(root), _bench_memory(root / "profiles")]
    return 0 if all(is_met) else 1


def use(folder: Path) -> None:
    """What a worker does first, in a process of its own; prints its memory as JSON, in MB."""
    session = unlock(folder)
    records.status(session)
    listed = records.records_page(session).rows
    summaries.build_summary(session, FORM_ID, NOVEMBER)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    facts = dict(line.split(":", 1) for line in status.splitlines())
    resident, peak = (int(facts[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    print(json.dumps({"listed": len(listed), "resident": resident, "peak": peak}))
    session.store.close()


def _keep_more(session: Session, kept: int, count: int) -> None:
    keep_pulled(session, max(count - kept, 0), first=kept + 1, text=LONG_TEXT)
    project_all(session)


def _bench_projection(session: Session, count: int) -> bool:
    keep_pulled(session, count, text=LONG_TEXT)
    took_s = seconds(lambda: project_all(session)) * PROJECTED / count
    return told(f"project {PROJECTED:,}", took_s, "s", bar=PROJECTION_BAR_S, beside="")


def _bench_grouping(session: Session) -> bool:
    """A month's summary of seven answers a record, over as many records as make a million."""
    plan = next(
        plan
        for plan in session.catalogue.newest(FORM_ID).plans.summaries
        if isinstance(plan, SummaryPlan)
    )
    with session.store.reading() as db:
        table = quoted("answer_" + FORM_ID)

        def group() -> None:
            figures.figures(db, plan, period=NOVEMBER, scope=None, counted_at=datetime.now(UTC))

        def scan() -> None:
            db.count(f"SELECT count({quoted(plan.rows[0].paths[0])}) FROM {table}")  # noqa: S608

        answers = db.count(f"SELECT count(*) FROM {table}") * len(  # noqa: S608 - a table of ours
            {path for row in plan.rows for path in row.paths}
        )
        group()
        took_s = median([seconds(group) for _ in range(OPENINGS)])
        floor_s = median([seconds(scan) for _ in range(OPENINGS)])
    return told(
        f"group {answers:,}",
        took_s,
        "s",
        bar=GROUPING_BAR_S,
        beside="one column read",
        floor=floor_s,
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
    opened_s = quantile([seconds(lambda: _ask(path, key)) for _ in range(OPENINGS)], 0.5)
    floor_s = quantile(
        [seconds(lambda: _ask(root / "empty.db", empty_key)) for _ in range(OPENINGS)], 0.5
    )
    size_gb = path.stat().st_size / 1e9
    return told(
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
    return told(
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


if __name__ == "__main__":
    if sys.argv[1:2] == ["use"]:
        use(Path(sys.argv[2]))
        sys.exit(0)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS))
