"""The line to the server: doors, bearer token, time limits, and every failure as one of our errors.

One request, one answer. What is asked for, in which order, and what becomes of it is `exchange`'s
matter; nothing here retries but the one request that a fresh token mends.

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
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import msgspec

from fieldapp.domain.exchange import (
    Enrolled,
    Enrolment,
    Hello,
    PullReply,
    PullRequest,
    PushReply,
    PushRequest,
    Refresh,
    SignIn,
    Tokens,
)
from fieldapp.domain.ids import ReplicaId
from fieldapp.domain.shapes import decode, encode
from fieldapp.errors import (
    AddressRefused,
    EnrolRefused,
    MalformedMessage,
    MembershipMissing,
    ProtocolTooOld,
    ReplicaCloned,
    ServerFailed,
    ServerUnreachable,
    SignInRefused,
)
from fieldapp.sync.protocol import (
    CODE_REPLICA_CLONED,
    ENROLL,
    HELLO,
    PROTOCOL_HEADER,
    PROTOCOL_MAX,
    PROTOCOL_MIN,
    PULL,
    PUSH,
    REFRESH,
    REPLICA_HEADER,
    SIGN_IN,
)

T = TypeVar("T")

#: The server keeps a page near PULL_BUDGET_BYTES; one document may stand above it.
ANSWER_MAX_BYTES = 16_777_216
CONNECT_TIMEOUT_S = 10.0
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
    ) -> None:
        url = checked_address(base_url, allow_plain_http=allow_plain_http)
        self._clock_now = clock_now
        self._tokens = tokens
        self._on_tokens = on_tokens
        self._answer_s = answer_s
        # A token from the store may be days old; one given on this line is as good as the server
        # says, whatever the device's clock thinks.
        self._may_be_stale = tokens is not None
        self._http = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(silence_s, connect=min(CONNECT_TIMEOUT_S, silence_s)),
            verify=_trust(ca_file),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": "gzip", "User-Agent": "fieldapp"},
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

    def push(self, request: PushRequest) -> PushReply:
        """Bring operations; the receipts."""
        return self._spoken(PushReply, "POST", PUSH, encode(request), ReplicaId(request.replica))

    def pull(self, request: PullRequest, replica: ReplicaId) -> PullReply:
        """Fetch one page of rows."""
        return self._spoken(PullReply, "POST", PULL, encode(request), replica)

    def _spoken(
        self, shape: type[T], method: str, path: str, content: bytes | None, replica: ReplicaId
    ) -> T:
        headers = {PROTOCOL_HEADER: str(PROTOCOL_MAX), REPLICA_HEADER: replica}
        status, body = self._authorised(method, path, content, headers)
        if status == 403:
            raise MembershipMissing
        if status == 426:
            raise ProtocolTooOld(ours=f"{PROTOCOL_MIN}-{PROTOCOL_MAX}", theirs="-")
        if status == 409 and _code(body) == CODE_REPLICA_CLONED:
            raise ReplicaCloned
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
            headers = headers | {"Content-Type": "application/json"}
        # How long we wait is no matter of any clock that people read.
        deadline = time.monotonic() + self._answer_s
        try:
            with self._http.stream(
                method, path.removeprefix("/"), content=content, headers=headers
            ) as response:
                packing = response.headers.get("Content-Encoding", "identity").lower()
                raw = _until(deadline, response.iter_raw())
                return response.status_code, b"".join(_unpacked(packing, raw))
        except httpx.HTTPError as error:
            # The cause is not kept: httpx's errors carry the request, and with it the token.
            raise ServerUnreachable from _without_request(error)


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


def _unpacked(packing: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The answer's bytes, at most ANSWER_MAX_BYTES of them, whatever it was packed into."""
    if packing not in ("identity", "gzip"):
        raise MalformedMessage(shape="HTTP", place="Content-Encoding", reason="unknown")
    gzip = zlib.decompressobj(wbits=31) if packing == "gzip" else None
    left = ANSWER_MAX_BYTES
    for chunk in chunks:
        try:
            part = gzip.decompress(chunk, left + 1) if gzip else chunk
        except zlib.error as error:
            raise MalformedMessage(shape="HTTP", place="$", reason="gzip") from error
        left -= len(part)
        if left < 0:
            raise MalformedMessage(shape="HTTP", place="$", reason="too large")
        yield part
    if gzip and not gzip.eof:
        raise ServerUnreachable


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
