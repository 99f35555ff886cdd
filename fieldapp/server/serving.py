"""Runs the app under uvicorn and says where it listens; no request is logged."""

from __future__ import annotations

import socket

import uvicorn

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


def serve(settings: ServerSettings, *, host: str, port: int) -> int:
    """Serve until told to stop; returns the exit code. Port 0 takes a free one.

    Raises DatabaseUnreachable, SchemaTooOld, PackRefused.
    """
    app = create_app(settings)
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
        )
        server = _Announcing(config)
        shown = f"[{host}]" if ":" in host else host
        server.address = f"http://{shown}:{listener.getsockname()[1]}"
        server.run(sockets=[listener])
    return 0 if server.started else 1
