"""접속기록 taken in: appended once, kept also when it is broken, read by nobody here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from psycopg import errors as pg

from fieldapp.domain.access_log import CHAIN_BEGINS, LogEntry, entry_hash
from fieldapp.domain.ids import ReplicaId, UserId
from fieldapp.domain.log_upload import LogLine, LogReply, LogRequest
from fieldapp.domain.shapes import decode, encode
from fieldapp.sync import protocol
from tests.servers import Laptop, Server


def chain(laptop: Laptop, count: int, after: Sequence[LogLine] = (), **facts: Any) -> list[LogLine]:
    """More lines of a laptop's log; `facts` replace those of each entry."""
    lines = list(after)
    for _ in range(count):
        previous = lines[-1].hash if lines else CHAIN_BEGINS
        given_facts: dict[str, Any] = {
            "log_seq": len(lines) + 1,
            "at": "2026-12-01T09:14:03+09:00",
            "user": UserId(laptop.user),
            "device": ReplicaId(laptop.replica),
            "deed": "view",
            "subjects": (("household", "01930000-0000-7000-8000-0000000000aa"),),
            "detail": {"count": 1},
        }
        entry = LogEntry(**(given_facts | facts))
        lines.append(LogLine.of(entry, previous, entry_hash(previous, entry)))
    return lines[len(after) :]


def post(laptop: Laptop, lines: Sequence[LogLine]) -> httpx.Response:
    request = LogRequest(replica=laptop.replica, lines=tuple(lines))
    return laptop.http.post(protocol.LOG, content=encode(request))


def bring(laptop: Laptop, lines: Sequence[LogLine]) -> int:
    """Up to where the log stands afterwards."""
    reply = post(laptop, lines)
    assert reply.status_code == 200, reply.text
    return decode(LogReply, reply.content).logged_through


def kept(server: Server, laptop: Laptop) -> list[tuple[int, str, bool]]:
    """(log_seq, hash, broken) of every line of a laptop."""
    return server.sql(
        "select log_seq, hash, broken from fieldapp.access_log where replica = %s"
        " order by log_seq, stored_at",
        [laptop.replica],
    )


def test_lines_are_kept_whole_and_in_order(server: Server, laptop: Laptop) -> None:
    lines = chain(laptop, 3)

    assert bring(laptop, lines) == 3

    assert kept(server, laptop) == [(line.log_seq, line.hash, False) for line in lines]
    ((account, at, deed, entry),) = server.sql(
        "select account, at::text, deed, entry from fieldapp.access_log"
        " where replica = %s and log_seq = 2",
        [laptop.replica],
    )
    assert (account, deed) == (laptop.user, "view")
    assert at.startswith("2026-12-01")
    assert decode(LogLine, encode(entry)) == lines[1]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(1, 6)), min_size=1, max_size=8))
def test_any_pieces_in_any_order_any_number_of_times_are_kept_once(
    server: Server, pieces: list[tuple[int, int]]
) -> None:
    laptop = server.new_laptop()
    lines = chain(laptop, 12)

    for start, length in pieces:
        bring(laptop, lines[start : start + length])
    reached = bring(laptop, lines)

    assert reached == 12
    assert kept(server, laptop) == [(line.log_seq, line.hash, False) for line in lines]


def test_lines_that_go_on_from_what_is_not_here_are_asked_for_from_further_back(
    server: Server, laptop: Laptop
) -> None:
    lines = chain(laptop, 9)
    bring(laptop, lines[:4])

    assert bring(laptop, lines[6:]) == 4
    assert len(kept(server, laptop)) == 4
    assert bring(laptop, lines[3:]) == 9


def test_a_laptop_restored_from_its_backup_writes_another_branch_and_both_are_kept(
    server: Server, laptop: Laptop
) -> None:
    common = chain(laptop, 3)
    lost = chain(laptop, 2, common, deed="print")
    anew = chain(laptop, 3, common, deed="login")
    bring(laptop, [*common, *lost])

    assert bring(laptop, [common[-1], *anew]) == 6

    hashes = [hash_ for _, hash_, _ in kept(server, laptop)]
    assert sorted(hashes) == sorted(line.hash for line in [*common, *lost, *anew])


def test_a_backup_that_never_stood_here_begins_from_the_first_line(laptop: Laptop) -> None:
    bring(laptop, chain(laptop, 5))
    other = chain(laptop, 5, deed="login")

    assert bring(laptop, other[3:]) == 0
    assert bring(laptop, other) == 5


def test_a_line_that_somebody_changed_is_kept_as_broken_and_stops_nothing(
    server: Server, laptop: Laptop
) -> None:
    lines = chain(laptop, 5)
    lines[1] = replace(lines[1], subjects=())
    lines[3] = replace(lines[3], previous=CHAIN_BEGINS)

    assert bring(laptop, lines) == 5

    assert [broken for _, _, broken in kept(server, laptop)] == [False, True, False, True, False]


def test_a_deed_of_a_later_device_and_any_text_are_kept_as_they_came(
    server: Server, laptop: Laptop
) -> None:
    entry: Any = {"deed": "seal_of_2031", "detail": {"text": 'a\x00"\u2028', "count": -(2**53) + 1}}

    assert bring(laptop, chain(laptop, 1, **entry)) == 1

    assert [broken for _, _, broken in kept(server, laptop)] == [False]


@pytest.mark.parametrize(
    "change",
    [
        {"hash": "x"}, {"log_seq": 0}, {"log_seq": 2**53}, {"deed": "View now"},
        {"at": "2026-02-30T09:14:03+09:00"}, {"detail": {"a": None}},
        {"detail": {"a": 2**53}}, {"more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_line_is_refused(server: Server, laptop: Laptop, change: dict[str, Any]) -> None:
    line = httpx.Response(200, content=encode(chain(laptop, 1)[0])).json() | change

    reply = laptop.http.post(protocol.LOG, json={"replica": laptop.replica, "lines": [line]})

    assert (reply.status_code, reply.json()["code"]) == (400, "malformed")
    assert kept(server, laptop) == []


def test_a_hole_no_line_and_another_replicas_log_are_refused(server: Server) -> None:
    mine, yours = server.new_laptop(), server.new_laptop()
    lines = chain(mine, 3)
    theirs = {"replica": yours.replica, "lines": []}

    assert post(mine, [lines[0]]).status_code == 200
    for lacking in ([], lines[1:1]):
        body = {"replica": mine.replica, "lines": lacking}
        assert mine.http.post(protocol.LOG, json=body).status_code == 400
    assert mine.http.post(protocol.LOG, json=theirs).status_code == 400
    with pytest.raises(ValueError, match="without a hole"):
        LogRequest(replica=mine.replica, lines=(lines[0], lines[2]))
    mine.http.headers[protocol.REPLICA_HEADER] = yours.replica
    request = LogRequest(replica=yours.replica, lines=tuple(lines))
    stolen = mine.http.post(protocol.LOG, content=encode(request))
    assert stolen.status_code in (401, 403)
    assert kept(server, yours) == []


def as_sync_role(server: Server, account: str) -> psycopg.Connection:
    connection = psycopg.connect(server.postgres.sync_url)
    connection.execute("select set_config('app.user', %s, false)", [account])
    connection.commit()
    return connection


def test_the_app_server_can_neither_read_nor_change_nor_forge_a_line(server: Server) -> None:
    mine, yours = server.new_laptop(), server.new_laptop()
    bring(mine, chain(mine, 2))
    forged = (
        "insert into fieldapp.access_log"
        " (replica, log_seq, hash, previous, account, at, deed, entry, broken)"
        " values (%s, 9, 'h', 'p', %s, now(), 'view', '{}', false)"
    )

    with as_sync_role(server, mine.user) as connection:
        for statement, parameters in (
            ("select * from fieldapp.access_log", []),
            ("update fieldapp.access_log set deed = 'x'", []),
            ("delete from fieldapp.access_log", []),
            ("truncate fieldapp.access_log", []),
            (forged, [mine.replica, yours.user]),
            (forged, [yours.replica, mine.user]),
        ):
            with pytest.raises(pg.InsufficientPrivilege):
                connection.execute(statement.encode(), parameters)
            connection.rollback()
        reached = "select fieldapp.log_reached(%s)"
        assert connection.execute(reached, [mine.replica]).fetchone() == (2,)
        assert connection.execute(reached, [yours.replica]).fetchone() == (0,)
    with as_sync_role(server, yours.user) as connection:
        assert connection.execute(reached, [mine.replica]).fetchone() == (0,)


def test_even_the_owner_of_the_tables_removes_nothing_younger_than_two_years(
    server: Server, laptop: Laptop
) -> None:
    bring(laptop, chain(laptop, 2))
    for statement in (
        "update fieldapp.access_log set deed = 'x' where replica = %s",
        "delete from fieldapp.access_log where replica = %s",
    ):
        with pytest.raises(pg.IntegrityError):
            server.sql(statement, [laptop.replica])
    with pytest.raises(pg.IntegrityError):
        server.sql("truncate fieldapp.access_log")
    assert len(kept(server, laptop)) == 2
