"""What one laptop deletes goes from the others and from the office's list, and stays gone (I6)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.storage import meta, operations, records
from tests.restoring import Office, office
from tests.servers import Server
from tests.sync.lines import Line
from tests.sync.real import Laptop
from tests.sync.test_real_line import RealWorld


@contextlib.contextmanager
def world(folder: Path, server: Server) -> Iterator[RealWorld]:
    """Two laptops in a town of their own."""
    with Line(server.base_url) as line, contextlib.closing(RealWorld(folder, server, line)) as made:
        yield made


@pytest.fixture
def running(
    postgres: EmbeddedPostgres, compiled_packs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office that loses its database."""
    with office(postgres, compiled_packs, tmp_path_factory.mktemp("dumps")) as made:
        yield made


def delete(laptop: Laptop, record: str) -> None:
    """Its worker takes a record back."""
    with laptop.store.reading() as db:
        base = records.find(db, record).base
    laptop.append(record, kind="delete", base=base)


def repaired(laptop: Laptop) -> int:
    """In how many scopes a comparison with the server finds something else."""
    with laptop.store.writing() as db:
        meta.put_compared_at(db, None)
    return laptop.exchange().repaired


def test_a_deleted_record_leaves_both_laptops_and_their_digests_stay_equal(
    tmp_path: Path, server: Server
) -> None:
    with world(tmp_path, server) as real:
        here, there = real.laptops
        record, kept = here.create({"items/q1": "5"}), here.create({"items/q1": "4"})
        here.exchange()
        there.exchange()

        delete(here, record)
        assert set(here.seen()) == {kept}
        assert here.exchange().rejected == 0
        there.exchange()

        assert set(here.seen()) == set(there.seen()) == {kept}
        assert repaired(here) == repaired(there) == 0


def test_what_was_written_offline_to_a_deleted_record_is_still_shown_to_its_author(
    tmp_path: Path, server: Server
) -> None:
    with world(tmp_path, server) as real:
        here, there = real.laptops
        record = here.create({"items/q1": "5"})
        here.exchange()
        there.exchange()
        there.amend(record, {"good": "가상-길게 적은 말"})
        delete(here, record)
        here.exchange()

        assert there.exchange().rejected == 1
        there.exchange()

        assert there.seen() == here.seen() == {}
        with there.store.reading() as db:
            (waiting,) = operations.without_settlement(db)
            (written,) = operations.for_object(db, record)
        assert (waiting.op_state, waiting.code) == ("quarantined", "deleted")
        assert [line.new for line in written.operation.patch] == ["가상-길게 적은 말"]
        assert repaired(there) == 0


def test_a_refused_deletion_shows_the_record_again(tmp_path: Path, server: Server) -> None:
    with world(tmp_path, server) as real:
        here, there = real.laptops
        record = here.create({"items/q1": "5"})
        here.exchange()
        there.exchange()
        there.amend(record, {"good": "가상-이어서 적은 말"})
        there.exchange()

        delete(here, record)
        assert here.seen() == {}
        assert here.exchange().rejected == 1

        assert here.seen()[record]["good"] == "가상-이어서 적은 말"


def test_a_deletion_that_the_backup_lacks_comes_back_with_the_laptop_that_made_it(
    tmp_path: Path, running: Office
) -> None:
    with world(tmp_path, running.server) as real:
        here, there = real.laptops
        record = here.create({"items/q1": "5"})
        here.exchange()
        there.exchange()
        _, backup = running.back_up()
        delete(here, record)
        here.exchange()
        there.exchange()

        running.restore(backup)
        for laptop in (there, here, there, here):
            laptop.exchange()
        running.end_refill()

        assert here.seen() == there.seen() == {}
        assert repaired(here) == repaired(there) == 0
