"""Who sees what: moves that take a household along, shares, cards, private scopes (formats F8)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.exchange import PulledRow
from fieldapp.domain.operation import ObjectRef, Operation, Subject
from fieldapp.domain.record import document_hash
from fieldapp.domain.shapes import read
from fieldapp.server import accounts
from tests.server.errands import (
    Town,
    change_entity,
    changing,
    checked,
    conflicts_of,
    create_entity,
    entity,
    entity_of,
    making,
    new_id,
    new_town,
    record_of,
    said,
    stored_entity,
    visited,
)
from tests.server.workbooks import CALL
from tests.servers import Laptop, Server

HOUSE = {"label": "가상-이웃집", "address": "가상로 12", "phone": "02-000-0000"}


def move(laptop: Laptop, of: ObjectRef, base: int | str, to: str) -> Operation:
    return change_entity(laptop, of, base, [], kind="move", scope=to)


def share(laptop: Laptop, of: ObjectRef, base: int, old: str | None, new: str | None) -> Operation:
    return change_entity(laptop, of, base, [("@share", old, new)])


def changes(rows: Sequence[PulledRow]) -> set[tuple[str, str]]:
    return {(row.object.id, row.change) for row in rows}


class Two:
    """Two towns with a laptop each, and a household of the first that both could know."""

    def __init__(self, server: Server) -> None:
        self.here, self.there = new_town(server), new_town(server)
        self.mine = self.here.laptop("secretariat", "monitor")
        self.yours = self.there.laptop("secretariat", "monitor")
        self.house = entity("household", new_id())
        self.mine.push(create_entity(self.mine, self.house, HOUSE))


@pytest.fixture
def two(server: Server) -> Two:
    return Two(server)


def test_a_move_evicts_in_the_old_town_and_puts_in_the_new(two: Two) -> None:
    two.mine.pull()
    two.yours.pull()

    receipt = two.mine.receipt(move(two.mine, two.house, 1, two.there.scope))

    assert (receipt.status, receipt.rev) == ("applied", 2)
    (gone,) = two.mine.pull()
    assert (gone.change, gone.object, gone.doc) == ("evict", two.house, None)
    doc = entity_of(two.yours.pull(), two.house)
    assert (doc.label, doc.props["address"]) == (HOUSE["label"], HOUSE["address"])
    assert (doc.history[0].paths, doc.history[0].who) == (("@home",), two.mine.user)


def test_a_household_takes_its_persons_and_open_case_along_and_leaves_what_is_closed(
    two: Two,
) -> None:
    mine, house = two.mine, two.house
    person, case, closed, other = (
        entity(name, new_id()) for name in ("person", "case", "case", "person")
    )
    mine.push(
        create_entity(mine, person, {"label": "가상-하나", "household": house.id}),
        create_entity(mine, case, {"label": "가상-사례", "household": house.id, "state": "개입"}),
        create_entity(mine, closed, {"label": "가상-끝", "household": house.id, "state": "종결"}),
        create_entity(mine, other, {"label": "가상-남", "household": new_id()}),
    )
    mine.pull()

    mine.push(move(mine, house, 1, two.there.scope))

    gone = {(house.id, "evict"), (person.id, "evict"), (case.id, "evict")}
    assert changes(mine.pull()) == gone
    rows = two.yours.pull()
    assert changes(rows) == {(one.id, "put") for one in (house, person, case)}
    assert entity_of(rows, person).props["household"] == house.id


def test_a_household_made_and_moved_in_one_batch_takes_its_persons_along(two: Two) -> None:
    house, person = entity("household", new_id()), entity("person", new_id())
    made = create_entity(two.mine, house, HOUSE)

    receipts = two.mine.push(
        made,
        create_entity(two.mine, person, {"label": "가상-하나", "household": house.id}),
        move(two.mine, house, made.op_id, two.there.scope),
    ).results

    assert [receipt.status for receipt in receipts] == ["applied"] * 3
    assert changes(two.yours.pull()) == {(house.id, "put"), (person.id, "put")}


def test_records_stay_with_the_office_that_made_them(two: Two) -> None:
    about = Subject(list="household", id=two.house.id)
    visit = visited(two.mine, subject=about, today="2026-11-21")
    assert said(two.mine.receipt(visit))[0] == "applied"
    two.mine.pull()

    two.mine.push(move(two.mine, two.house, 1, two.there.scope))

    assert changes(two.mine.pull()) == {(two.house.id, "evict")}
    assert changes(two.yours.pull()) == {(two.house.id, "put")}


def test_records_that_their_pack_lets_follow_are_read_in_the_new_town_and_written_in_the_old(
    two: Two, server: Server
) -> None:
    person = entity("person", new_id())
    two.mine.push(create_entity(two.mine, person, {"label": "가상", "household": two.house.id}))
    call = two.mine.create(
        {"memo": "가상-전화"}, form=CALL, subject=Subject(list="person", id=person.id)
    )
    assert said(two.mine.receipt(call))[0] == "applied"
    two.mine.pull()

    two.mine.push(move(two.mine, two.house, 1, two.there.scope))

    rows = two.yours.pull()
    assert changes(rows) == {(one, "put") for one in (two.house.id, person.id, call.object.id)}
    assert record_of(rows, call.object.id).scope == two.here.scope
    assert call.object.id not in {row.object.id for row in two.mine.pull()}
    lines = [("memo", "가상-전화", "가상-고침")]
    refused = two.yours.receipt(two.yours.change(call.object.id, 1, lines, form=CALL))
    assert said(refused) == ("rejected", "unknown_object")
    two.mine.push(two.mine.change(call.object.id, 1, lines, form=CALL))
    assert record_of(two.yours.pull(), call.object.id).answers["memo"] == "가상-고침"


def test_a_late_operation_of_the_old_town_is_merged_where_the_household_is_now(
    two: Two, server: Server
) -> None:
    late = two.here.laptop("secretariat")
    late.pull()
    two.mine.push(move(two.mine, two.house, 1, two.there.scope))
    two.yours.pull()
    two.yours.push(change_entity(two.yours, two.house, 2, [("phone", "02-000-0000", "02-1")]))

    receipt = late.receipt(change_entity(late, two.house, 1, [("memo", None, "가상-늦은 말")]))

    assert (receipt.status, receipt.rev) == ("merged", 4)
    assert changes(late.pull()) == {(two.house.id, "evict")}
    doc = entity_of(two.yours.pull(), two.house)
    assert (doc.props["memo"], doc.props["phone"]) == ("가상-늦은 말", "02-1")
    assert stored_entity(server, two.house).props["memo"] == "가상-늦은 말"


def test_a_late_operation_that_disagrees_is_a_conflict_of_the_new_town_alone(two: Two) -> None:
    late = two.here.laptop("secretariat")
    two.mine.push(move(two.mine, two.house, 1, two.there.scope))
    two.yours.push(change_entity(two.yours, two.house, 2, [("phone", "02-000-0000", "02-1")]))

    line = ("phone", "02-000-0000", "02-2")
    receipt = late.receipt(change_entity(late, two.house, 1, [line]))

    assert receipt.status == "conflict"
    (conflict,) = conflicts_of(two.yours.pull(), two.house)
    assert (conflict.lines[0].ours, conflict.lines[0].theirs) == ("02-1", "02-2")
    assert changes(late.pull()) == {(two.house.id, "evict")}


def test_an_operation_on_a_revision_that_its_scopes_never_saw_is_refused(two: Two) -> None:
    two.mine.push(move(two.mine, two.house, 1, two.there.scope))
    two.yours.push(change_entity(two.yours, two.house, 2, [("memo", None, "가상-새 말")]))

    after = change_entity(two.mine, two.house, 3, [("phone", "02-000-0000", "02-2")])
    before = change_entity(two.yours, two.house, 1, [("phone", "02-000-0000", "02-2")])

    assert said(two.mine.receipt(after)) == ("rejected", "base_not_visible")
    assert said(two.yours.receipt(before)) == ("rejected", "base_not_visible")


def test_a_visit_that_comes_late_changes_the_entity_where_it_is_now(
    server: Server, two: Two
) -> None:
    late = two.here.laptop("monitor")
    of = entity("improvement", new_id())
    made = checked(two.mine, making(of, {"content": "가상-문턱"}))
    assert said(two.mine.receipt(made))[0] == "applied"
    two.mine.push(move(two.mine, of, 1, two.there.scope))

    receipt = late.receipt(checked(late, changing(of, 1, [("content", "가상-문턱", "가상-턱")])))

    assert receipt.status == "applied"
    assert stored_entity(server, of).props["content"] == "가상-턱"
    assert entity_of(two.yours.pull(), of).props["content"] == "가상-턱"


def test_a_household_that_comes_back_is_put_again(two: Two) -> None:
    two.mine.push(move(two.mine, two.house, 1, two.there.scope))
    two.mine.pull()

    two.yours.push(move(two.yours, two.house, 2, two.here.scope))

    assert changes(two.mine.pull()) == {(two.house.id, "put")}
    assert changes(two.yours.pull()) == {(two.house.id, "evict")}
    again = change_entity(two.yours, two.house, 2, [("memo", None, "가상-늦게")])
    assert said(two.yours.receipt(again)) == ("merged", None)


def test_the_same_move_made_by_two_is_one_and_another_is_refused(server: Server, two: Two) -> None:
    other, third = two.here.laptop("secretariat"), new_town(server)
    two.mine.push(move(two.mine, two.house, 1, two.there.scope))

    assert said(other.receipt(move(other, two.house, 1, two.there.scope))) == ("merged", None)
    refused = other.receipt(move(other, two.house, 1, third.scope))
    assert said(refused) == ("rejected", "not_a_member")


def test_only_members_move_or_share_and_a_private_scope_is_given_nothing_unasked(
    server: Server, two: Two
) -> None:
    private = private_scope(server)
    outsider = new_town(server).laptop("secretariat")

    asked = [
        (two.mine, move(two.mine, two.house, 1, private)),
        (two.mine, move(two.mine, two.house, 1, "가상-없는 곳")),
        (two.mine, share(two.mine, two.house, 1, None, "card 가상-없는 곳")),
    ]

    assert {said(who.receipt(operation)) for who, operation in asked} == {
        ("rejected", "not_a_member")
    }
    refused = outsider.receipt(move(outsider, two.house, 1, outsider.scope))
    assert said(refused) == ("rejected", "unknown_object")


def test_an_open_conflict_goes_along_to_where_it_is_decided(two: Two) -> None:
    late = two.here.laptop("secretariat")
    line = ("phone", "02-000-0000", "02-1")
    two.mine.push(change_entity(two.mine, two.house, 1, [line]))
    late.push(change_entity(late, two.house, 1, [("phone", "02-000-0000", "02-2")]))

    two.mine.push(move(two.mine, two.house, 3, two.there.scope))

    assert len(conflicts_of(two.yours.pull(), two.house)) == 1
    decision = change_entity(
        two.yours, two.house, 4, [("phone", "02-1", "02-2")], kind="resolve", reason="전화로 확인"
    )
    assert said(two.yours.receipt(decision))[0] == "applied"
    (decided,) = conflicts_of(two.yours.pull(), two.house)
    assert decided.decided_by == two.yours.user


def test_a_card_shows_the_label_and_no_property_and_follows_each_change(two: Two) -> None:
    two.mine.push(share(two.mine, two.house, 1, None, f"card {two.there.scope}"))

    (row,) = two.yours.pull()

    card = read(EntityDoc, row.doc)
    assert (card.label, card.props, card.history) == (HOUSE["label"], {}, ())
    assert (row.rev, row.hash) == (2, document_hash(row.doc or {}))
    two.mine.push(change_entity(two.mine, two.house, 2, [("label", HOUSE["label"], "가상-새집")]))
    assert entity_of(two.yours.pull(), two.house).label == "가상-새집"
    refused = two.yours.receipt(change_entity(two.yours, two.house, 3, [("memo", None, "가상")]))
    assert said(refused) == ("rejected", "unknown_object")


def test_a_card_shows_the_properties_that_their_questions_mark(two: Two) -> None:
    of = entity("improvement", new_id())
    values = {"label": "가상-문턱", "content": "가상-문턱", "found": "2026-11-20"}
    two.mine.push(create_entity(two.mine, of, values))

    two.mine.push(share(two.mine, of, 1, None, f"card {two.there.scope}"))

    assert entity_of(two.yours.pull(), of).props == {"found": "2026-11-20"}


def test_a_full_share_shows_all_until_it_is_taken_back(two: Two) -> None:
    full = f"full {two.there.scope}"
    two.mine.push(share(two.mine, two.house, 1, None, full))
    assert entity_of(two.yours.pull(), two.house).props["address"] == HOUSE["address"]
    changed = change_entity(two.yours, two.house, 2, [("memo", None, "가상-본 것")])
    assert said(two.yours.receipt(changed)) == ("applied", None)
    assert entity_of(two.mine.pull(), two.house).props["memo"] == "가상-본 것"

    two.mine.push(share(two.mine, two.house, 3, full, None))

    assert changes(two.yours.pull()) == {(two.house.id, "evict")}
    two.yours.cursors.clear()
    assert changes(two.yours.pull()) == {(two.house.id, "evict")}
    two.mine.push(change_entity(two.mine, two.house, 4, [("memo", "가상-본 것", "가상-뒤")]))
    assert two.yours.pull() == []


def test_whoever_sees_all_by_one_scope_is_shown_no_card_by_another(server: Server) -> None:
    two = Two(server)
    both = server.laptop(server.new_user(two.here.scope, two.there.scope), two.here.scope)

    two.mine.push(share(two.mine, two.house, 1, None, f"card {two.there.scope}"))

    rows = both.pull()
    assert {row.scope for row in rows} == {two.here.scope, two.there.scope}
    assert {row.hash for row in rows} == {rows[0].hash}
    assert all(read(EntityDoc, row.doc).props for row in rows)


def test_a_share_survives_the_move_of_what_is_shared(server: Server, two: Two) -> None:
    office = Town(server, server.new_scope())
    guest = office.laptop("secretariat")
    two.mine.push(share(two.mine, two.house, 1, None, f"card {office.scope}"))
    guest.pull()

    two.mine.push(move(two.mine, two.house, 2, two.there.scope))
    two.yours.push(change_entity(two.yours, two.house, 3, [("label", HOUSE["label"], "가상-옮김")]))

    assert entity_of(guest.pull(), two.house).label == "가상-옮김"


def test_a_private_scope_is_seen_by_its_named_members_alone(server: Server) -> None:
    town = new_town(server)
    private = private_scope(server)
    named = server.laptop(server.new_user(town.scope, private), town.scope)
    leader = town.laptop("secretariat")
    case = entity("case", new_id())

    named.push(
        create_entity(named, case, {"label": "가상-비공개", "memo": "가상-비밀"}, scope=private)
    )
    assert leader.pull() == []
    named.push(share(named, case, 1, None, f"card {town.scope}"))

    assert entity_of(leader.pull(), case).props == {}
    assert all(read(EntityDoc, row.doc).props == {"memo": "가상-비밀"} for row in named.pull())


def test_a_share_tells_nobody_whether_there_is_a_private_scope(two: Two, server: Server) -> None:
    hidden, mine = private_scope(server), private_scope(server)
    named = server.laptop(server.new_user(two.here.scope, mine), two.here.scope)

    for target in (hidden, "가상-없는-곳"):
        given = share(two.mine, two.house, 1, None, f"full {target}")
        assert said(two.mine.receipt(given)) == ("rejected", "not_a_member")
    assert said(named.receipt(share(named, two.house, 1, None, f"full {mine}"))) == (
        "applied",
        None,
    )


def private_scope(server: Server) -> str:
    scope = f"가상-비공개-{new_id()}"
    with accounts.owner_connection(server.postgres.owner_url) as owner:
        accounts.add_scope(owner, scope, kind="private")
    return scope
