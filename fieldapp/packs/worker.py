"""The process in which pyxform runs: its own memory, its own time, nothing to lose.

A workbook that makes pyxform loop or swallow memory ends this process, never the app. The parent
speaks to it over a pipe in JSON, so that nothing that hostile input touched is ever unpickled.
Started by `multiprocessing` with spawn; a frozen app calls `freeze_support()` first.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.context import SpawnProcess
from typing import Final, Protocol, Self

import msgspec

from fieldapp.packs.conversion import Converted, Kind, Stopped, convert, prepare
from fieldapp.packs.limits import begin_task, end_task, limit_memory, ran_out_of_time

#: Of the processor's time, for one workbook.
TIME_LIMIT_S: Final = 20.0
#: By the clock, start of the process included: a process that waits for ever uses no processor.
WAIT_LIMIT_S: Final = 180.0
MEMORY_LIMIT_BYTES: Final = 2 * 1024**3
#: A form of 50,000 choices is 10 MB; what is larger than this no laptop opens.
ANSWER_LIMIT_BYTES: Final = 128 * 1024**2
#: pyxform keeps what it has parsed: a process that has converted so many makes room for a new one.
MOST_WORKBOOKS: Final = 200

#: The exit code by which the process says that its memory did not suffice.
_IS_FULL: Final = 3
_LAST_WORD_S: Final = 1.0


def convert_apart(
    workbook: bytes,
    kind: Kind = ".xlsx",
    *,
    time_limit_s: float = TIME_LIMIT_S,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
) -> Converted | Stopped:
    """`convert` in a process of its own, ended when it takes more time or memory than it may.

    time_limit_s: of the processor's time.
    """
    with PackWorker(time_limit_s=time_limit_s, memory_limit_bytes=memory_limit_bytes) as worker:
        return worker(workbook, kind)


class _Pipe(Protocol):
    """One end of a pipe; a class of another name on each system."""

    def send_bytes(self, buf: bytes, /) -> None: ...

    def recv_bytes(self, maxlength: int | None = None, /) -> bytes: ...

    def close(self) -> None: ...


class PackWorker:
    """One process for several workbooks: starting it and pyxform takes longer than a conversion.

        with PackWorker() as worker:
            packs = [read_pack(content, name, converter=worker) for name, content in files]

    Nothing starts before the first workbook or `warm`. One that ends the process does not keep the
    next one from being converted: that starts another. Used by one thread; `cancel` by any.
    """

    def __init__(
        self,
        *,
        time_limit_s: float = TIME_LIMIT_S,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
        wait_limit_s: float = WAIT_LIMIT_S,
    ) -> None:
        self._time_limit_s = time_limit_s
        self._wait_limit_s = wait_limit_s
        self._memory_limit_bytes = memory_limit_bytes
        self._process: SpawnProcess | None = None
        self._pipe: _Pipe | None = None
        self._converted = 0
        self._is_cancelled = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, workbook: bytes, kind: Kind = ".xlsx") -> Converted | Stopped:
        """Convert one workbook; both limits of time are for each."""
        is_late = threading.Event()
        process, pipe = self._started()
        if self._is_cancelled.is_set():
            return self._stopped(is_late)

        def end_late() -> None:
            is_late.set()
            process.kill()

        watch = threading.Timer(self._wait_limit_s, end_late)
        watch.daemon = True
        watch.start()
        try:
            pipe.send_bytes(kind.encode())
            pipe.send_bytes(workbook)
            answer = msgspec.json.decode(pipe.recv_bytes(ANSWER_LIMIT_BYTES), type=Converted)
        except (EOFError, OSError, msgspec.DecodeError):
            return self._stopped(is_late)
        finally:
            watch.cancel()
        self._converted += 1
        # The limit may have passed between the answer and here.
        if is_late.is_set() or self._converted >= MOST_WORKBOOKS:
            self._end()
        return answer

    def warm(self) -> None:
        """Start the process ahead of the first workbook; returns at once."""
        self._started()

    def cancel(self) -> None:
        """End the conversion under way, and refuse all that follow until `close`.

        The one who waits for it gets `Stopped(is_cancelled=True)` at once. From any thread.
        """
        self._is_cancelled.set()
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process, if there is one."""
        self._end()
        self._is_cancelled.clear()

    def _end(self, *, grace_s: float = 0) -> int | None:
        """End the process and return its exit code."""
        if self._pipe is not None:
            self._pipe.close()
        code = None
        if self._process is not None:
            self._process.join(grace_s)
            self._process.kill()
            self._process.join()
            code = self._process.exitcode
        self._process = self._pipe = None
        self._converted = 0
        return code

    def _stopped(self, is_late: threading.Event) -> Stopped:
        # One that is ending by itself gets the time to say why.
        code = self._end(grace_s=_LAST_WORD_S)
        if self._is_cancelled.is_set():
            return Stopped(is_cancelled=True)
        return Stopped(is_late=is_late.is_set() or ran_out_of_time(code), is_full=code == _IS_FULL)

    def _started(self) -> tuple[SpawnProcess, _Pipe]:
        if self._process is not None and self._pipe is not None:
            return self._process, self._pipe
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve,
            args=(theirs, self._memory_limit_bytes, self._time_limit_s),
            name="fieldapp-pack-worker",
            daemon=True,
        )
        process.start()
        theirs.close()
        self._process, self._pipe = process, ours
        return process, ours


def _serve(connection: _Pipe, memory_limit_bytes: int, time_limit_s: float) -> None:
    _keep_quiet()
    try:
        limit_memory(memory_limit_bytes)
        prepare()
        while True:
            _answer(connection, time_limit_s)
    except MemoryError:
        # No answer is an answer: the parent sees the pipe closed.
        os._exit(_IS_FULL)
    except (EOFError, OSError):
        os._exit(1)


def _answer(connection: _Pipe, time_limit_s: float) -> None:
    kind = msgspec.convert(connection.recv_bytes().decode(), Kind)
    workbook = connection.recv_bytes()
    begin_task(time_limit_s)
    answer = msgspec.json.encode(convert(workbook, kind))
    end_task()
    if len(answer) > ANSWER_LIMIT_BYTES:
        raise MemoryError
    connection.send_bytes(answer)


def _keep_quiet() -> None:
    """Whatever a library prints here may quote the workbook; nobody reads it."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
