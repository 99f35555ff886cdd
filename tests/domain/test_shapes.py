"""Shapes are read strictly, whichever way the reader takes."""

from __future__ import annotations

import pytest

from fieldapp.domain.exchange import PullReply, PullRequest, PushRequest
from fieldapp.domain.shapes import MAX_DEPTH, decode
from fieldapp.errors import MalformedMessage

DEEP = "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)
UUID = "0197c6a0-0000-7000-8000-000000000001"


def test_text_that_says_null_is_not_taken_for_a_null() -> None:
    raw = b'{"cursors":{"null":"null"},"budget":1}'

    assert decode(PullRequest, raw) == PullRequest(cursors={"null": "null"}, budget=1)
    assert decode(PullRequest, raw.decode()) == PullRequest(cursors={"null": "null"}, budget=1)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b'{"cursors":{},"budget":null}', "$.budget"),
        (b'{"cursors":{},"budget":"many"}', "$.budget"),
        (b'{"cursors":{"a":1},"budget":1}', "$.cursors[...]"),
        (b'{"cursors":{},"budget":1,"more":1}', "$"),
        (b'{"cursors":{},"budget":1', "$"),
        (b'{"cursors":{},"budget":"\xff"}', "$"),
    ],
    ids=["null", "not a number", "inside", "unknown", "cut off", "no UTF-8"],
)
def test_refusal_names_the_place_and_not_what_stood_there(raw: bytes, place: str) -> None:
    with pytest.raises(MalformedMessage) as refused:
        decode(PullRequest, raw)

    assert refused.value.facts["place"] == place
    assert "many" not in str(refused.value)


def test_what_is_nested_too_deeply_is_refused_where_anything_may_stand() -> None:
    row = (
        f'{{"scope":"a","scope_seq":1,"change":"put","rev":1,"doc":{{"a":{DEEP}}},'
        f'"object":{{"type":"record","id":"{UUID}"}}}}'
    )

    with pytest.raises(MalformedMessage):
        decode(PullReply, f'{{"epoch":"{UUID}","rows":[{row}],"cursors":{{}},"more":false}}')
    with pytest.raises(MalformedMessage):
        decode(PushRequest, f'{{"replica":"{UUID}","incarnation":1,"ops":{DEEP}}}')
