"""The laptops of a truth test: what their workers do, and what happens to their disks and lines."""

from __future__ import annotations

import contextlib
import copy
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from fieldapp.domain import exchange as ex
from fieldapp.domain.ids import new_record_id, uuid7
from fieldapp.domain.operation import (
    Operation,
    PatchLine,
    ReplicaIdentity,
    Subject,
    Transition,
    changed_answers,
)
from fieldapp.errors import FieldAppError, ReplicaCloned, SignInRefused
from fieldapp.storage import conflicts, operations, records
from fieldapp.storage.database import Store
from fieldapp.sync.protocol import PUSH_MAX_BYTES, PUSH_MAX_OPERATIONS
from tests.outbox import pending
from tests.servers import Server
from tests.sync.improvements import caused, has_caused
from tests.sync.lines import Cut, Line
from tests.sync.real import Laptop
from tests.sync.sights import Seen, Sight
from tests.sync.workbook import FIRST, LOCKED, ROLES, ROUND, STEPS, total

#: Two copies of one disk overtake each other's incarnations, but not for ever.
_CLONES_MOST = 16


@dataclass
class Place:
    """Where its worker belongs and what its replica may do; two copies of a disk have one."""

    scopes: set[str]
    state: ex.DeviceState = "active"


class MortalLaptop(Laptop):
    """A laptop that can be copied, backed up and put back, and whose line is watched."""

    def __init__(
        self, folder: Path, server: Server, scopes: Sequence[str], line: Line, seen: Seen
    ) -> None:
        self.place, self.written = Place(set(scopes)), seen
        self._begin(folder, server.new_user(*scopes, roles=ROLES), scopes[0], line)
        self.enrol(server)
        self.sight = Sight(server, self.user, line, seen)
        self.backup: Path | None = None

    @property
    def scopes(self) -> frozenset[str]:
        """Where its worker belongs now."""
        return frozenset(self.place.scopes)

    # What happens to its disk

    def twin(self) -> Self:
        """A copy of its disk in another laptop: both believe to be this replica."""
        other = copy.copy(self)
        other.path = self.path.with_name(f"{secrets.token_hex(8)}.db")
        other.backup = None
        other.sight = self.sight.twin()
        self._copied(other.path)
        other.store = Store.open(other.path, other.data_key)
        return other

    def back_up(self) -> None:
        """Keep a copy of the file."""
        self.backup = self.path.with_suffix(".backup")
        self._copied(self.backup)

    def restore(self) -> None:
        """Put the copy back; what was written since is gone."""
        assert self.backup is not None
        self.store.close()
        shutil.copyfile(self.backup, self.path)
        self.store = Store.open(self.path, self.data_key)
        self._begin_incarnation()

    def _copied(self, to: Path) -> None:
        self.store.close()
        shutil.copyfile(self.path, to)
        self.store = Store.open(self.path, self.data_key)

    def _begin_incarnation(self) -> None:
        with self.store.writing() as db:
            who = self.store.identity(db)
            operations.begin_incarnation(db, ReplicaIdentity(who.replica, who.incarnation + 1))

    # The line

    def exchange(self, cut: Cut | None = None, stop_after: int | None = None) -> ex.ExchangeOutcome:
        """One round, in which nothing comes down that it may not see; a copied disk goes on in
        another incarnation.
        """
        with self._watched():
            for _ in range(_CLONES_MOST):
                try:
                    return super().exchange(cut, stop_after)
                except ReplicaCloned:
                    self._begin_incarnation()
                except SignInRefused:  # another copy, or a server that was restored, spent it
                    self.sign_in()
            raise AssertionError("a clone that never comes through")

    def sealed_push(self) -> ex.PushRequest:
        """What it would send now; whoever delivers it, and however late, is the line's affair."""
        who = self.replica.identity()
        ops = pending(self.replica, PUSH_MAX_OPERATIONS, PUSH_MAX_BYTES)
        return ex.PushRequest(replica=who.replica, incarnation=who.incarnation, ops=ops)

    def deliver(self, request: ex.PushRequest) -> None:
        """Bring a push to the server and lose what it says."""
        self.line.mend()
        with (
            self._watched(),
            self.connection() as connection,
            contextlib.suppress(FieldAppError),
        ):
            connection.push(request)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        with self.sight.watching(self.scopes, is_receiving=self.place.state == "active"):
            yield


class RoundLaptop(MortalLaptop):
    """A laptop whose worker fills rounds."""

    # What its worker does

    def begin(self, scope: str, answers: Mapping[str, str], about: Subject | None = None) -> str:
        """Begin a round in one of its scopes."""
        record = new_record_id(self.now())
        named = {"household": about.id} if about else {}
        filled = {**answers, **named, "total": total(answers), "meta/instanceID": f"uuid:{record}"}
        self.write(
            record,
            saw={},
            form=ROUND,
            kind="create",
            scope=scope,
            subject=about,
            patch=changed_answers(None, filled),
            transition=Transition(to=FIRST, seen_rev=0),
        )
        return record

    def fill(self, record: str, answers: Mapping[str, str | None]) -> None:
        """Change answers, unless the round is locked or nothing changes; None takes one away."""
        stored = self.stored(record)
        before = stored.doc.answers
        after = {path: text for path, text in {**before, **answers}.items() if text is not None}
        after["total"] = total(after)
        patch = changed_answers(before, after)
        if patch and stored.doc.state != LOCKED:
            effects = self._caused(before, after) if has_caused(stored.doc) else ()
            self.write(
                record,
                saw=before,
                form=ROUND,
                kind="change",
                base=stored.base,
                patch=patch,
                effects=effects,
            )

    def add_area(self, record: str, found: str) -> None:
        """One more instance of the repeat."""
        self.fill(record, {f"areas[{uuid7(self.now())}]/found": found})

    def remove_area(self, record: str, which: int) -> None:
        """Take an instance away, if there is one."""
        paths = [path for path in self.stored(record).doc.answers if path.startswith("areas[")]
        areas = sorted({path.partition("]")[0] for path in paths})
        if areas:
            gone = areas[which % len(areas)]
            self.fill(record, {path: None for path in paths if path.startswith(gone)})

    def step(self, record: str, which: int) -> None:
        """Take one of the steps that lead on from what it shows."""
        stored = self.stored(record)
        targets = STEPS[stored.doc.state]
        target = targets[which % len(targets)]
        answers = stored.doc.answers
        was_time = has_caused(stored.doc)
        effects = ()
        if was_time or has_caused(target):
            effects = self._caused(answers if was_time else None, answers)
        self.write(
            record,
            saw=answers,
            form=ROUND,
            kind="change",
            base=stored.base,
            transition=Transition(to=target, seen_rev=stored.rev),
            effects=effects,
            reason=self.written.canary(),
        )

    def delete(self, record: str, reason: str | None) -> None:
        """It should never have been there: its author may say so without a reason."""
        stored = self.stored(record)
        facts: dict[str, Any] = {"form": ROUND, "base": stored.base, "reason": reason}
        self.write(record, saw=stored.doc.answers, kind="delete", **facts)

    def settle(self, which: int, *, takes_theirs: bool) -> None:
        """Decide one of the conflicts of records that it is shown, as the conflict pane does."""
        with self.store.reading() as db:
            shown = [one for one in conflicts.open_conflicts(db) if one.object.type == "record"]
        if not shown:
            return
        kept = shown[which % len(shown)]
        stored = self.stored(kept.record_id)
        if stored.doc.state == LOCKED:
            return
        patch = tuple(
            PatchLine(path=line.path, old=line.ours, new=line.theirs if takes_theirs else line.ours)
            for line in kept.doc.lines
        )
        self.write(
            kept.record_id,
            saw=stored.doc.answers,
            form=ROUND,
            kind="resolve",
            base=stored.base,
            patch=patch,
            reason="전화로 확인",
        )
        self.decided(kept)

    def write(self, record: str, *, saw: Mapping[str, str], **facts: Any) -> Operation:
        """The next operation, remembered over what its author was shown."""
        operation = self.append(record, **facts)
        self.written.note(operation, saw)
        return operation

    def decided(self, kept: conflicts.StoredConflict) -> None:
        """What it resolved is shown no more."""
        at = self.now().isoformat()
        with self.store.writing() as db:
            conflicts.mark_decided(db, kept.conflict_id, by=self.user, at=at, reason="전화로 확인")

    def _caused(self, before: Mapping[str, str] | None, after: Mapping[str, str]) -> Any:
        with self.store.reading() as db:
            return caused(db, before, after)

    # What it holds

    def stored(self, record: str) -> records.StoredRecord:
        """A record as it is here."""
        with self.store.reading() as db:
            return records.find(db, record)

    def held(self) -> list[str]:
        """Every record that it shows."""
        return sorted(self.seen())

    def has_lost(self, record: str) -> bool:
        """Whether it holds a record for nothing but what the server refused of it."""
        with self.store.reading() as db:
            return bool(db.value("SELECT evicted FROM record WHERE id = ?", (record,)))

    def operations(self) -> dict[str, operations.StoredOperation]:
        """Its own operations and how they stand."""
        with self.store.reading() as db:
            return {
                own.operation.op_id: own
                for (object_id,) in db.rows("SELECT DISTINCT object_id FROM operation")
                for own in operations.for_object(db, object_id)
            }

    def open_conflicts(self) -> set[str]:
        """The conflicts that its worker is shown."""
        with self.store.reading() as db:
            return {one.conflict_id for one in conflicts.open_conflicts(db)}

    def waits(self) -> set[str]:
        """Operations that the server refused, and those that wait for one of them."""
        own = self.operations()
        stuck = {op_id for op_id, one in own.items() if one.state == "quarantined"}
        while True:
            more = {
                op_id for op_id, one in own.items() if stuck & set(_builds_on(one.operation))
            } - stuck
            if not more:
                return stuck
            stuck |= more


def _builds_on(operation: Operation) -> Iterator[str]:
    """The own operations that it builds on, itself or by an effect."""
    for base in (operation.base, *(effect.base for effect in operation.effects)):
        if base is not None and base.op is not None:
            yield base.op
