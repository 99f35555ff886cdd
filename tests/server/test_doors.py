"""The doors: hostile bodies are refused whole with a sentence; the document tells what is there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fieldapp.domain.exchange import PushRequest
from fieldapp.domain.shapes import encode
from fieldapp.messages import RECEIPT_REASONS
from fieldapp.server.migrations import known_version
from fieldapp.sync import protocol
from tests.servers import Laptop, Server, survey

GOLDEN = Path(__file__).parent.parent / "contracts" / "formats" / "push.json"
SENTENCES = {"code", "happened", "safe", "next"}


def batch(laptop: Laptop) -> dict[str, Any]:
    """A push as a plain object, to be broken."""
    request = PushRequest(replica=laptop.replica, incarnation=1, ops=(laptop.create(survey()),))
    found: dict[str, Any] = json.loads(encode(request))
    return found


def broken_bodies(laptop: Laptop) -> dict[str, bytes]:
    good = json.dumps(batch(laptop))
    return {
        "nothing": b"",
        "no JSON": b"<xml/>",
        "no UTF-8": b'{"replica": "\xff\xfe"}',
        "a list": b"[]",
        "cut": good.encode()[:-20],
        "deep": b"[" * 100_000,
        "null": good.replace('"incarnation": 1', '"incarnation": null').encode(),
        "huge number": good.replace('"seq": ', '"seq": 1' + "0" * 30).encode(),
        "unknown key": good.replace('"incarnation"', '"more": 1, "incarnation"').encode(),
        "NUL": good.replace("가상", "\\u0000").encode(),
        "surrogate": good.replace("\\uac00", "\\ud800", 1).encode(),
        "other replica": good.replace(
            laptop.replica, "01930000-0000-7000-8000-0000000000aa"
        ).encode(),
    }


@pytest.mark.parametrize(
    "kind",
    ["nothing", "no JSON", "no UTF-8", "a list", "cut", "deep", "null", "huge number",
     "unknown key", "surrogate", "other replica"],
)  # fmt: skip
def test_a_malformed_push_is_refused_with_a_sentence_and_stores_nothing(
    server: Server, laptop: Laptop, kind: str
) -> None:
    reply = laptop.http.post(protocol.PUSH, content=broken_bodies(laptop)[kind])

    assert reply.status_code == 400, kind
    assert set(reply.json()) == SENTENCES
    assert reply.json()["code"] == "malformed"
    stored = server.sql("select 1 from fieldapp.op_receipt where replica = %s", [laptop.replica])
    assert stored == []


def golden_refusals() -> list[Any]:
    if not GOLDEN.exists():
        return []
    found: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return [entry for entry in found["refused"] if entry["shape"] == "PushRequest"]


@pytest.mark.parametrize("entry", golden_refusals(), ids=lambda entry: str(entry["why"]))
def test_a_push_that_the_golden_formats_refuse_is_refused_here(
    server: Server, laptop: Laptop, entry: dict[str, Any]
) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    text = json.dumps(golden["accepted"][entry.get("like", "request")]["value"])
    value = json.loads(text.replace("01930000-0000-7000-8000-0000000000aa", laptop.replica))
    if "value" in entry:
        value = entry["value"]
    for pointer, new in entry.get("set", {}).items():
        _set(value, pointer, new)
    for pointer in entry.get("drop", ()):
        _drop(value, pointer)

    reply = laptop.http.post(protocol.PUSH, json=value)

    assert reply.status_code == 400, entry["why"]


def _parent(value: Any, pointer: str) -> tuple[Any, Any]:
    *steps, last = pointer.removeprefix("/").split("/")
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value, int(last) if isinstance(value, list) and last.isdigit() else last


def _set(value: Any, pointer: str, new: Any) -> None:
    parent, key = _parent(value, pointer)
    if isinstance(parent, list) and (key == "-" or key >= len(parent)):
        parent.append(new)
    else:
        parent[key] = new


def _drop(value: Any, pointer: str) -> None:
    parent, key = _parent(value, pointer)
    del parent[key]


def test_a_body_beyond_the_limit_is_refused(laptop: Laptop) -> None:
    reply = laptop.http.post(protocol.PUSH, content=b" " * (protocol.BODY_MAX_BYTES + 1))

    assert (reply.status_code, reply.json()["code"]) == (413, "body_too_large")


def test_a_small_body_that_unzips_to_a_large_one_is_refused(laptop: Laptop) -> None:
    bomb = gzip.compress(b" " * (protocol.BODY_MAX_BYTES * 4))
    assert len(bomb) < 100_000

    reply = laptop.http.post(protocol.PUSH, content=bomb, headers={"Content-Encoding": "gzip"})

    assert reply.status_code == 413


def test_a_zipped_push_is_read_and_a_broken_one_refused(laptop: Laptop) -> None:
    raw = json.dumps(batch(laptop)).encode()
    headers = {"Content-Encoding": "gzip"}

    cut = laptop.http.post(protocol.PUSH, content=gzip.compress(raw)[:-9], headers=headers)
    whole = laptop.http.post(protocol.PUSH, content=gzip.compress(raw), headers=headers)
    other = laptop.http.post(protocol.PUSH, content=raw, headers={"Content-Encoding": "br"})

    assert [cut.status_code, whole.status_code, other.status_code] == [400, 200, 415]


def test_a_batch_of_more_operations_than_agreed_is_refused(laptop: Laptop) -> None:
    operations = [laptop.create({}) for _ in range(protocol.PUSH_MAX_OPERATIONS + 1)]

    assert laptop.post_push(*operations).status_code == 400


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        (protocol.PROTOCOL_HEADER, "0", 426),
        (protocol.PROTOCOL_HEADER, "99", 426),
        (protocol.PROTOCOL_HEADER, "one", 400),
        (protocol.REPLICA_HEADER, "1'; drop table record", 400),
        ("Authorization", "Bearer nonsense", 401),
        ("Authorization", "Basic eDp5", 401),
    ],
)
def test_a_header_that_does_not_fit_is_refused(
    laptop: Laptop, header: str, value: str, status: int
) -> None:
    reply = laptop.http.get(protocol.HELLO, headers={header: value})

    assert reply.status_code == status
    assert set(reply.json()) == SENTENCES


def test_a_door_that_is_not_there_speaks_korean_too(server: Server, laptop: Laptop) -> None:
    reply = laptop.http.get("/nowhere")

    assert (reply.status_code, reply.json()["code"]) == (404, "no_such_door")
    assert laptop.http.get(protocol.PUSH).status_code == 405
    assert laptop.http.get("/health").json() == {"status": "ok", "schema": known_version()}


def test_the_document_lists_every_door_with_the_shapes_it_speaks(laptop: Laptop) -> None:
    document = laptop.http.get("/openapi.json").json()

    doors = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert doors == {
        ("post", protocol.SIGN_IN), ("post", protocol.REFRESH), ("post", protocol.ENROLL),
        ("get", protocol.HELLO), ("post", protocol.PUSH), ("post", protocol.PULL),
        ("post", protocol.LOG), ("post", protocol.DIGEST),
        ("post", protocol.LOG_CHECKPOINTS), ("post", protocol.NUMBERS),
        ("get", protocol.SIGHTS + "/{list_name}/{entity_id}"),
        ("get", protocol.CATALOGUE), ("get", protocol.CATALOGUE + "/{kind}/{item}/{version}"),
        ("get", protocol.HISTORY + "/{record}"),
        ("options", protocol.FILES), ("post", protocol.FILES),
        ("head", protocol.FILES + "/{upload}"),
        ("patch", protocol.FILES + "/{upload}"), ("delete", protocol.FILES + "/{upload}"),
        ("get", protocol.FILES + "/{name}"), ("get", "/health"),
    }  # fmt: skip
    body = document["paths"][protocol.PUSH]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/PushRequest"}
    schemas = document["components"]["schemas"]
    assert schemas["PushRequest"]["required"] == ["replica", "incarnation", "ops"]
    named = {line for line in json.dumps(document).split('"') if line.startswith("#/components/")}
    assert {name.rpartition("/")[2] for name in named} <= set(schemas)


def test_a_push_answer_is_json_of_the_shape(laptop: Laptop) -> None:
    reply = laptop.post_push()

    assert reply.headers["content-type"] == "application/json"
    assert msgspec.json.decode(reply.content)["results"] == []


def test_every_code_that_the_protocol_knows_is_told_to_a_worker_in_korean() -> None:
    codes = {value for name, value in vars(protocol).items() if name.startswith("CODE_")}

    assert codes <= RECEIPT_REASONS.keys()
