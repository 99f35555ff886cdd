"""The app server as a process of its own: for the demo, the journeys, and tests that kill it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from fieldapp.errors import ServerTrouble
from fieldapp.server.configuration import LISTENING

_STOP_S = 30.0


class ServerProcess:
    """A running `fieldapp server run`. Also a context manager that stops it."""

    def __init__(self, process: subprocess.Popen[str], base_url: str) -> None:
        self._process = process
        self.base_url = base_url

    @classmethod
    def start(
        cls,
        database_url: str,
        *,
        packs_dir: Path,
        port: int = 0,
        options: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> ServerProcess:
        """Start one and wait until it answers. `env` is laid over this process's environment;
        `options` are further ones of `server run`.

        Raises ServerTrouble when it ended instead; what was wrong stands on stderr.
        """
        # The URL may carry a password: the environment, not the command line that all can list.
        environment = {**os.environ, **(env or {}), "DATABASE_URL": database_url}
        command = [
            sys.executable, "-m", "fieldapp", "server", "run",
            "--port", str(port), "--packs", str(packs_dir), *options,
        ]  # fmt: skip
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        if process.stdout is None:
            raise ServerTrouble
        for line in process.stdout:
            if line.startswith(LISTENING):
                return cls(process, line.removeprefix(LISTENING).strip())
        process.wait()
        process.stdout.close()
        raise ServerTrouble

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._ended()

    def stop(self) -> None:
        """Let it finish what it is answering, then end it."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._ended()

    def wait(self, timeout_s: float = _STOP_S) -> int:
        """Wait until it has ended by itself (a failpoint); returns its exit code."""
        code = self._process.wait(timeout_s)
        self._ended()
        return code

    def _ended(self) -> None:
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
