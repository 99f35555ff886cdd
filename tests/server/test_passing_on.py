"""Who may pass an entity on, who takes it back, who is told who sees it (formats F8)."""

from __future__ import annotations

import httpx
import pytest

from fieldapp.domain.exchange import Place, SightsReply
from fieldapp.domain.operation import ObjectRef, Operation, Subject
from fieldapp.domain.shapes import decode
from fieldapp.server import accounts
from fieldapp.sync import protocol
from tests.server.errands import (
    Town,
    change_entity,
    create_entity,
    entity,
    entity_of,
    new_id,
    new_town,
    record_of,
    said,
    visited,
)
from tests.server.test_scopes import HOUSE, Two, changes, move, private_scope, share
from tests.server.workbooks import CALL
from tests.servers import Laptop, Server


@pytest.fixture
def two(server: Server) -> Two:
    return Two(server)


def about(of: ObjectRef) -> Subject:
    return Subject(list=of.list or "", id=of.id)


def sights(laptop: Laptop, of: ObjectRef) -> httpx.Response:
    return laptop.http.get(f"{protocol.SIGHTS}/{of.list}/{of.id}")


def called(places: tuple[Place, ...]) -> dict[str, tuple[str, str]]:
    return {place.id: (place.label, place.kind) for place in places}


def test_whoever_sent_a_household_takes_it_back_while_nobody_there_has_changed_it(two: Two) -> None:
    person = entity("person", new_id())
    two.mine.push(create_entity(two.mine, person, {"label": "가상", "household": two.house.id}))
    two.mine.pull()
    away = move(two.mine, two.house, 1, two.there.scope)
    two.mine.push(away)
    assert changes(two.yours.pull()) == {(two.house.id, "put"), (person.id, "put")}

    receipt = two.mine.receipt(move(two.mine, two.house, away.op_id, two.here.scope))

    assert (receipt.status, receipt.rev) == ("applied", 3)
    assert changes(two.mine.pull()) == {(two.house.id, "put"), (person.id, "put")}
    assert changes(two.yours.pull()) == {(two.house.id, "evict"), (person.id, "evict")}


def test_a_household_sent_and_taken_back_in_one_batch_never_leaves(two: Two) -> None:
    away = move(two.mine, two.house, 1, two.there.scope)
    back = move(two.mine, two.house, away.op_id, two.here.scope)

    assert [one.status for one in two.mine.push(away, back).results] == ["applied", "applied"]
    assert changes(two.mine.pull()) == {(two.house.id, "put")}
    assert changes(two.yours.pull()) <= {(two.house.id, "evict")}


def test_what_the_new_town_has_changed_is_not_taken_back(two: Two) -> None:
    away = move(two.mine, two.house, 1, two.there.scope)
    two.mine.push(away)
    two.yours.push(change_entity(two.yours, two.house, 2, [("memo", None, "가상-만남")]))

    back = move(two.mine, two.house, away.op_id, two.here.scope)

    assert said(two.mine.receipt(back)) == ("rejected", protocol.CODE_NOT_A_MEMBER)
    assert entity_of(two.yours.pull(), two.house).props["memo"] == "가상-만남"


def test_nobody_takes_to_themselves_what_was_never_theirs(two: Two, server: Server) -> None:
    stranger = server.new_laptop()

    grasp = move(stranger, two.house, 1, stranger.scope)

    assert said(stranger.receipt(grasp)) == ("rejected", protocol.CODE_UNKNOWN_OBJECT)
    assert stranger.pull() == []


def test_records_read_in_the_new_town_are_read_there_no_more_once_it_is_taken_back(
    two: Two,
) -> None:
    call = two.mine.create({"memo": "가상-전화"}, form=CALL, subject=about(two.house))
    two.mine.push(call)
    away = move(two.mine, two.house, 1, two.there.scope)
    two.mine.push(away)
    assert record_of(two.yours.pull(), call.object.id).answers["memo"] == "가상-전화"

    two.mine.push(move(two.mine, two.house, away.op_id, two.here.scope))

    assert changes(two.yours.pull()) == {(two.house.id, "evict"), (call.object.id, "evict")}
    two.yours.cursors.clear()
    assert all(row.doc is None for row in two.yours.pull())


@pytest.mark.parametrize("role", ["monitor", "provider", "care_network", "si_officer"])
def test_whoever_only_visits_or_counts_passes_nothing_on(two: Two, role: str) -> None:
    visitor = two.here.laptop(role)
    deeds: tuple[Operation, ...] = (
        move(visitor, two.house, 1, two.there.scope),
        share(visitor, two.house, 1, None, f"full {two.there.scope}"),
    )

    for deed in deeds:
        assert said(visitor.receipt(deed)) == ("rejected", protocol.CODE_ROLE_MISSING)
    assert two.yours.pull() == []


def test_the_greeting_names_the_offices_of_ones_own_tree_and_the_heads_of_others(
    server: Server,
) -> None:
    district, other, inner = (f"가상-구-{new_id()}" for _ in range(3))
    near, far, team, hidden, mine = (f"가상-{new_id()}" for _ in range(5))
    with accounts.owner_connection(server.postgres.owner_url) as owner:
        accounts.add_scope(owner, district, label="가상구")
        accounts.add_scope(owner, other, label="이웃구")
        accounts.add_scope(owner, near, parent=district, label="가상동")
        accounts.add_scope(owner, team, kind="org", parent=district, label="가상-조사단")
        accounts.add_scope(owner, far, parent=other, label="먼동")
        accounts.add_scope(owner, hidden, kind="private", parent=district, label="가상-비밀")
        accounts.add_scope(owner, mine, kind="private", parent=district, label="가상-사건")
        accounts.add_scope(owner, inner, parent=near)
    laptop = server.laptop(server.new_user(near, mine), near)

    told = called(laptop.hello().places)

    known = {scope: words for scope, words in told.items() if words[0] != scope or scope == inner}
    assert known.items() >= {
        district: ("가상구", "town"), other: ("이웃구", "town"), near: ("가상동", "town"),
        team: ("가상-조사단", "org"), mine: ("가상-사건", "private"), inner: (inner, "town"),
    }.items()  # fmt: skip
    assert not {far, hidden} & told.keys()


def test_only_members_of_its_home_are_told_who_sees_a_household(two: Two, server: Server) -> None:
    office = Town(server, server.new_scope())
    guest = office.laptop("secretariat")
    two.mine.push(share(two.mine, two.house, 1, None, f"full {office.scope}"))
    two.mine.push(share(two.mine, two.house, 2, None, f"card {two.there.scope}"))

    told = decode(SightsReply, sights(two.mine, two.house).content)

    assert told.home == two.here.scope
    seen = {one.scope: one.view for one in told.seen_by}
    assert seen == {office.scope: "full", two.there.scope: "card"}
    assert [sights(laptop, two.house).status_code for laptop in (guest, two.yours)] == [404, 404]
    assert sights(two.mine, entity("household", new_id())).status_code == 404

    two.mine.push(share(two.mine, two.house, 3, f"full {office.scope}", None))
    after = decode(SightsReply, sights(two.mine, two.house).content)
    assert [one.scope for one in after.seen_by] == [two.there.scope]


def test_a_record_about_somebody_restricted_is_written_into_their_circle_alone(
    server: Server,
) -> None:
    town = new_town(server)
    circle = private_scope(server)
    named = server.laptop(server.new_user(town.scope, circle), town.scope)
    leader = town.laptop("secretariat")
    house = entity("household", new_id())
    named.push(create_entity(named, house, HOUSE, scope=circle))

    visit = visited(named, subject=about(house), today="2026-11-21")
    assert said(named.receipt(visit)) == ("applied", None)

    (row,) = [row for row in named.pull() if row.object == visit.object]
    assert (row.scope, record_of([row], visit.object.id).scope) == (circle, circle)
    assert leader.pull() == []


def test_nobody_but_a_named_member_writes_about_somebody_restricted(server: Server) -> None:
    town = new_town(server)
    circle = private_scope(server)
    named = server.laptop(server.new_user(town.scope, circle), town.scope)
    colleague = town.laptop("secretariat")
    house = entity("household", new_id())
    made = create_entity(named, house, HOUSE)
    named.push(made)
    colleague.pull()
    named.push(move(named, house, 1, circle))

    late = visited(colleague, subject=about(house), today="2026-11-21")

    assert said(colleague.receipt(late)) == ("rejected", protocol.CODE_NOT_A_MEMBER)
    assert changes(named.pull()) == {(house.id, "put"), (house.id, "evict")}
    assert changes(colleague.pull()) == {(house.id, "evict")}


def test_a_household_that_turned_out_to_be_another_moves_with_it_and_its_persons_too(
    two: Two,
) -> None:
    twin, person = entity("household", new_id()), entity("person", new_id())
    two.mine.push(
        create_entity(two.mine, twin, HOUSE),
        create_entity(two.mine, person, {"label": "가상-하나", "household": twin.id}),
        change_entity(two.mine, twin, 1, [("@merged_into", None, two.house.id)]),
    )
    two.mine.pull()

    two.mine.push(move(two.mine, two.house, 1, two.there.scope))

    moved = {two.house.id, twin.id, person.id}
    assert changes(two.mine.pull()) == {(one, "evict") for one in moved}
    rows = two.yours.pull()
    assert changes(rows) == {(one, "put") for one in moved}
    assert entity_of(rows, twin).merged_into == two.house.id
