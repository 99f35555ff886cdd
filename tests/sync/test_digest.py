"""What differs from the server is found, read again into place, and what it lacks goes (I4)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.domain.exchange import DigestRequest
from fieldapp.errors import Cancelled
from fieldapp.storage import held_rows, meta, operations
from tests.servers import Server
from tests.sync.lines import Line
from tests.sync.real import Laptop
from tests.sync.schedules import assert_nothing_is_lost_or_doubled, bring_to_rest
from tests.sync.test_real_line import RealWorld


@pytest.fixture
def real(tmp_path: Path, server: Server) -> Iterator[RealWorld]:
    """Two laptops in a town of their own."""
    with (
        Line(server.base_url) as line,
        contextlib.closing(RealWorld(tmp_path, server, line)) as made,
    ):
        yield made


def compare_soon(laptop: Laptop) -> None:
    """A day passes."""
    with laptop.store.writing() as db:
        meta.put_compared_at(db, None)


def damage(laptop: Laptop, statement: str, *values: str) -> None:
    """What a defect of ours may do to a store."""
    with laptop.store.writing() as db:
        assert db.execute(statement, values) == 1


def filled(real: RealWorld) -> tuple[Laptop, str]:
    """The first laptop, and a record of the second that both hold."""
    here, there = real.laptops
    record = there.create({"items/q1": "5"})
    there.create({"items/q2": "4"})
    here.create({"items/q3": "3"})
    bring_to_rest(real)
    return here, record


def test_a_day_after_the_last_time_what_is_here_is_compared_and_found_equal(
    real: RealWorld,
) -> None:
    here, _ = filled(real)
    compare_soon(here)

    outcome = here.exchange()

    assert outcome.repaired == 0
    with here.store.reading() as db:
        assert meta.compared_at(db) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM record WHERE id = ?",
        "UPDATE record SET rev = rev + 7 WHERE id = ?",
        (
            "UPDATE record SET server_doc = json_set(server_doc, '$.answers.good', '가상-다른 말'),"
            " hash = 'x' WHERE id = ?"
        ),
        "DELETE FROM held_row WHERE id = ?",
    ],
)
def test_what_went_wrong_here_is_found_and_read_again_into_place(
    real: RealWorld, statement: str
) -> None:
    here, record = filled(real)
    damage(here, statement, record)
    compare_soon(here)

    assert here.exchange().repaired == 1

    assert_nothing_is_lost_or_doubled(real)
    compare_soon(here)
    assert here.exchange().repaired == 0


def test_repair_keeps_what_was_not_sent_yet_and_sends_it(real: RealWorld) -> None:
    here, record = filled(real)
    damage(here, "UPDATE record SET hash = 'x' WHERE id = ?", record)
    compare_soon(here)
    here.amend(record, {"good": "가상-쓰는 중"})
    with here.store.writing() as db:
        held_rows.read_again(db, here.scope)

    assert here.seen()[record]["good"] == "가상-쓰는 중"
    bring_to_rest(real)

    assert real.on_server()[record]["good"] == "가상-쓰는 중"
    assert_nothing_is_lost_or_doubled(real)


def test_what_the_server_shows_no_more_leaves_once_it_was_offered_again(
    real: RealWorld,
) -> None:
    """Somebody took a record out of the database by hand, with its receipts."""
    here, record = filled(real)
    there = real.laptops[1]
    for statement in (
        "delete from fieldapp.record_version where record = %s",
        "delete from fieldapp.change_row where object_id = %s",
        "delete from fieldapp.record where id = %s",
    ):
        real.server.sql(statement, [record])
    compare_soon(here)

    assert here.exchange().repaired == 1
    assert record not in here.seen()

    real.server.sql(
        "delete from fieldapp.op_receipt where replica = %s", [there.replica.identity().replica]
    )
    real.server.sql(
        "update fieldapp.replica set applied_seq = 0 where id = %s",
        [there.replica.identity().replica],
    )
    compare_soon(there)
    there.exchange()
    bring_to_rest(real)
    assert record in real.on_server()
    assert_nothing_is_lost_or_doubled(real)


def test_a_round_that_broke_off_is_followed_by_a_comparison(real: RealWorld) -> None:
    here, record = filled(real)
    damage(here, "UPDATE record SET hash = 'x' WHERE id = ?", record)
    assert here.exchange().repaired == 0
    with pytest.raises(Cancelled):
        here.exchange(stop_after=1)

    assert here.exchange().repaired == 1


def test_a_conflict_that_never_arrived_is_fetched(real: RealWorld) -> None:
    here, record = filled(real)
    there = real.laptops[1]
    here.amend(record, {"items/q1": "1"})
    there.amend(record, {"items/q1": "2"})
    bring_to_rest(real)
    with here.store.writing() as db:
        assert db.execute("DELETE FROM conflict") == 1
    compare_soon(here)

    assert here.exchange().repaired == 1

    assert_nothing_is_lost_or_doubled(real)


def test_nothing_is_said_of_a_scope_that_has_moved_on(real: RealWorld) -> None:
    here, _ = filled(real)
    there = real.laptops[1]
    there.create({"good": "가상-새 말"})
    there.exchange()

    with here.connection() as connection:
        reply = connection.digest(
            DigestRequest(cursors=dict(here.replica.cursors())), here.replica.identity().replica
        )

    assert reply.digests == {}


def test_operations_of_both_laptops_stay_as_they_are_through_a_repair(real: RealWorld) -> None:
    here, record = filled(real)
    before = [op.op_id for op in here.own()]
    damage(here, "UPDATE record SET hash = 'x' WHERE id = ?", record)
    compare_soon(here)

    here.exchange()

    assert [op.op_id for op in here.own()] == before
    with here.store.reading() as db:
        assert operations.count_unsent(db) == 0


def test_a_server_that_lost_nearly_everything_takes_nothing_away_here(real: RealWorld) -> None:
    """An empty listing is no deletion."""
    here, there = real.laptops
    for _ in range(30):
        there.create({"items/q1": "5"})
    bring_to_rest(real)
    before = here.seen()
    for statement in (
        "delete from fieldapp.record_version where scope = %s",
        "delete from fieldapp.change_row where scope = %s",
        "delete from fieldapp.record where scope = %s",
    ):
        real.server.sql(statement, [real.scope])
    compare_soon(here)

    here.exchange()
    here.exchange()

    assert here.seen() == before
