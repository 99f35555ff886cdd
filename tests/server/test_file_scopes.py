"""Attachments of what is shared and of what moves (F8): who sees the object sees its photos."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from fieldapp.domain.exchange import UploadState
from fieldapp.domain.operation import ObjectRef
from fieldapp.domain.shapes import decode
from fieldapp.sync import protocol
from tests.server.attachments import Files, Picture, create, files, patch, picture
from tests.server.errands import change_entity, create_entity, entity, new_id
from tests.servers import Laptop

__all__ = ["files"]


@dataclass(frozen=True)
class House:
    """A household of one town with a photo that its laptop brought, and a laptop of another."""

    mine: Laptop
    yours: Laptop
    of: ObjectRef
    photo: Picture

    def seen_by(self, laptop: Laptop) -> bool:
        asked = {"object": self.of.id, "list": self.of.list or ""}
        path = f"{protocol.FILES}/{self.photo.name}"
        reply = laptop.http.get(path, params=asked)
        assert reply.status_code == (200 if reply.content == self.photo.content else 404)
        return reply.status_code == 200


@pytest.fixture
def house(files: Files) -> House:
    mine, yours = (files.laptop(roles=("secretariat", "monitor")) for _ in range(2))
    found = House(mine, yours, entity("household", new_id()), picture())
    made = {"label": "가상-집", "photo": found.photo.name}
    mine.push(create_entity(mine, found.of, made))
    asked = {"object": found.of.id, "list": "household", "name": found.photo.name}
    reply = create(mine, len(found.photo.content), **asked)
    patch(mine, decode(UploadState, reply.content).upload, 0, found.photo.content)
    return found


def test_the_photo_of_a_household_that_moved_is_seen_in_its_new_town_only(house: House) -> None:
    assert (house.seen_by(house.mine), house.seen_by(house.yours)) == (True, False)

    moved = change_entity(house.mine, house.of, 1, [], kind="move", scope=house.yours.scope)
    assert house.mine.receipt(moved).status == "applied"

    assert (house.seen_by(house.mine), house.seen_by(house.yours)) == (False, True)


def test_a_photo_is_seen_by_a_full_share_as_long_as_it_lasts_and_by_a_card_never(
    house: House,
) -> None:
    card, full = f"card {house.yours.scope}", f"full {house.yours.scope}"
    seen = []
    for rev, line in enumerate([(None, card), (card, full), (full, None)], 1):
        shared = change_entity(house.mine, house.of, rev, [("@share", *line)])
        assert house.mine.receipt(shared).status == "applied"
        seen.append(house.seen_by(house.yours))

    assert seen == [False, True, False]
    assert house.seen_by(house.mine)


def test_a_photo_added_by_whom_a_household_is_shared_with_is_seen_at_home(house: House) -> None:
    share = ("@share", None, f"full {house.yours.scope}")
    house.mine.push(change_entity(house.mine, house.of, 1, [share]))
    other = replace(house, photo=picture())
    changed = [("photo", house.photo.name, other.photo.name)]
    receipt = house.yours.receipt(change_entity(house.yours, house.of, 2, changed))
    assert receipt.status == "applied"

    asked = {"object": house.of.id, "list": "household", "name": other.photo.name}
    reply = create(house.yours, len(other.photo.content), **asked)
    patch(house.yours, decode(UploadState, reply.content).upload, 0, other.photo.content)

    assert other.seen_by(house.mine)
    assert other.seen_by(house.yours)
