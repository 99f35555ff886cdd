"""Push and pull of surveys of about 2 kB by the real client, over loopback, beside its peers.

One laptop wrote them; the real exchange brings them from its encrypted store to a server process
over PostgreSQL, and another laptop's exchange takes them into its own store and then shows them in
columns. Client, server and database share this machine's cores, and so do those of the others:

- the floor is Starlette and psycopg with one plain table, and a client that puts what it pulls into
  one plain table of an encrypted file, without receipts, merge and policies (`sync/floor.py`);
- the peer is PouchDB replicating with express-pouchdb, its own store plain leveldb (npm, where
  there is one; `sync/peers`).

Every engine's client and server are processes of their own. The engines take turns, `--rounds` of
them, so that what else the machine does hits all; told is the best round of each, because other
work only ever adds. Memory is counted from the first message on, so without the checks of
passwords. Bytes are counted on a line of their own, of fewer records. Bars: design.md §4.
`make bench-sync ARGS="5000 50000"`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.measuring import told
from bench.samples import PACKS, PASSWORD, SCOPE, TEXT, form_of, new_profile, survey
from bench.sync.processes import (
    PEERS,
    Listening,
    Told,
    child,
    cpu_s,
    forget_peak,
    peak_mib,
    python,
)
from bench.sync.relay import Relay
from fieldapp.domain.ids import new_record_id
from fieldapp.domain.operation import Transition, changed_answers
from fieldapp.domain.shapes import encode
from fieldapp.server import accounts
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.migrations import migrate
from fieldapp.server.process import ServerProcess
from fieldapp.storage import records
from fieldapp.usecases import exchange
from fieldapp.usecases.session import Session, append_operation, record_ref

RECORDS = 5_000
#: How many records the counted line carries.
COUNTED = 500
PUSH_BAR, STORED_BAR, PROJECTED_BAR = 2_000, 3_000, 1_500  # records a second
CLIENT_BAR_MIB, SERVER_BAR_MIB = 150, 120  # at 50,000 records


@dataclass(frozen=True, slots=True)
class Run:
    """One engine's round. wire_bytes: of one record, up and down."""

    push: Told
    pull: Told
    server_mib: float
    server_cpu_s: float
    wire_bytes: float = 0.0

    @property
    def client_mib(self) -> float:
        """The most memory that either client held."""
        return max(self.push.peak_mib, self.pull.peak_mib)


def main() -> int:
    """Print what was measured, the ratios last; 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description="push and pull beside a floor and a peer")
    parser.add_argument("counts", nargs="*", type=int, default=[RECORDS])
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    has_peer = _has_peer()
    is_met = [_measured(count, asked.rounds, has_peer=has_peer) for count in asked.counts]
    return 0 if all(is_met) else 1


def _measured(count: int, rounds: int, *, has_peer: bool) -> bool:
    runs: dict[str, list[Run]] = {}
    for _ in range(rounds):
        with _folder() as root, EmbeddedPostgres(root / "cluster") as postgres:
            migrate(postgres.owner_url)
            documents = root / "documents.jsonl"
            runs.setdefault("ours", []).append(_ours(root, postgres, count, documents))
            runs.setdefault("floor", []).append(_floor(root, postgres, documents))
            if has_peer:
                runs.setdefault("PouchDB", []).append(_peer(root, documents))
            wired = _counted(root, postgres, has_peer=has_peer)
    bytes_each = wired.pop("operation")
    print(f"\n{count:,} records, {bytes_each:,.0f} bytes of JSON an operation", flush=True)
    for name, of_engine in runs.items():
        _told_engine(name, of_engine, wired.get(name))
    return _told_bars(runs, count)


# The engines


def _ours(root: Path, postgres: EmbeddedPostgres, count: int, documents: Path) -> Run:
    with ServerProcess.start(postgres.sync_url, packs_dir=PACKS) as server:
        writer, reader = _laptops(root / "ours", postgres, server.base_url, count, documents)
        forget_peak(server.pid)
        cpu_began_s = cpu_s(server.pid)
        push = child(python("laptop.py", str(writer)))
        pull = child(python("laptop.py", str(reader)))
        run = Run(push, pull, peak_mib(server.pid), cpu_s(server.pid) - cpu_began_s)
    _check(count, push, pull)
    return run


def _floor(root: Path, postgres: EmbeddedPostgres, documents: Path) -> Run:
    with Listening(python("floor.py", "serve", postgres.owner_url)) as server:
        both = child(
            python("floor.py", "client", server.address, str(root / "floor.db"), str(documents))
        )
        return Run(both, both, peak_mib(server.pid), cpu_s(server.pid))


def _peer(root: Path, documents: Path, *, is_counted: bool = False) -> Run:
    folder = Path(tempfile.mkdtemp(dir=root))
    counted = 0
    with Listening(["node", str(PEERS / "server.mjs"), str(folder)]) as server:
        line = Relay(server.address) if is_counted else nullcontext(server)
        with line as at:
            push, pull = (
                child(
                    [
                        "node",
                        str(PEERS / "client.mjs"),
                        at.address,
                        str(folder),
                        str(documents),
                        way,
                    ]
                )
                for way in ("push", "pull")
            )
            counted = at.bytes if isinstance(at, Relay) else 0
        _check(push.records, pull)
        return Run(
            push, pull, peak_mib(server.pid), cpu_s(server.pid), counted / max(push.records, 1)
        )


def _counted(root: Path, postgres: EmbeddedPostgres, *, has_peer: bool) -> dict[str, float]:
    """Bytes on the wire of one record, up and down, by engine; and of one operation's JSON."""
    documents = root / "counted.jsonl"
    with (
        ServerProcess.start(postgres.sync_url, packs_dir=PACKS) as server,
        Relay(server.base_url) as line,
    ):
        scope = f"{SCOPE} 2"
        for laptop in _laptops(
            root / "counted", postgres, line.address, COUNTED, documents, scope=scope
        ):
            child(python("laptop.py", str(laptop)))
        found = {"ours": line.bytes / COUNTED, "operation": documents.stat().st_size / COUNTED}
    if has_peer:
        found["PouchDB"] = _peer(root, documents, is_counted=True).wire_bytes
    return found


def _has_peer() -> bool:
    """Whether npm can install the peer here; what it says when it cannot."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        print("PouchDB: left out, there is no npm here")
        return False
    if not (PEERS / "node_modules").is_dir():
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"],  # noqa: S607
            cwd=PEERS,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            print(f"PouchDB: left out, npm says {done.stderr.strip().splitlines()[-1:]}")
            return False
    return True


# Laptops and what they wrote


def _laptops(
    folder: Path,
    postgres: EmbeddedPostgres,
    address: str,
    count: int,
    documents: Path,
    *,
    scope: str = SCOPE,
) -> tuple[Path, Path]:
    """The folders of one laptop that wrote `count` surveys and of one that wrote none."""
    for user in ("가상-오사무", "가상-이사무"):
        session = _enrolled(folder / user, postgres, address, f"{user} {scope}", scope)
        if user == "가상-오사무":
            _write(session, count, documents, scope)
        session.store.close()
    return folder / "가상-오사무", folder / "가상-이사무"


def _enrolled(
    folder: Path, postgres: EmbeddedPostgres, address: str, user: str, scope: str
) -> Session:
    """A laptop of a new account, enrolled for the town."""
    with accounts.owner_connection(postgres.owner_url) as owner:
        accounts.add_scope(owner, scope)
        accounts.add_user(
            owner, user, name=user, password=PASSWORD, roles=["secretariat"], scopes=[scope]
        )
        code = accounts.invite(owner, user, scope=scope, at=datetime.now(UTC))
    session = new_profile(folder, user, scope)
    exchange.sign_in(session, address=address, user=user, password=PASSWORD, enrol_code=code)
    return session


def _write(session: Session, count: int, documents: Path, scope: str) -> None:
    """So many surveys finished offline, in one transaction; their operations as JSON lines."""
    form = form_of(session)
    kind = session.catalogue.find(form).plans.kind
    with session.store.writing() as db, documents.open("wb") as lines:
        for serial in range(1, count + 1):
            record_id = new_record_id(session.clock.now())
            answers = survey(serial, TEXT) | {"meta/instanceID": f"uuid:{record_id}"}
            operation = append_operation(
                session,
                db,
                object=record_ref(record_id),
                kind="create",
                form=form,
                patch=changed_answers(None, answers),
                scope=scope,
                transition=Transition(to="완료", seen_rev=0),
            )
            records.apply_operation(db, operation, kind=kind)
            lines.write(encode(operation) + b"\n")


# What is told


def _told_engine(name: str, runs: Sequence[Run], wire_bytes: float | None) -> None:
    best = min(runs, key=lambda run: sum(run.push.seconds.values()))
    wire = "" if wire_bytes is None else f"   {wire_bytes:,.0f} bytes up and down a record"
    # The floor's one client does both.
    clients = [best.push] if best.push is best.pull else [best.push, best.pull]
    print(
        f"{name:8} push {_best(runs, 'push'):6,.0f}/s   pull {_best(runs, 'pull'):6,.0f}/s"
        f"   CPU s client {sum(one.cpu_s for one in clients):.1f} server {best.server_cpu_s:.1f}"
        f"   MiB client {best.client_mib:.0f} server {best.server_mib:.0f}{wire}",
        flush=True,
    )


def _told_bars(runs: dict[str, list[Run]], count: int) -> bool:
    ours = runs["ours"]
    is_met = [
        _told_rate("push", _best(ours, "push"), PUSH_BAR, runs, "push"),
        _told_rate("pull, stored", _best(ours, "pull"), STORED_BAR, runs, "pull"),
        _told_rate("pull, projected", _best(ours, "pull", "project"), PROJECTED_BAR, runs, "pull"),
    ]
    if count >= 50_000:
        client_mib = max(run.client_mib for run in ours)
        server_mib = max(run.server_mib for run in ours)
        is_met.append(told("client's most memory", client_mib, "MiB", bar=CLIENT_BAR_MIB))
        is_met.append(told("server's most memory", server_mib, "MiB", bar=SERVER_BAR_MIB))
    return all(is_met)


def _told_rate(what: str, rate: float, bar: int, runs: dict[str, list[Run]], stage: str) -> bool:
    beside = "   ".join(
        f"{rate / _best(others, stage):4.2f} x {name}"
        for name, others in runs.items()
        if name != "ours"
    )
    missed = f"   missed by {bar - rate:,.0f}/s" if rate < bar else ""
    print(f"{what:16} {rate:8,.0f}/s   {beside}   bar {bar:,}/s{missed}", flush=True)
    return rate >= bar


def _best(runs: Sequence[Run], *stages: str) -> float:
    """The best round's records a second over some stages."""
    return max((run.push if stages == ("push",) else run.pull).rate(*stages) for run in runs)


def _check(count: int, *tellings: Told) -> None:
    if any(one.records != count for one in tellings):
        raise SystemExit(f"not {count:,} records: {[one.records for one in tellings]}")


@contextmanager
def _folder() -> Iterator[Path]:
    """Gone afterwards; as root, the cluster in it belongs to somebody else."""
    folder = Path(tempfile.mkdtemp(prefix="fieldapp-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
