"""Packed bodies at the real server: zstd both ways, gzip for others, plain for whoever asks so."""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx
import pytest

from fieldapp.domain.exchange import PullReply, PullRequest, PushReply, PushRequest
from fieldapp.domain.shapes import decode, encode
from fieldapp.sync import protocol
from fieldapp.sync.packing import ACCEPTED, Coding, coding_of, pack, unpack
from tests.servers import Laptop, Server, survey


def raw(laptop: Laptop, path: str, body: bytes, **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it stood on the line."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with laptop.http.stream("POST", path, content=body, headers=named) as reply:
        return reply, b"".join(reply.iter_raw())


def pulling(budget: int = protocol.PULL_BUDGET_BYTES) -> bytes:
    return encode(PullRequest(cursors={}, budget=budget))


def pushing(laptop: Laptop, count: int) -> bytes:
    ops = tuple(laptop.create(survey(serial)) for serial in range(1, count + 1))
    return encode(PushRequest(replica=laptop.replica, incarnation=1, ops=ops))


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
@pytest.mark.parametrize("count", [1, 60], ids=["small", "large"])
def test_a_packed_push_is_taken_in_like_a_plain_one(
    laptop: Laptop, coding: Coding, count: int
) -> None:
    body = pack(coding, pushing(laptop, count))

    reply, answer = raw(laptop, protocol.PUSH, body, Content_Encoding=coding)

    plain = unpack(coding_of(reply.headers.get("Content-Encoding")), answer, 1_000_000)
    assert [one.status for one in decode(PushReply, plain).results] == ["applied"] * count


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("zstd, gzip", "zstd"), ("gzip", "gzip"), ("identity", "identity"), ("br", "identity")],
)
def test_a_long_answer_leaves_packed_as_the_asker_takes_it_and_says_the_same(
    laptop: Laptop, accepted: str, coding: Coding
) -> None:
    laptop.http.post(protocol.PUSH, content=pushing(laptop, 40))

    reply, answer = raw(laptop, protocol.PULL, pulling(), Accept_Encoding=accepted)

    assert reply.headers.get("Content-Encoding", "identity") == coding
    assert int(reply.headers["Content-Length"]) == len(answer)
    assert reply.headers["Vary"] == "Accept-Encoding"
    plain = unpack(coding, answer, 1_000_000)
    assert len(decode(PullReply, plain).rows) == 40
    assert coding == "identity" or len(answer) * 5 < len(plain)


def test_a_short_answer_and_a_refusal_stay_plain(laptop: Laptop) -> None:
    for path, body in ((protocol.PULL, pulling()), (protocol.PULL, b"[")):
        reply, answer = raw(laptop, path, body, Accept_Encoding=ACCEPTED)

        assert "Content-Encoding" not in reply.headers
        assert isinstance(json.loads(answer), dict)


def test_every_answer_says_what_a_request_may_be_packed_into(server: Server) -> None:
    replies = [
        httpx.get(server.base_url + "/health"),
        httpx.get(server.base_url + "/nowhere"),
        httpx.get(server.base_url + protocol.HELLO),
    ]

    assert [reply.headers["Accept-Encoding"] for reply in replies] == [ACCEPTED] * 3


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_a_frame_that_is_broken_cut_or_too_large_stores_nothing(
    server: Server, laptop: Laptop, coding: Coding
) -> None:
    body = pack(coding, pushing(laptop, 3))
    bomb = pack(coding, b" " * (protocol.BODY_MAX_BYTES + 1))
    assert len(bomb) < 50_000
    answers: Mapping[bytes, int] = {
        body[:-9]: 400, body + b"x": 400, b"{}": 400, b"": 400, bomb: 413,
    }  # fmt: skip

    found = {
        sent: raw(laptop, protocol.PUSH, sent, Content_Encoding=coding)[0].status_code
        for sent in answers
    }

    assert found == answers
    stored = server.sql("select 1 from fieldapp.op_receipt where replica = %s", [laptop.replica])
    assert stored == []


def test_a_coding_that_the_server_does_not_know_is_refused_with_those_it_knows(
    laptop: Laptop,
) -> None:
    reply, answer = raw(laptop, protocol.PUSH, b"{}", Content_Encoding="br")

    assert (reply.status_code, json.loads(answer)["code"]) == (415, "coding_unknown")
    assert reply.headers["Accept-Encoding"] == ACCEPTED
