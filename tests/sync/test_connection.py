"""The line: every failure of a server or a network is one of our errors, and nothing leaks."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from fieldapp.domain import exchange as ex
from fieldapp.domain.ids import ReplicaId
from fieldapp.domain.shapes import decode, encode
from fieldapp.errors import (
    AddressRefused,
    EnrolRefused,
    FieldAppError,
    MalformedMessage,
    MembershipMissing,
    ProtocolTooOld,
    ReplicaCloned,
    ReplicaDrained,
    ReplicaRevoked,
    ServerBusy,
    ServerFailed,
    ServerUnreachable,
    SignInRefused,
)
from fieldapp.sync import connection as connection_module
from fieldapp.sync import protocol
from fieldapp.sync.connection import Connection, checked_address
from tests.sync.model import NOON, TOKENS, ModelServer, Reply

REPLICA = ReplicaId("01930000-0000-7000-8000-0000000000aa")
ENROLMENT = ex.Enrolment(
    code="ABCD-EFGH", public_key="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
)
SECRET = "열려라-참깨-2026"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def connected(server: ModelServer, tokens: ex.Tokens | None = TOKENS) -> Connection:
    return Connection(server.base_url, clock_now=lambda: NOON, tokens=tokens, silence_s=5)


def answering(server: ModelServer, reply: Reply, *, on: str) -> None:
    server.answer_with = lambda path, honest: reply if path == on else honest


def refused(code: str, status: int) -> Reply:
    body = {"code": code, "happened": "…", "safe": "…", "next": "…"}
    return Reply(status=status, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=500), ServerFailed),
        (Reply(status=503), ServerBusy),
        (Reply(status=429), ServerBusy),
        (refused(protocol.CODE_REPLICA_DRAINED, 403), ReplicaDrained),
        (refused(protocol.CODE_REPLICA_REVOKED, 403), ReplicaRevoked),
        (Reply(status=404), ServerFailed),
        (Reply(status=204), ServerFailed),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}), ServerFailed),
        (Reply(status=401), SignInRefused),
        (Reply(status=403), MembershipMissing),
        (refused("protocol_too_old", 426), ProtocolTooOld),
        (refused(protocol.CODE_REPLICA_CLONED, 409), ReplicaCloned),
        (refused("something_else", 409), ServerFailed),
        (Reply(status=409, body=b"<html>"), ServerFailed),
        (Reply(status=409, body=b"[1]"), ServerFailed),
        (Reply(body=b""), MalformedMessage),
        (Reply(body=b"<html>Wi-Fi sign-in</html>"), MalformedMessage),
        (Reply(body=b'{"protocol_min":1}'), MalformedMessage),
        (Reply(body=b"\xff\xfe"), MalformedMessage),
        (Reply(body=b"{}", headers={"Content-Encoding": "gzip"}), MalformedMessage),
        (Reply(body=b"{}", headers={"Content-Encoding": "br"}), MalformedMessage),
        (Reply(status=0), ServerUnreachable),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_every_answer_that_is_no_greeting_is_an_error_of_ours(
    server: ModelServer, reply: Reply, error: type[FieldAppError]
) -> None:
    answering(server, reply, on=protocol.HELLO)

    with connected(server) as connection, pytest.raises(error) as raised:
        connection.hello(REPLICA)

    assert raised.type is error
    if error is ServerFailed:
        assert raised.value.facts["status"] == reply.status


def test_nobody_at_home_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with (
        Connection(f"http://127.0.0.1:{port}", clock_now=lambda: NOON, tokens=TOKENS) as connection,
        pytest.raises(ServerUnreachable),
    ):
        connection.hello(REPLICA)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Connection(
            f"http://127.0.0.1:{silent.getsockname()[1]}",
            clock_now=lambda: NOON,
            tokens=TOKENS,
            silence_s=0.2,
        ) as connection,
        pytest.raises(ServerUnreachable),
    ):
        connection.hello(REPLICA)


def test_a_server_that_drips_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        given_up = threading.Event()

        def drip() -> None:
            near, _ = listener.accept()
            with near:
                near.recv(65536)
                near.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while not given_up.wait(0.01):
                    near.sendall(b" ")

        dripping = threading.Thread(target=drip)
        dripping.start()
        with (
            Connection(
                f"http://127.0.0.1:{listener.getsockname()[1]}",
                clock_now=lambda: NOON,
                tokens=TOKENS,
                answer_s=0.2,
            ) as connection,
            pytest.raises(ServerUnreachable),
        ):
            connection.hello(REPLICA)
        given_up.set()
        dripping.join()


def test_redirects_are_not_followed(server: ModelServer) -> None:
    """Whoever can send us elsewhere would be given the token there."""
    with ModelServer() as thief:
        answering(
            server, Reply(status=307, headers={"Location": thief.base_url}), on=protocol.HELLO
        )
        with connected(server) as connection, pytest.raises(ServerFailed):
            connection.hello(REPLICA)

        assert thief.requests == []


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "bomb"])
def test_an_answer_without_end_is_refused(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr(connection_module, "ANSWER_MAX_BYTES", 100_000)
    body = b" " * 20_000_000 if packed else b" " * 200_000
    reply = (
        Reply(body=gzip.compress(body), headers={"Content-Encoding": "gzip"})
        if packed
        else (Reply(body=body))
    )
    answering(server, reply, on=protocol.HELLO)

    with connected(server) as connection, pytest.raises(MalformedMessage) as raised:
        connection.hello(REPLICA)

    assert raised.value.facts["reason"] == "too large"


def test_a_packed_answer_is_unpacked_and_half_of_one_is_a_cut_line(server: ModelServer) -> None:
    whole = gzip.compress(server.answer(protocol.HELLO, {}, b"").body)

    with connected(server) as connection:
        packing = {"Content-Encoding": "gzip"}
        answering(server, Reply(body=whole, headers=packing), on=protocol.HELLO)
        greeting = connection.hello(REPLICA)
        answering(server, Reply(body=whole[:-9], headers=packing), on=protocol.HELLO)
        with pytest.raises(ServerUnreachable):
            connection.hello(REPLICA)

    assert greeting.epoch == server.epoch


def test_requests_name_the_protocol_the_replica_and_the_token(server: ModelServer) -> None:
    with connected(server) as connection:
        connection.hello(REPLICA)

    ((_, headers, _),) = server.requests
    assert headers[protocol.PROTOCOL_HEADER] == "1"
    assert headers[protocol.REPLICA_HEADER] == REPLICA
    assert headers["Authorization"] == f"Bearer {TOKENS.token}"


# Tokens


def test_without_sign_in_no_door_is_tried(server: ModelServer) -> None:
    with connected(server, tokens=None) as connection, pytest.raises(SignInRefused):
        connection.hello(REPLICA)

    assert server.requests == []


def test_signing_in_gives_the_token_that_the_doors_take(server: ModelServer) -> None:
    kept: list[ex.Tokens] = []

    with Connection(server.base_url, clock_now=lambda: NOON, on_tokens=kept.append) as connection:
        connection.sign_in(ex.SignIn(user="가상-오사무", password=SECRET))
        connection.hello(REPLICA)

    assert kept == [TOKENS]
    assert server.requests[-1][1]["Authorization"] == f"Bearer {TOKENS.token}"


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_server_password_is_told_and_quoted_nowhere(
    server: ModelServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    answering(server, Reply(status=status), on=protocol.SIGN_IN)

    with (
        caplog.at_level(logging.DEBUG),
        connected(server, tokens=None) as connection,
        pytest.raises(SignInRefused) as raised,
    ):
        connection.sign_in(ex.SignIn(user="가상-오사무", password=SECRET))

    assert SECRET not in caplog.text + repr(raised.value)
    assert "가상-오사무" not in caplog.text + repr(raised.value)


def test_neither_token_nor_answers_reach_the_log(
    server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), connected(server) as connection:
        connection.hello(REPLICA)
        connection.pull(ex.PullRequest(cursors={}, budget=1000), REPLICA)

    assert caplog.records, "httpx logs its requests: this test would prove nothing without"
    assert TOKENS.token not in caplog.text.replace("[secure]", "")


def expiring(server: ModelServer) -> list[str]:
    """The server takes only the newest token; returns what was asked in order."""
    asked: list[str] = []
    good = {"token": ""}

    def answer(path: str, reply: Reply) -> Reply:
        asked.append(path)
        _, headers, body = server.requests[-1]
        if path == protocol.REFRESH:
            assert decode(ex.Refresh, body).refresh == TOKENS.refresh
            renewed = ex.Tokens(
                token="renewed-token-of-the-line", refresh=TOKENS.refresh, expires=TOKENS.expires
            )
            good["token"] = renewed.token
            return Reply(body=encode(renewed))
        is_known = good["token"] and headers.get("Authorization") == f"Bearer {good['token']}"
        return reply if is_known else Reply(status=401)

    server.answer_with = answer
    return asked


def test_a_token_the_server_no_longer_takes_is_renewed_once_and_kept(server: ModelServer) -> None:
    asked = expiring(server)
    kept: list[ex.Tokens] = []

    with Connection(
        server.base_url, clock_now=lambda: NOON, tokens=TOKENS, on_tokens=kept.append
    ) as connection:
        connection.hello(REPLICA)
        connection.hello(REPLICA)

    assert asked == [protocol.HELLO, protocol.REFRESH, protocol.HELLO, protocol.HELLO]
    assert [tokens.token for tokens in kept] == ["renewed-token-of-the-line"]


@pytest.mark.parametrize("ahead", [timedelta(hours=9), timedelta(days=4000)])
def test_a_token_that_ran_out_is_renewed_before_it_is_shown(
    server: ModelServer, ahead: timedelta
) -> None:
    """Also by a clock years ahead, and then once, not before every request."""
    asked = expiring(server)

    with Connection(server.base_url, clock_now=lambda: NOON + ahead, tokens=TOKENS) as connection:
        connection.hello(REPLICA)
        connection.hello(REPLICA)

    assert asked == [protocol.REFRESH, protocol.HELLO, protocol.HELLO]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_spent_refresh_asks_for_the_password_again(server: ModelServer, status: int) -> None:
    server.answer_with = lambda path, _: Reply(status=status if path == protocol.REFRESH else 401)

    with connected(server) as connection, pytest.raises(SignInRefused):
        connection.hello(REPLICA)


def test_a_server_that_refuses_even_the_new_token_is_asked_twice_and_no_more(
    server: ModelServer,
) -> None:
    server.answer_with = lambda path, reply: (
        reply if path == protocol.REFRESH else Reply(status=401)
    )

    with connected(server) as connection, pytest.raises(SignInRefused):
        connection.hello(REPLICA)

    assert [path for path, _, _ in server.requests].count(protocol.HELLO) == 2


# Enrolment


def test_enrolling_gives_the_replica_its_name(server: ModelServer) -> None:
    enrolled = ex.Enrolled(replica=REPLICA, scopes=("town-1",))
    answering(server, Reply(body=encode(enrolled)), on=protocol.ENROLL)

    with connected(server) as connection:
        assert connection.enrol(ENROLMENT) == enrolled

    assert decode(ex.Enrolment, server.requests[-1][2]) == ENROLMENT


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 422])
def test_a_code_that_is_wrong_used_or_old_is_told(server: ModelServer, status: int) -> None:
    answering(server, Reply(status=status), on=protocol.ENROLL)

    with connected(server) as connection, pytest.raises(EnrolRefused):
        connection.enrol(ENROLMENT)


# Addresses


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://sync.example.go.kr", "https://sync.example.go.kr"),
        (" sync.example.go.kr ", "https://sync.example.go.kr"),
        ("sync.example.go.kr:8443", "https://sync.example.go.kr:8443"),
        ("https://example.go.kr/fieldapp", "https://example.go.kr/fieldapp"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_an_address_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert str(checked_address(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://sync.example.go.kr",
        "http://10.0.0.5",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "ftp://sync.example.go.kr",
        "file:///etc/passwd",
        "https://",
        "https://user:pw@sync.example.go.kr",
        "https://user:pw@sync example",
        "https://sync.example.go.kr/?a=b",
        "https://sync.example.go.kr/#a",
        "https://sync.example.go.kr:99999",
        "서버 주소",
        "https://a\nb",
    ],
)
def test_other_addresses_are_refused_without_repeating_a_password(typed: str) -> None:
    with pytest.raises(AddressRefused) as refusal:
        checked_address(typed)

    assert "pw" not in str(refusal.value.facts["address"])


def test_plain_http_over_a_line_encrypted_below_us_is_a_deliberate_choice() -> None:
    url = checked_address("http://10.0.0.5", allow_plain_http=True)

    assert str(url) == "http://10.0.0.5"


def test_an_address_with_a_path_keeps_it(server: ModelServer) -> None:
    with (
        Connection(
            f"{server.base_url}/fieldapp/", clock_now=lambda: NOON, tokens=TOKENS
        ) as connection,
        pytest.raises(ServerFailed),
    ):
        connection.hello(REPLICA)

    assert server.requests[-1][0] == f"/fieldapp{protocol.HELLO}"


# Certificates


def test_a_certificate_is_verified_against_the_offices_own_file(tmp_path: Path) -> None:
    office, stranger = certificate(tmp_path / "office"), certificate(tmp_path / "stranger")

    def greet(ca_file: Path | None) -> ex.Hello:
        with Connection(
            tls.base_url, clock_now=lambda: NOON, tokens=TOKENS, ca_file=ca_file
        ) as connection:
            return connection.hello(REPLICA)

    with ModelServer(certificate=office) as tls:
        assert greet(office).epoch == tls.epoch
        with pytest.raises(ServerUnreachable):
            greet(stranger)
        with pytest.raises(ServerUnreachable):
            greet(None)


def certificate(folder: Path) -> Path:
    """A self-signed certificate for the loopback with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, folder.name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder.with_suffix(".pem")
    file.write_bytes(
        made.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return file
