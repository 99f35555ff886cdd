"""A laptop with the real parts on it, below the app: encrypted store, exchange, a line to cut."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fieldapp.clock import KOREA, instant_text
from fieldapp.crypto.signing import new_signing_key
from fieldapp.domain import exchange as ex
from fieldapp.domain.ids import ReplicaId, new_operation_id, new_record_id
from fieldapp.domain.operation import (
    ClockStamp,
    ObjectRef,
    Operation,
    ReplicaIdentity,
    Transition,
    changed_answers,
)
from fieldapp.storage import entities, meta, operations, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from fieldapp.sync.connection import Connection
from fieldapp.sync.exchange import run_exchange
from tests.servers import FORM, PASSWORD, Server, survey
from tests.sync.lines import Cut, Line


class Laptop:
    """One profile's encrypted store, enrolled at the server through a line.

    scope: where its worker writes. ahead: how wrong its clock is.
    """

    def __init__(self, folder: Path, server: Server, scope: str, line: Line) -> None:
        self._begin(folder, server.new_user(scope), scope, line)
        self.enrol(server)

    def _begin(self, folder: Path, user: str, scope: str, line: Line) -> None:
        self.scope, self.line, self.user = scope, line, user
        self.ahead = timedelta()
        self.path = folder / f"{secrets.token_hex(8)}.db"
        self.data_key = secrets.token_bytes(32)
        self.store = Store.create(self.path, self.data_key, identity=None, created_at=self.now())
        self.tokens: ex.Tokens | None = None

    def now(self) -> datetime:
        """What its clock shows."""
        return datetime.now(KOREA) + self.ahead

    def enrol(self, server: Server) -> None:
        """Sign in and become a replica."""
        self.sign_in()
        key = new_signing_key()
        with self.connection() as connection:
            enrolled = connection.enrol(
                ex.Enrolment(
                    code=server.invite(self.user, self.scope),
                    public_key=key.public_base64,
                )
            )
        with self.store.writing() as db:
            meta.put_signing_key(db, key.private_bytes)
            operations.adopt_identity(db, ReplicaIdentity(ReplicaId(enrolled.replica), 1))

    def sign_in(self) -> None:
        """Get tokens for the password."""
        self.line.mend()
        with self.connection() as connection:
            connection.sign_in(ex.SignIn(user=self.user, password=PASSWORD))

    @property
    def replica(self) -> StoreReplica:
        """The store as it is offered to be synced."""
        return StoreReplica(self.store, lambda *_: None)

    def connection(self) -> Connection:
        """A connection through the line."""

        def keep(tokens: ex.Tokens) -> None:
            self.tokens = tokens

        return Connection(
            self.line.base_url, clock_now=self.now, tokens=self.tokens, on_tokens=keep
        )

    def create(self, answers: Mapping[str, str]) -> str:
        """A finished survey."""
        record = new_record_id(self.now())
        given_answers = {**survey(), **answers, "meta/instanceID": f"uuid:{record}"}
        self.append(
            record,
            kind="create",
            scope=self.scope,
            patch=changed_answers(None, given_answers),
            transition=Transition(to="완료", seen_rev=0),
        )
        return record

    def amend(self, record: str, answers: Mapping[str, str]) -> None:
        """Change answers of a record, if they change."""
        with self.store.reading() as db:
            stored = records.find(db, record)
        before = stored.doc.answers
        patch = changed_answers(before, {**before, **answers})
        if patch:
            self.append(record, kind="change", base=stored.base, patch=patch)

    def ask_for_what_is_not_done(self, record: str) -> None:
        """An operation that the server refuses."""
        with self.store.reading() as db:
            base = records.find(db, record).base
        self.append(record, kind="move", base=base, scope=self.scope)

    def append(self, record: str, **facts: Any) -> Operation:
        """The next operation, kept and laid over what it changes; `object` names an entity."""
        at = self.now()
        with self.store.writing() as db:
            given: dict[str, Any] = {
                "op_id": new_operation_id(at),
                "replica": self.store.identity(db).replica,
                "seq": operations.next_seq(db),
                "object": ObjectRef(type="record", id=record),
                "form": FORM,
                "author": self.user,
                "at": instant_text(at),
                "clock": ClockStamp(offset_ms=0, boot_id="b"),
            }
            operation = Operation(**(given | facts))
            operations.append(db, operation)
            if operation.object.type == "entity":
                entities.apply_operation(db, operation)
            else:
                records.apply_operation(db, operation, kind="survey")
                entities.apply_effects(db, operation)
        return operation

    def exchange(self, cut: Cut | None = None, stop_after: int | None = None) -> ex.ExchangeOutcome:
        """One round over the line. Raises what the round raises."""
        self.line.mend(cut)
        asked = 0

        def cancelled() -> bool:
            nonlocal asked
            asked += 1
            return stop_after is not None and asked > stop_after

        with self.connection() as connection:
            outcome, _ = run_exchange(
                self.replica, connection, now=self.now, progress=lambda _: None, cancelled=cancelled
            )
        return outcome

    def seen(self) -> dict[str, dict[str, str]]:
        """Every record as its worker sees it."""
        with self.store.reading() as db:
            return {row.record_id: dict(row.doc.answers) for row in records.page(db, limit=-1)}

    def own(self) -> list[Operation]:
        """Every operation written here on a record that is here."""
        with self.store.reading() as db:
            return [
                own.operation for record in self.seen() for own in operations.for_object(db, record)
            ]
