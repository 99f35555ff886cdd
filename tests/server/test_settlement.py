"""What a backup holds settles and nothing else; what it lacked comes back after a restore."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.domain.operation import FormRef
from fieldapp.errors import UnknownMark
from fieldapp.server import accounts, settlement
from fieldapp.server.embedded import EmbeddedPostgres
from tests.restoring import Office, office
from tests.server.errands import (
    change_entity,
    changing,
    checked,
    create_entity,
    entity,
    making,
    new_id,
    said,
)
from tests.servers import Laptop, survey

UNKNOWN_FORM = FormRef(id="P13e", version="1")


@pytest.fixture(scope="module")
def running(
    postgres: EmbeddedPostgres, compiled_packs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office that loses its database now and then; each test has laptops of its own."""
    with office(postgres, compiled_packs, tmp_path_factory.mktemp("dumps")) as made:
        yield made


def test_what_was_applied_after_the_mark_does_not_settle_with_its_backup(running: Office) -> None:
    laptop = running.server.new_laptop()
    laptop.push(laptop.create(survey(1)), laptop.create(survey(2)))
    marked, _ = running.back_up()
    third = laptop.create(survey(3))
    assert laptop.push(third).settled_through == 0

    running.settle(marked)

    assert laptop.push(third).settled_through == 2
    assert (laptop.hello().incarnation, laptop.hello().settled_through) == (1, 2)


def test_a_mark_settles_once_and_an_older_one_not_after_it(running: Office) -> None:
    laptop = running.server.new_laptop()
    laptop.push(laptop.create(survey()))
    older, _ = running.back_up()
    newer, _ = running.back_up()

    assert running.settle(newer) >= 1

    for marked in (newer, older, new_id(), "가상-표시"):
        with pytest.raises(UnknownMark):
            running.settle(marked)


def test_nothing_from_a_held_operation_on_settles(running: Office) -> None:
    """The backup has it as held: judged later, it would be lost with the database."""
    laptop = running.server.new_laptop()
    applied, held = laptop.create(survey(1)), laptop.create(survey(2), form=UNKNOWN_FORM)
    laptop.push(applied, held, laptop.create(survey(3)))
    marked, _ = running.back_up()

    running.settle(marked)

    assert laptop.hello().settled_through == applied.seq


def test_an_incarnation_that_began_after_the_mark_has_settled_nothing(running: Office) -> None:
    laptop = running.server.new_laptop()
    laptop.push(*(laptop.create(survey(number)) for number in range(3)))
    marked, _ = running.back_up()
    laptop.incarnation, laptop.seq = 2, 0
    laptop.push(laptop.create(survey(4)))

    running.settle(marked)

    assert laptop.hello().settled_through == 0


def test_the_owner_marks_held_operations_also_without_being_a_superuser(running: Office) -> None:
    laptop = running.server.new_laptop()
    laptop.push(laptop.create(survey(1)), laptop.create(survey(2), form=UNKNOWN_FORM))
    owner_url = running.server.postgres.owner_url
    with accounts.owner_connection(owner_url) as owner:
        owner.execute("create role plain_owner nosuperuser nobypassrls")
        owner.execute("grant all on schema fieldapp to plain_owner")
        for (table,) in owner.execute(
            "select tablename from pg_tables where schemaname = 'fieldapp'"
        ).fetchall():
            owner.execute(f"alter table fieldapp.{table} owner to plain_owner".encode())
        owner.execute("grant execute on all functions in schema fieldapp to plain_owner")
        owner.execute("set role plain_owner")
        marked = settlement.mark(owner)
        owner.execute("reset role")
        owner.execute("reassign owned by plain_owner to current_user")
        owner.execute("drop owned by plain_owner")
        owner.execute("drop role plain_owner")
        settlement.settle(owner, marked)

    assert laptop.hello().settled_through == 1


def refilling(made: Office) -> tuple[Laptop, Laptop]:
    """Two laptops of a town whose server was restored from a backup without their records."""
    first = made.server.new_laptop()
    second = made.server.new_laptop(first.scope)
    _, file = made.back_up()
    first.push(first.create(survey()))
    made.restore(file)
    return first, second


def test_after_a_restore_a_change_of_what_the_backup_lacked_waits_for_its_maker(
    running: Office,
) -> None:
    first, second = refilling(running)
    record = first.create(survey())
    sites = entity("site", new_id())
    site = create_entity(first, sites, {"label": "가상-시설"})
    change = second.change(record.object.id, 1, [("serial", "1", "2")])
    changed_site = change_entity(second, sites, 1, [("label", "가상-시설", "가상-새 시설")])

    waiting = second.push(change, changed_site)
    first.push(record, site)
    taken = second.push(change, changed_site)

    assert [said(one) for one in waiting.results] == [("held", "unknown_object")] * 2
    assert [said(one) for one in taken.results] == [("applied", None)] * 2


def test_once_every_laptop_has_been_back_what_nobody_brought_is_refused(
    running: Office,
) -> None:
    _, second = refilling(running)
    change = second.change(new_id(), 1, [("serial", "1", "2")])
    assert said(second.receipt(change)) == ("held", "unknown_object")

    running.end_refill()

    assert said(second.receipt(change)) == ("rejected", "unknown_object")


def test_after_a_restore_an_effect_on_what_the_backup_lacked_waits_with_its_answers(
    running: Office,
) -> None:
    roles = ("secretariat", "monitor")
    scope = running.server.new_scope()
    first = running.server.laptop(running.server.new_user(scope, roles=roles), scope)
    second = running.server.laptop(running.server.new_user(scope, roles=roles), scope)
    improvement = entity("improvement", new_id())
    _, file = running.back_up()
    running.restore(file)

    later = checked(second, changing(improvement, 1, [("content", "가상-문턱", "가상-난간")]))

    assert said(second.receipt(later)) == ("held", "unknown_object")
    first.push(checked(first, making(improvement, {"content": "가상-문턱"})))
    assert second.receipt(later).status in ("applied", "merged")


def test_an_operator_marks_settles_and_restores_from_the_command_line(running: Office) -> None:
    laptop = running.server.new_laptop()
    laptop.push(laptop.create(survey()))
    epoch = laptop.hello().epoch

    marked = ordered(running, "mark")
    assert ordered(running, "settle", marked.strip())
    assert laptop.hello().settled_through == 1
    assert ordered(running, "restored")

    greeting = laptop.hello()
    assert greeting.epoch != epoch
    assert (greeting.settled_through, greeting.commands) == (0, ("refilling",))
    assert ordered(running, "refilled")
    assert laptop.hello().commands == ()


def ordered(running: Office, *words: str) -> str:
    """What `fieldapp server …` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "fieldapp", "server", *words],
        env={**os.environ, "FIELDAPP_OWNER_URL": running.server.postgres.owner_url},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout
