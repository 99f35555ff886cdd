"""Narrow doors hold where the owner of the tables is no superuser: row-level security is over them
as well, and what they look up for others they must find all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from fieldapp.domain.exchange import SightsReply
from fieldapp.domain.shapes import decode
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.migrations import migrate
from fieldapp.sync import protocol
from tests.server.errands import change_entity, create_entity, entity, new_id, said, visited
from tests.server.test_passing_on import about, sights
from tests.server.test_running import over
from tests.server.test_scopes import HOUSE, Two, private_scope, share
from tests.servers import Server


@pytest.fixture(scope="module")
def plain(server: Server, postgres: EmbeddedPostgres) -> Iterator[Server]:
    """An app server over the database of such an owner."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("create role withheld_owner login")
        connection.execute("create database withheld owner withheld_owner")
    owner_url = postgres.url("withheld", user="withheld_owner")
    migrate(owner_url)
    sync_url = postgres.url("withheld", user="fieldapp_sync")
    with over(postgres, owner_url, sync_url, server.packs) as running:
        yield running


@pytest.fixture
def two(plain: Server) -> Two:
    return Two(plain)


def test_nobody_but_a_named_member_writes_about_somebody_restricted(
    two: Two, plain: Server
) -> None:
    circle, house = private_scope(plain), entity("household", new_id())
    named = plain.laptop(plain.new_user(two.here.scope, circle), two.here.scope)
    named.push(create_entity(named, house, HOUSE, scope=circle))

    by_hearsay = visited(two.mine, subject=about(house))

    assert said(two.mine.receipt(by_hearsay)) == ("rejected", protocol.CODE_NOT_A_MEMBER)


def test_members_of_its_home_are_told_who_sees_a_household(two: Two) -> None:
    two.mine.push(share(two.mine, two.house, 1, None, f"card {two.there.scope}"))

    told = decode(SightsReply, sights(two.mine, two.house).content)

    assert [(one.scope, one.view) for one in told.seen_by] == [(two.there.scope, "card")]


def test_a_household_that_another_office_wrote_about_is_not_deleted(two: Two) -> None:
    two.mine.push(share(two.mine, two.house, 1, None, f"full {two.there.scope}"))
    two.yours.push(visited(two.yours, subject=about(two.house)))

    deletion = change_entity(two.mine, two.house, 2, [], kind="delete")

    assert said(two.mine.receipt(deletion)) == ("rejected", "not_deletable")


def test_what_people_wrote_is_withheld_from_the_owner_all_the_same(two: Two, plain: Server) -> None:
    two.mine.push(share(two.mine, two.house, 1, None, f"card {two.there.scope}"))
    two.mine.push(visited(two.mine, subject=about(two.house)))

    for table in ("entity", "record", "object_scope"):
        assert plain.sql(f"select 1 from fieldapp.{table}") == []  # noqa: S608 - a constant
