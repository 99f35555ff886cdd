"""Runs the app under uvicorn and says where it listens; no request is logged."""

from __future__ import annotations

import gc
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from fieldapp.errors import CertificateRefused
from fieldapp.server.app import create_app
from fieldapp.server.configuration import LISTENING, ServerSettings


class _Announcing(uvicorn.Server):
    """Prints the address when start-up has come to its end."""

    address = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell the one who waits for it."""
        await super().startup(sockets)
        if self.started:
            print(f"{LISTENING}{self.address}", flush=True)


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files: the certificate with those that vouch for it, and its key, which may be the same
    file.
    """

    certificate: Path
    key: Path

    def check(self) -> None:
        """Raises CertificateRefused."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.certificate, self.key)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise CertificateRefused from error


def _keep_what_is_loaded() -> None:
    """Rules of forms and libraries stay as long as the process: no collection is to walk them
    again. A batch of 500 operations holds no cycle, and is not worth one for each 700 objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def serve(settings: ServerSettings, *, host: str, port: int, tls: Tls | None = None) -> int:
    """Serve until told to stop; returns the exit code. Port 0 takes a free one.

    tls: without it the line is plain, for the loopback and for a proxy that ends TLS before us.
    Raises CertificateRefused, DatabaseUnreachable, SchemaTooOld, PackRefused.
    """
    if tls is not None:
        tls.check()
    app = create_app(settings)
    _keep_what_is_loaded()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP: asyncio turns Nagle's delay off for such sockets only (40 ms a request).
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        config = uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=10,
            ssl_certfile=None if tls is None else tls.certificate,
            ssl_keyfile=None if tls is None else tls.key,
        )
        server = _Announcing(config)
        shown = f"[{host}]" if ":" in host else host
        scheme = "http" if tls is None else "https"
        server.address = f"{scheme}://{shown}:{listener.getsockname()[1]}"
        server.run(sockets=[listener])
    return 0 if server.started else 1
