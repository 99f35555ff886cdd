"""Nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
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
        self._lock_ms = lock_minutes * _MINUTE_MS
        self._visit_lock_ms = visit_minutes * _MINUTE_MS
        self.locking = _once(self, self._lock_ms)
        self.locking.timeout.connect(self.away)
        self.hiding = _once(self, HIDE_AFTER_MS)
        self.hiding.timeout.connect(self.away_in_visit)
        application.installEventFilter(self)

    def start(self) -> None:
        """Watch from now."""
        self.locking.start()

    def stop(self) -> None:
        """Nothing is open that could be seen."""
        self.locking.stop()
        self.hiding.stop()

    def watch_visit(self, *, is_open: bool, is_shown: bool) -> None:
        """Whether a visit is open, and whether it is on the screen or behind the white page.

        Hiding it does not begin the wait for the lock anew: nobody has come back by that.
        """
        lock_ms = self._visit_lock_ms if is_open else self._lock_ms
        if lock_ms != self.locking.interval():
            self.locking.setInterval(lock_ms)  # a wait under way begins anew
        if is_shown:
            self.hiding.start()
        else:
            self.hiding.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: somebody is there."""
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
