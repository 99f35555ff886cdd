"""What leaves a real device and what stays: moves, shares, memberships that ended (F8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.operation import ObjectRef
from fieldapp.server import accounts
from fieldapp.storage import entities, operations
from tests.server.errands import change_entity, create_entity, entity, new_id
from tests.servers import Laptop as PlainLaptop
from tests.servers import Server
from tests.sync.lines import Line
from tests.sync.real import Laptop

HOUSE = {"label": "가상-이웃집", "address": "가상로 12"}


class World:
    """Two towns, a plain laptop in each, and a real one whose worker belongs to both."""

    def __init__(self, folder: Path, server: Server, line: Line) -> None:
        self.server = server
        self.device = Laptop(folder, server, server.new_scope(), line)
        self.here, self.there = self.device.scope, server.new_scope()
        self.mine, self.yours = server.new_laptop(self.here), server.new_laptop(self.there)
        self.join(self.there)

    def join(self, scope: str) -> None:
        """The worker of the device belongs to one more scope."""
        with accounts.owner_connection(self.server.postgres.owner_url) as owner:
            accounts.invite(owner, self.device.user, scope=scope, at=self.device.now())

    def leave(self, scope: str) -> None:
        """The worker of the device belongs to it no more."""
        with accounts.owner_connection(self.server.postgres.owner_url) as owner:
            accounts.remove_member(owner, self.device.user, scope)

    def house(self, laptop: PlainLaptop) -> ObjectRef:
        """A household of the laptop's town."""
        of = entity("household", new_id())
        assert laptop.receipt(create_entity(laptop, of, HOUSE)).status == "applied"
        return of

    def held(self) -> dict[str, EntityDoc]:
        """Every household on the device."""
        with self.device.store.reading() as db:
            found = db.rows("SELECT id FROM entity WHERE list = 'household'")
            return {one: entities.find(db, "household", one).doc for (one,) in found}

    def everything(self) -> str:
        """All the text that the device's store holds."""
        with self.device.store.reading() as db:
            tables = db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in tables if not name.startswith(("sqlite_", "search_gram"))]
            return str([db.rows(f'SELECT * FROM "{name}"') for name in names])  # noqa: S608


@contextmanager
def _world(folder: Path, server: Server) -> Iterator[World]:
    with Line(server.base_url) as line:
        made = World(folder, server, line)
        try:
            yield made
        finally:
            made.device.store.close()


@pytest.fixture
def world(tmp_path: Path, server: Server) -> Iterator[World]:
    with _world(tmp_path, server) as made:
        yield made


def move(laptop: PlainLaptop, of: ObjectRef, base: int, to: str) -> None:
    moved = change_entity(laptop, of, base, [], kind="move", scope=to)
    assert laptop.receipt(moved).status == "applied"


def share(laptop: PlainLaptop, of: ObjectRef, base: int, old: str | None, new: str | None) -> None:
    shared = change_entity(laptop, of, base, [("@share", old, new)])
    assert laptop.receipt(shared).status == "applied"


def test_a_household_moved_between_two_towns_of_a_worker_stays_on_the_device(world: World) -> None:
    there, back = world.house(world.mine), world.house(world.yours)
    world.device.exchange()

    move(world.mine, there, 1, world.there)
    move(world.yours, back, 1, world.here)
    world.device.exchange()

    assert set(world.held()) == {there.id, back.id}


def test_a_household_that_moved_to_a_town_of_others_leaves_nothing_behind(world: World) -> None:
    of = world.house(world.mine)
    world.device.exchange()
    assert HOUSE["address"] in world.everything()

    move(world.mine, of, 1, world.server.new_scope())
    world.device.exchange()

    assert world.held() == {}
    assert HOUSE["address"] not in world.everything()


def test_a_share_taken_back_leaves_a_household_that_the_device_has_by_its_home(
    world: World,
) -> None:
    of = world.house(world.mine)
    card = f"card {world.there}"
    share(world.mine, of, 1, None, card)
    world.device.exchange()
    assert world.held()[of.id].props == {"address": HOUSE["address"]}

    share(world.mine, of, 2, card, None)
    world.device.exchange()

    assert world.held()[of.id].props == {"address": HOUSE["address"]}


def test_what_only_a_scope_left_behind_brought_goes_and_comes_back_with_it(world: World) -> None:
    gone, kept, both = world.house(world.yours), world.house(world.mine), world.house(world.yours)
    share(world.yours, both, 1, None, f"full {world.here}")
    world.device.exchange()
    assert set(world.held()) == {gone.id, kept.id, both.id}

    world.leave(world.there)
    world.device.exchange()

    assert set(world.held()) == {kept.id, both.id}
    assert set(world.device.replica.cursors()) == {world.here}
    world.join(world.there)
    world.device.exchange()
    assert set(world.held()) == {gone.id, kept.id, both.id}


def test_a_household_seen_in_full_is_a_card_once_its_home_is_left_behind(world: World) -> None:
    of = world.house(world.yours)
    share(world.yours, of, 1, None, f"card {world.here}")
    world.device.exchange()
    assert world.held()[of.id].props == {"address": HOUSE["address"]}

    world.leave(world.there)
    world.device.exchange()

    assert world.held()[of.id].props == {}
    assert HOUSE["address"] not in world.everything()
    world.join(world.there)
    world.device.exchange()
    assert world.held()[of.id].props == {"address": HOUSE["address"]}


def test_what_was_not_sent_before_a_membership_ended_is_refused_and_kept(world: World) -> None:
    sent = world.device.create({"good": "가상-보낸 말"})
    world.device.exchange()
    unsent = world.device.create({"good": "가상-못 보낸 말"})

    world.leave(world.here)
    world.device.exchange()

    seen = world.device.seen()
    assert set(seen) == {unsent}
    assert seen[unsent]["good"] == "가상-못 보낸 말"
    with world.device.store.reading() as db:
        (own,) = operations.for_object(db, unsent)
        assert (own.state, own.code) == ("quarantined", "not_a_member")
    assert sent not in seen


def test_an_amendment_of_what_the_device_may_see_no_more_is_kept_until_somebody_decides(
    world: World,
) -> None:
    record = world.device.create({"good": "가상-보낸 말"})
    world.device.exchange()
    world.device.amend(record, {"good": "가상-고친 말"})

    world.leave(world.here)
    world.device.exchange()
    world.device.exchange()

    assert world.device.seen()[record]["good"] == "가상-고친 말"
    world.join(world.here)
    world.device.exchange()
    assert world.device.seen()[record]["good"] == "가상-고친 말"
