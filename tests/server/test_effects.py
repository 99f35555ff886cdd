"""Effects: what a record's operation does to entities, with its step or not at all (F3, F4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from msgspec.structs import replace

from fieldapp.clock import KOREA, SystemClock
from fieldapp.domain.entity import SOURCE_DELETED
from fieldapp.domain.exchange import PushRequest
from fieldapp.domain.operation import ObjectRef
from fieldapp.server.configuration import ServerSettings
from fieldapp.server.database import open_pool
from fieldapp.server.forms import Forms
from fieldapp.server.push import push
from fieldapp.server.sessions import Account
from tests.server.errands import (
    Town,
    changing,
    checked,
    conflicts_of,
    create_entity,
    entity,
    entity_of,
    handled,
    making,
    new_id,
    new_town,
    planned,
    record_of,
    said,
    step,
    stored_entity,
    visited,
)
from tests.servers import Laptop, Server

CONTENT = {"label": "가상-문턱", "content": "가상-문턱", "state": "접수"}


@pytest.fixture
def town(server: Server) -> Town:
    return new_town(server)


def improvement(monitor: Laptop, **more: str) -> ObjectRef:
    """An improvement that a checklist made."""
    of = entity("improvement", new_id())
    assert monitor.receipt(checked(monitor, making(of, CONTENT | more))).status == "applied"
    return of


def household(laptop: Laptop, **more: str) -> ObjectRef:
    """A household at its first revision."""
    of = entity("household", new_id())
    laptop.push(create_entity(laptop, of, {"label": "가상-집", **more}))
    return of


def test_a_checklist_makes_its_improvements_in_its_own_scope(town: Town) -> None:
    monitor = town.laptop("monitor")
    first, second = entity("improvement", new_id()), entity("improvement", new_id())
    operation = checked(monitor, making(first, CONTENT), making(second, CONTENT), content="가상")

    assert said(monitor.receipt(operation)) == ("applied", None)

    rows = monitor.pull()
    assert [row.object.list for row in rows] == ["improvement", "improvement", None]
    assert {row.scope for row in rows} == {town.scope}
    header = entity_of(rows, first).history[0]
    assert (header.who, header.when, header.state) == (monitor.user, operation.at, "접수")


def test_an_operation_with_effects_brought_again_makes_nothing_twice(
    server: Server, town: Town
) -> None:
    monitor = town.laptop("monitor")
    of = entity("improvement", new_id())
    operation = checked(monitor, making(of, CONTENT))
    monitor.push(operation)
    before = stored_entity(server, of)

    assert monitor.receipt(operation).status == "duplicate"

    assert stored_entity(server, of) == before
    assert len(server.sql("select 1 from fieldapp.entity_version where id = %s", [of.id])) == 1


def test_official_numbers_count_from_one_in_each_scope_and_year(server: Server) -> None:
    year = datetime.now(KOREA).year
    for monitor in (new_town(server).laptop("monitor"), new_town(server).laptop("monitor")):
        made = [improvement(monitor) for _ in range(3)]

        numbers = [stored_entity(server, of).props["no"] for of in made]
        assert numbers == [f"{year}-1", f"{year}-2", f"{year}-3"]


def test_no_number_is_given_twice_or_left_out_however_many_push_at_once(
    server: Server, town: Town
) -> None:
    laptops = [town.laptop("monitor") for _ in range(5)]

    def write(laptop: Laptop) -> list[ObjectRef]:
        made: list[ObjectRef] = []
        for _ in range(4):
            pair = [entity("improvement", new_id()) for _ in range(2)]
            taken = checked(laptop, *(making(of, CONTENT) for of in pair))
            # Refused for its last effect: the first one takes no number either.
            third, fourth = entity("improvement", new_id()), entity("improvement", new_id())
            wrong = making(fourth, CONTENT | {"state": "끝"})
            reply = laptop.push(taken, checked(laptop, making(third, CONTENT), wrong))
            assert [r.code for r in reply.results] == [None, "step_refused"]
            made += pair
        return made

    with ThreadPoolExecutor(len(laptops)) as pool:
        made = [of for each in pool.map(write, laptops) for of in each]

    given = [int(stored_entity(server, of).props["no"].partition("-")[2]) for of in made]
    assert sorted(given) == list(range(1, len(made) + 1))


def test_a_number_is_of_the_year_in_which_korea_receives_it(server: Server, town: Town) -> None:
    monitor = town.laptop("monitor")
    forms = Forms.load(server.packs, SystemClock())
    account = Account(monitor.user, monitor.user, frozenset({"monitor"}))
    numbers = []
    pool = open_pool(ServerSettings(server.postgres.sync_url, server.packs))
    try:
        for now in ("2026-12-31T14:59:59+00:00", "2026-12-31T15:00:00+00:00"):
            of = entity("improvement", new_id())
            written = checked(monitor, making(of, CONTENT))
            request = PushRequest(replica=monitor.replica, incarnation=1, ops=(written,))
            push(pool, forms, account, request, datetime.fromisoformat(now))
            numbers.append(stored_entity(server, of).props["no"])
    finally:
        pool.close()

    assert numbers == ["2026-1", "2027-1"]


def test_numbers_go_on_where_an_office_stopped_that_brings_its_register(
    server: Server, town: Town
) -> None:
    year = datetime.now(KOREA).year
    monitor = town.laptop("monitor")
    for number in (f"{year}-41", f"{year - 1}-900", "접수 전"):
        old = entity("improvement", new_id())
        monitor.push(create_entity(monitor, old, {"label": "가상-옛", "no": number}))

    assert stored_entity(server, improvement(monitor)).props["no"] == f"{year}-42"


def test_an_improvement_goes_through_the_hands_that_may_pass_it_on(
    server: Server, town: Town
) -> None:
    monitor, office = town.laptop("monitor"), town.laptop("secretariat")
    dept = town.laptop("dept_officer")
    of = improvement(monitor)
    forward = [("state", "접수", "부서 전달")]
    answer = [("state", "부서 전달", "반영"), ("reason", None, "가상-고침")]

    # A role that may not, a step over one that is missing, a guard that does not hold.
    for laptop, changes in ((dept, forward), (office, [("state", "접수", "확인")])):
        assert laptop.receipt(handled(laptop, changing(of, 1, changes))).code == "step_refused"
    assert office.receipt(handled(office, changing(of, 1, forward))).status == "applied"
    refused = handled(dept, changing(of, 2, answer))
    assert dept.receipt(refused).code == "step_refused"
    assert stored_entity(server, of).props["state"] == "부서 전달"

    done = handled(dept, changing(of, 2, answer), reason="가상-고침")

    assert said(dept.receipt(done)) == ("applied", None)
    assert stored_entity(server, of).props["state"] == "반영"
    assert [header.state for header in stored_entity(server, of).history] == [
        "반영", "부서 전달", "접수",
    ]  # fmt: skip


def test_a_step_of_an_entity_that_needs_to_be_seen_is_refused_when_it_was_not(town: Town) -> None:
    monitor, office = town.laptop("monitor"), town.laptop("secretariat")
    dept = town.laptop("dept_officer")
    of = improvement(monitor)
    office.push(handled(office, changing(of, 1, [("state", "접수", "부서 전달")])))
    answered = changing(of, 2, [("state", "부서 전달", "반영"), ("reason", None, "가상-1")])
    dept.push(handled(dept, answered, reason="가상-1"))
    dept.push(handled(dept, changing(of, 3, [("reason", "가상-1", "가상-2")])))

    unseen = handled(office, changing(of, 3, [("state", "반영", "확인")]))
    seen = handled(office, changing(of, 4, [("state", "반영", "확인")]))

    receipts = office.push(unseen, seen).results
    assert (receipts[0].code, receipts[0].fields) == ("step_refused", ("reason",))
    assert said(receipts[1]) == ("applied", None)


def test_answers_stay_when_effects_are_refused_and_the_step_goes_with_them(
    server: Server, town: Town
) -> None:
    office = town.laptop("secretariat", "monitor")
    plan = planned(office, score="3")
    office.push(plan)
    of = entity("improvement", new_id())
    finish = step(
        office, plan.object.id, 1, "서명 전", lines=[("score", "3", "4")],
        effects=(making(entity("improvement", new_id()), CONTENT),
                 changing(of, 1, [("content", None, "가상")])),
    )  # fmt: skip

    receipt = office.receipt(finish)

    assert (receipt.status, receipt.code, receipt.rev) == ("applied", "step_refused", 2)
    doc = record_of(office.pull(), plan.object.id)
    assert (doc.answers["score"], doc.state) == ("4", "예정")
    assert server.sql("select 1 from fieldapp.entity where scope = %s", [town.scope]) == []
    assert server.sql("select code from fieldapp.quarantine where op_id = %s", [finish.op_id]) == [
        ("step_refused",)
    ]


def test_a_record_whose_first_effects_are_refused_is_kept_whole(server: Server, town: Town) -> None:
    office = town.laptop("secretariat")
    unknown = changing(entity("improvement", new_id()), 1, [("state", "접수", "부서 전달")])
    operation = handled(office, unknown)

    assert said(office.receipt(operation)) == ("rejected", "step_refused")
    assert office.pull() == []
    kept = server.sql("select 1 from fieldapp.quarantine where op_id = %s", [operation.op_id])
    assert len(kept) == 1


@pytest.mark.parametrize("name", ["a/b", "@merged_into", "a\nb", "", "9", "\u00aa", "no"])
def test_what_no_form_may_set_refuses_the_operation_that_carries_it(town: Town, name: str) -> None:
    monitor = town.laptop("monitor")
    strange = making(entity("improvement", new_id()), {name: "x"})

    assert said(monitor.receipt(checked(monitor, strange))) == ("rejected", "unsupported")


def test_a_form_changes_no_list_that_its_workbook_does_not_name(town: Town) -> None:
    monitor = town.laptop("monitor")
    strange = making(entity("household", new_id()), {"label": "가상-집"})

    assert said(monitor.receipt(checked(monitor, strange))) == ("rejected", "unsupported")


def test_a_state_that_is_no_word_can_be_read_again(server: Server, town: Town) -> None:
    worker = town.laptop("secretariat")
    of = household(worker, state="가상\n두 줄")

    assert worker.receipt(visited(worker, changing(of, 1, [("place", None, "집")]))).code is None
    assert [header.state for header in stored_entity(server, of).history] == ["-", "-"]


def test_two_visits_of_one_household_merge_by_property_and_rule(server: Server, town: Town) -> None:
    mine, yours = town.laptop("secretariat"), town.laptop("secretariat")
    of = household(mine, last_contact="2026-11-02", last_note="가상-처음")
    late = changing(of, 1, [("last_contact", "2026-11-02", "2026-11-24")])
    early = changing(of, 1, [("last_contact", "2026-11-02", "2026-11-17"), ("place", None, "집")])

    assert mine.receipt(visited(mine, late)).status == "applied"
    assert yours.receipt(visited(yours, early)).status == "applied"

    # The workbook merges it by max.
    props = stored_entity(server, of).props
    assert (props["last_contact"], props["place"]) == ("2026-11-24", "집")


def test_one_property_that_two_records_set_is_a_conflict_of_the_entity(town: Town) -> None:
    mine, yours = town.laptop("secretariat"), town.laptop("secretariat")
    of = household(mine, last_note="가상-처음")
    mine.push(visited(mine, changing(of, 1, [("last_note", "가상-처음", "가상-건강")])))
    other = visited(
        yours,
        changing(of, 1, [("last_note", "가상-처음", "가상-아픔"), ("place", None, "집")]),
    )

    receipt = yours.receipt(other)

    assert (receipt.status, receipt.rev) == ("conflict", 1)
    assert receipt.conflict is not None
    assert receipt.conflict.paths == ("last_note",)
    rows = mine.pull()
    assert record_of(rows, other.object.id).state == "완료"
    assert entity_of(rows, of).props == {"last_note": "가상-건강", "place": "집"}
    (conflict,) = conflicts_of(rows, of)
    assert (conflict.id, conflict.op_id) == (receipt.conflict.id, other.op_id)
    assert (conflict.ours_author, conflict.theirs_author) == (mine.user, yours.user)


def test_effects_build_on_those_of_own_operations_that_are_still_under_way(
    server: Server, town: Town
) -> None:
    monitor = town.laptop("monitor", "secretariat")
    of = entity("improvement", new_id())
    first = checked(monitor, making(of, CONTENT))
    second = handled(monitor, changing(of, first.op_id, [("state", "접수", "부서 전달")]))
    third = handled(monitor, changing(of, second.op_id, [("content", "가상-문턱", "가상-턱")]))

    together = monitor.push(first, second).results
    alone = monitor.receipt(third)

    assert [said(receipt) for receipt in (*together, alone)] == [("applied", None)] * 3
    assert [header.rev for header in stored_entity(server, of).history] == [3, 2, 1]
    assert stored_entity(server, of).props["content"] == "가상-턱"


def test_a_step_whose_effects_build_on_what_was_refused_is_not_taken_and_holds_up_nothing(
    town: Town,
) -> None:
    monitor = town.laptop("monitor", "secretariat")
    of, of_future = entity("improvement", new_id()), improvement(monitor)
    refused = checked(monitor, making(of, CONTENT | {"state": "끝"}))
    built_on_it = handled(monitor, changing(of, refused.op_id, [("state", "끝", "부서 전달")]))
    future = handled(monitor, changing(of_future, 9, [("content", None, "가상")]))
    record = planned(monitor)
    amended = step(
        monitor,
        record.object.id,
        record.op_id,
        "서명 전",
        lines=[("content", None, "가상-새 말")],
        effects=(changing(of, refused.op_id, [("content", "가상-문턱", "가상-새 말")]),),
    )

    assert monitor.receipt(refused).code == "step_refused"
    together = monitor.push(built_on_it, future, record, amended).results

    assert [said(receipt) for receipt in together] == [
        ("rejected", "step_refused"),
        ("rejected", "base_not_visible"),
        ("applied", None),
        ("applied", "step_refused"),
    ]
    assert record_of(monitor.pull(), record.object.id).answers["content"] == "가상-새 말"


def test_the_same_improvement_of_both_monitors_is_one_with_one_number(
    server: Server, town: Town
) -> None:
    mine, yours, office = (town.laptop(role) for role in ("monitor", "monitor", "secretariat"))
    of = improvement(mine)
    office.push(handled(office, changing(of, 1, [("state", "접수", "부서 전달")])))

    again = checked(yours, making(of, CONTENT | {"found": "2026-11-30"}))

    assert said(yours.receipt(again)) == ("applied", None)
    props = stored_entity(server, of).props
    assert (props["state"], props["no"].partition("-")[2]) == ("부서 전달", "1")
    assert props["found"] == "2026-11-30"


def test_an_improvement_made_by_two_pushes_at_once_is_one(server: Server, town: Town) -> None:
    laptops = [town.laptop("monitor") for _ in range(4)]

    for _ in range(5):
        of = entity("improvement", new_id())
        with ThreadPoolExecutor(len(laptops)) as pool:
            receipts = list(pool.map(
                lambda laptop, of=of: laptop.receipt(checked(laptop, making(of, CONTENT))), laptops
            ))  # fmt: skip

        assert [said(receipt) for receipt in receipts] == [("applied", None)] * len(laptops)
        versions = server.sql("select 1 from fieldapp.entity_version where id = %s", [of.id])
        assert len(versions) == len(laptops)


def test_a_repeat_that_is_taken_out_closes_what_it_made_while_nobody_went_on(
    server: Server, town: Town
) -> None:
    monitor, office = town.laptop("monitor"), town.laptop("secretariat")
    fresh, handed = improvement(monitor), improvement(monitor)
    office.push(handled(office, changing(handed, 1, [("state", "접수", "부서 전달")])))

    closed = checked(monitor, changing(fresh, 1, [("state", "접수", SOURCE_DELETED)]))
    asked = checked(monitor, changing(handed, 2, [("state", "부서 전달", SOURCE_DELETED)]))
    first, second = monitor.push(closed, asked).results

    assert said(first) == ("applied", None)
    assert stored_entity(server, fresh).props["state"] == SOURCE_DELETED
    assert second.status == "conflict"
    assert stored_entity(server, handed).props["state"] == "부서 전달"
    (conflict,) = conflicts_of(monitor.pull(), handed)
    (line,) = conflict.lines
    assert (line.path, line.ours, line.theirs) == ("state", "부서 전달", SOURCE_DELETED)

    again = checked(monitor, changing(fresh, 2, [("state", SOURCE_DELETED, "접수")]))
    number = stored_entity(server, fresh).props["no"]
    assert said(monitor.receipt(again)) == ("applied", None)
    assert stored_entity(server, fresh).props["no"] == number


def test_entities_of_others_are_not_touched_by_a_record_of_ours(server: Server) -> None:
    here, there = new_town(server), new_town(server)
    theirs = improvement(there.laptop("monitor"))
    monitor = here.laptop("monitor", "secretariat")

    change = handled(monitor, changing(theirs, 1, [("content", "가상-문턱", "가상-비밀")]))
    create = checked(monitor, making(theirs, CONTENT | {"content": "가상-비밀"}))

    codes = [receipt.code for receipt in monitor.push(change, create).results]
    assert codes == ["step_refused", "id_taken"]
    assert stored_entity(server, theirs).props["content"] == "가상-문턱"


def test_a_visit_tells_the_scope_of_its_household_and_its_own(server: Server) -> None:
    here, there = server.new_scope(), server.new_scope()
    writer = server.laptop(server.new_user(here, there, roles=("secretariat",)), here)
    of = household(writer, tong="3통")
    neighbour = server.laptop(server.new_user(there, roles=("secretariat",)), there)
    resident = server.laptop(server.new_user(here, roles=("secretariat",)), here)

    visit = visited(writer, changing(of, 1, [("place", None, "집")]))
    elsewhere = replace(visit, scope=there)
    assert said(writer.receipt(elsewhere)) == ("applied", None)

    (row,) = resident.pull()
    assert (row.object, row.rev, row.scope) == (of, 2, here)
    (row,) = neighbour.pull()
    assert (row.object, row.scope) == (visit.object, there)
