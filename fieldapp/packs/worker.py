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
from typing import Final

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
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_serve, args=(theirs, memory_limit_bytes), name="fieldapp-pack-worker", daemon=True
    )
    is_late = threading.Event()

    def end_late() -> None:
        is_late.set()
        process.kill()

    process.start()
    theirs.close()
    watch = threading.Timer(time_limit_s, end_late)
    watch.daemon = True
    watch.start()
    try:
        ours.send_bytes(workbook)
        return msgspec.json.decode(ours.recv_bytes(), type=Converted)
    except (EOFError, OSError, msgspec.DecodeError):
        return Stopped(is_late=is_late.is_set())
    finally:
        watch.cancel()
        ours.close()
        process.kill()
        process.join()


def _serve(connection: Connection, memory_limit_bytes: int) -> None:
    _keep_quiet()
    _limit_memory(memory_limit_bytes)
    try:
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
