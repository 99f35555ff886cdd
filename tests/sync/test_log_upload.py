"""접속기록 from an encrypted store to a server: every line arrives, once, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fieldapp.domain.ids import UserId
from fieldapp.errors import ServerUnreachable
from fieldapp.storage import access_log, meta
from fieldapp.sync import log_upload
from tests.servers import Server
from tests.sync.lines import Cut, Line
from tests.sync.real import Laptop


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with Line(server.base_url) as line:
        yield line


@pytest.fixture
def laptop(tmp_path: Path, server: Server, line: Line) -> Iterator[Laptop]:
    laptop = Laptop(tmp_path, server, server.new_scope(), line)
    yield laptop
    laptop.store.close()


def look(laptop: Laptop, times: int = 1, *, detail: str = "가상-화면") -> None:
    """Deeds that only read."""
    for _ in range(times):
        with laptop.store.writing() as db:
            access_log.append(
                db, at=laptop.now(), user=UserId(laptop.user), deed="view", detail={"place": detail}
            )


def on_server(server: Server, laptop: Laptop) -> list[tuple[int, bool]]:
    """(log_seq, broken) of every line that the server has of the laptop."""
    return [
        (row[0], row[1])
        for row in server.sql(
            "select log_seq, broken from fieldapp.access_log where replica = %s order by log_seq",
            [laptop.replica.identity().replica],
        )
    ]


def whole(count: int) -> list[tuple[int, bool]]:
    return [(number, False) for number in range(1, count + 1)]


def through(laptop: Laptop) -> int:
    with laptop.store.reading() as db:
        return meta.logged_through(db)


def test_what_was_looked_at_offline_is_on_the_server_after_the_next_round(
    server: Server, laptop: Laptop
) -> None:
    look(laptop, 3)
    laptop.exchange()
    assert on_server(server, laptop) == whole(3)

    look(laptop, 2)
    laptop.exchange()

    assert on_server(server, laptop) == whole(5)
    assert through(laptop) == 5
    with laptop.store.reading() as db:
        assert access_log.verify(db) is None


def test_a_long_log_goes_up_in_pieces(
    server: Server, laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_upload, "LOG_MAX_LINES", 4)
    look(laptop, 9)
    look(laptop, detail="가" * 2_000)
    monkeypatch.setattr(log_upload, "PUSH_MAX_BYTES", 1_000)

    laptop.exchange()

    assert on_server(server, laptop) == whole(10)


def test_a_reply_to_the_log_that_is_lost_costs_nothing(
    server: Server, laptop: Laptop, line: Line
) -> None:
    for _ in range(2):  # the first round of a store says more than the others
        look(laptop, 3)
        laptop.exchange()
    down = line.carried["down"]
    look(laptop, 3)

    with pytest.raises(ServerUnreachable):
        laptop.exchange(Cut("down", down - 20))
    assert through(laptop) == 6
    assert on_server(server, laptop) == whole(9)
    laptop.exchange()

    assert on_server(server, laptop) == whole(9)
    assert through(laptop) == 9


def test_a_server_that_lost_its_newest_lines_gets_them_again(
    server: Server, laptop: Laptop
) -> None:
    look(laptop, 6)
    laptop.exchange()
    with psycopg.connect(server.postgres.owner_url) as connection:
        connection.execute("set session_replication_role = replica")  # past the table's guards
        connection.execute(
            "delete from fieldapp.access_log where replica = %s and log_seq > 2",
            [laptop.replica.identity().replica],
        )
    look(laptop)

    laptop.exchange()

    assert on_server(server, laptop) == whole(7)
    assert through(laptop) == 7


def test_nothing_new_to_log_is_no_request(laptop: Laptop, line: Line) -> None:
    carried = []
    for times in (1, 0, 0, 1):
        look(laptop, times)
        laptop.exchange()
        carried.append(line.carried["up"])

    assert carried[1] == carried[2] < carried[3]
