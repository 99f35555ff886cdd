"""What the server has not taken: each with its own true reason, and none in another's way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.storage import operations
from fieldapp.storage.replica import StoreReplica
from fieldapp.usecases import exchange
from fieldapp.usecases.exchange import projections_of
from tests.laptops import AppLaptop, new_laptop
from tests.servers import Server

Pair = tuple[AppLaptop, AppLaptop]
Said = tuple[str, str, str | None]


@pytest.fixture
def refused(server: Server, tmp_path: Path) -> Iterator[AppLaptop]:
    """A laptop whose worker writes for a town of which they are no member any more."""
    town, other = server.new_scope(), server.new_scope()
    user = server.new_user(town, other)
    laptop = new_laptop(tmp_path / "refused", server.packs, user=user, scope=town)
    laptop.enrol(server)
    server.sql("delete from fieldapp.membership where account = %s and scope = %s", [user, town])
    yield laptop
    laptop.close()


def said(laptop: AppLaptop) -> list[Said]:
    """Title, delivery and code of what waits."""
    return [(one.title, one.delivery, one.code) for one in exchange.waiting(laptop.session)]


def test_refused_record_and_what_builds_on_it_are_told_apart_and_no_other_waits(
    server: Server, refused: AppLaptop
) -> None:
    first = refused.record_survey(serial="1")
    refused.exchange()
    refused.amend(first, good="가상-친절함")
    refused.record_survey(serial="2")

    refused.exchange()

    assert said(refused) == [
        ("설문 1", "quarantined", "not_a_member"),
        ("설문 1", "held", "base_waits"),
        ("설문 2", "quarantined", "not_a_member"),
    ]
    assert refused.answers(first)["good"] == "가상-친절함"


def test_what_builds_on_a_refused_record_is_never_said_to_be_sent_next_time(
    refused: AppLaptop,
) -> None:
    first = refused.record_survey(serial="1")
    refused.exchange()

    refused.amend(first, good="가상-친절함")

    assert said(refused)[1] == ("설문 1", "held", "base_waits")


def test_what_the_server_cannot_read_is_told_and_offered_again(pair: Pair) -> None:
    laptop, _ = pair
    laptop.record_survey(serial="1")
    replica = StoreReplica(laptop.session.store, projections_of(laptop.session.catalogue))
    (written,) = replica.offered(500, 1_000_000)

    assert replica.pass_over(written)
    assert not replica.pass_over(written)

    assert said(laptop) == [("설문 1", "held", "unreadable")]
    assert replica.offered(500, 1_000_000) == (written,)
    assert laptop.exchange().sent == 1
    assert said(laptop) == []


def test_operation_whose_record_was_lost_with_a_disk_still_has_its_line(pair: Pair) -> None:
    laptop, _ = pair
    record = laptop.record_survey(serial="1")
    with laptop.session.store.writing() as db:
        db.execute("DELETE FROM record WHERE id = ?", (record,))

    with laptop.session.store.reading() as db:
        assert operations.count_unsent(db) == 1
    assert [one.delivery for one in exchange.waiting(laptop.session)] == ["unsent"]
