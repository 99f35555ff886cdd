"""Deletions: who may, what all are told, and that later writes bring back and lose nothing."""

from __future__ import annotations

import pytest

from fieldapp.domain.operation import Operation, Subject
from fieldapp.domain.shapes import decode
from tests.server.errands import (
    change_entity,
    changing,
    checked,
    conflicts_of,
    create_entity,
    entity,
    making,
    new_id,
    new_town,
    planned,
    said,
    step,
    visited,
)
from tests.server.workbooks import CHECK, VISIT
from tests.servers import Laptop, Server

HOUSE = {"label": "가상-빈집", "address": "가상로 3"}


def gone(laptop: Laptop, record: str, base: int | str, **facts: str) -> Operation:
    """A record is to be deleted."""
    return laptop.change(record, base, [], kind="delete", form=CHECK, **facts)


def kept(server: Server, operation: Operation) -> Operation:
    """What stands of an operation in quarantine."""
    ((text,),) = server.sql(
        "select operation from fieldapp.quarantine where op_id = %s", [operation.op_id]
    )
    return decode(Operation, bytes(text))


def test_a_plan_that_its_maker_takes_back_goes_from_every_laptop(server: Server) -> None:
    town = new_town(server)
    office, monitor = town.laptop("secretariat"), town.laptop("monitor")
    plan = planned(office)
    office.push(plan)
    monitor.pull()

    receipt = office.receipt(gone(office, plan.object.id, 1))

    assert (said(receipt), receipt.rev) == (("applied", None), 2)
    (row,) = monitor.pull()
    assert (row.change, row.object, row.rev, row.doc) == ("del", plan.object, 2, None)
    assert [row.change for row in town.laptop("monitor").pull()] == ["del"]


def test_what_is_written_to_a_deleted_record_is_kept_whole_and_brings_nothing_back(
    server: Server,
) -> None:
    town = new_town(server)
    office, monitor = town.laptop("secretariat"), town.laptop("monitor")
    plan = planned(office)
    office.push(plan, gone(office, plan.object.id, plan.op_id))
    record = plan.object.id

    written = monitor.change(record, 1, [("content", None, "가상-계단 손잡이")], form=CHECK)
    again = office.create({}, form=CHECK, record=record, transition=plan.transition)

    assert said(monitor.receipt(written)) == ("rejected", "deleted")
    assert said(office.receipt(again)) == ("rejected", "deleted")
    assert kept(server, written).patch == written.patch
    assert kept(server, again).object == plan.object
    assert [row.change for row in monitor.pull()] == ["del"]


def test_a_deletion_brought_again_and_one_by_another_hand_change_nothing(server: Server) -> None:
    town = new_town(server)
    office, officer = town.laptop("secretariat"), town.laptop("privacy_officer")
    plan = planned(office)
    first = gone(office, plan.object.id, plan.op_id)
    office.push(plan, first)

    assert office.receipt(first).status == "duplicate"
    other = officer.receipt(gone(officer, plan.object.id, 1, reason="잘못 만든 계획"))
    assert (other.status, other.rev) == ("merged", 2)
    assert len(officer.pull()) == 1


def test_a_record_that_somebody_else_went_on_with_is_not_its_makers_to_delete(
    server: Server,
) -> None:
    town = new_town(server)
    office, monitor = town.laptop("secretariat"), town.laptop("monitor")
    plan = planned(office)
    office.push(plan)
    monitor.push(step(monitor, plan.object.id, 1, "점검 중"))

    refused = office.receipt(gone(office, plan.object.id, 1))
    stranger = monitor.receipt(gone(monitor, plan.object.id, 2))

    assert said(refused) == said(stranger) == ("rejected", "not_deletable")
    assert refused.rev == 2


def test_a_finished_visit_is_deleted_by_the_privacy_officer_alone_and_for_a_reason(
    server: Server,
) -> None:
    town = new_town(server)
    worker, officer = town.laptop("secretariat"), town.laptop("privacy_officer")
    made = visited(worker, note="가상-잘못 적은 방문")
    worker.push(made)

    def deletion(laptop: Laptop, **facts: str) -> Operation:
        return laptop.change(made.object.id, 1, [], kind="delete", form=VISIT, **facts)

    assert said(worker.receipt(deletion(worker))) == ("rejected", "not_deletable")
    assert said(officer.receipt(deletion(officer))) == ("rejected", "not_deletable")
    done = officer.receipt(deletion(officer, reason="다른 사람의 기록"))
    assert done.status == "applied"
    assert [row.change for row in worker.pull()] == ["del"]


def test_whoever_deletes_has_seen_what_others_wrote(server: Server) -> None:
    town = new_town(server)
    worker, officer = town.laptop("secretariat"), town.laptop("privacy_officer")
    of = entity("household", new_id())
    worker.push(create_entity(worker, of, HOUSE))
    worker.push(change_entity(worker, of, 1, [("phone", None, "02-000-0000")]))

    blind = change_entity(officer, of, 1, [], kind="delete", reason="중복")
    refused = officer.receipt(blind)

    assert said(refused) == ("rejected", "changed_since")
    assert (refused.rev, refused.fields) == (2, ("phone",))
    seen = change_entity(officer, of, 2, [], kind="delete", reason="중복")
    assert officer.receipt(seen).status == "applied"


@pytest.mark.parametrize("names", ["a record", "a person", "an alias"])
def test_a_household_that_something_names_is_not_deleted_before_that(
    server: Server, names: str
) -> None:
    laptop = new_town(server).laptop("secretariat", "privacy_officer")
    of, other = entity("household", new_id()), entity("person", new_id())
    laptop.push(create_entity(laptop, of, HOUSE))
    if names == "a record":
        made = visited(laptop, subject=Subject(list="household", id=of.id))
    elif names == "a person":
        made = create_entity(laptop, other, {"label": "가상-사람", "household": of.id})
    else:
        other = entity("household", new_id())
        laptop.push(create_entity(laptop, other, HOUSE))
        made = change_entity(laptop, other, 1, [("@merged_into", None, of.id)])
    early = change_entity(laptop, of, 1, [], kind="delete")
    if names == "a record":
        takes_back = laptop.change(
            made.object.id, made.op_id, [], kind="delete", form=VISIT, reason="중복"
        )
    else:
        takes_back = change_entity(laptop, other, made.op_id, [], kind="delete")
    late = change_entity(laptop, of, 1, [], kind="delete")
    results = laptop.push(made, early, takes_back, late).results

    assert [receipt.code for receipt in results] == [None, "not_deletable", None, None]


def test_a_household_that_another_office_wrote_about_is_not_its_makers_to_delete(
    server: Server,
) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    of = entity("household", new_id())
    here.push(create_entity(here, of, HOUSE))
    here.push(change_entity(here, of, 1, [("@share", None, f"full {there.scope}")]))
    there.push(visited(there, subject=Subject(list="household", id=of.id)))

    refused = here.receipt(change_entity(here, of, 2, [], kind="delete"))

    assert said(refused) == ("rejected", "not_deletable")
    assert here.pull()[-1].change == "put"


def test_a_register_loses_no_number(server: Server) -> None:
    laptop = new_town(server).laptop("monitor", "secretariat")
    of = entity("improvement", new_id())
    laptop.push(checked(laptop, making(of, {"label": "손잡이", "content": "손잡이"})))

    deletion = change_entity(laptop, of, 1, [], kind="delete")

    assert said(laptop.receipt(deletion)) == ("rejected", "not_deletable")


def test_a_form_makes_no_deleted_household_again_and_keeps_its_answers(server: Server) -> None:
    laptop = new_town(server).laptop("secretariat")
    of = entity("household", new_id())
    made = create_entity(laptop, of, HOUSE)
    laptop.push(made, change_entity(laptop, of, made.op_id, [], kind="delete"))

    changed = visited(laptop, changing(of, 1, [("last_note", None, "가상-문이 잠김")]))
    created = visited(laptop, making(of, {"label": "가상-빈집"}))

    for operation in (changed, created):
        assert said(laptop.receipt(operation)) == ("rejected", "step_refused")
        assert kept(server, operation).effects == operation.effects
    assert {row.change for row in laptop.pull() if row.object == of} == {"del"}


def test_a_shared_household_goes_from_every_scope_that_saw_it(server: Server) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    of = entity("household", new_id())
    here.push(create_entity(here, of, HOUSE))
    here.push(change_entity(here, of, 1, [("@share", None, f"card {there.scope}")]))
    assert [row.change for row in there.pull()] == ["put"]

    assert here.receipt(change_entity(here, of, 2, [], kind="delete")).status == "applied"

    assert [(row.change, row.object) for row in there.pull()] == [("del", of)]
    share = change_entity(here, of, 2, [("@share", f"card {there.scope}", None)])
    moved = change_entity(here, of, 2, [], kind="move", scope=there.scope)
    codes = {receipt.code for receipt in here.push(share, moved).results}
    assert codes == {"deleted"}


def test_an_open_conflict_ends_with_its_object(server: Server) -> None:
    town = new_town(server)
    mine, yours = town.laptop("secretariat"), town.laptop("secretariat", "privacy_officer")
    of = entity("household", new_id())
    mine.push(create_entity(mine, of, HOUSE))
    mine.push(change_entity(mine, of, 1, [("address", "가상로 3", "가상로 4")]))
    disputed = yours.receipt(change_entity(yours, of, 1, [("address", "가상로 3", "가상로 5")]))
    assert disputed.status == "conflict"

    yours.push(change_entity(yours, of, 3, [], kind="delete", reason="중복"))

    (conflict,) = conflicts_of(mine.pull(), of)
    assert (conflict.decided_by, conflict.reason) == (yours.user, "중복")
