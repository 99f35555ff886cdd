"""주고받기: enrol once, then exchange with the server, and say truthfully what waits and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from fieldapp.clock import KOREA
from fieldapp.crypto.signing import SigningKey, new_signing_key
from fieldapp.domain.exchange import Enrolment, ExchangeOutcome, Progress, SignIn
from fieldapp.domain.ids import RecordId, ReplicaId, ScopeId
from fieldapp.domain.operation import Changes, FormRef, Operation, ReplicaIdentity
from fieldapp.domain.plans import Projection
from fieldapp.errors import PackMissing, SignInRefused
from fieldapp.packs import Catalogue, QuestionWords
from fieldapp.storage import answers, meta, operations
from fieldapp.storage.blob_queue import StoreFiles, waiting_files
from fieldapp.storage.replica import StoreReplica
from fieldapp.sync.connection import Connection
from fieldapp.sync.exchange import run_exchange
from fieldapp.sync.files import send_files
from fieldapp.sync.patience import Patience
from fieldapp.sync.protocol import CODE_BASE_WAITS
from fieldapp.usecases.catalogue import Receiving
from fieldapp.usecases.clock_doubt import device_now, take_truth
from fieldapp.usecases.corrections import asked_of_others
from fieldapp.usecases.entity_words import list_word, words_of
from fieldapp.usecases.line import keep_tokens
from fieldapp.usecases.preferences import preferences
from fieldapp.usecases.records import Delivery, form_title, title_of
from fieldapp.usecases.returning import note_device, noting_revocation
from fieldapp.usecases.review import queue
from fieldapp.usecases.reviewed import fetch_reviewed
from fieldapp.usecases.session import Session

#: States of an operation that the server has not taken.
_UNTAKEN = ("new", "sent", "quarantined")
#: What a record is called whose form this device has lost.
_SOME_RECORD = "기록"
#: How many pulled documents become columns in one transaction of the storage lane.
PROJECTION_BATCH = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """An operation that the server has not taken, and why.

    record_id: "" for a change of an entity by hand; then `list` and `entity_id` name what changed.
    is_refused: only its author can bring it further, since it was refused or builds on what was.
    """

    record_id: RecordId
    title: str
    delivery: Delivery
    code: str | None
    list: str = ""
    entity_id: str = ""
    op_id: str = ""
    is_refused: bool = False


def server_address(session: Session) -> str | None:
    """Where this profile exchanges, if it was ever told."""
    with session.store.reading() as db:
        return meta.server_address(db)


def is_enrolled(session: Session) -> bool:
    """Whether the server knows this replica."""
    with session.store.reading() as db:
        return meta.is_enrolled(db)


def sign_in(
    session: Session, *, address: str, user: str, password: str, enrol_code: str | None = None
) -> None:
    """Sign in and, with a code, enrol this replica; address and tokens go into the store.

    Operations written before enrolment take the name that the server gives.
    Raises SignInRefused, EnrolRefused, ServerUnreachable.
    """
    with Connection(address, clock_now=session.clock.now) as connection:
        tokens = connection.sign_in(SignIn(user=user, password=password))
        if enrol_code:
            key = _enrolment_key(session)
            enrolled = connection.enrol(Enrolment(code=enrol_code, public_key=key.public_base64))
    with session.store.writing() as db:
        if enrol_code:
            meta.put_signing_key(db, key.private_bytes)
            operations.adopt_identity(db, ReplicaIdentity(ReplicaId(enrolled.replica), 1))
        meta.put_server(db, address=address, user=user, tokens=tokens)


def _enrolment_key(session: Session) -> SigningKey:
    """The key to enrol with, kept before a server hears of it: a code that was spent is answered
    again to the same key, so that a lost reply costs no second code.
    """
    with session.store.writing() as db:
        kept = None if meta.is_enrolled(db) else meta.signing_key(db)
        if kept is not None:
            return SigningKey(kept)
        key = new_signing_key()
        if not meta.is_enrolled(db):
            meta.put_signing_key(db, key.private_bytes)
        return key


def exchange(
    session: Session,
    *,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    projects: bool = True,
) -> tuple[ExchangeOutcome, Changes]:
    """One round with the server, then the projection of what came, unless the caller sees to that
    in its own time (`projecting.project_slice`).

    Attachments go last, unless the worker has them wait. Raises the errors of ExchangeTrouble, of
    records; whatever was acknowledged or pulled before stays so.
    """
    with session.store.reading() as db:
        address, tokens = meta.server_address(db), meta.tokens(db)
        asked = asked_of_others(session, db)
    if address is None or tokens is None:
        raise SignInRefused
    replica = StoreReplica(session.store, projections_of(session.catalogue), now=session.clock.now)
    with (
        Connection(
            address,
            clock_now=session.clock.now,
            tokens=tokens,
            on_tokens=keep_tokens(session),
            patience=Patience(
                cancelled=cancelled, told=lambda: progress(Progress("wait", 0, None))
            ),
        ) as connection,
        noting_revocation(session),
    ):
        catalogue = Receiving(session, connection, replica.identity().replica, progress, cancelled)
        outcome, changes = run_exchange(
            replica,
            connection,
            now=device_now(session),
            progress=progress,
            cancelled=cancelled,
            before_pull=catalogue.take_newest,
        )
        if not outcome.is_drained:
            catalogue.take_written_on()
        outcome = catalogue.told(outcome)
        note_device(session, "drain" if outcome.is_drained else "active")
        to_review = [row.record_id for row in queue(session)]
        fetch_reviewed(session, connection, to_review, cancelled)
        if not preferences(session).pauses_files:
            sent = send_files(
                StoreFiles(session.store),
                connection,
                replica.identity().replica,
                progress=progress,
                cancelled=cancelled,
            )
            outcome = replace(outcome, files_sent=sent.sent)
    with session.store.reading() as db:
        asked = asked_of_others(session, db) - asked
        outcome = replace(
            outcome,
            files_waiting=len(waiting_files(db)),
            conflicts=max(0, outcome.conflicts - len(asked)),
            corrections=len(asked),
        )
    outcome = replace(outcome, at=take_truth(session) or outcome.at)
    _note_missing_devices(session, outcome)
    if projects:
        changes |= project_pulled(session, progress=progress, cancelled=cancelled)
    return outcome, changes


def project_pulled(
    session: Session,
    *,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    most: int | None = None,
) -> Changes:
    """Turn pulled documents into columns, a batch a transaction; the rest waits when cancelled,
    or when more than `most` waited.
    """
    done = 0
    with session.store.reading() as db:
        total = answers.due_count(db)
    while not cancelled() and (most is None or done < most):
        batch = answers.project_due(
            session.store, projections_of(session.catalogue), PROJECTION_BATCH
        )
        if not batch:
            break
        done += batch
        progress(Progress("project", done, total))
    return Changes()


def waiting(session: Session) -> tuple[Waiting, ...]:
    """What the server has not received or not taken: records oldest first, then what was changed
    by hand. A line for every operation that the status line counts, and for those refused.
    """
    with session.store.reading() as db:
        rows = operations.without_settlement(db)
        blocked = operations.waiting_for_refused(db)
        touched = dict.fromkeys(
            (row.list, str(row.entity_id), row.label)
            for row in operations.entities_without_settlement(db)
        )
        by_hand = [
            (label, own)
            for list_name, entity_id, label in touched
            for own in operations.for_entity(db, list_name, entity_id)
            if own.operation.object.type == "entity" and own.state in _UNTAKEN
        ]
    words = _PropertyWords(session)
    return (
        *(
            Waiting(
                record_id=RecordId(row.record_id),
                title=title_of(form_title(session, row.form_id), row.answers) or _SOME_RECORD,
                delivery="held" if row.op_id in blocked else _delivery(row.op_state, row.status),
                code=CODE_BASE_WAITS if row.op_id in blocked else row.code,
                op_id=row.op_id,
                is_refused=row.op_id in blocked or row.op_state == "quarantined",
            )
            for row in rows
        ),
        *(
            Waiting(
                record_id=RecordId(""),
                title=words.told(label, own.operation),
                delivery="held"
                if own.operation.op_id in blocked
                else _delivery(own.state, own.status),
                code=CODE_BASE_WAITS if own.operation.op_id in blocked else own.code,
                list=own.operation.object.list or "",
                entity_id=own.operation.object.id,
                op_id=own.operation.op_id,
                is_refused=own.operation.op_id in blocked or own.state == "quarantined",
            )
            for label, own in by_hand
        ),
    )


class _PropertyWords:
    """What a change by hand changed, in words: never the values, which anybody beside may read."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, Mapping[str, QuestionWords]] = {}

    def told(self, label: str, operation: Operation) -> str:
        """`가구 가상-김하나: 전화 고침`."""
        name = operation.object.list or ""
        who = f"{list_word(name)} {label}"
        if operation.kind == "create":
            return f"{who}: 새로 적음"
        if operation.kind == "move":
            return f"{who}: 다른 관할로 보냄"
        if name not in self._known:
            self._known[name] = words_of(self._session, name)
        known = self._known[name]
        said = dict.fromkeys(
            known[line.path].label if line.path in known else "그 밖" for line in operation.patch
        )
        deed = "정함" if operation.kind == "resolve" else "고침"
        return f"{who}: {', '.join(said)} {deed}"


def projections_of(catalogue: Catalogue) -> Callable[[str, str], Projection | None]:
    """The projection of a form version, or None when this device lacks its pack."""

    def find(form_id: str, version: str) -> Projection | None:
        try:
            return catalogue.find(FormRef(id=form_id, version=version)).plans.projection
        except PackMissing:
            return None

    return find


def _note_missing_devices(session: Session, outcome: ExchangeOutcome) -> None:
    """미수신 기기: devices of a scope not heard of since this Korean day began on the server.

    The day is the server's: it wrote when each was last seen, this one a moment ago.
    """
    with session.store.writing() as db:
        own = session.store.identity(db).replica
        for scope in outcome.scopes:
            seen = {one.id: datetime.fromisoformat(one.last_seen) for one in scope.replicas}
            now = seen.pop(own, outcome.at).astimezone(KOREA)
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            unheard = sum(at < midnight for at in seen.values())
            meta.put_missing_devices(db, ScopeId(scope.id), unheard)


def _delivery(op_state: str, status: str | None) -> Delivery:
    if op_state == "quarantined":
        return "quarantined"
    if status == "held":
        return "held"
    return "unsent" if op_state == "new" else "sent"
