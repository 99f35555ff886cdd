"""Nobody has touched keyboard or mouse for a while."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

#: korea.md 1.2, 고시 제6조④: the app locks after ten minutes.
LOCK_AFTER_MS = 10 * 60 * 1000
#: ux §4: an open visit is hidden after three minutes.
HIDE_AFTER_MS = 3 * 60 * 1000
_SIGNS_OF_LIFE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.InputMethod,
    QEvent.Type.TouchBegin,
}


class IdleWatch(QObject):
    """Tells when the worker has been away."""

    away = Signal()
    #: The same in an open visit, much sooner.
    away_in_visit = Signal()

    def __init__(self, application: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOCK_AFTER_MS)
        self._timer.timeout.connect(self.away)
        self._visit = QTimer(self)
        self._visit.setSingleShot(True)
        self._visit.setInterval(HIDE_AFTER_MS)
        self._visit.timeout.connect(self.away_in_visit)
        application.installEventFilter(self)

    def start(self) -> None:
        """Watch from now."""
        self._timer.start()

    def stop(self) -> None:
        """Nothing is open that could be seen."""
        self._timer.stop()
        self._visit.stop()

    def watch_visit(self, *, is_open: bool) -> None:
        """Whether a visit is on the screen."""
        if is_open:
            self._visit.start()
        else:
            self._visit.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: somebody is there."""
        if self._timer.isActive() and event.type() in _SIGNS_OF_LIFE:
            self._timer.start()
            if self._visit.isActive():
                self._visit.start()
        return False
