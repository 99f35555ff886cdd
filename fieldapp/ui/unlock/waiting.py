"""How long a profile still waits after wrong passwords, told second by second."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal

_MINUTE_S = 60


class Waits(QObject):
    """The waits of the profiles in the window; the store keeps the truth, this only tells it."""

    #: A second passed, or the wait is over.
    passed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._until: dict[str, QDeadlineTimer] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(1_000)
        self._timer.timeout.connect(self._pass)

    def begin(self, profile: str, seconds: int) -> None:
        """This profile waits so long from now on."""
        self._until[profile] = QDeadlineTimer(seconds * 1_000)
        self._timer.start()
        self.passed.emit()

    def left_s(self, profile: str | None) -> int:
        """Seconds until the profile's next password is tried, rounded up; 0: it is tried now."""
        until = self._until.get(profile or "")
        return -(-until.remainingTime() // 1_000) if until is not None else 0

    def words(self, profile: str | None) -> str:
        """What is left, as a sentence; empty when nothing is."""
        minutes, seconds = divmod(self.left_s(profile), _MINUTE_S)
        if minutes:
            return self.tr("%d분 %d초 뒤에 다시 해 보세요.") % (minutes, seconds)
        return self.tr("%d초 뒤에 다시 해 보세요.") % seconds if seconds else ""

    def end(self) -> None:
        """Nobody waits any more: a profile was opened."""
        self._until.clear()
        self._pass()

    def _pass(self) -> None:
        self._until = {who: until for who, until in self._until.items() if not until.hasExpired()}
        if not self._until:
            self._timer.stop()
        self.passed.emit()
