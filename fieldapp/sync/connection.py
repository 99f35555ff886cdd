"""The line to the server: doors, bearer token, time limits, and every failure as one of our errors.

One request, one answer. What is asked for, in which order, and what becomes of it is `exchange`'s
matter; nothing here retries but the one request that a fresh token mends, and what a server that is
too busy wants to be asked later.

A server is hostile until proved otherwise: certificates are verified against the machine's store
or the office's own file, redirects are not followed, answers are bounded in bytes (packed and
unpacked) and in time, and neither `.netrc` nor proxy variables of the environment are listened to.
Plain http is for the loopback only, where demo and tests live; `allow_plain_http` is for an office
whose line is encrypted below us.
"""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from fieldapp import failpoints
from fieldapp.domain.catalogue import CatalogueReply
from fieldapp.domain.exchange import (
    DigestReply,
    DigestRequest,
    Enrolled,
    Enrolment,
    Hello,
    PullReply,
    PullRequest,
    PushOffer,
    PushReply,
    PushRequest,
    Refresh,
    SightsReply,
    SignIn,
    Tokens,
)
from fieldapp.domain.history import HistoryReply
from fieldapp.domain.ids import EntityId, RecordId, ReplicaId
from fieldapp.domain.log_upload import LogReply, LogRequest
from fieldapp.domain.shapes import Shape, decode, encode
from fieldapp.errors import (
    AddressRefused,
    EnrolRefused,
    EntityMissing,
    ExchangeTrouble,
    MalformedMessage,
    MembershipMissing,
    ProtocolTooOld,
    RecordMissing,
    ReplicaCloned,
    ReplicaDrained,
    ReplicaRevoked,
    ServerFailed,
    ServerUnreachable,
    SignInRefused,
)
from fieldapp.sync.agreement import OURS, Versions, agreed
from fieldapp.sync.packing import (
    ACCEPTED,
    WORTH_PACKING_BYTES,
    Coding,
    CutOff,
    TooLarge,
    Unpackable,
    best_of,
    coding_of,
    pack,
    unpack,
)
from fieldapp.sync.patience import BUSY, Patience
from fieldapp.sync.protocol import (
    CATALOGUE,
    CODE_REPLICA_CLONED,
    CODE_REPLICA_DRAINED,
    CODE_REPLICA_REVOKED,
    DIGEST,
    ENROLL,
    HELLO,
    HISTORY,
    LOG,
    PROTOCOL_HEADER,
    PULL,
    PUSH,
    REFRESH,
    REPLICA_HEADER,
    SIGHTS,
    SIGN_IN,
)

T = TypeVar("T")

#: The server keeps a page near PULL_BUDGET_BYTES; one document may stand above it.
ANSWER_MAX_BYTES = 16_777_216
CONNECT_TIMEOUT_S = 10.0
#: No replica lives so often: a server that names a later one is not believed.
_MOST_INCARNATIONS = 1_000_000
#: Longest silence of the server within one request.
SILENCE_TIMEOUT_S = 30.0
#: Longest answer from first to last byte: a server that drips is a server that fails.
ANSWER_TIMEOUT_S = 180.0


def checked_address(text: str, *, allow_plain_http: bool = False) -> httpx.URL:
    """The server's address, `https://` added where no scheme was typed. Raises AddressRefused."""
    typed = text.strip()
    try:
        url = httpx.URL(typed if "://" in typed else f"https://{typed}")
    except httpx.InvalidURL as error:
        raise AddressRefused(address="-" if "@" in typed else typed) from error
    is_secure = url.scheme == "https" or (
        url.scheme == "http" and (allow_plain_http or _is_loopback(url.host))
    )
    is_plain = not (url.userinfo or url.query or url.fragment)
    if not url.host or (url.port or 443) not in range(1, 65536) or not is_secure or not is_plain:
        raise AddressRefused(address=_shown(url))
    return url


#: Why the server does not listen to this device, by the code of its refusal.
_REFUSALS: Mapping[str, type[ExchangeTrouble]] = {
    CODE_REPLICA_DRAINED: ReplicaDrained,
    CODE_REPLICA_REVOKED: ReplicaRevoked,
}


class _Cloned(msgspec.Struct, frozen=True):
    """What a refusal says besides its code and its sentences."""

    incarnation: Annotated[int, msgspec.Meta(ge=0, le=_MOST_INCARNATIONS)] = 0


class Connection:
    """One profile's line to its server. Used by one thread at a time; a context manager.

    clock_now: the device's clock, asked only whether a stored token has run out. tokens: what an
    earlier sign-in left; on_tokens: called with every new pair, because a refresh is spent once.
    """

    def __init__(
        self,
        base_url: str,
        *,
        clock_now: Callable[[], datetime],
        tokens: Tokens | None = None,
        on_tokens: Callable[[Tokens], None] | None = None,
        ca_file: Path | None = None,
        allow_plain_http: bool = False,
        silence_s: float = SILENCE_TIMEOUT_S,
        answer_s: float = ANSWER_TIMEOUT_S,
        speaks: Versions = OURS,
        patience: Patience | None = None,
    ) -> None:
        url = checked_address(base_url, allow_plain_http=allow_plain_http)
        self._clock_now = clock_now
        self._tokens = tokens
        self._on_tokens = on_tokens
        self._answer_s = answer_s
        # A token from the store may be days old; one given on this line is as good as the server
        # says, whatever the device's clock thinks.
        self._may_be_stale = tokens is not None
        self._patience = patience or Patience(most_s=0)
        self._speaks = speaks
        self._version = speaks.highest
        self._server_speaks: Versions | None = None
        # Until the server says what it can unpack, requests go out plain.
        self._coding: Coding = "identity"
        self._may_pack = True
        self._http = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(silence_s, connect=min(CONNECT_TIMEOUT_S, silence_s)),
            verify=_trust(ca_file),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": ACCEPTED, "User-Agent": "fieldapp"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    # The doors of F11

    def sign_in(self, asked: SignIn) -> Tokens:
        """Tokens for a server user and password. Raises SignInRefused."""
        status, body = self._send("POST", SIGN_IN, encode(asked), {})
        if status in (401, 403):
            raise SignInRefused
        return self._keep(_read(Tokens, status, body))

    def refresh(self) -> Tokens:
        """New tokens for the refresh text, which is spent by it. Raises SignInRefused."""
        if self._tokens is None:
            raise SignInRefused
        asked = Refresh(refresh=self._tokens.refresh)
        status, body = self._send("POST", REFRESH, encode(asked), {})
        if status in (400, 401, 403):
            raise SignInRefused
        return self._keep(_read(Tokens, status, body))

    def enrol(self, asked: Enrolment) -> Enrolled:
        """Spend a one-time code: the name of this replica. Raises EnrolRefused."""
        status, body = self._authorised("POST", ENROLL, encode(asked), {})
        if status in (400, 403, 404, 409, 410, 422):
            raise EnrolRefused
        return _read(Enrolled, status, body)

    # The messages of F10

    def hello(self, replica: ReplicaId) -> Hello:
        """What the server speaks, what time it has, and what this replica may hold."""
        return self._spoken(Hello, "GET", HELLO, None, replica)

    def push(self, request: PushRequest | PushOffer) -> PushReply:
        """Bring operations; the receipts."""
        return self._spoken(PushReply, "POST", PUSH, encode(request), ReplicaId(request.replica))

    def pull(self, request: PullRequest, replica: ReplicaId) -> PullReply:
        """Fetch one page of rows."""
        return self._spoken(PullReply, "POST", PULL, encode(request), replica)

    def digest(self, request: DigestRequest, replica: ReplicaId) -> DigestReply:
        """What this replica has, by scope, if it has everything."""
        return self._spoken(DigestReply, "POST", DIGEST, encode(request), replica)

    def history(
        self, record: RecordId, replica: ReplicaId, *, before: int | None = None
    ) -> HistoryReply:
        """A page of a record's revisions, newest first, those below `before` if one is named.

        Raises RecordMissing for one that the server does not have, or not for this account.
        """
        path = f"{HISTORY}/{record}" + ("" if before is None else f"?before={before}")
        try:
            reply = self._spoken(HistoryReply, "GET", path, None, replica)
        except ServerFailed as failure:
            if failure.facts.get("status") == 404:
                raise RecordMissing(record_id=record) from failure
            raise
        if reply.record != record:
            raise MalformedMessage(shape="HistoryReply", place="$.record", reason="other record")
        return reply

    def sights(self, list_name: str, entity_id: EntityId, replica: ReplicaId) -> SightsReply:
        """Who sees an entity beside its home. Raises EntityMissing where that is not told us."""
        path = f"{SIGHTS}/{quote(list_name, safe='')}/{entity_id}"
        try:
            return self._spoken(SightsReply, "GET", path, None, replica)
        except ServerFailed as failure:
            if failure.facts.get("status") == 404:
                raise EntityMissing(list=list_name, entity_id=entity_id) from failure
            raise

    def catalogue(self, replica: ReplicaId, record: RecordId | None = None) -> CatalogueReply:
        """What this account is offered; of a record it may read, the version it is written on."""
        path = CATALOGUE if record is None else f"{CATALOGUE}?record={record}"
        return self._spoken(CatalogueReply, "GET", path, None, replica)

    def log(self, request: LogRequest) -> LogReply:
        """Bring lines of the access log; up to where they stand on the server."""
        return self._spoken(LogReply, "POST", LOG, encode(request), ReplicaId(request.replica))

    def bring(self, shape: type[T], path: str, message: Shape, replica: ReplicaId) -> T:
        """Bring a message to a door; what it answers, read as `shape`."""
        return self._spoken(shape, "POST", path, encode(message), replica)

    def file(
        self,
        method: str,
        path: str,
        replica: ReplicaId,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> tuple[int, bytes]:
        """Ask at the doors of attachments: status and body, which `files` understands."""
        spoken = {PROTOCOL_HEADER: str(self._version), REPLICA_HEADER: replica}
        status, body = self._authorised(method, path, content, {**spoken, **headers})
        if status == 403:
            raise _REFUSALS.get(_code(body), MembershipMissing)
        return status, body

    def _spoken(
        self, shape: type[T], method: str, path: str, content: bytes | None, replica: ReplicaId
    ) -> T:
        headers = {PROTOCOL_HEADER: str(self._version), REPLICA_HEADER: replica}
        status, body = self._authorised(method, path, content, headers)
        if status == 426 and self._server_speaks is not None:
            self._version = agreed(self._speaks, self._server_speaks)
            headers[PROTOCOL_HEADER] = str(self._version)
            status, body = self._authorised(method, path, content, headers)
        if status == 403:
            raise _REFUSALS.get(_code(body), MembershipMissing)
        if status == 426:
            raise ProtocolTooOld(ours=str(self._speaks), theirs="-")
        if status == 409 and _code(body) == CODE_REPLICA_CLONED:
            raise ReplicaCloned(incarnation=_incarnation(body))
        return _read(shape, status, body)

    # Tokens

    def _authorised(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        if self._tokens is None:
            raise SignInRefused
        if self._may_be_stale and datetime.fromisoformat(self._tokens.expires) <= self._clock_now():
            self.refresh()
        status, body = self._send(method, path, content, headers | self._bearer())
        if status == 401:
            self.refresh()
            status, body = self._send(method, path, content, headers | self._bearer())
        if status == 401:
            raise SignInRefused
        return status, body

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens.token}"} if self._tokens else {}

    def _keep(self, tokens: Tokens) -> Tokens:
        self._tokens = tokens
        self._may_be_stale = False
        if self._on_tokens is not None:
            self._on_tokens(tokens)
        return tokens

    # Bytes

    def _send(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        if content is not None:
            headers = {"Content-Type": "application/json"} | headers
            is_json = headers["Content-Type"] == "application/json"
            if is_json and self._coding != "identity" and len(content) >= WORTH_PACKING_BYTES:
                packed = headers | {"Content-Encoding": self._coding}
                status, body = self._ask(method, path, pack(self._coding, content), packed)
                if status != 415:
                    return status, body
                # Something on the way takes none, whatever the server says: plain from here on.
                self._may_pack, self._coding = False, "identity"
        return self._ask(method, path, content, headers)

    def _ask(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        while True:
            status, told, body = self._ask_once(method, path, content, headers)
            if status not in BUSY:
                self._patience.answered()
                return status, body
            self._patience.wait(status, told)

    def _ask_once(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str]
    ) -> tuple[int, httpx.Headers, bytes]:
        # How long we wait is no matter of any clock that people read.
        deadline = time.monotonic() + self._answer_s
        failpoints.reach("line.before_request")
        try:
            with self._http.stream(
                method, path.removeprefix("/"), content=content, headers=headers
            ) as response:
                self._learn(response.headers)
                packed = _bounded(_until(deadline, response.iter_raw()))
                failpoints.reach("line.after_answer")
                return response.status_code, response.headers, _unpacked(response, packed)
        except httpx.HTTPError as error:
            # The cause is not kept: httpx's errors carry the request, and with it the token.
            raise ServerUnreachable from _without_request(error)

    def _learn(self, headers: httpx.Headers) -> None:
        """What every answer says of its server: codings that requests may use, and its versions."""
        if self._may_pack:
            self._coding = best_of(headers.get("Accept-Encoding"))
        self._server_speaks = Versions.read(headers.get(PROTOCOL_HEADER))


@lru_cache(maxsize=4)
def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whom we believe: the machine's store or the office's file. Reading it takes 40 ms: once."""
    return ssl.create_default_context(cafile=ca_file)


def _without_request(error: httpx.HTTPError) -> Exception:
    return ConnectionError(type(error).__name__)


def _until(deadline: float, chunks: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if time.monotonic() > deadline:
            raise ServerUnreachable
        yield chunk


def _bounded(chunks: Iterator[bytes]) -> bytes:
    """The answer as it came, at most ANSWER_MAX_BYTES of it."""
    received = bytearray()
    for chunk in chunks:
        received += chunk
        if len(received) > ANSWER_MAX_BYTES:
            raise MalformedMessage(shape="HTTP", place="$", reason="too large")
    return bytes(received)


def _unpacked(response: httpx.Response, packed: bytes) -> bytes:
    """The answer's bytes, at most ANSWER_MAX_BYTES of them, whatever it was packed into."""
    try:
        coding = coding_of(response.headers.get("Content-Encoding"))
    except Unpackable as error:
        raise MalformedMessage(shape="HTTP", place="Content-Encoding", reason="unknown") from error
    try:
        return unpack(coding, packed, ANSWER_MAX_BYTES)
    except TooLarge as error:
        raise MalformedMessage(shape="HTTP", place="$", reason="too large") from error
    except CutOff as error:
        raise ServerUnreachable from error
    except Unpackable as error:
        raise MalformedMessage(shape="HTTP", place="$", reason=coding) from error


def _read(shape: type[T], status: int, body: bytes) -> T:
    if status != 200:
        raise ServerFailed(status=status)
    return decode(shape, body)


def _code(body: bytes) -> str:
    """The code of a refusal; an answer without one has none."""
    try:
        refusal: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    code = refusal.get("code") if isinstance(refusal, dict) else None
    return code if isinstance(code, str) else ""


def _incarnation(body: bytes) -> int:
    """The incarnation that a refusal names; 0 when it names none that could be one."""
    try:
        return msgspec.json.decode(body, type=_Cloned).incarnation
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(url: httpx.URL) -> str:
    """The address without a password that somebody put into it."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))
