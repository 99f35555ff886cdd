"""A line that breaks where a test wants it to: TCP through, and cut after byte k."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

Way = Literal["up", "down"]


@dataclass(frozen=True)
class Cut:
    """Cut the line after this many bytes of one way, counted from now over all connections."""

    way: Way
    after_bytes: int


class Line:
    """A proxy between a replica and its server. `carried` counts bytes each way since `mend`."""

    def __init__(self, base_url: str) -> None:
        target = urlsplit(base_url)
        self._target = (target.hostname or "", target.port or 80)
        self._lock = threading.Lock()
        self._cut: Cut | None = None
        self._down: bool = False
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._heard: list[bytearray] = []
        self.carried: dict[Way, int] = {"up": 0, "down": 0}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Waking the acceptor: closing a listener does not end an accept() in another thread.
        self._down = True
        socket.create_connection(self._listener.getsockname()).close()
        self._acceptor.join()
        self._listener.close()
        self._end_all()

    def mend(self, cut: Cut | None = None) -> None:
        """Hang up what is open; from now on everything passes, or as far as the cut."""
        self._end_all()
        with self._lock:
            self.carried = {"up": 0, "down": 0}
            self._cut = cut

    def heard(self) -> list[bytes]:
        """Hang up; all that came down since this was asked last, a connection each."""
        self._end_all()
        with self._lock:
            heard, self._heard = self._heard, []
        return [bytes(each) for each in heard]

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            if self._down:
                near.close()
                return
            try:
                far = socket.create_connection(self._target)
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {near, far}
            for source, sink, way in ((near, far, "up"), (far, near, "down")):
                thread = threading.Thread(target=self._carry, args=(source, sink, way))
                thread.start()
                self._threads.append(thread)

    def _carry(self, source: socket.socket, sink: socket.socket, way: Way) -> None:
        heard = bytearray()
        if way == "down":
            with self._lock:
                self._heard.append(heard)
        try:
            while data := source.recv(65536):
                allowed, is_cut = self._allowed(way, len(data))
                heard += data[:allowed]
                sink.sendall(data[:allowed])
                if is_cut:
                    break
        except OSError:
            pass
        for end in (source, sink):
            _shut(end)

    def _allowed(self, way: Way, count: int) -> tuple[int, bool]:
        with self._lock:
            before = self.carried[way]
            self.carried[way] += count
            if self._cut is None or self._cut.way != way:
                return count, False
            left = max(0, self._cut.after_bytes - before)
            return min(count, left), count >= left

    def _end_all(self) -> None:
        self._hang_up()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _hang_up(self) -> None:
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            _shut(end)
            end.close()


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
