"""The smallest replica and server that keep the protocol's promises, so that lines can be cut
between them by the hundred. The real ones are put through the same in `test_real_line.py`."""

from __future__ import annotations

import contextlib
import ssl
import threading
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fieldapp.clock import KOREA, instant_text
from fieldapp.domain import exchange as ex
from fieldapp.domain.ids import RecordId, ReplicaId, new_operation_id, uuid7
from fieldapp.domain.log_upload import LogCheckpoint, LogLine
from fieldapp.domain.merge import lay_over, merge_patch
from fieldapp.domain.numbers import KnownNumber
from fieldapp.domain.operation import (
    Base,
    Changes,
    ClockStamp,
    FormRef,
    ObjectRef,
    Operation,
    PatchLine,
    ReplicaIdentity,
    operation_hash,
)
from fieldapp.domain.plans import MergePlan
from fieldapp.domain.record import RecordDoc, document_hash
from fieldapp.domain.shapes import decode, encode, to_wire
from fieldapp.sync import protocol
from fieldapp.sync.packing import coding_of, unpack

NOON = datetime(2026, 12, 1, 12, tzinfo=KOREA)
AT = instant_text(NOON)
FORM = FormRef(id="P13e", version="2026120101")
UNKNOWN_FORM = FormRef(id="P13e", version="2099010101")
SCOPE = "town-1"
TOKENS = ex.Tokens(
    token="token-of-the-test-line",
    refresh="refresh-of-the-test",
    expires="2026-12-01T20:00:00+09:00",
)


@dataclass
class Held:
    """One record on a replica: what the server said last."""

    rev: int
    answers: dict[str, str]


class Unnumbered:
    """The part of a store that knows no official numbers, and signs nothing."""

    def numbers_to_tell(self) -> tuple[KnownNumber, ...]:
        return ()

    def note_numbers_told(self) -> None: ...

    def log_checkpoints(self, most: int) -> tuple[LogCheckpoint, ...]:  # noqa: ARG002
        return ()

    def note_checked(self, through: int) -> None: ...


class MemoryReplica(Unnumbered):
    """A store by shape, in memory. `die_before_storing` breaks the next acceptance off."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._identity = ReplicaIdentity(ReplicaId(uuid7(NOON)), 1)
        self.outbox: list[Operation] = []
        self.receipts: dict[str, ex.Receipt] = {}
        self.server_docs: dict[str, Held] = {}
        self.conflicts: dict[str, ex.ConflictDoc] = {}
        self.offers: list[str] = []
        self.passed_over: set[str] = set()
        self.exchanged_at: datetime | None = None
        self.clock_offset_ms: int | None = None
        self._cursors: dict[str, str] = {}
        self.log: list[LogLine] = []
        self.logged_through = 0

    # What a worker does

    def create(self, answers: Mapping[str, str], form: FormRef = FORM) -> RecordId:
        """Write a record."""
        record = RecordId(uuid7(NOON))
        self._append(record, "create", answers, {}, scope=SCOPE, form=form)
        return record

    def amend(self, record: RecordId, answers: Mapping[str, str]) -> bool:
        """Change answers of a record; False when nothing changes."""
        before = self.answers(record)
        if all(before.get(path) == value for path, value in answers.items()):
            return False
        self._append(record, "change", answers, before, base=self._base(record))
        return True

    def delete(self, record: RecordId) -> None:
        """Ask for what the server does not do."""
        self._append(record, "delete", {}, {}, base=self._base(record))

    def records(self) -> list[RecordId]:
        """Every record it holds."""
        own = [op.object.id for op in self.outbox if op.kind == "create"]
        return [RecordId(one) for one in dict.fromkeys([*self.server_docs, *own])]

    def answers(self, record: str) -> dict[str, str]:
        """What the worker sees: own operations laid over the server's document."""
        held = self.server_docs.get(record)
        answers = dict(held.answers) if held else {}
        for op in self.outbox:
            receipt = self.receipts.get(op.op_id)
            is_pulled = receipt is not None and held is not None and held.rev >= (receipt.rev or 0)
            if op.object.id == record and not is_pulled and not _is_refused(receipt):
                answers = lay_over(answers, op.patch)
        return answers

    def _base(self, record: str) -> Base:
        held = self.server_docs.get(record)
        for op in reversed(self.outbox):
            receipt = self.receipts.get(op.op_id)
            # Acknowledged, but the reply to the pull was lost: the server's document is not here.
            is_ahead = receipt is not None and (receipt.rev or 0) > (held.rev if held else 0)
            is_open = receipt is None or receipt.status == "held" or is_ahead
            if op.object.id == record and is_open:
                return Base(op=op.op_id)
        return Base(rev=self.server_docs[record].rev)

    def _append(
        self,
        record: str,
        kind: Any,
        answers: Mapping[str, str],
        before: Mapping[str, str],
        *,
        form: FormRef = FORM,
        **more: Any,
    ) -> None:
        patch = tuple(
            PatchLine(path=path, old=before.get(path), new=value)
            for path, value in answers.items()
            if before.get(path) != value
        )
        self.outbox.append(
            Operation(
                op_id=new_operation_id(NOON),
                replica=self._identity.replica,
                seq=len(self.outbox) + 1,
                object=ObjectRef(type="record", id=record),
                kind=kind,
                patch=patch,
                form=form,
                author=self.name,
                at=AT,
                clock=ClockStamp(offset_ms=0, boot_id="b"),
                **more,
            )
        )

    # What the exchange asks

    def identity(self) -> ReplicaIdentity:
        return self._identity

    def note_hello(self, hello: ex.Hello) -> None:
        """This server has one life."""

    def wants_digest(self, at: datetime) -> bool:  # noqa: ARG002
        """It compares everything at the end of its tests."""
        return False

    def compare(self, reply: ex.DigestReply, at: datetime) -> frozenset[str]:  # noqa: ARG002
        raise AssertionError("nobody asked for digests")

    def keep_scopes(self, scopes: Collection[str]) -> Changes:
        assert SCOPE in scopes  # it belongs to one scope for good
        return Changes()

    def unsent(self) -> int:
        return sum(not self._is_answered(op) for op in self.outbox)

    def pending(self, max_operations: int, max_bytes: int, after: int = 0) -> tuple[Operation, ...]:
        batch: list[Operation] = []
        size = 0
        for op in self.outbox:
            if op.seq <= after or self._is_answered(op):
                continue
            size += len(encode(op))
            if batch and (len(batch) == max_operations or size > max_bytes):
                break
            batch.append(op)
        self.offers += [op.op_id for op in batch]
        return tuple(batch)

    def offered(
        self, max_operations: int, max_bytes: int, after: int = 0
    ) -> tuple[ex.Offered, ...]:
        return tuple(
            ex.Offered(op.seq, op.op_id, op.author, op.at, encode(op))
            for op in self.pending(max_operations, max_bytes, after)
        )

    def accept_receipts(self, reply: ex.PushReply) -> Changes:
        for receipt in reply.results:
            self.receipts[receipt.op_id] = receipt
        return Changes(outbox=True)

    def pass_over(self, operation: ex.Offered) -> bool:
        is_news = operation.op_id not in self.passed_over
        self.passed_over.add(operation.op_id)
        return is_news

    def begin_incarnation(self, known: int) -> None:
        later = max(self._identity.incarnation, known) + 1
        self._identity = ReplicaIdentity(self._identity.replica, later)
        self.receipts.clear()

    def cursors(self) -> Mapping[str, str]:
        return dict(self._cursors)

    def accept_rows(self, reply: ex.PullReply) -> Changes:
        touched: set[RecordId] = set()
        for row in reply.rows:
            if row.change == "conflict":
                conflict = decode(ex.ConflictDoc, encode(row.doc))
                self.conflicts[conflict.id] = conflict
                continue
            known = self.server_docs.get(row.object.id)
            if known is None or row.rev > known.rev:
                doc = decode(RecordDoc, encode(row.doc))
                assert document_hash(doc) == row.hash
                self.server_docs[row.object.id] = Held(row.rev, dict(doc.answers))
                touched.add(RecordId(row.object.id))
        self._cursors.update(reply.cursors)
        return Changes(records=frozenset(touched))

    def log_lines(self, max_lines: int, max_bytes: int) -> tuple[LogLine, ...]:  # noqa: ARG002
        sent = self.log[max(self.logged_through - 1, 0) :][:max_lines]
        return tuple(sent) if self.logged_through < len(self.log) else ()

    def note_logged(self, through: int) -> None:
        self.logged_through = through

    def note_exchange(self, at: datetime, clock_offset_ms: int) -> None:
        self.exchanged_at, self.clock_offset_ms = at, clock_offset_ms

    def _is_answered(self, op: Operation) -> bool:
        receipt = self.receipts.get(op.op_id)
        return receipt is not None and receipt.status != "held"


def _is_refused(receipt: ex.Receipt | None) -> bool:
    return receipt is not None and receipt.status == "rejected"


@dataclass
class Reply:
    """An HTTP answer, before it is written; status 0 hangs up instead."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Stored:
    """One record on the server: its newest answers, and the operation of each revision."""

    answers: dict[str, str]
    made_by: list[Operation]


class ModelServer:
    """The doors over dictionaries. `answer_with` may replace the reply to a request."""

    def __init__(self, *, certificate: Path | None = None) -> None:
        self.epoch = str(uuid.uuid4())
        self.records: dict[str, Stored] = {}
        self.conflicts: dict[str, tuple[str, ex.ConflictDoc]] = {}
        self.kept: list[Operation] = []
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answer_with: Callable[[str, Reply], Reply] | None = None
        self.known_forms = {FORM}
        self.budget: int | None = None
        self.accepts = ""
        self._receipts: dict[tuple[str, str], tuple[str, ex.Receipt]] = {}
        self._changes: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()
        self._http = _Http(self)
        scheme = "http"
        if certificate is not None:
            scheme = "https"
            trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            trust.load_cert_chain(certificate)
            self._http.socket = trust.wrap_socket(self._http.socket, server_side=True)
        self.base_url = f"{scheme}://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def head(self) -> int:
        """How far the one scope has grown."""
        return max(self._changes.values(), default=0)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """The reply to one request; what it did stands, whatever becomes of the reply."""
        body = unpack(coding_of(headers.get("Content-Encoding")), body, protocol.BODY_MAX_BYTES)
        with self._lock:
            self.requests.append((path, headers, body))
            reply = self._honest(path, body)
            return self.answer_with(path, reply) if self.answer_with else reply

    def _honest(self, path: str, body: bytes) -> Reply:
        if path in (protocol.SIGN_IN, protocol.REFRESH):
            return Reply(body=encode(TOKENS))
        if path == protocol.HELLO:
            return Reply(body=encode(self._hello()))
        if path == protocol.PUSH:
            return Reply(body=encode(self._push(decode(ex.PushRequest, body))))
        if path == protocol.PULL:
            return Reply(body=encode(self._pull(decode(ex.PullRequest, body))))
        return Reply(status=404)

    def _hello(self) -> ex.Hello:
        return ex.Hello(
            protocol_min=1,
            protocol_max=1,
            epoch=self.epoch,
            server_time=instant_text(NOON),
            scopes=(ex.ScopeHead(id=SCOPE, head=self.head),),
        )

    def _push(self, request: ex.PushRequest) -> ex.PushReply:
        results = tuple(self._take(op) for op in request.ops)
        return ex.PushReply(epoch=self.epoch, results=results, applied_seq=0, settled_through=0)

    def _take(self, op: Operation) -> ex.Receipt:
        known = self._receipts.get((op.replica, op.op_id))
        if known is not None and known[1].status != "held":
            assert known[0] == operation_hash(op)
            if known[1].status == "rejected":
                return known[1]
            return ex.Receipt(op_id=op.op_id, status="duplicate", rev=known[1].rev)
        receipt = self._judge(op)
        self._receipts[op.replica, op.op_id] = (operation_hash(op), receipt)
        return receipt

    def _judge(self, op: Operation) -> ex.Receipt:
        base = op.base and op.base.op and self._receipts.get((op.replica, op.base.op))
        if base and base[1].status in ("held", "rejected"):
            return ex.Receipt(op_id=op.op_id, status="held", code=protocol.CODE_BASE_WAITS)
        if op.kind == "delete":
            self.kept.append(op)
            return ex.Receipt(op_id=op.op_id, status="rejected", code=protocol.CODE_UNSUPPORTED)
        if op.form not in self.known_forms:
            return ex.Receipt(op_id=op.op_id, status="held", code=protocol.CODE_UNKNOWN_FORM)
        stored = self.records.setdefault(op.object.id, Stored({}, []))
        seen = base[1].rev if base else op.base.rev if op.base else 0
        is_stale = (seen or 0) < len(stored.made_by)
        merged = merge_patch(MergePlan(), stored.answers, op.patch)
        stored.answers = merged.answers
        stored.made_by.append(op)
        rev = len(stored.made_by)
        self._changed("put", op.object.id)
        if merged.conflicts:
            conflict = ex.ConflictDoc(
                id=str(uuid.uuid4()),
                lines=merged.conflicts,
                ours_author=stored.made_by[-2].author,
                ours_at=AT,
                theirs_author=op.author,
                theirs_at=AT,
                op_id=op.op_id,
            )
            self.conflicts[conflict.id] = (op.object.id, conflict)
            self._changed("conflict", conflict.id)
            paths = tuple(line.path for line in conflict.lines)
            named = ex.ConflictRef(id=conflict.id, paths=paths)
            return ex.Receipt(op_id=op.op_id, status="conflict", rev=rev, conflict=named)
        return ex.Receipt(op_id=op.op_id, status="merged" if is_stale else "applied", rev=rev)

    def _changed(self, change: str, name: str) -> None:
        self._changes[change, name] = self.head + 1

    def _pull(self, request: ex.PullRequest) -> ex.PullReply:
        epoch, _, text = request.cursors.get(SCOPE, "").partition(":")
        position = int(text) if epoch == self.epoch else 0
        due = sorted((seq, *key) for key, seq in self._changes.items() if seq > position)
        rows: list[ex.PulledRow] = []
        left = min(request.budget, self.budget or request.budget)
        for seq, change, name in due:
            row = self._row(seq, change, name)
            left -= len(encode(row))
            if rows and left < 0:
                break
            rows.append(row)
        last = rows[-1].scope_seq if rows else position
        return ex.PullReply(
            epoch=self.epoch,
            rows=tuple(rows),
            cursors={SCOPE: f"{self.epoch}:{last}"},
            more=len(rows) < len(due),
        )

    def _row(self, seq: int, change: str, name: str) -> ex.PulledRow:
        if change == "conflict":
            record, conflict = self.conflicts[name]
            return ex.PulledRow(
                scope=SCOPE, scope_seq=seq, change="conflict",
                object=ObjectRef(type="record", id=record),
                rev=len(self.records[record].made_by), doc=to_wire(conflict),
            )  # fmt: skip
        stored = self.records[name]
        doc = RecordDoc(
            form=FORM, kind="survey", scope=SCOPE, state="완료", author=stored.made_by[0].author,
            created=AT, updated=AT, answers=stored.answers,
        )  # fmt: skip
        return ex.PulledRow(
            scope=SCOPE, scope_seq=seq, change="put", object=ObjectRef(type="record", id=name),
            rev=len(stored.made_by), hash=document_hash(doc), doc=to_wire(doc),
        )  # fmt: skip


class _Http(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, model: ModelServer) -> None:
        self.model = model
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, as real servers send them
    server: _Http

    def do_GET(self) -> None:
        self._reply(b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length)
        if len(body) == length:  # otherwise the line was cut on the way up
            self._reply(body)

    def _reply(self, body: bytes) -> None:
        reply = self.server.model.answer(self.path, dict(self.headers.items()), body)
        if reply.status == 0:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if self.server.model.accepts:
            self.send_header("Accept-Encoding", self.server.model.accepts)
        if "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the other end hung up: that is what we test
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, *_: Any) -> None:
        """Tests say what they want to say themselves."""
