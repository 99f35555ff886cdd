"""Cards made anew: what a newer form lets a card show is shown without waiting for a change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg_pool import ConnectionPool

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.operation import ObjectRef
from fieldapp.domain.shapes import read
from fieldapp.server import cards
from fieldapp.server.configuration import ServerSettings
from fieldapp.server.database import open_pool
from fieldapp.storage import entities, meta
from tests.server.errands import change_entity, create_entity, entity, new_id
from tests.server.test_running import run
from tests.servers import Laptop, Server
from tests.sync.lines import Line
from tests.sync.real import Laptop as RealLaptop

HOUSE = {"label": "가상-이웃집", "address": "가상로 7", "grade": "위험", "phone": "02-000-0000"}


@pytest.fixture
def pool(server: Server) -> Iterator[ConnectionPool]:
    opened = open_pool(ServerSettings(server.postgres.sync_url, server.packs))
    yield opened
    opened.close()


def refresh(pool: ConnectionPool, here: Laptop, *marked: str) -> int:
    """What is at home in one town, as after a form that marks these properties of every list."""
    return cards.refresh(pool, {here.scope: here.user}, lambda _list: marked)


def shared_house(here: Laptop, scope: str) -> ObjectRef:
    of = entity("household", new_id())
    here.push(create_entity(here, of, HOUSE))
    here.push(change_entity(here, of, 1, [("@share", None, f"card {scope}")]))
    return of


def test_a_card_shows_what_the_newest_form_marks_and_its_office_is_told(
    server: Server, pool: ConnectionPool
) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    of = shared_house(here, there.scope)
    here.pull()
    there.pull()

    assert refresh(pool, here, "grade") == 1
    (row,) = there.pull()
    assert (row.object, row.rev, row.change) == (of, 2, "put")
    assert read(EntityDoc, row.doc).props == {"grade": "위험"}
    assert here.pull() == []

    assert refresh(pool, here, "grade") == 0
    assert refresh(pool, here) == 1
    (row,) = there.pull()
    assert read(EntityDoc, row.doc).props == {}


def test_a_laptop_takes_the_new_card_of_a_revision_that_it_knows(
    server: Server, pool: ConnectionPool, tmp_path: Path
) -> None:
    here = server.new_laptop()
    with Line(server.base_url) as line:
        there = RealLaptop(tmp_path, server, server.new_scope(), line)
        of = shared_house(here, there.scope)
        there.exchange()

        refresh(pool, here, "grade")
        there.exchange()

        with there.store.writing() as db:
            assert entities.find(db, "household", of.id).doc.props == {"grade": "위험"}
            meta.put_compared_at(db, None)
        assert there.exchange().repaired == 0
        there.store.close()


def test_a_share_taken_back_and_a_deleted_household_get_no_card(
    server: Server, pool: ConnectionPool
) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    taken, gone = shared_house(here, there.scope), shared_house(here, there.scope)
    here.push(change_entity(here, taken, 2, [("@share", f"card {there.scope}", None)]))
    here.push(change_entity(here, gone, 2, [], kind="delete"))
    there.pull()

    assert refresh(pool, here, "grade") == 0
    assert there.pull() == []


def test_the_command_makes_cards_by_the_forms_of_the_server(
    server: Server, pool: ConnectionPool
) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    shared_house(here, there.scope)
    refresh(pool, here, "phone")
    there.pull()

    done = run(server, "cards", "--packs", str(server.packs))

    assert done.returncode == 0, done.stderr
    assert "다시 만들었습니다" in done.stdout
    (row,) = there.pull()
    assert "phone" not in read(EntityDoc, row.doc).props
