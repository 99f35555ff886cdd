"""The same promise over the real parts: encrypted stores, HTTP, uvicorn, PostgreSQL."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from fieldapp.domain.ids import UserId
from fieldapp.domain.operation import Base, PatchLine
from fieldapp.errors import ServerUnreachable
from fieldapp.storage import access_log, blobs, conflicts, records
from fieldapp.storage.blob_queue import StoreFiles
from fieldapp.sync.files import send_files
from tests.servers import Server
from tests.sync.lines import Cut, Line
from tests.sync.real import Laptop
from tests.sync.schedules import (
    Step,
    Sync,
    Value,
    Write,
    assert_nothing_is_lost_or_doubled,
    bring_to_rest,
    play,
    schedules,
)
from tests.sync.truth import office

CUT_EVERY = int(os.environ.get("FIELDAPP_CUT_EVERY", "97"))


class RealWorld:
    """Two laptops in a town of their own."""

    def __init__(self, folder: Path, server: Server, line: Line) -> None:
        self.server = server
        self.scope = server.new_scope()
        self.laptops = tuple(Laptop(folder, server, self.scope, line) for _ in range(2))

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.store.close()

    def create(self, who: int, answers: Mapping[str, str]) -> None:
        self.laptops[who].create(answers)

    def amend(self, who: int, record: str, answers: Mapping[str, str]) -> None:
        self.laptops[who].amend(record, answers)

    def exchange(self, who: int, cut: Cut | None, stop_after: int | None) -> None:
        self.laptops[who].exchange(cut, stop_after)

    def seen_by(self, who: int) -> dict[str, dict[str, str]]:
        return self.laptops[who].seen()

    def on_server(self) -> dict[str, dict[str, str]]:
        rows = self.server.sql(
            "select id::text, doc->'answers' from fieldapp.record where scope = %s", [self.scope]
        )
        return {record: dict(answers) for record, answers in rows}

    def unsent(self, who: int) -> int:
        return self.laptops[who].replica.unsent()

    def written(self) -> list[Value]:
        return [
            Value(op.op_id, line.path, line.new or "")
            for laptop in self.laptops
            for op in laptop.own()
            for line in op.patch
        ]

    def kept(self) -> list[Value]:
        patches = {op.op_id: op.patch for laptop in self.laptops for op in laptop.own()}
        disputed = {
            (doc["op_id"], line["path"]): line.get("theirs", "")
            for (doc,) in self.server.sql(
                "select doc from fieldapp.conflict where scope = %s", [self.scope]
            )
            for line in doc["lines"]
        }
        rows = self.server.sql(
            "select op_id::text, doc->'answers' from fieldapp.record_version where scope = %s",
            [self.scope],
        )
        return [
            Value(op_id, line.path, disputed.get((op_id, line.path), answers.get(line.path, "")))
            for op_id, answers in rows
            for line in patches[op_id]
        ]

    def conflicts_of(self, who: int) -> set[str]:
        with self.laptops[who].store.reading() as db:
            return {kept.conflict_id for kept in conflicts.open_conflicts(db)}

    def conflicts_on_server(self) -> set[str]:
        rows = self.server.sql(
            "select id::text from fieldapp.conflict where scope = %s and not decided", [self.scope]
        )
        return {row[0] for row in rows}


@contextlib.contextmanager
def world(folder: Path, server: Server) -> Iterator[RealWorld]:
    with Line(server.base_url) as line, contextlib.closing(RealWorld(folder, server, line)) as made:
        yield made


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedule=schedules(["items/q1", "items/q2", "again", "good"], max_size=12))
@example(
    schedule=[
        Write(0, None, {"items/q1": "5"}),
        Sync(0),
        Sync(1),
        Write(0, 0, {"items/q1": "4", "good": "2"}),
        Write(1, 0, {"items/q1": "3", "again": "2"}),
        Sync(0, cut=Cut("down", 1200)),
        Sync(1),
        Write(0, 0, {"items/q1": "1"}),
        Write(0, 0, {"items/q1": "2"}),
        Sync(0, stop_after=2),
    ]
)
def test_any_edits_losses_and_retries_leave_two_stores_and_postgres_equal(
    tmp_path: Path, server: Server, schedule: list[Step]
) -> None:
    with world(tmp_path, server) as real:
        play(real, schedule)

        bring_to_rest(real)

        assert_nothing_is_lost_or_doubled(real)


def test_a_cut_after_any_byte_of_a_real_round_loses_and_doubles_nothing(
    tmp_path: Path, server: Server
) -> None:
    """T2; `FIELDAPP_CUT_EVERY=1` cuts after every byte, `make test` after every 97th."""
    with world(tmp_path, server) as real:
        here, there = real.laptops
        here.create({"items/q1": "5"})
        here.exchange()
        there.exchange()
        there.create({"items/q2": "1"})
        there.exchange()
        photos = [written_with_photo(here, "2")]
        assert round_with_files(here)
        cuts = 0
        for way, length in dict(here.line.carried).items():
            for after_bytes in range(1, length, CUT_EVERY):
                photos.append(written_with_photo(here, f"{way} {after_bytes}"))
                cuts += not round_with_files(here, Cut(way, after_bytes))
        assert cuts > 15

        bring_to_rest(real)
        assert round_with_files(here)

        assert_nothing_is_lost_or_doubled(real)
        assert {path.read_bytes() for path in server.files.rglob("*") if path.is_file()} >= {
            *photos
        }
        replica = here.replica.identity().replica
        lines = server.sql(
            "select log_seq, broken from fieldapp.access_log where replica = %s order by log_seq",
            [replica],
        )
        assert lines == [(number, False) for number in range(1, len(photos) + 1)]


def written_with_photo(laptop: Laptop, text: str) -> bytes:
    """A record, its photo, and a line of the access log; returns the photo."""
    photo = os.urandom(300)
    laptop.create({"good": text, "photo": blobs.keep(laptop.store, photo, "jpg")})
    with laptop.store.writing() as db:
        access_log.append(db, at=laptop.now(), user=UserId(laptop.user), deed="view")
    return photo


def round_with_files(laptop: Laptop, cut: Cut | None = None) -> bool:
    """A round and the files after it, over one line; whether both came through."""
    try:
        laptop.exchange(cut)
    except ServerUnreachable:
        return False
    with laptop.connection() as connection:
        outcome = send_files(
            StoreFiles(laptop.store),
            connection,
            laptop.replica.identity().replica,
            progress=lambda _: None,
            cancelled=lambda: False,
        )
    return outcome.trouble is None


def test_a_refused_operation_and_what_waits_for_it_let_the_others_through(
    tmp_path: Path, server: Server
) -> None:
    with world(tmp_path, server) as real:
        here, there = real.laptops
        refused = here.create({"items/q1": "1"})
        here.exchange()
        here.ask_for_what_is_not_done(refused)
        here.amend(refused, {"items/q1": "2"})
        later = here.create({"items/q1": "3"})

        first = here.exchange()
        here.amend(later, {"items/q1": "4"})
        second = here.exchange()
        there.exchange()

        assert (first.sent, first.rejected, first.held) == (1, 1, 1)
        assert (second.sent, second.rejected) == (1, 0)
        assert there.seen()[later]["items/q1"] == "4"
        assert there.seen()[refused]["items/q1"] == "1"


def test_a_conflict_decided_on_one_laptop_is_decided_on_the_other(
    tmp_path: Path, server: Server
) -> None:
    with world(tmp_path, server) as real:
        here, there = real.laptops
        record = here.create({"items/q1": "5"})
        for laptop in (here, there):
            laptop.exchange()
        here.amend(record, {"items/q1": "4"})
        there.amend(record, {"items/q1": "3"})
        here.exchange()
        disputed = there.exchange()
        assert disputed.conflicts == 1
        here.exchange()
        (conflict,) = real.conflicts_of(0)
        assert real.conflicts_of(1) == {conflict}

        with here.store.reading() as db:
            stored = records.find(db, record)
        here.append(
            record, kind="resolve", base=Base(rev=stored.rev), reason="전화로 확인",
            patch=(PatchLine(path="items/q1", old="4", new="3"),),
        )  # fmt: skip
        bring_to_rest(real)

        assert real.conflicts_of(0) == real.conflicts_of(1) == real.conflicts_on_server() == set()
        assert real.seen_by(0) == real.seen_by(1) == real.on_server()
        assert real.on_server()[record]["items/q1"] == "3"


def test_a_conflict_whose_decision_met_a_newer_value_stays_open_on_both(
    tmp_path: Path, server: Server
) -> None:
    with office(tmp_path, server) as of:
        here, _, there = of.laptops
        record = here.begin(here.scope, {"score": "1"})
        for laptop in (here, there):
            laptop.exchange()
        here.fill(record, {"score": "2"})
        there.fill(record, {"score": "3"})
        for laptop in (here, there, here):
            laptop.exchange()
        here.settle(0, takes_theirs=True)
        there.fill(record, {"score": "4"})
        for laptop in (there, here, there):
            laptop.exchange()

        shown = [laptop.open_conflicts() for laptop in (here, there)]

        assert len(shown[0]) == 2
        assert shown == [of.open_conflicts(of.towns)] * 2


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_new_laptop_reads_everything_there_is(
    tmp_path: Path, server: Server, reads_first: bool
) -> None:
    with world(tmp_path, server) as real:
        here, there = real.laptops
        if reads_first:
            there.exchange()
        for number in range(30):
            here.create({"good": f"가상 {number}" * 50})
        here.exchange()

        outcome = there.exchange()

        assert outcome.received == 30
        assert there.seen() == here.seen() == real.on_server()
