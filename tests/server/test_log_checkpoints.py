"""What devices sign of their 접속기록 is kept, and told where the log says something else."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from fieldapp.crypto.signing import SigningKey, new_signing_key
from fieldapp.domain.access_log import checkpoint_message
from fieldapp.domain.ids import UserId
from fieldapp.domain.log_upload import (
    CheckpointsReply,
    CheckpointsRequest,
    LogCheckpoint,
    LogLine,
)
from fieldapp.domain.shapes import decode, encode
from fieldapp.storage import access_log
from fieldapp.sync import protocol
from tests.server.test_log import bring, chain
from tests.server.test_running import run
from tests.servers import Laptop, Server
from tests.sync.lines import Line
from tests.sync.real import Laptop as RealLaptop

AT = "2026-12-01T18:00:00+09:00"


@dataclass
class Signing:
    """A laptop with the key that it was enrolled with."""

    laptop: Laptop
    key: SigningKey

    def sign(self, line: LogLine, *, key: SigningKey | None = None) -> LogCheckpoint:
        signer = key or self.key
        signature = signer.sign(checkpoint_message(line.log_seq, AT, line.hash, line.device))
        return LogCheckpoint(
            log_seq=line.log_seq,
            at=AT,
            hash=line.hash,
            signature=base64.b64encode(signature).decode(),
            public_key=signer.public_base64,
        )

    def post(self, *checkpoints: LogCheckpoint) -> httpx.Response:
        request = CheckpointsRequest(replica=self.laptop.replica, checkpoints=checkpoints)
        return self.laptop.http.post(protocol.LOG_CHECKPOINTS, content=encode(request))

    def bring(self, *checkpoints: LogCheckpoint) -> int:
        reply = self.post(*checkpoints)
        assert reply.status_code == 200, reply.text
        return decode(CheckpointsReply, reply.content).checked_through


@pytest.fixture
def signing(server: Server) -> Signing:
    scope, key = server.new_scope(), new_signing_key()
    laptop = Laptop(server.base_url, server.new_user(scope), scope)
    server.laptops.append(laptop)
    laptop.sign_in()
    laptop.enrol(server.invite(laptop.user, scope), base64.b64decode(key.public_base64))
    return Signing(laptop, key)


def findings(server: Server, replica: str) -> list[tuple[int, str]]:
    return [
        (row[0], row[1])
        for row in server.sql(
            "select log_seq, finding from fieldapp.log_checkpoint where replica = %s"
            " order by log_seq, stored_at",
            [replica],
        )
    ]


def test_what_a_device_signed_of_lines_that_are_here_stands_and_is_kept_once(
    server: Server, signing: Signing
) -> None:
    lines = chain(signing.laptop, 5)
    bring(signing.laptop, lines)
    signed = [signing.sign(lines[1]), signing.sign(lines[4])]

    assert signing.bring(*signed) == signing.bring(*signed) == 5

    assert findings(server, signing.laptop.replica) == [(2, "stands"), (5, "stands")]


def test_a_checkpoint_that_is_ahead_of_its_lines_waits_for_them(
    server: Server, signing: Signing
) -> None:
    lines = chain(signing.laptop, 5)
    bring(signing.laptop, lines[:3])
    signed = [signing.sign(lines[1]), signing.sign(lines[4])]

    assert signing.bring(*signed) == 2
    bring(signing.laptop, lines)
    assert signing.bring(*signed) == 5

    assert [finding for _, finding in findings(server, signing.laptop.replica)] == ["stands"] * 2


def test_a_log_written_anew_from_its_beginning_does_not_fit_what_was_signed(
    server: Server, signing: Signing
) -> None:
    true, false = chain(signing.laptop, 4), chain(signing.laptop, 4, deed="login")
    bring(signing.laptop, true)
    signing.bring(signing.sign(true[3]))

    bring(signing.laptop, false)
    signing.bring(signing.sign(false[3]))

    replica = signing.laptop.replica
    assert findings(server, replica) == [(4, "stands"), (4, "forked")]
    told = run(server, "checkpoints")
    (line,) = [line for line in told.stdout.splitlines() if line.startswith(replica)]
    assert told.returncode == 1
    assert "4번 줄까지 맞음" in line
    assert "어긋난 확인점 1개" in line


def test_what_does_not_hold_is_kept_as_evidence_and_named(server: Server, signing: Signing) -> None:
    lines = chain(signing.laptop, 3)
    lines += chain(signing.laptop, 1, lines, device="01930000-0000-7000-8000-0000000000bb")
    bring(signing.laptop, lines)
    good, stranger = signing.sign(lines[0]), new_signing_key()
    forged: Sequence[LogCheckpoint] = (
        replace(good, at="2026-12-01T19:00:00+09:00"),
        replace(signing.sign(lines[1]), hash="0" * 64),
        signing.sign(lines[2], key=stranger),
        signing.sign(lines[3], key=stranger),
    )

    assert signing.bring(*forged) == 4
    assert signing.bring(replace(good, signature="가"[:0])) == 1

    assert findings(server, signing.laptop.replica) == [
        (1, "bad_signature"), (1, "bad_signature"), (2, "other_chain"), (3, "other_key"),
        (4, "early"),
    ]  # fmt: skip


def test_nobody_brings_anothers_checkpoints_or_reads_any(server: Server, signing: Signing) -> None:
    lines = chain(signing.laptop, 1)
    bring(signing.laptop, lines)
    other = server.new_laptop()
    request = CheckpointsRequest(
        replica=signing.laptop.replica, checkpoints=(signing.sign(lines[0]),)
    )

    reply = other.http.post(protocol.LOG_CHECKPOINTS, content=encode(request))

    assert reply.status_code == 400
    assert findings(server, signing.laptop.replica) == []
    assert signing.laptop.http.get(protocol.LOG_CHECKPOINTS).status_code in (404, 405)


@pytest.fixture
def real(tmp_path: Path, server: Server) -> Iterator[RealLaptop]:
    """A real store on a line, with the key it was enrolled with."""
    with Line(server.base_url) as line:
        laptop = RealLaptop(tmp_path, server, server.new_scope(), line)
        yield laptop
        laptop.store.close()


def sign(laptop: RealLaptop) -> None:
    """Its worker looks at something, and ends the day."""
    with laptop.store.writing() as db:
        access_log.append(db, at=laptop.now(), user=UserId(laptop.user), deed="view")
        access_log.checkpoint(db, access_log.key_of(db), laptop.now())


def test_every_checkpoint_of_a_device_is_on_the_server_after_the_next_round(
    server: Server, real: RealLaptop
) -> None:
    replica = real.replica.identity().replica
    sign(real)
    sign(real)
    real.exchange()
    assert [log_seq for log_seq, _ in findings(server, replica)] == [1, 2]

    sign(real)
    real.exchange()
    real.exchange()

    assert findings(server, replica) == [(number, "stands") for number in (1, 2, 3)]
    assert real.replica.log_checkpoints(10) == ()


def test_a_checkpoint_that_somebody_scribbled_over_goes_up_with_those_behind_it(
    server: Server, real: RealLaptop
) -> None:
    sign(real)
    sign(real)
    with real.store.writing() as db:
        db.execute("DROP TRIGGER log_checkpoint_unchanged")
        db.execute(
            "UPDATE log_checkpoint SET at = ?, hash = '-', signature = '\n' WHERE log_seq = 1",
            ("가 <&",),
        )

    real.exchange()

    found = findings(server, real.replica.identity().replica)
    assert found == [(1, "other_chain"), (2, "stands")]
