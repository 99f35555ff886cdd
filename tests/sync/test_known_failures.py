"""What other systems lost, and why it is not lost here: a test for each failure of their trackers.

Kept elsewhere, under names of their own, because they need other parts:
- the cursor saved before its rows: storage/test_kill.py, `…leaves_neither_rows_nor_cursor`;
- the old cursor that a restored server still takes: server/test_pull.py, `…of_another_epoch…`, and
  sync/test_restored_server.py;
- the edit after a move, dropped without a word: server/test_scopes.py;
- a name taken twice: server/test_push.py, `…an_id_that_is_another_records…`;
- a write below a tombstone: server/test_deleting.py;
- a mass deletion out of an empty listing: storage/test_taking.py.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.domain.exchange import PullReply, PullRequest
from fieldapp.errors import ServerUnreachable
from fieldapp.storage import operations
from fieldapp.sync.exchange import run_exchange
from tests.outbox import pending
from tests.servers import Server
from tests.sync.lines import Cut
from tests.sync.round_laptop import RoundLaptop
from tests.sync.truth import Office, assert_truth, office

#: A round asks before hello, before each push and before each page of a pull.
QUESTIONS = 3


def interrupted(laptop: RoundLaptop, at: int, deed: Callable[[], None]) -> int:
    """A round in which the worker does something before the request of this number goes out, when
    what it is going to say is already read from the store; returns how many requests there were.
    """
    laptop.line.mend()
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        if asked == at:
            deed()
        asked += 1
        return False

    with laptop.connection() as connection:
        run_exchange(
            laptop.replica,
            connection,
            now=laptop.now,
            progress=lambda _: None,
            cancelled=cancelled,
        )
    return asked


def shared_round(of: Office) -> tuple[RoundLaptop, RoundLaptop, str]:
    """Two laptops of one town that hold a record."""
    here, _, there = of.laptops
    record = here.begin(here.scope, {"score": "1"})
    here.exchange()
    there.exchange()
    return here, there, record


@pytest.mark.parametrize("cut", [Cut("down", 400), Cut("down", 900), Cut("up", 900)])
def test_rows_are_not_marked_as_synced_when_the_connection_dies(
    tmp_path: Path, server: Server, cut: Cut
) -> None:
    with office(tmp_path, server) as of:
        here, there, record = shared_round(of)
        here.fill(record, {"remark": "가상"})
        with contextlib.suppress(ServerUnreachable):
            here.exchange(cut)

        here.exchange()
        there.exchange()

        assert there.seen()[record]["remark"] == "가상"
        assert_truth(of)


@pytest.mark.parametrize("at", range(QUESTIONS))
def test_a_record_edited_while_it_is_being_uploaded_is_neither_stuck_nor_lost(
    tmp_path: Path, server: Server, at: int
) -> None:
    with office(tmp_path, server) as of:
        here, _, record = shared_round(of)
        here.fill(record, {"remark": "먼저"})

        asked = interrupted(here, at, lambda: here.fill(record, {"remark": "나중"}))
        of.bring_to_rest()

        assert of.answers()[record]["remark"] == ("나중" if asked > at else "먼저")
        assert of.open_conflicts(of.towns) == set()
        assert_truth(of)


@pytest.mark.parametrize("at", range(QUESTIONS))
def test_an_edit_made_during_a_pull_is_not_overwritten_by_what_comes(
    tmp_path: Path, server: Server, at: int
) -> None:
    with office(tmp_path, server) as of:
        here, there, record = shared_round(of)
        there.fill(record, {"score": "5"})
        there.exchange()

        asked = interrupted(here, at, lambda: here.fill(record, {"remark": "가상"}))

        assert here.seen()[record].get("remark") == ("가상" if asked > at else None)
        assert here.seen()[record]["score"] == "5"
        of.bring_to_rest()
        assert_truth(of)


def test_a_rejected_write_neither_blocks_the_queue_nor_vanishes_from_it(
    tmp_path: Path, server: Server
) -> None:
    with office(tmp_path, server) as of:
        here, there, record = shared_round(of)
        here.ask_for_what_is_not_done(record)
        here.begin(here.scope, {"score": "7"})

        outcome = here.exchange()

        assert (outcome.sent, outcome.rejected) == (1, 1)
        with here.store.reading() as db:
            assert operations.count_quarantined(db) == 1
            assert operations.count_unsent(db) == 0
        there.exchange()
        assert sorted(there.held()) == sorted(here.held())


def test_an_id_that_exists_already_leaves_no_record_silently_absent(
    tmp_path: Path, server: Server
) -> None:
    with office(tmp_path, server) as of:
        here, _, there = of.laptops
        record = here.begin(here.scope, {"score": "1"})
        create = here.own()[0]
        there.append(
            record,
            kind="create",
            scope=create.scope,
            patch=create.patch,
            transition=create.transition,
            form=create.form,
        )

        here.exchange()
        there.exchange()

        assert of.answers()[record]["score"] == "1"
        assert there.waits() == {one.op_id for one in there.own()}
        assert there.seen()[record]["score"] == "1"


def test_a_write_on_what_the_server_does_not_have_never_makes_it_again(
    tmp_path: Path, server: Server
) -> None:
    with office(tmp_path, server) as of:
        here, there, record = shared_round(of)
        there.fill(record, {"remark": "가상"})
        server.sql("delete from fieldapp.change_row where object_id = %s", [record])
        server.sql("delete from fieldapp.record where id = %s", [record])

        there.exchange()

        assert record not in of.answers()
        assert [own.code for own in there.operations().values()] == ["unknown_object"]
        assert there.seen()[record]["remark"] == "가상"
        here.exchange()


def test_an_empty_listing_deletes_nothing(tmp_path: Path, server: Server) -> None:
    with office(tmp_path, server) as of:
        here, _, record = shared_round(of)
        with here.store.reading() as db:
            (epoch,) = db.row("SELECT value FROM meta WHERE key = 'epoch'") or ("",)
        cursors = dict(here.replica.cursors())

        here.replica.accept_rows(PullReply(epoch=str(epoch), rows=(), cursors=cursors, more=False))

        assert here.held() == [record]


def test_reading_everything_again_keeps_work_that_was_not_sent(
    tmp_path: Path, server: Server
) -> None:
    with office(tmp_path, server) as of:
        here, there, record = shared_round(of)
        there.fill(record, {"score": "9"})
        there.exchange()
        with here.store.writing() as db:
            db.execute("DELETE FROM cursor")
        here.fill(record, {"remark": "가상"})
        unsent = here.begin(here.scope, {"score": "4"})
        request = here.sealed_push()  # it knows what it has to send, and the line is pull alone

        pulled_alone(here)

        assert here.seen()[record] | {"remark": "가상", "score": "9"} == here.seen()[record]
        assert unsent in here.held()
        assert {one.op_id for one in request.ops} == {
            one.op_id for one in pending(here.replica, 100, 1_000_000)
        }
        of.bring_to_rest()
        assert_truth(of)


def test_pushes_that_were_broken_off_leave_nothing_behind_on_the_server(
    tmp_path: Path, server: Server
) -> None:
    with office(tmp_path, server) as of:
        here, _, record = shared_round(of)
        here.fill(record, {"remark": secrets.token_hex(12_000)})  # which no packing makes small
        before = sizes(server)

        for after_bytes in range(1200, 6000, 600):
            with contextlib.suppress(ServerUnreachable):
                here.exchange(Cut("up", after_bytes))

        assert sizes(server) == before
        of.bring_to_rest()
        assert_truth(of)


def pulled_alone(laptop: RoundLaptop) -> None:
    """Everything there is, without a push before it."""
    laptop.line.mend()
    with laptop.connection() as connection:
        more = True
        while more:
            request = PullRequest(cursors=dict(laptop.replica.cursors()), budget=4096)
            reply = connection.pull(request, laptop.replica.identity().replica)
            laptop.replica.accept_rows(reply)
            more = reply.more


def sizes(server: Server) -> dict[str, int]:
    """Rows of every table in which a push could leave something."""
    tables = [
        name
        for (name,) in server.sql(
            "select table_name from information_schema.tables where table_schema = 'fieldapp'"
            " and table_type = 'BASE TABLE' and table_name not in ('token')"
        )
    ]
    return {name: server.sql(f"select count(*) from fieldapp.{name}")[0][0] for name in tables}  # noqa: S608
