"""The golden shapes of F1-F4, F8, F10 and F11: everyone who reads or writes them agrees on them.

`formats/*.json` hold accepted values and refused ones, each with its reason. A refused value is
written as a change to an accepted one (`like`, `set`, `drop`; places as RFC 6901 pointers), so that
one thing at a time is wrong. A package that reads or writes a shape adds one line to READERS.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

from fieldapp.domain import exchange, history, operation, record, shapes
from fieldapp.domain.access_log import entry_hash
from fieldapp.domain.canonical import canonical_hash, canonical_json
from fieldapp.domain.catalogue import CatalogueReply
from fieldapp.domain.ids import ReplicaId
from fieldapp.domain.log_upload import (
    CheckpointsReply,
    CheckpointsRequest,
    LogReply,
    LogRequest,
)
from fieldapp.domain.numbers import NumbersReply, NumbersRequest
from fieldapp.domain.operation import Operation, ReplicaIdentity, operation_hash
from fieldapp.domain.record import document_hash
from fieldapp.errors import MalformedMessage
from fieldapp.forms import answers_from_xml, read_form, submission_xml
from fieldapp.storage import documents, operations
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica

FOLDER = Path(__file__).parent / "formats"
BOOKS: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")
}
SHAPES: dict[str, Any] = {
    "Answers": record.Answers,
    "Operation": Operation,
    "RecordDoc": record.RecordDoc,
    "ConflictDoc": exchange.ConflictDoc,
    "PushRequest": exchange.PushRequest,
    "PushReply": exchange.PushReply,
    "PullRequest": exchange.PullRequest,
    "PullReply": exchange.PullReply,
    "DigestRequest": exchange.DigestRequest,
    "DigestReply": exchange.DigestReply,
    "Hello": exchange.Hello,
    "CatalogueReply": CatalogueReply,
    "SignIn": exchange.SignIn,
    "Tokens": exchange.Tokens,
    "Enrolment": exchange.Enrolment,
    "Enrolled": exchange.Enrolled,
    "LogRequest": LogRequest,
    "LogReply": LogReply,
    "CheckpointsRequest": CheckpointsRequest,
    "CheckpointsReply": CheckpointsReply,
    "NumbersRequest": NumbersRequest,
    "NumbersReply": NumbersReply,
    "HistoryReply": history.HistoryReply,
    "SightsReply": exchange.SightsReply,
    "UploadState": exchange.UploadState,
}


@dataclass(frozen=True)
class Reader:
    """One that reads a shape and writes it again.

    It refuses with MalformedMessage; `is_gate` False stands behind one that refused already.
    """

    name: str
    shapes: frozenset[str]
    there_and_back: Callable[[str, Any], Any]
    is_gate: bool = True


def _from_builtins(shape: str, value: Any) -> Any:
    return json.loads(json.dumps(shapes.to_wire(shapes.read(SHAPES[shape], value))))


def _from_text(shape: str, value: Any) -> Any:
    return json.loads(shapes.encode(shapes.decode(SHAPES[shape], json.dumps(value))))


def _from_utf8(shape: str, value: Any) -> Any:
    raw = json.dumps(value, ensure_ascii=False).encode()
    return json.loads(canonical_json(shapes.to_wire(shapes.decode(SHAPES[shape], raw))))


def _as_instance_xml(_shape: str, value: Any) -> Any:
    definition = read_form((FOLDER / "answers.xml").read_bytes())
    return answers_from_xml(definition, submission_xml(definition, value))


def _stored_document(_shape: str, value: Any) -> Any:
    text = documents.written(documents.read_stored(documents.written(value)))
    return json.loads(text)


@contextmanager
def _new_store(replica: str) -> Iterator[Store]:
    identity = ReplicaIdentity(ReplicaId(replica), 1)
    with TemporaryDirectory() as folder:
        store = Store.create(
            Path(folder) / "store", bytes(32), identity=identity, created_at=datetime.now(UTC)
        )
        yield store
        store.close()


def _kept_in_the_outbox(_shape: str, value: Any) -> Any:
    given = shapes.read(Operation, value)
    with _new_store(given.replica) as store, store.writing() as db:
        operations.append(db, msgspec.structs.replace(given, seq=1))
        kept = operations.find(db, given.op_id)
        assert kept is not None
        return json.loads(shapes.encode(msgspec.structs.replace(kept.operation, seq=given.seq)))


def _pulled_into_a_store(_shape: str, value: Any) -> Any:
    reply = shapes.read(exchange.PullReply, value)
    with _new_store("01930000-0000-7000-8000-0000000000aa") as store:
        replica = StoreReplica(store, lambda _form, _version: None)
        replica.accept_rows(reply)
        return value | {"cursors": dict(replica.cursors())}


READERS = [
    Reader("domain, builtins", frozenset(SHAPES), _from_builtins),
    Reader("domain, JSON text", frozenset(SHAPES), _from_text),
    Reader("domain, UTF-8 and canonical", frozenset(SHAPES), _from_utf8),
    Reader("forms, instance XML", frozenset({"Answers"}), _as_instance_xml, is_gate=False),
    Reader("storage, outbox", frozenset({"Operation"}), _kept_in_the_outbox, is_gate=False),
    Reader("storage, pull", frozenset({"PullReply"}), _pulled_into_a_store, is_gate=False),
    Reader("storage, document", frozenset({"RecordDoc"}), _stored_document, is_gate=False),
]


@dataclass(frozen=True)
class Golden:
    """One golden value and the shape that accepts or refuses it."""

    book: str
    name: str
    shape: str
    value: Any
    canonical: str | None = None
    hash: str | None = None


def _accepted() -> list[Golden]:
    return [
        Golden(
            book,
            name,
            item["shape"],
            item["value"],
            canonical=item.get("canonical"),
            hash=item.get("hash"),
        )
        for book, page in BOOKS.items()
        for name, item in page.get("accepted", {}).items()
    ]


def _refused() -> list[Golden]:
    return [
        Golden(book, item["why"], item["shape"], _changed(page["accepted"], item))
        for book, page in BOOKS.items()
        for item in page.get("refused", [])
    ]


def _changed(accepted: Any, item: Any) -> Any:
    value = copy.deepcopy(accepted[item["like"]]["value"])
    for pointer in item.get("drop", ()):
        parent, last = _place(value, pointer)
        del parent[last]
    for pointer, new in item.get("set", {}).items():
        parent, last = _place(value, pointer)
        parent[last] = new
    return value


def _place(value: Any, pointer: str) -> tuple[Any, Any]:
    *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for step in steps:
        value = value[int(step) if isinstance(value, list) else step]
    return value, int(last) if isinstance(value, list) else last


def _cases(goldens: list[Golden], *, gates_only: bool = False) -> list[Any]:
    return [
        pytest.param(reader, golden, id=f"{golden.book}: {golden.name} ({reader.name})")
        for golden in goldens
        for reader in READERS
        if golden.shape in reader.shapes and (reader.is_gate or not gates_only)
    ]


@pytest.mark.parametrize(("reader", "golden"), _cases(_accepted()))
def test_accepted_values_come_back_as_they_were(reader: Reader, golden: Golden) -> None:
    assert reader.there_and_back(golden.shape, golden.value) == golden.value


@pytest.mark.parametrize(("reader", "golden"), _cases(_refused(), gates_only=True))
def test_refused_values_are_refused_without_quoting_them(reader: Reader, golden: Golden) -> None:
    with pytest.raises(MalformedMessage) as refusal:
        reader.there_and_back(golden.shape, golden.value)

    assert "가상-" not in repr(refusal.value.facts)


def test_every_refused_value_differs_from_the_accepted_one_it_is_like() -> None:
    for page in BOOKS.values():
        for item in page.get("refused", []):
            like = page["accepted"][item["like"]]

            assert item["shape"] == like["shape"]
            assert json.dumps(_changed(page["accepted"], item)) != json.dumps(like["value"])


@pytest.mark.parametrize(
    "golden", [item for item in _accepted() if item.canonical], ids=lambda item: item.name
)
def test_canonical_text_and_hash_are_those_of_the_book(golden: Golden) -> None:
    value = shapes.read(SHAPES[golden.shape], golden.value)
    assert golden.canonical is not None

    assert _hashed_text(golden.value, golden.shape) == golden.canonical
    assert hashlib.sha256(golden.canonical.encode()).hexdigest() == golden.hash
    assert _hash(value) == golden.hash


def _hashed_text(value: dict[str, Any], shape: str) -> str:
    left_out = {"Operation": {"replica", "seq"}, "RecordDoc": {"history"}}.get(shape, set())
    kept = {key: item for key, item in value.items() if key not in left_out}
    return canonical_json(kept).decode()


def _hash(value: Any) -> str:
    if isinstance(value, Operation):
        return operation_hash(value)
    return canonical_hash(value) if isinstance(value, dict) else document_hash(value)


@pytest.mark.parametrize("vector", BOOKS["canonical"]["vectors"], ids=lambda item: item["why"])
def test_canonical_json_is_rfc_8785(vector: dict[str, Any]) -> None:
    assert canonical_json(vector["value"]).decode() == vector["canonical"]
    assert canonical_hash(vector["value"]) == vector["hash"]


def test_an_operation_renumbered_after_a_restore_keeps_its_hash() -> None:
    first = shapes.read(Operation, BOOKS["operations"]["accepted"]["create"]["value"])
    wire = shapes.to_wire(first) | {"seq": 99, "replica": "01930000-0000-7000-8000-0000000000bb"}

    assert operation_hash(shapes.read(Operation, wire)) == operation_hash(first)


def test_the_pulled_hash_is_that_of_the_pulled_document() -> None:
    rows = BOOKS["pull"]["accepted"]["reply"]["value"]["rows"]
    puts = [row for row in rows if row["change"] == "put"]

    assert puts
    for row in puts:
        assert document_hash(shapes.read(record.RecordDoc, row["doc"])) == row["hash"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "nothing"),
        (b"\xef\xbb\xbf{}", "a byte order mark"),
        (b'{"user":"a","password":"\xff"}', "not UTF-8"),
        (b'{"user":"a","password":"\\ud800"}', "half a surrogate pair"),
        (b'{"user":"a","password":"b"} {}', "something behind it"),
        (b'{"user":"a","password":NaN}', "what JSON has no word for"),
        (b"[" * 100_000, "an abyss"),
        (b"[" * 100_000 + b"]" * 100_000, "an abyss with a bottom"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_text_that_is_not_one_json_value_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedMessage):
        shapes.decode(exchange.SignIn, raw)


def test_a_pure_transition_has_no_patch_key() -> None:
    value = BOOKS["operations"]["accepted"]["pure_transition"]["value"]

    assert "patch" not in value
    assert shapes.read(Operation, value).patch == ()
    assert shapes.read(Operation, value | {"patch": []}) == shapes.read(Operation, value)
    assert operation.INSTANCE_ID == "meta/instanceID"


def test_the_chain_of_the_golden_log_holds() -> None:
    log = shapes.read(LogRequest, BOOKS["log"]["accepted"]["first lines"]["value"])

    for line in log.lines:
        assert entry_hash(line.previous, line.entry()) == line.hash
    assert [line.previous for line in log.lines[1:]] == [line.hash for line in log.lines[:-1]]
