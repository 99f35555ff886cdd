"""Every error raised on purpose, drawn as a tree; the sentences for them stand in `messages`.

A `FieldAppError` is a trouble that the worker can act on; anything else is our defect. An error
carries facts by name and no sentence. Its text is its class name alone, so that neither a log nor
a traceback tells what somebody typed.

    FieldAppError
    ├── MalformedMessage         a message that breaks formats F1-F11
    ├── FormTrouble              ── FormRefused, ExpressionRefused, AnswerRefused, UnknownPath,
    │                               PictureRefused, ListFileRefused
    ├── PackTrouble              ── PackRefused, PackMissing, PackVersionTaken,
    │                               PackUnreadable
    ├── KeyTrouble               ── WrongPassword, WeakPassword, KeyFileDamaged, TooManyAttempts,
    │                               RecoveryNeeded, RecoveryMissing, RecoveryCodeMistyped,
    │                               RecoveryCodeWrong, RecoveryFileRefused, KeyringMissing
    ├── StoreTrouble             ── StoreFull (RoomMissing), StoreDamaged, StoreTooNew, StoreInUse,
    │                               RecordMissing, EntityMissing, StoreUnreadable (StoreMoved,
    │                               StoreUnwritable), StoreExists, StoreLocked,
    │                               BlobMissing, BlobDamaged, BlobRefused, BackupDamaged,
    │                               BackupMissing, BackupPlaceRefused,
    │                               FilterNameTaken
    ├── WorkflowTrouble          ── TransitionRefused (StepMissing, RoleMissing, ReasonMissing),
    │                               NothingChanged, AnswersIncomplete, WeakPin, WrongPin,
    │                               PinMissing, SeatTaken, NotToSignYet, DraftInTheWay
    ├── ExchangeTrouble          ── ServerUnreachable, ServerFailed (ServerBusy), SignInRefused,
    │                               EnrolRefused,
    │                               MembershipMissing, ProtocolTooOld, ProtocolTooNew,
    │                               ReplicaCloned, ReplicaDrained, ReplicaRevoked, Cancelled,
    │                               AddressRefused
    ├── ServerTrouble            ── SchemaTooOld, DatabaseUnreachable, UnknownAccount, UnknownScope,
    │                               UnknownMark, UnknownReplica, ListVersionTaken, UnknownItem,
    │                               CertificateRefused, NotTheOwner, SweepTooEarly, SweepDoubtful
    └── PrintTrouble             ── GlyphMissing, PurposeMissing, TotalsDiffer, FileNotWritten
"""

from __future__ import annotations

from fieldapp.errors.base import FieldAppError as FieldAppError
from fieldapp.errors.reasons import BlobReason as BlobReason
from fieldapp.errors.reasons import FileReason as FileReason
from fieldapp.errors.reasons import FormReason as FormReason
from fieldapp.errors.reasons import PasswordRule as PasswordRule
from fieldapp.errors.server import CertificateRefused as CertificateRefused
from fieldapp.errors.server import DatabaseUnreachable as DatabaseUnreachable
from fieldapp.errors.server import ListVersionTaken as ListVersionTaken
from fieldapp.errors.server import NotTheOwner as NotTheOwner
from fieldapp.errors.server import SchemaTooOld as SchemaTooOld
from fieldapp.errors.server import ServerTrouble as ServerTrouble
from fieldapp.errors.server import SweepDoubtful as SweepDoubtful
from fieldapp.errors.server import SweepTooEarly as SweepTooEarly
from fieldapp.errors.server import UnknownAccount as UnknownAccount
from fieldapp.errors.server import UnknownItem as UnknownItem
from fieldapp.errors.server import UnknownMark as UnknownMark
from fieldapp.errors.server import UnknownReplica as UnknownReplica
from fieldapp.errors.server import UnknownScope as UnknownScope


class MalformedMessage(FieldAppError):
    """A message or stored value that breaks the shapes of formats F1-F11."""

    FACTS = frozenset({"shape", "place", "reason"})


# Forms


class FormTrouble(FieldAppError):
    """Something about a form, an expression in it, or an answer to it."""


class FormRefused(FormTrouble):
    """The XForm cannot be opened. `expression` and `column` (0-based caret) where there is one."""

    FACTS = frozenset({"form", "node", "expression", "column", "reason", "name"})


class ListFileRefused(FormTrouble):
    """A list beside a form (CSV, XML, GeoJSON) that cannot be read.

    `line` is 1-based: the line of a table, the feature of a map; left out where there is none.
    """

    FACTS = frozenset({"file", "line", "reason", "name"})


class ExpressionRefused(FormTrouble):
    """An XPath expression that cannot be read or compiled; `column` is the 0-based caret."""

    FACTS = frozenset({"expression", "column", "reason", "name"})


class AnswerRefused(FormTrouble):
    """An answer that is not of its question's type; the earlier answer stands."""

    FACTS = frozenset({"path", "data_type"})


class UnknownPath(FormTrouble):
    """A path that the form does not have."""

    FACTS = frozenset({"path"})


class PictureRefused(FormTrouble):
    """A file that is no picture we read, is far too large, or cannot be written anew."""


# Packs


class PackTrouble(FieldAppError):
    """Something about a programme's workbook."""


class PackRefused(PackTrouble):
    """The workbook has mistakes; `problems` is a tuple of `domain.plans.PackProblem`."""

    FACTS = frozenset({"file_name", "problems", "count", "first"})


class PackMissing(PackTrouble):
    """This replica has no such form version."""

    FACTS = frozenset({"form_id", "version"})


class PackVersionTaken(PackTrouble):
    """Another workbook stands under this form and version; versions are immutable."""

    FACTS = frozenset({"form_id", "version"})


class PackUnreadable(PackTrouble):
    """A form version that a server sent and that this app cannot read; a later app may."""

    FACTS = frozenset({"form_id", "version"})


# Keys


class KeyTrouble(FieldAppError):
    """Something about passwords and keys."""


class WrongPassword(KeyTrouble):
    """The password does not open the key."""

    FACTS = frozenset({"attempts_left", "wait_s"})


class WeakPassword(KeyTrouble):
    """The password is shorter or simpler than the office's rule; `rule` is a PasswordRule."""

    FACTS = frozenset({"rule"})


class KeyFileDamaged(KeyTrouble):
    """The key file beside the store cannot be read or names an unknown algorithm."""

    FACTS = frozenset({"reason"})


class TooManyAttempts(KeyTrouble):
    """After wrong passwords the next is not tried for so many `seconds`."""

    FACTS = frozenset({"seconds"})


class RecoveryNeeded(KeyTrouble):
    """After ten wrong passwords none is tried any more: a recovery code opens."""


class RecoveryMissing(KeyTrouble):
    """This profile was never prepared for recovery by the office."""


class RecoveryCodeMistyped(KeyTrouble):
    """Not 25 letters of a recovery code, or its check letter does not agree."""


class RecoveryCodeWrong(KeyTrouble):
    """A well-spelt recovery code that does not open this profile."""


class RecoveryFileRefused(KeyTrouble):
    """A recovery key, its public half or a request that cannot be read, or of another key."""

    FACTS = frozenset({"name"})


class KeyringMissing(KeyTrouble):
    """No keyring of the operating system, or none that answers and can be trusted."""


# Store


class StoreTrouble(FieldAppError):
    """Something about the encrypted database of this device."""


class StoreFull(StoreTrouble):
    """The disk is full; nothing was half written."""


class RoomMissing(StoreFull):
    """Less room than an errand needs, found before it was begun; in MB of a million bytes."""

    FACTS = frozenset({"needed_mb", "free_mb"})


class StoreDamaged(StoreTrouble):
    """The file is not a readable store."""


class StoreUnreadable(StoreTrouble):
    """The file cannot be opened: moved, read-only, or an I/O error."""


class StoreMoved(StoreUnreadable):
    """The file was moved, deleted or replaced while it was open; nothing is written any more."""


class StoreUnwritable(StoreUnreadable):
    """The disk refuses what is written: read-only since, out of order, or a limit on file size."""


class StoreTooNew(StoreTrouble):
    """A newer fieldapp wrote this store; it was left untouched."""

    FACTS = frozenset({"found", "known"})


class StoreInUse(StoreTrouble):
    """Another running fieldapp holds this profile."""


class StoreExists(StoreTrouble):
    """A profile already stands where a new one was to be made."""


class StoreLocked(StoreTrouble):
    """The store was closed meanwhile: the worker locked the screen, or it locked by itself."""


class BackupDamaged(StoreTrouble):
    """A backup that is not whole, or does not open with the profile's key."""


class BackupMissing(StoreTrouble):
    """No whole backup of this profile in the places that were looked at."""


class BackupPlaceRefused(StoreTrouble):
    """A second place for backups that lies where the store itself is, or within the profiles."""


class RecordMissing(StoreTrouble):
    """No record or draft with this id on this device."""

    FACTS = frozenset({"record_id"})


class EntityMissing(StoreTrouble):
    """No entity with this id in this list on this device."""

    FACTS = frozenset({"list", "entity_id"})


class BlobMissing(StoreTrouble):
    """The attachment is not on this device."""

    FACTS = frozenset({"name"})


class BlobDamaged(StoreTrouble):
    """The attachment's file is not what was kept."""

    FACTS = frozenset({"name"})


class BlobRefused(StoreTrouble):
    """A file that cannot be an attachment; `reason` is a BlobReason."""

    FACTS = frozenset({"reason"})


class FilterNameTaken(StoreTrouble):
    """Another saved filter of the same list has that name."""

    FACTS = frozenset({"name"})


# Workflow


class WorkflowTrouble(FieldAppError):
    """A step that this record cannot take now."""


class TransitionRefused(WorkflowTrouble):
    """The step's guard does not hold; `reason` is the workbook's own sentence."""

    FACTS = frozenset({"label", "reason"})


class StepMissing(TransitionRefused):
    """No step of the workflow leads from the record's state to the one asked for."""


class RoleMissing(TransitionRefused):
    """None of the worker's roles may take the step."""


class ReasonMissing(TransitionRefused):
    """The step asks for a reason."""


class NothingChanged(WorkflowTrouble):
    """An amendment without a changed answer."""


class WeakPin(WorkflowTrouble):
    """Four digits that anybody would guess, or not four digits."""


class WrongPin(WorkflowTrouble):
    """The digits are not those of the one who is to sign; nothing is signed."""

    FACTS = frozenset({"name"})


class SeatTaken(WorkflowTrouble):
    """Who wrote or signed for one seat cannot sign for the other (roles-and-flows.md §6)."""

    FACTS = frozenset({"name"})


class NotToSignYet(WorkflowTrouble):
    """The record is not at the state in which it is signed."""

    FACTS = frozenset({"state"})


class DraftInTheWay(WorkflowTrouble):
    """A draft over the record stands on what is to be put aside."""


class PinMissing(WorkflowTrouble):
    """The second person has set no PIN yet, so they sign on a laptop of their own."""

    FACTS = frozenset({"name"})


class AnswersIncomplete(WorkflowTrouble):
    """Required answers are missing or constraints fail; `violations` says which."""

    FACTS = frozenset({"violations", "count"})


# Exchange


class ExchangeTrouble(FieldAppError):
    """An exchange with the server that did not come to its end; nothing is lost by it."""


class ServerUnreachable(ExchangeTrouble):
    """No network, no answer, or the line was cut."""

    FACTS = frozenset({"unsent"})


class ServerFailed(ExchangeTrouble):
    """The server answered with an error of its own."""

    FACTS = frozenset({"status", "unsent"})


class ServerBusy(ServerFailed):
    """The server asks to be left alone for longer than a round waits (429, 503)."""


class SignInRefused(ExchangeTrouble):
    """Server user or password is not accepted."""


class EnrolRefused(ExchangeTrouble):
    """The enrol code is unknown, used or expired."""


class MembershipMissing(ExchangeTrouble):
    """The server knows this replica but it is revoked or a member of nothing."""


class ProtocolTooOld(ExchangeTrouble):
    """The device speaks only protocol versions that the server no longer does."""

    FACTS = frozenset({"ours", "theirs"})


class ProtocolTooNew(ExchangeTrouble):
    """The device speaks only protocol versions that the server does not know yet."""

    FACTS = frozenset({"ours", "theirs"})


class ReplicaCloned(ExchangeTrouble):
    """The server has other operations under this replica's numbers: a clone or restored backup.

    incarnation: the one that the server knows; the next is free.
    """

    FACTS = frozenset({"incarnation"})


class ReplicaDrained(ExchangeTrouble):
    """This device is being returned (반납 준비): it may bring what it has and receives nothing."""


class ReplicaRevoked(ExchangeTrouble):
    """This device is used no more (사용 중지): the server neither takes from it nor gives to it."""

    FACTS = frozenset({"unsent"})


class Cancelled(ExchangeTrouble):
    """The worker pressed 멈춤."""

    FACTS = frozenset({"unsent"})


class AddressRefused(ExchangeTrouble):
    """The server's address is none, or would carry records over a line that is not encrypted."""

    FACTS = frozenset({"address"})


# Printing


class PrintTrouble(FieldAppError):
    """A page or file that was not made."""


class GlyphMissing(PrintTrouble):
    """The font lacks a character of the text, or it is not safe in CP949 (korea.md 3.2)."""

    FACTS = frozenset({"codepoint", "place"})


class PurposeMissing(PrintTrouble):
    """고시 제12조: printing and exporting name their purpose."""


class TotalsDiffer(PrintTrouble):
    """A total differs from the sum of its parts."""

    FACTS = frozenset({"caption", "total", "parts"})


class FileNotWritten(PrintTrouble):
    """The target file could not be written; `reason` is a FileReason."""

    FACTS = frozenset({"reason"})
