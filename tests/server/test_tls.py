"""The app server behind TLS of its own, as an office without a proxy runs it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from fieldapp.domain.exchange import SignIn
from fieldapp.errors import CertificateRefused, ServerTrouble, ServerUnreachable
from fieldapp.server.process import ServerProcess
from fieldapp.server.serving import Tls
from fieldapp.sync.connection import Connection
from tests.servers import PASSWORD, Server
from tests.sync.test_connection import certificate


def test_a_device_signs_in_over_tls_to_the_certificate_of_its_office_alone(
    server: Server, tmp_path: Path
) -> None:
    office, stranger = certificate(tmp_path / "office"), certificate(tmp_path / "stranger")
    user = server.new_user(server.new_scope())
    options = ("--tls-certificate", str(office))

    def sign_in(address: str, ca_file: Path) -> None:
        with Connection(address, clock_now=lambda: datetime.now(UTC), ca_file=ca_file) as line:
            line.sign_in(SignIn(user=user, password=PASSWORD))

    with ServerProcess.start(
        server.postgres.sync_url, packs_dir=server.packs, options=options
    ) as process:
        assert process.base_url.startswith("https://127.0.0.1:")
        sign_in(process.base_url, office)
        with pytest.raises(ServerUnreachable):
            sign_in(process.base_url, stranger)
        plain = process.base_url.replace("https://", "http://")
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{plain}/health", trust_env=False)


def test_a_key_without_its_certificate_starts_no_plain_line(server: Server, tmp_path: Path) -> None:
    options = ("--tls-key", str(certificate(tmp_path / "office")))

    with (
        pytest.raises(ServerTrouble),
        ServerProcess.start(server.postgres.sync_url, packs_dir=server.packs, options=options),
    ):
        pass


def test_a_certificate_without_its_key_is_said_so_before_anything_starts(tmp_path: Path) -> None:
    office, other = certificate(tmp_path / "office"), certificate(tmp_path / "other")
    missing = tmp_path / "missing.pem"

    Tls(office, office).check()
    for pair in ((office, other), (missing, missing), (office, missing)):
        with pytest.raises(CertificateRefused):
            Tls(*pair).check()
