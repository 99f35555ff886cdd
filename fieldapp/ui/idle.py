"""Nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QInputEvent, QInputMethodEvent
from PySide6.QtWidgets import QApplication

#: ux §4: an open visit is hidden after three minutes.
HIDE_AFTER_MS = 3 * 60 * 1000
_MINUTE_MS = 60 * 1000
_SIGNS_OF_LIFE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.InputMethod,
    QEvent.Type.TouchBegin,
}
_FROM_HANDS = (QInputEvent, QInputMethodEvent)


class IdleWatch(QObject):
    """Tells when the worker has been away: korea.md 1.2, 고시 제6조④.

    lock_minutes: until `away`; visit_minutes: the same while a visit is open, in somebody's home.
    """

    away = Signal()
    #: An open visit is on the screen and untouched, sooner than `away`.
    away_in_visit = Signal()

    def __init__(
        self,
        application: QApplication,
        parent: QObject | None = None,
        *,
        lock_minutes: int,
        visit_minutes: int,
    ) -> None:
        super().__init__(parent)
        self._defaults = (lock_minutes, visit_minutes)
        self._lock_ms = lock_minutes * _MINUTE_MS
        self._visit_lock_ms = visit_minutes * _MINUTE_MS
        self._is_visit_open = False
        self.locking = _once(self, self._lock_ms)
        self.locking.timeout.connect(self.away)
        self.hiding = _once(self, HIDE_AFTER_MS)
        self.hiding.timeout.connect(self.away_in_visit)
        self._application = application

    def default_minutes(self) -> tuple[int, int]:
        """As they were given at the start: to the lock, and while a visit is open."""
        return self._defaults

    def set_minutes(self, lock: int | None, visit: int | None) -> None:
        """As the worker at work chose; None: as it was given at the start."""
        self._lock_ms = (lock or self._defaults[0]) * _MINUTE_MS
        self._visit_lock_ms = (visit or self._defaults[1]) * _MINUTE_MS
        self._wait_as_set()

    def start(self) -> None:
        """Watch from now."""
        # Not before: every event of the application passes through the filter.
        self._application.installEventFilter(self)
        self.locking.start()

    def stop(self) -> None:
        """Nothing is open that could be seen."""
        self._application.removeEventFilter(self)
        self.locking.stop()
        self.hiding.stop()

    def watch_visit(self, *, is_open: bool, is_shown: bool) -> None:
        """Whether a visit is open, and whether it is on the screen or behind the white page.

        Hiding it does not begin the wait for the lock anew: nobody has come back by that.
        """
        self._is_visit_open = is_open
        self._wait_as_set()
        if is_shown:
            self.hiding.start()
        else:
            self.hiding.stop()

    def _wait_as_set(self) -> None:
        lock_ms = self._visit_lock_ms if self._is_visit_open else self._lock_ms
        if lock_ms != self.locking.interval():
            self.locking.setInterval(lock_ms)  # a wait under way begins anew

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: somebody is there."""
        # Thousands go by for each that a hand made; what kind of object one is, is asked quickest.
        if not isinstance(event, _FROM_HANDS):
            return False
        if self.locking.isActive() and event.type() in _SIGNS_OF_LIFE:
            self.locking.start()
            if self.hiding.isActive():
                self.hiding.start()
        return False


def _once(parent: QObject, after_ms: int) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    return timer
