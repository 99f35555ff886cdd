"""The process in which pyxform runs: its own memory, its own time, nothing to lose.

A workbook that makes pyxform loop or swallow memory ends this process, never the app. The parent
speaks to it over a pipe in JSON, so that nothing that hostile input touched is ever unpickled.
Started by `multiprocessing` with spawn; a frozen app calls `freeze_support()` first.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final, Self

import msgspec

from fieldapp.packs.conversion import Converted, Stopped, convert

TIME_LIMIT_S: Final = 20.0
MEMORY_LIMIT_BYTES: Final = 2 * 1024**3


def convert_apart(
    workbook: bytes,
    *,
    time_limit_s: float = TIME_LIMIT_S,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
) -> Converted | Stopped:
    """`convert` in a process of its own, ended when it takes more time or memory than it may."""
    with PackWorker(time_limit_s=time_limit_s, memory_limit_bytes=memory_limit_bytes) as worker:
        return worker(workbook)


class PackWorker:
    """One process for several workbooks: starting it and pyxform takes longer than a conversion.

        with PackWorker() as worker:
            packs = [read_pack(content, name, converter=worker) for name, content in files]

    Nothing starts before the first workbook. One that ends the process does not keep the next one
    from being converted: that starts another. Not to be shared between threads.
    """

    def __init__(
        self,
        *,
        time_limit_s: float = TIME_LIMIT_S,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    ) -> None:
        self._time_limit_s = time_limit_s
        self._memory_limit_bytes = memory_limit_bytes
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, workbook: bytes) -> Converted | Stopped:
        """Convert one workbook. The time limit is for each, and includes the start of the first."""
        is_late = threading.Event()
        process, pipe = self._started()

        def end_late() -> None:
            is_late.set()
            process.kill()

        watch = threading.Timer(self._time_limit_s, end_late)
        watch.daemon = True
        watch.start()
        try:
            pipe.send_bytes(workbook)
            answer = msgspec.json.decode(pipe.recv_bytes(), type=Converted)
        except (EOFError, OSError, msgspec.DecodeError):
            self.close()
            return Stopped(is_late=is_late.is_set())
        finally:
            watch.cancel()
        # The limit may have passed between the answer and here.
        if is_late.is_set():
            self.close()
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None

    def _started(self) -> tuple[SpawnProcess, Connection]:
        if self._process is not None and self._pipe is not None:
            return self._process, self._pipe
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve,
            args=(theirs, self._memory_limit_bytes),
            name="fieldapp-pack-worker",
            daemon=True,
        )
        process.start()
        theirs.close()
        self._process, self._pipe = process, ours
        return process, ours


def _serve(connection: Connection, memory_limit_bytes: int) -> None:
    _keep_quiet()
    _limit_memory(memory_limit_bytes)
    try:
        while True:
            connection.send_bytes(msgspec.json.encode(convert(connection.recv_bytes())))
    except (MemoryError, EOFError, OSError):
        # No answer is an answer: the parent sees the pipe closed.
        os._exit(1)


def _keep_quiet() -> None:
    """Whatever a library prints here may quote the workbook; nobody reads it."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _limit_memory(limit: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
