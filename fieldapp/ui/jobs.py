"""Work off the UI thread: a lane for storage, a lane for the network, one thread each.

The runner owns the only Qt signal that a lane emits, so no Qt object dies in the background. A
result whose owner was closed meanwhile is dropped; the work itself is done all the same.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

from fieldapp.errors import FieldAppError, StoreDamaged
from fieldapp.messages import message_for

T = TypeVar("T")
#: Long enough for any commit or request that is under way when the window closes.
SHUT_DOWN_MS = 120_000


class Lane(Enum):
    """Which thread works."""

    STORAGE = "storage"
    NETWORK = "network"


class Job:
    """A piece of work under way: it can be asked to stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop where it next looks."""
        self._stop.set()

    def is_cancelled(self) -> bool:
        """Whether it was asked to; work that may be stopped is given this function."""
        return self._stop.is_set()


@dataclass(frozen=True, slots=True)
class _Ticket(Generic[T]):
    """Who waits for a result. Stays on the UI thread: the lane knows its number only."""

    owner: QObject
    on_done: Callable[[T], None] | None
    on_error: Callable[[FieldAppError], None] | None


class Jobs(QObject):
    """Starts work and brings it home to the UI thread."""

    #: An error that the worker can act on, which its owner did not take: owner, Message.
    trouble = Signal(object, object)
    #: The store has a page that cannot be read, whoever met it.
    damaged = Signal()
    _arrived = Signal(int, object, object)
    _posted = Signal(object, object)

    def __init__(
        self, *, unexpected: Callable[[BaseException], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._unexpected = unexpected
        self._numbers = itertools.count(1)
        self._tickets: dict[int, _Ticket[Any]] = {}
        self._posts: dict[int, tuple[QObject, Callable[[Any], None]]] = {}
        self._is_shut = False
        self._lanes = {lane: self._lane() for lane in Lane}
        self._arrived.connect(self._bring_home, Qt.ConnectionType.QueuedConnection)
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        work: Callable[[], T],
        *,
        owner: QObject,
        on_done: Callable[[T], None] | None = None,
        on_error: Callable[[FieldAppError], None] | None = None,
        lane: Lane = Lane.STORAGE,
    ) -> None:
        """Do `work` on a lane, then call `on_done` with its result on the UI thread.

        A FieldAppError goes to `on_error`, or as a Message to `trouble`; anything else is our
        defect and goes to `unexpected`. Nothing is called once `owner` is gone.
        """
        if self._is_shut:
            # A pool destroyed at work waits for it holding the interpreter: both would stand still.
            return
        number = next(self._numbers)
        self._tickets[number] = _Ticket(owner, on_done, on_error)
        self._lanes[lane].start(lambda: self._work(number, work))

    def reporter(self, owner: QObject, tell: Callable[[T], None]) -> Callable[[T], None]:
        """A function that a lane may call with news; `tell` hears it on the UI thread."""
        number = next(self._numbers)
        self._posts[number] = (owner, tell)

        def post(news: T) -> None:
            self._posted.emit(number, news)

        return post

    def is_idle(self) -> bool:
        """Whether nothing is under way and everything has been brought home."""
        return not self._tickets

    def wait(self, lane: Lane) -> None:
        """Wait until a lane has nothing left to do; results still come home by events."""
        self._lanes[lane].waitForDone(SHUT_DOWN_MS)

    def shut_down(self) -> None:
        """Wait for what is under way, forget who wanted to hear of it, and start nothing more."""
        self._is_shut = True
        for lane in Lane:
            self.wait(lane)
        self._tickets.clear()
        self._posts.clear()

    def _lane(self) -> QThreadPool:
        pool = QThreadPool(self)
        pool.setMaxThreadCount(1)
        # The lane keeps its thread for life: a store's connection belongs to the thread.
        pool.setExpiryTimeout(-1)
        return pool

    def _work(self, number: int, work: Callable[[], Any]) -> None:
        try:
            result, error = work(), None
        except BaseException as raised:  # noqa: BLE001 - it goes home and is told there
            result, error = None, raised
        self._arrived.emit(number, result, error)

    @Slot(int, object, object)
    def _bring_home(self, number: int, result: Any, error: BaseException | None) -> None:
        ticket = self._tickets.pop(number, None)
        if error is not None and not isinstance(error, FieldAppError):
            self._unexpected(error)
        if isinstance(error, StoreDamaged):
            self.damaged.emit()
        if ticket is None or not isValid(ticket.owner):
            return
        if error is None:
            if ticket.on_done is not None:
                ticket.on_done(result)
        elif isinstance(error, FieldAppError):
            if ticket.on_error is not None:
                ticket.on_error(error)
            else:
                self.trouble.emit(ticket.owner, message_for(error))

    @Slot(object, object)
    def _deliver(self, number: int, news: Any) -> None:
        owner, tell = self._posts.get(number, (None, None))
        if tell is not None and isValid(owner):
            tell(news)
