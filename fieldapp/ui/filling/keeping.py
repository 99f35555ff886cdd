"""The draft, at most two seconds behind the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

#: Half a second is left for the storage lane.
KEEP_AFTER_MS = 1_500


class DraftKeeper(QObject):
    """Says when a snapshot is due: 1.5 s after the first unsaved key, or at once."""

    snapshot_due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(self.snapshot_due)
        self._is_dirty = False

    def is_dirty(self) -> bool:
        """Whether something was typed since the last snapshot."""
        return self._is_dirty

    def touch(self) -> None:
        """Something was typed. A running timer runs on: it counts from the first unsaved key."""
        self._is_dirty = True
        if not self._timer.isActive():
            self._timer.start()

    def now(self) -> None:
        """The question changed, or the worker leaves: keep what is unsaved without waiting."""
        if self._is_dirty:
            self._timer.stop()
            self.snapshot_due.emit()

    def taken(self) -> None:
        """A snapshot was taken."""
        self._is_dirty = False
        self._timer.stop()

    def stop(self) -> None:
        """Nothing is open any more."""
        self.taken()
