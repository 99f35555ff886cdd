"""Pull: every row of one's scopes once, in order, by pages; of other scopes not a byte."""

from __future__ import annotations

from itertools import pairwise

import pytest

from fieldapp.domain.operation import Operation
from fieldapp.domain.record import document_hash
from fieldapp.domain.shapes import encode
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


def fill(laptop: Laptop, count: int) -> list[Operation]:
    operations = [laptop.create(survey(number + 1)) for number in range(count)]
    laptop.push(*operations)
    return operations


@pytest.mark.parametrize("budget", [1, 3_000, 20_000, 1_000_000])
def test_pages_neither_skip_nor_repeat_a_row(server: Server, laptop: Laptop, budget: int) -> None:
    operations = fill(laptop, 25)

    rows = laptop.pull(budget)

    assert [row.object.id for row in rows] == [operation.object.id for operation in operations]
    assert all(before.scope_seq < after.scope_seq for before, after in pairwise(rows))
    assert laptop.pull(budget) == []


def test_a_page_stays_within_its_budget_but_for_a_single_row(laptop: Laptop) -> None:
    fill(laptop, 20)

    page = laptop.page(5_000)

    assert page.more
    assert len(page.rows) >= 2
    assert sum(len(encode(row)) for row in page.rows) <= 5_000
    assert len(laptop.page(1).rows) == 1


def test_a_document_comes_with_the_hash_of_its_contents(laptop: Laptop) -> None:
    fill(laptop, 3)

    for row in laptop.pull():
        assert row.hash == document_hash(row.doc or {})


def test_what_a_later_change_superseded_is_not_sent(laptop: Laptop) -> None:
    first, second = fill(laptop, 2)
    laptop.push(laptop.change(first.object.id, 1, [("serial", "1", "9")]))

    rows = laptop.pull()

    assert [(row.object.id, row.rev) for row in rows] == [
        (second.object.id, 1),
        (first.object.id, 2),
    ]


def test_a_record_that_changes_between_two_pages_is_neither_lost_nor_left_old(
    server: Server,
) -> None:
    scope = server.new_scope()
    writer, reader = server.new_laptop(scope), server.new_laptop(scope)
    operations = fill(writer, 6)
    seen = list(reader.page(5_000).rows)
    assert 0 < len(seen) < 6
    for operation in (operations[0], operations[-1]):
        serial = str(operations.index(operation) + 1)
        writer.push(writer.change(operation.object.id, 1, [("serial", serial, "99")]))

    seen += reader.pull(5_000)

    last = {row.object.id: row.rev for row in seen}
    assert last == {
        operation.object.id: 2 if operation in (operations[0], operations[-1]) else 1
        for operation in operations
    }


def test_a_cursor_of_another_epoch_or_of_nonsense_starts_again(laptop: Laptop) -> None:
    fill(laptop, 3)
    laptop.pull()

    for cursor in ("bm9uc2Vuc2U=", "%%%", "MDE5MzcwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwOjk5"):
        laptop.cursors = {laptop.scope: cursor}
        assert len(laptop.pull()) == 3


def test_nothing_of_another_scope_is_ever_sent(server: Server) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    canary = "가상-남의동네비밀"
    fill(here, 2)
    there.push(there.create(survey() | {"good": canary}))
    there.push(create_entity(there, entity("household", new_id()), {"label": canary}))
    here.cursors = {there.scope: "x"}

    reply = here.post_pull()

    assert reply.status_code == 200
    assert len(reply.json()["rows"]) == 2
    for secret in (canary.encode(), there.scope.encode(), there.user.encode()):
        assert secret not in reply.content
    # The greeting names the offices that a household may be sent to, and nothing of them.
    greeting = here.http.get("/sync/v1/hello")
    assert {scope["id"] for scope in greeting.json()["scopes"]} == {here.scope}
    for secret in (canary.encode(), there.user.encode()):
        assert secret not in greeting.content


def test_a_member_of_two_scopes_receives_both_and_a_former_member_no_longer(
    server: Server,
) -> None:
    first, second = server.new_scope(), server.new_scope()
    both = server.laptop(server.new_user(first, second), first)
    fill(server.new_laptop(first), 2)
    fill(server.new_laptop(second), 3)
    assert len(both.pull(1)) == 5

    server.sql("delete from fieldapp.membership where account = %s and scope = %s",
               [both.user, second])  # fmt: skip
    both.cursors = {}

    assert {row.scope for row in both.pull()} == {first}


def test_entities_come_before_the_records_that_mention_them_and_pages_lose_none(
    server: Server,
) -> None:
    monitor = new_town(server).laptop("monitor")
    made = [entity("improvement", new_id()) for _ in range(6)]
    values = {"label": "가상-문턱", "content": "가상-문턱"}
    records = [
        checked(monitor, *(making(of, values) for of in made[start : start + 2]))
        for start in (0, 2, 4)
    ]
    for record in records:
        monitor.push(record)

    for budget in (1, 1_500, 1_000_000):
        monitor.cursors = {}
        rows = monitor.pull(budget)

        assert [row.object for row in rows] == [
            made[0], made[1], records[0].object,
            made[2], made[3], records[1].object,
            made[4], made[5], records[2].object,
        ]  # fmt: skip
        assert all(row.hash == document_hash(row.doc or {}) for row in rows)


def test_an_entity_that_changed_again_is_sent_once_as_it_stands(laptop: Laptop) -> None:
    of, other = entity("household", new_id()), entity("household", new_id())
    laptop.push(*(create_entity(laptop, one, {"label": "가상-집"}) for one in (of, other)))
    laptop.push(change_entity(laptop, of, 1, [("tong", None, "3통")]))

    rows = laptop.pull()

    assert [(row.object, row.rev) for row in rows] == [(other, 1), (of, 2)]


def test_hello_tells_heads_replicas_and_catalogue(server: Server) -> None:
    scope = server.new_scope()
    mine, yours = server.new_laptop(scope), server.new_laptop(scope)
    fill(mine, 4)

    hello = yours.hello()

    (head,) = hello.scopes
    assert (head.id, head.head) == (scope, 4)
    assert {seen.id: seen.applied_seq for seen in head.replicas} == {
        mine.replica: 4,
        yours.replica: 0,
    }
    assert hello.catalogue["P13e"] == "2026120101"
    assert hello.epoch == mine.page().epoch
