"""The digest is that of the rows which a pull from the beginning brings, whatever one may see."""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.domain.digest import conflict_line, digest_of, put_line
from fieldapp.domain.exchange import DigestReply, DigestRequest, PulledRow
from fieldapp.domain.shapes import decode, encode
from fieldapp.sync import protocol
from tests.server.errands import (
    change_entity,
    checked,
    create_entity,
    entity,
    making,
    new_id,
    new_town,
)
from tests.servers import Laptop, Server, survey


def digests(laptop: Laptop) -> dict[str, str]:
    """What the door says of the scopes at the laptop's cursors."""
    asked = DigestRequest(cursors=dict(laptop.cursors))
    reply = laptop.http.post(protocol.DIGEST, content=encode(asked))
    assert reply.status_code == 200, reply.text
    return decode(DigestReply, reply.content).digests


def of_rows(rows: Iterable[PulledRow]) -> str:
    """The digest of what a pull brought."""
    lines = []
    for row in rows:
        list_name, doc = row.object.list or "", row.doc or {}
        if row.change == "put":
            lines.append(put_line(list_name, row.object.id, row.rev, row.hash or ""))
        elif row.change == "conflict":
            is_decided = "decided_by" in doc
            lines.append(conflict_line(list_name, doc["id"], row.rev, is_decided=is_decided))
    return digest_of(lines)


def all_of(laptop: Laptop) -> list[PulledRow]:
    """Everything from the beginning."""
    laptop.cursors.clear()
    return laptop.pull()


def test_it_is_of_records_entities_and_conflicts_open_or_decided(server: Server) -> None:
    town = new_town(server)
    mine = town.laptop("secretariat", "monitor")
    yours = town.laptop("secretariat")
    created, other = mine.create(survey(1)), mine.create(survey(2))
    mine.push(created, other)
    mine.push(checked(mine, making(entity("improvement", new_id()), {"content": "가상-문턱"})))
    for record in (created.object.id, other.object.id):
        mine.push(mine.change(record, 1, [("items/q1", "4", "1")]))
        yours.push(yours.change(record, 1, [("items/q1", "4", "5")]))
    decision = [("items/q1", "1", "5")]
    mine.push(mine.change(created.object.id, 3, decision, kind="resolve", reason="가상-전화"))

    rows = all_of(mine)

    assert sum(row.change == "conflict" for row in rows) == 2
    assert digests(mine) == {town.scope: of_rows(rows)}


def test_it_is_of_what_each_scope_shows_also_of_cards_and_of_what_moved_away(
    server: Server,
) -> None:
    here, there = new_town(server), new_town(server)
    mine, yours = here.laptop("secretariat"), there.laptop("secretariat")
    houses = [entity("household", new_id()) for _ in range(3)]
    mine.push(
        *(create_entity(mine, one, {"label": "가상-집", "phone": "02-000"}) for one in houses)
    )
    whole, card, moved = houses
    mine.push(
        change_entity(mine, whole, 1, [("@share", None, f"full {there.scope}")]),
        change_entity(mine, card, 1, [("@share", None, f"card {there.scope}")]),
        change_entity(mine, moved, 1, [], kind="move", scope=there.scope),
    )

    theirs, own = all_of(yours), all_of(mine)

    assert {(row.object.id, row.change) for row in theirs} == {(one.id, "put") for one in houses}
    assert (moved.id, "evict") in {(row.object.id, row.change) for row in own}
    assert digests(yours) == {there.scope: of_rows(theirs)}
    assert digests(mine) == {here.scope: of_rows(own)}


def test_it_changes_with_whatever_changes_and_is_not_told_before_that_was_read(
    server: Server,
) -> None:
    laptop = server.new_laptop()
    created = laptop.create(survey())
    laptop.push(created)
    laptop.pull()
    before = digests(laptop)

    laptop.push(laptop.change(created.object.id, 1, [("good", None, "가상-말")]))

    assert digests(laptop) == {}
    laptop.pull()
    assert digests(laptop).keys() == before.keys()
    assert digests(laptop) != before


def test_nothing_is_said_of_a_scope_of_others(server: Server) -> None:
    laptop, neighbour = server.new_laptop(), server.new_laptop()
    for one in (laptop, neighbour):
        one.pull()
    laptop.cursors.update(neighbour.cursors)

    assert digests(laptop).keys() == {laptop.scope}
