"""The server dies as in a power cut: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import httpx
import pytest

from tests.servers import Laptop, Server, survey


def versions(server: Server, laptop: Laptop) -> int:
    rows = server.sql("select 1 from fieldapp.record_version where scope = %s", [laptop.scope])
    return len(rows)


@pytest.mark.parametrize(
    ("failpoint", "stored"), [("push.before_commit:1", 0), ("push.after_commit:1", 2)]
)
def test_a_push_whose_reply_died_with_the_server_is_stored_once(
    server: Server, failpoint: str, stored: int
) -> None:
    user_scope = server.new_scope()
    with server.another(failpoint=failpoint) as doomed:
        laptop = server.laptop(server.new_user(user_scope), user_scope, doomed.base_url)
        operations = (laptop.create(survey(1)), laptop.create(survey(2)))

        with pytest.raises(httpx.TransportError):
            laptop.push(*operations)

        assert doomed.wait() != 0
    assert versions(server, laptop) == stored
    laptop.http.base_url = httpx.URL(server.base_url)

    reply = laptop.push(*operations)

    status = "duplicate" if stored else "applied"
    assert [(receipt.status, receipt.rev) for receipt in reply.results] == [(status, 1)] * 2
    assert reply.applied_seq == 2
    assert versions(server, laptop) == 2
    assert [row.scope_seq for row in laptop.pull()] == [1, 2]


def test_a_killed_server_is_followed_by_another_on_the_same_port(server: Server) -> None:
    scope = server.new_scope()
    first = server.another()
    laptop = server.laptop(server.new_user(scope), scope, first.base_url)
    laptop.push(laptop.create(survey()))
    first.kill()
    assert not first.is_running()
    with pytest.raises(httpx.TransportError):
        laptop.pull()

    port = int(first.base_url.rpartition(":")[2])
    with server.another(port=port):
        assert len(laptop.pull()) == 1
