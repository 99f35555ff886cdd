"""Entities: changed by operations of their own, merged per property, pulled like records."""

from __future__ import annotations

import pytest

from fieldapp.domain.record import document_hash
from tests.server.errands import (
    change_entity,
    conflicts_of,
    create_entity,
    entity,
    entity_of,
    new_id,
    new_town,
    said,
    stored_entity,
)
from tests.servers import Laptop, Server

PERSON = {"label": "가상-김하나", "household": "가상-1", "birth": "1948-03-02"}


def test_an_entity_is_stored_with_its_properties_its_history_and_its_hash(laptop: Laptop) -> None:
    of = entity("person", new_id())
    made = create_entity(laptop, of, PERSON)

    assert (said(laptop.receipt(made)), laptop.seq) == (("applied", None), 1)

    (row,) = laptop.pull()
    assert (row.object, row.rev, row.hash) == (of, 1, document_hash(row.doc or {}))
    doc = entity_of([row], of)
    assert (doc.label, doc.props) == ("가상-김하나", {"household": "가상-1", "birth": "1948-03-02"})
    (header,) = doc.history
    assert (header.who, header.when) == (made.author, made.at)
    assert header.paths == ("birth", "household", "label")


def test_two_laptops_change_different_properties_and_both_stand(server: Server) -> None:
    town = new_town(server)
    mine, yours = town.laptop("secretariat"), town.laptop("secretariat")
    of = entity("person", new_id())
    mine.push(create_entity(mine, of, PERSON))

    mine.push(change_entity(mine, of, 1, [("phone", None, "02-000-0000")]))
    receipt = yours.receipt(change_entity(yours, of, 1, [("birth", "1948-03-02", "1948-03-03")]))

    assert (receipt.status, receipt.rev, receipt.fields) == ("merged", 3, ("birth",))
    doc = entity_of(mine.pull(), of)
    assert (doc.props["phone"], doc.props["birth"]) == ("02-000-0000", "1948-03-03")
    assert [header.who for header in doc.history] == [yours.user, mine.user, mine.user]


def test_one_property_that_both_changed_is_a_conflict_that_a_resolve_decides(
    server: Server,
) -> None:
    town = new_town(server)
    mine, yours = town.laptop("secretariat"), town.laptop("secretariat")
    of = entity("person", new_id())
    mine.push(create_entity(mine, of, PERSON))
    mine.push(change_entity(mine, of, 1, [("birth", "1948-03-02", "1948-03-04")]))

    receipt = yours.receipt(
        change_entity(yours, of, 1, [("birth", "1948-03-02", "1948-03-03"), ("tong", None, "3통")])
    )

    assert receipt.status == "conflict"
    assert receipt.conflict is not None
    assert receipt.conflict.paths == ("birth",)
    rows = mine.pull()
    assert entity_of(rows, of).props["birth"] == "1948-03-04"
    assert entity_of(rows, of).props["tong"] == "3통"
    (conflict,) = conflicts_of(rows, of)
    (line,) = conflict.lines
    assert (line.base, line.ours, line.theirs) == ("1948-03-02", "1948-03-04", "1948-03-03")
    assert (conflict.ours_author, conflict.theirs_author) == (mine.user, yours.user)

    mine.push(change_entity(mine, of, 3, [("birth", "1948-03-04", "1948-03-03")], kind="resolve",
                            reason="주민등록 확인"))  # fmt: skip

    rows = yours.pull()
    assert entity_of(rows, of).props["birth"] == "1948-03-03"
    assert [one.decided_by for one in conflicts_of(rows, of)] == [mine.user]


def test_a_property_that_is_taken_away_has_no_key(laptop: Laptop) -> None:
    of = entity("person", new_id())
    made = create_entity(laptop, of, PERSON)

    laptop.push(made, change_entity(laptop, of, made.op_id, [("birth", "1948-03-02", None)]))

    assert "birth" not in entity_of(laptop.pull(), of).props


def test_the_same_entity_made_twice_is_one(server: Server) -> None:
    town = new_town(server)
    mine, yours = town.laptop("secretariat"), town.laptop("secretariat")
    of = entity("site", new_id())
    mine.push(create_entity(mine, of, {"label": "가상-돌봄센터", "programme": "care"}))

    again = create_entity(yours, of, {"label": "가상-돌봄센터", "address": "가상로 1"})

    assert yours.receipt(again).status == "merged"
    doc = entity_of(mine.pull(), of)
    assert doc.props == {"programme": "care", "address": "가상로 1"}


def test_an_operation_on_an_entity_brought_again_changes_nothing(
    server: Server, laptop: Laptop
) -> None:
    of = entity("person", new_id())
    made = create_entity(laptop, of, PERSON)
    changed = change_entity(laptop, of, made.op_id, [("tong", None, "3통")])
    first = laptop.push(made, changed)

    again = laptop.push(made, changed)

    assert [receipt.status for receipt in again.results] == ["duplicate", "duplicate"]
    assert [receipt.rev for receipt in again.results] == [r.rev for r in first.results] == [1, 2]
    assert len(server.sql("select 1 from fieldapp.entity_version where id = %s", [of.id])) == 2


def test_an_entity_and_a_record_of_one_id_are_two_things(laptop: Laptop) -> None:
    shared = new_id()
    household, person = entity("household", shared), entity("person", shared)

    laptop.push(
        create_entity(laptop, household, {"label": "가상-집"}),
        create_entity(laptop, person, {"label": "가상-사람"}),
        laptop.create({"serial": "1", "answered": "1"}, record=shared),
    )

    rows = laptop.pull()
    assert {(row.object.list, row.object.id) for row in rows} == {
        ("household", shared), ("person", shared), (None, shared),
    }  # fmt: skip


@pytest.mark.parametrize("path", ["a/b", "areas[n1]", "@signed/monitor1", "@subject"])
def test_a_path_that_is_no_property_is_refused(laptop: Laptop, path: str) -> None:
    of = entity("person", new_id())
    made = create_entity(laptop, of, PERSON)
    laptop.push(made)
    text = '{"a":"b"}' if path.endswith("]") else None

    refused = change_entity(laptop, of, 1, [(path, text, None if text else f"household/{of.id}")])

    assert said(laptop.receipt(refused)) == ("rejected", "unsupported")


def test_an_entity_of_another_scope_is_unknown_here_and_its_id_is_taken(server: Server) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    of = entity("person", new_id())
    here.push(create_entity(here, of, PERSON))

    change = change_entity(there, of, 1, [("tong", None, "3통")])
    create = create_entity(there, of, {"label": "가상-남"})

    codes = [receipt.code for receipt in there.push(change, create).results]
    assert codes == ["unknown_object", "id_taken"]
    assert stored_entity(server, of).label == "가상-김하나"
    assert there.pull() == []


def test_a_change_waits_for_the_operation_that_it_is_based_on(laptop: Laptop) -> None:
    of = entity("person", new_id())
    refused = create_entity(laptop, of, PERSON, scope="가상-모르는-동")
    waiting = change_entity(laptop, of, refused.op_id, [("tong", None, "3통")])
    future = change_entity(laptop, of, 4, [("tong", None, "3통")])

    said_of = [said(receipt) for receipt in laptop.push(refused, waiting, future).results]

    assert said_of == [
        ("rejected", "not_a_member"), ("held", "base_waits"), ("rejected", "unknown_object"),
    ]  # fmt: skip


def test_an_alias_leads_to_an_entity_that_leads_nowhere_and_can_be_taken_back(
    laptop: Laptop,
) -> None:
    kept, twin, third = (entity("person", new_id()) for _ in range(3))
    for of in (kept, twin, third):
        laptop.push(create_entity(laptop, of, PERSON))

    def merge(of: str, into: str | None, old: str | None = None, base: int = 1) -> str | None:
        one = entity("person", of)
        line = ("@merged_into", old, into)
        return laptop.receipt(change_entity(laptop, one, base, [line])).code

    assert merge(twin.id, kept.id) is None
    assert merge(third.id, twin.id) == "unknown_object"
    assert merge(third.id, third.id) == "unsupported"
    assert merge(third.id, new_id()) == "unknown_object"
    assert entity_of(laptop.pull(), twin).merged_into == kept.id
    assert merge(twin.id, None, kept.id, base=2) is None
    assert entity_of(laptop.pull(), twin).merged_into is None
