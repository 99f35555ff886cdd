"""What judging works on and what it decides: documents as they stand, the view, the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.exchange import ConflictDoc, Receipt
from fieldapp.domain.operation import FormRef, ObjectRef, ReceiptStatus
from fieldapp.domain.record import RecordDoc, RevisionHeader
from fieldapp.server.forms import FormRules
from fieldapp.server.scopes import Homes, Sights
from fieldapp.server.sessions import Account


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it stands in this transaction; deleted, it only tells that it was there."""

    doc: RecordDoc
    rev: int
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class EntityStanding:
    """An entity as it stands in this transaction, and its home scope; deleted, it only tells that
    it was there.
    """

    doc: EntityDoc
    rev: int
    scope: str
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class RecordRevision:
    """A revision that an operation makes of a record."""

    object: ObjectRef
    standing: Standing
    header: RevisionHeader

    @property
    def scope(self) -> str:
        """The record's home scope."""
        return self.standing.doc.scope


@dataclass(frozen=True, slots=True)
class EntityRevision:
    """A revision that an operation makes of an entity, itself or by an effect it carries."""

    object: ObjectRef
    standing: EntityStanding
    header: RevisionHeader

    @property
    def scope(self) -> str:
        """The entity's home scope."""
        return self.standing.scope


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """A conflict of a record or an entity, and the revision at which it arose."""

    doc: ConflictDoc
    object: ObjectRef
    rev: int


class View(Protocol):
    """What the transaction knows, including the operations of this batch judged so far."""

    account: Account
    scopes: frozenset[str]
    #: Restored from a backup: what it lacked is being brought again by whoever made it.
    is_refilling: bool
    homes: Homes

    def rules(self, form: FormRef) -> FormRules:
        """The plans of a form version. Raises PackMissing."""

    def standing(self, record: str) -> Standing | None:
        """A record that this account may see."""

    def entity(self, of: ObjectRef) -> EntityStanding | None:
        """An entity that this account may see."""

    def receipt_of(self, op_id: str) -> Receipt | None:
        """What an earlier operation of the same replica was told."""

    def seen_by(self, op_id: str) -> int | None:
        """The revision that the author of an own operation had seen of its record, if known."""

    def entity_rev_of(self, op_id: str, of: ObjectRef) -> int | None:
        """The revision of an entity that an operation of the same replica made, if it made one."""

    def open_conflicts(self, of: ObjectRef) -> Sequence[StoredConflict]:
        """Conflicts of an object that nobody has decided."""

    def last_touched(self, of: ObjectRef, paths: Sequence[str]) -> tuple[str, str] | None:
        """Author and instant of the newest revision that touched one of the paths."""

    def paths_since(self, of: ObjectRef, rev: int) -> frozenset[str]:
        """Every path that other replicas' revisions after `rev` touched."""

    def next_number(self, of: ObjectRef, scope: str) -> str:
        """Draw the next official number (F9): `YYYY-<n>`, counted per list, scope and year; or the
        one that a laptop knew it by before a restore.
        """

    def moment(self) -> str:
        """The server's present instant, for what it does by itself."""

    def sights(self, of: ObjectRef) -> Sights:
        """Where an entity is and was seen; nothing when in its home scope alone, ever."""

    def followers(self, of: ObjectRef) -> Sequence[ObjectRef]:
        """The entities of a household that are at home where it is, in order."""

    def following_records(self, of: ObjectRef) -> Sequence[ObjectRef]:
        """Records about an entity that may be read where it moves to, in order."""

    def is_named(self, of: ObjectRef) -> bool:
        """Whether a record is about an entity, or another belongs to it or was merged into it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an operation: the revisions it makes, in their order."""

    receipt: Receipt
    records: tuple[RecordRevision, ...] = ()
    entities: tuple[EntityRevision, ...] = ()
    conflicts: tuple[StoredConflict, ...] = ()
    sights: tuple[tuple[ObjectRef, Sights], ...] = ()
    is_kept: bool = False
    #: The revision of its record that the author had seen, at the beginning of their chain.
    seen_rev: int | None = None


class Refused(Exception):
    """Leads out of judging, with what the receipt is going to say."""

    def __init__(
        self,
        status: ReceiptStatus,
        code: str,
        *,
        rev: int | None = None,
        fields: Sequence[str] = (),
    ) -> None:
        super().__init__(code)
        self.status: ReceiptStatus = status
        self.code = code
        self.rev = rev
        self.fields = tuple(fields)


class StepNotTaken(Exception):
    """A step, or an effect that goes with it, is not possible: neither applies, answers do (F3).

    unseen: what its taker had not seen, when that is why.
    """

    def __init__(self, unseen: Sequence[str] = ()) -> None:
        super().__init__()
        self.unseen = tuple(sorted(unseen))
