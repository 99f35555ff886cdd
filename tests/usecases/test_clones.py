"""A copied disk: two laptops under one name go on, each as a life of its own, and lose nothing."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fieldapp.domain.ids import RecordId
from fieldapp.errors import ReplicaCloned
from fieldapp.storage import meta
from fieldapp.usecases import exchange, records
from tests.laptops import AppLaptop, enrolled_laptop, open_laptop
from tests.servers import Server

Copies = tuple[AppLaptop, AppLaptop]


@pytest.fixture
def copies(server: Server, tmp_path: Path) -> Iterator[Copies]:
    """A laptop that has exchanged one record and not another, and a copy of its disk."""
    scope = server.new_scope()
    first = enrolled_laptop(server, tmp_path / "first", user=server.new_user(scope), scope=scope)
    first.record_survey(serial="1")
    first.exchange()
    first.record_survey(serial="2")
    first.close()
    shutil.copytree(first.folder, tmp_path / "copy")
    laptops = tuple(open_laptop(tmp_path / name, server.packs) for name in ("first", "copy"))
    yield laptops[0], laptops[1]
    for laptop in laptops:
        laptop.close()


def incarnation(laptop: AppLaptop) -> int:
    with laptop.session.store.reading() as db:
        return meta.identity(db).incarnation


def unsent(laptop: AppLaptop) -> int:
    return records.status(laptop.session).unsent


def on_server(server: Server, laptop: AppLaptop) -> dict[str, str]:
    """Serial number by record, of every record of the laptop's town."""
    rows = server.sql(
        "select id::text, doc->'answers'->>'serial' from fieldapp.record where scope = %s",
        [laptop.session.worker.scope],
    )
    return dict(rows)


def versions(server: Server, record: RecordId) -> int:
    return len(server.sql("select 1 from fieldapp.record_version where record = %s", [record]))


def test_a_laptop_and_its_copy_both_bring_what_they_wrote_and_nothing_doubles(
    server: Server, copies: Copies
) -> None:
    first, copy = copies
    theirs, ours = first.record_survey(serial="3"), copy.record_survey(serial="4")

    sent = [laptop.exchange().sent for laptop in (first, copy, first)]

    assert sent[0] == 2
    assert sorted(on_server(server, first).values()) == ["1", "2", "3", "4"]
    assert [unsent(laptop) for laptop in copies] == [0, 0]
    assert [versions(server, record) for record in (theirs, ours)] == [1, 1]
    assert first.titles() == copy.titles() == ["설문 1", "설문 2", "설문 3", "설문 4"]


def test_the_copy_goes_on_as_a_later_life_without_asking_anybody(copies: Copies) -> None:
    first, copy = copies
    first.record_survey(serial="3")
    copy.record_survey(serial="4")

    first.exchange()
    copy.exchange()

    assert (incarnation(first), incarnation(copy)) == (1, 2)
    assert exchange.waiting(copy.session) == ()


def test_a_laptop_and_its_copy_that_take_turns_always_come_to_an_end(
    server: Server, copies: Copies
) -> None:
    written = 2
    for serial in range(3, 9):
        laptop = copies[serial % 2]
        laptop.record_survey(serial=str(serial))
        laptop.exchange()
        written += 1
        assert unsent(laptop) == 0

    assert len(on_server(server, copies[0])) == written


def test_an_amendment_of_the_copy_meets_that_of_the_origin_as_any_two_laptops_do(
    copies: Copies,
) -> None:
    first, copy = copies
    first.exchange()
    record = first.record_survey(serial="3")
    first.exchange()
    copy.exchange()
    first.amend(record, good="가상-친절함", q1="5")
    copy.amend(record, q1="1", wish="가상-오전")

    outcomes = [laptop.exchange() for laptop in (first, copy, first)]

    assert [outcome.conflicts for outcome in outcomes] == [0, 1, 0]
    for laptop in copies:
        answers = laptop.answers(record)
        assert (answers["good"], answers["wish"], answers["items/q1"]) == (
            "가상-친절함", "가상-오전", "5",
        )  # fmt: skip


def test_a_laptop_and_its_copy_that_exchange_at_the_same_moment_lose_nothing(
    server: Server, copies: Copies
) -> None:
    for laptop, serials in zip(copies, ("345", "678"), strict=True):
        for serial in serials:
            laptop.record_survey(serial=serial)

    def exchange_twice(laptop: AppLaptop) -> None:
        for _ in range(2):
            with contextlib.suppress(ReplicaCloned):
                laptop.exchange()

    with ThreadPoolExecutor(2) as both:
        list(both.map(exchange_twice, copies))
    for laptop in (*copies, *copies):
        laptop.exchange()

    assert sorted(on_server(server, copies[0]).values()) == list("12345678")
    assert [unsent(laptop) for laptop in copies] == [0, 0]
    assert copies[0].titles() == copies[1].titles()
