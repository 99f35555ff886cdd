"""What a store knows about itself, one value a key: who it is, where it exchanges, when it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from fieldapp.domain.access import Worker
from fieldapp.domain.exchange import DeviceState, Tokens
from fieldapp.domain.ids import ReplicaId, ScopeId, UserId
from fieldapp.domain.operation import ReplicaIdentity
from fieldapp.domain.shapes import Shape, decode, encode
from fieldapp.errors import StoreDamaged
from fieldapp.storage.sqlite import Database


class _Profile(Shape, frozen=True, kw_only=True):
    """The worker of this profile, as stored."""

    user: str
    name: str
    roles: tuple[str, ...]
    scope: str


class ClockSeen(Shape, frozen=True, kw_only=True):
    """Where the device's clock stood when it was last believed, beside a counter nobody can set.

    boot: what the counter counts from; steady_ms: what it had counted; wall: an instant's text.
    """

    boot: str
    steady_ms: int
    wall: str


def identity(db: Database) -> ReplicaIdentity:
    """Who this store is on the server; provisional until it is enrolled."""
    return ReplicaIdentity(ReplicaId(_required(db, "replica")), int(_required(db, "incarnation")))


def put_identity(db: Database, identity: ReplicaIdentity) -> None:
    """Name the store. `operations.adopt_identity` does it once there are operations."""
    _put(db, "replica", identity.replica)
    _put(db, "incarnation", str(identity.incarnation))


def is_enrolled(db: Database) -> bool:
    """Whether the server gave this store its name."""
    return _get(db, "enrolled") is not None


def put_enrolled(db: Database) -> None:
    """The server gave this store its name."""
    _put(db, "enrolled", "1")


def worker(db: Database) -> Worker:
    """Whose profile this is. Raises StoreDamaged for a profile that was never finished."""
    profile = decode(_Profile, _required(db, "worker"))
    return Worker(
        UserId(profile.user), profile.name, frozenset(profile.roles), ScopeId(profile.scope)
    )


def put_worker(db: Database, worker: Worker) -> None:
    """Whose profile this is."""
    profile = _Profile(
        user=worker.user, name=worker.name, roles=tuple(sorted(worker.roles)), scope=worker.scope
    )
    _put(db, "worker", encode(profile).decode())


def server_address(db: Database) -> str | None:
    """Where this profile exchanges, if it was ever told."""
    return _get(db, "server_address")


def server_user(db: Database) -> str | None:
    """As whom this profile signed in last."""
    return _get(db, "server_user")


def put_server(db: Database, *, address: str, user: str, tokens: Tokens) -> None:
    """Where, as whom and with which tokens this profile exchanges from now on."""
    _put(db, "server_address", address)
    _put(db, "server_user", user)
    put_tokens(db, tokens)


def tokens(db: Database) -> Tokens | None:
    """What the server gave at sign-in; the password is kept nowhere."""
    text = _get(db, "tokens")
    return None if text is None else decode(Tokens, text)


def put_tokens(db: Database, tokens: Tokens) -> None:
    """Renewed tokens take the place of the old."""
    _put(db, "tokens", encode(tokens).decode())


def signing_key(db: Database) -> bytes | None:
    """The replica's private key, 32 bytes."""
    text = _get(db, "signing_key")
    return None if text is None else bytes.fromhex(text)


def put_signing_key(db: Database, private_bytes: bytes) -> None:
    """Kept here alone, in the encrypted store."""
    _put(db, "signing_key", private_bytes.hex())


def log_key(db: Database) -> bytes | None:
    """What signs the access log of a device that was never enrolled, 32 bytes."""
    text = _get(db, "log_key")
    return None if text is None else bytes.fromhex(text)


def put_log_key(db: Database, private_bytes: bytes) -> None:
    """Made at first need; kept here alone, in the encrypted store."""
    _put(db, "log_key", private_bytes.hex())


def device_state(db: Database) -> DeviceState:
    """What the server last said of this device."""
    match _get(db, "device_state"):
        case "drain" | "revoked" as told:
            return told
        case _:
            return "active"


def put_device_state(db: Database, state: DeviceState) -> None:
    """The server said something else of this device."""
    _put(db, "device_state", state)


def epoch(db: Database) -> str | None:
    """The life of the server in which revisions and receipts were last given."""
    return _get(db, "epoch")


def put_epoch(db: Database, epoch: str) -> None:
    """The server began another life, or was met for the first time."""
    _put(db, "epoch", epoch)


def last_exchange(db: Database) -> datetime | None:
    """When an exchange last came to its end."""
    return _instant(db, "last_exchange")


def clock_offset_ms(db: Database) -> int:
    """How far the device's clock was off at the last exchange; 0 before the first."""
    return int(_get(db, "clock_offset_ms") or 0)


def put_exchange(db: Database, at: datetime, clock_offset_ms: int) -> None:
    """An exchange came to its end."""
    _put(db, "last_exchange", at.isoformat())
    _put(db, "clock_offset_ms", str(clock_offset_ms))


def put_clock_offset_ms(db: Database, clock_offset_ms: int) -> None:
    """The worker said what day it is: so far is the device's clock off, until an exchange."""
    _put(db, "clock_offset_ms", str(clock_offset_ms))


def clock_seen(db: Database) -> ClockSeen | None:
    """Where the device's clock stood when it was last believed."""
    text = _get(db, "clock_seen")
    return None if text is None else decode(ClockSeen, text)


def put_clock_seen(db: Database, seen: ClockSeen) -> None:
    """The device's clock is believed as it stands now."""
    _put(db, "clock_seen", encode(seen).decode())


def last_instant(db: Database) -> datetime | None:
    """The last instant that was stored by the working clock; None in a store nobody opened yet.

    The last one written, not the greatest: an instant of the future stops counting once the worker
    or the server has said what day it is. Deeds done while the store is closed have the device's
    bare clock.
    """
    logged: Any = db.value(
        "SELECT at FROM access_log WHERE deed NOT IN ('failure', 'restore', 'key')"
        " ORDER BY log_seq DESC LIMIT 1"
    )
    stored = [saved_at(db), last_exchange(db)]
    if logged is not None:
        stored.append(datetime.fromisoformat(logged))
    return max((at for at in stored if at is not None), default=None)


def put_back_instants(db: Database, now: datetime) -> None:
    """What was stored as later than now was not: the clock was ahead when it was stored."""
    saved, exchanged = saved_at(db), last_exchange(db)
    if saved is not None and saved > now:
        put_saved_at(db, now.isoformat())
    if exchanged is not None and exchanged > now:
        _put(db, "last_exchange", now.isoformat())


def saved_at(db: Database) -> datetime | None:
    """When something typed was last made safe here, a draft or a record."""
    return _instant(db, "saved_at")


def put_saved_at(db: Database, at: str) -> None:
    """Something typed is safe from now on; `at` is an instant's text."""
    _put(db, "saved_at", at)


def draft_on_desk(db: Database) -> str | None:
    """The draft that is open, or was when the process died; "" once one was put away."""
    return _get(db, "draft_on_desk")


def put_draft_on_desk(db: Database, record_id: str) -> None:
    """A draft is open from now on; "": none is."""
    _put(db, "draft_on_desk", record_id)


def hiding_code(db: Database) -> str | None:
    """What is kept of the digits that bring a covered screen back (가리기): an Argon2 hash."""
    return _get(db, "hiding_code")


def put_hiding_code(db: Database, verifier: str) -> None:
    """Other digits take the place of the old."""
    _put(db, "hiding_code", verifier)


def drilled_at(db: Database) -> datetime | None:
    """When a backup was last opened to see that it would serve (복구 확인)."""
    return _instant(db, "drilled_at")


def put_drilled_at(db: Database, at: datetime) -> None:
    """A backup was opened and found good."""
    _put(db, "drilled_at", at.isoformat())


def preferences(db: Database) -> str | None:
    """What the worker set for this profile (`usecases/preferences.py`), as JSON."""
    return _get(db, "preferences")


def put_preferences(db: Database, text: str) -> None:
    """Other settings take the place of the old."""
    _put(db, "preferences", text)


def second_place_told(db: Database) -> str | None:
    """What the second place of backups last said (`usecases/backup_places.py`), as JSON."""
    return _get(db, "second_place_told")


def put_second_place_told(db: Database, text: str) -> None:
    """The second place said something else."""
    _put(db, "second_place_told", text)


def places(db: Database) -> str | None:
    """The offices that the last greeting named, as `places` writes them."""
    return _get(db, "places")


def put_places(db: Database, text: str) -> None:
    """They take the place of those named before."""
    _put(db, "places", text)


def is_refilling(db: Database) -> bool:
    """Whether the server said last that it is being refilled after a restore."""
    return _get(db, "refilling") == "1"


def put_refilling(db: Database, *, is_refilling: bool) -> None:
    """What the server says of that now."""
    _put(db, "refilling", str(int(is_refilling)))


def compared_at(db: Database) -> datetime | None:
    """When what is here was last compared with the server; None when that is due in any case."""
    text = _get(db, "compared_at")
    return datetime.fromisoformat(text) if text else None


def put_compared_at(db: Database, at: datetime | None) -> None:
    """It was compared just now; None: it is to be, whenever it was."""
    _put(db, "compared_at", at.isoformat() if at else "")


def is_round_open(db: Database) -> bool:
    """Whether an exchange began and came to no end yet."""
    return _get(db, "round_open") == "1"


def put_round_open(db: Database, *, is_open: bool) -> None:
    """An exchange begins, or came to its end."""
    _put(db, "round_open", str(int(is_open)))


def logged_through(db: Database) -> int:
    """Up to which line of the access log the server acknowledged; 0 before the first."""
    return int(_get(db, "logged_through") or 0)


def put_logged_through(db: Database, log_seq: int) -> None:
    """The server has the access log up to here, and no further."""
    _put(db, "logged_through", str(log_seq))


def checked_through(db: Database) -> int:
    """Up to which log_seq the server has what this device signed of its access log."""
    return int(_get(db, "checked_through") or 0)


def put_checked_through(db: Database, log_seq: int) -> None:
    """It has that much."""
    _put(db, "checked_through", str(log_seq))


def numbers_told(db: Database) -> str | None:
    """The life of the server that was told the official numbers known here."""
    return _get(db, "numbers_told")


def put_numbers_told(db: Database, epoch: str) -> None:
    """That life has been told."""
    _put(db, "numbers_told", epoch)


def missing_devices(db: Database, scope: ScopeId) -> int:
    """미수신 기기 n대: devices of a scope not heard of, as the server said; 0 before it did."""
    return int(_get(db, f"missing_devices:{scope}") or 0)


def put_missing_devices(db: Database, scope: ScopeId, count: int) -> None:
    """How many devices of a scope the server has not heard of."""
    _put(db, f"missing_devices:{scope}", str(count))


def current_forms(db: Database) -> dict[str, str]:
    """Which version of each programme the server named last, by form id."""
    text = _get(db, "current_forms")
    return {} if text is None else msgspec.json.decode(text, type=dict[str, str])


def put_current_forms(db: Database, versions: Mapping[str, str]) -> None:
    """The server named these."""
    _put(db, "current_forms", msgspec.json.encode(dict(versions)).decode())


def _get(db: Database, key: str) -> str | None:
    value: Any = db.value("SELECT value FROM meta WHERE key = ?", (key,))
    return None if value is None else str(value)


def _required(db: Database, key: str) -> str:
    value = _get(db, key)
    if value is None:
        raise StoreDamaged
    return value


def _instant(db: Database, key: str) -> datetime | None:
    text = _get(db, key)
    return None if text is None else datetime.fromisoformat(text)


def _put(db: Database, key: str, value: str) -> None:
    db.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
