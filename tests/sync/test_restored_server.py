"""A server that lost its disk and came back from a backup is refilled by the laptops (I2)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.storage import operations
from tests.restoring import Office, office
from tests.sync.lines import Line
from tests.sync.schedules import (
    Step,
    Sync,
    Write,
    assert_nothing_is_lost_or_doubled,
    bring_to_rest,
    play,
    schedules,
)
from tests.sync.test_real_line import RealWorld


@pytest.fixture(scope="module")
def running(
    postgres: EmbeddedPostgres, compiled_packs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office that loses its database again and again."""
    with office(postgres, compiled_packs, tmp_path_factory.mktemp("dumps")) as made:
        yield made


@contextlib.contextmanager
def world(folder: Path, running: Office) -> Iterator[RealWorld]:
    server = running.server
    with Line(server.base_url) as line, contextlib.closing(RealWorld(folder, server, line)) as made:
        yield made


def test_acknowledged_writes_after_the_backup_come_back_with_the_laptops(
    tmp_path: Path, running: Office
) -> None:
    with world(tmp_path, running) as real:
        here, there = real.laptops
        old = here.create({"items/q1": "5"})
        real.laptops[0].exchange()
        there.exchange()
        marked, backup = running.back_up()
        new = here.create({"items/q2": "4"})
        here.amend(old, {"good": "가상-뒤에 쓴 말"})
        here.exchange()
        there.exchange()
        there.amend(new, {"items/q3": "1"})
        there.exchange()
        here.exchange()
        before = real.on_server()
        running.settle(marked)
        here.exchange()

        running.restore(backup)
        # The one who changed what the backup lacked returns before its maker does.
        there.exchange()
        assert real.unsent(1) == 1
        bring_to_rest(real)
        running.end_refill()
        bring_to_rest(real)

        assert before == real.on_server()
        assert_nothing_is_lost_or_doubled(real)


def test_what_settled_by_a_later_backup_comes_back_when_an_older_one_is_restored(
    tmp_path: Path, running: Office
) -> None:
    with world(tmp_path, running) as real:
        here, _ = real.laptops
        _, older = running.back_up()
        record = here.create({"items/q1": "5"})
        here.exchange()
        marked, _ = running.back_up()
        running.settle(marked)
        here.exchange()
        with here.store.reading() as db:
            assert [own.state for own in operations.for_object(db, record)] == ["settled"]

        running.restore(older)
        bring_to_rest(real)

        assert_nothing_is_lost_or_doubled(real)
        assert set(real.on_server()) == {record}


def test_what_builds_on_a_revision_lost_for_good_is_shown_once_everybody_has_been_back(
    tmp_path: Path, running: Office
) -> None:
    with world(tmp_path, running) as real:
        here, there = real.laptops
        record = here.create({"items/q1": "5"})
        here.exchange()
        _, backup = running.back_up()
        here.amend(record, {"items/q2": "5"})
        here.exchange()
        there.exchange()
        there.amend(record, {"items/q3": "1"})

        running.restore(backup)
        # The laptop that wrote the second revision never comes back.
        there.exchange()
        assert real.unsent(1) == 1
        running.end_refill()
        there.exchange()

        assert real.unsent(1) == 0
        with there.store.reading() as db:
            (own,) = operations.for_object(db, record)
        assert (own.state, own.code) == ("quarantined", "base_not_visible")
        assert there.seen()[record]["items/q3"] == "1"


@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=schedules(["items/q1", "again", "good"], max_size=6),
    after=schedules(["items/q1", "again", "good"], max_size=8),
    later=schedules(["items/q1", "again", "good"], max_size=6),
)
@example(
    before=[Write(0, None, {"good": "1"}), Sync(0), Sync(1)],
    after=[
        Write(0, 0, {"good": "2"}),
        Write(1, 0, {"good": "3"}),
        Sync(0),
        Sync(1),
        Sync(0),
    ],
    later=[Write(0, 0, {"again": "5"}), Sync(1)],
)
def test_any_edits_around_a_backup_and_its_restore_leave_two_stores_and_postgres_equal(
    tmp_path: Path,
    running: Office,
    before: list[Step],
    after: list[Step],
    later: list[Step],
) -> None:
    with world(tmp_path, running) as real:
        play(real, before)
        _, backup = running.back_up()
        play(real, after)
        running.restore(backup)
        play(real, later)

        bring_to_rest(real)

        assert_nothing_is_lost_or_doubled(real)
