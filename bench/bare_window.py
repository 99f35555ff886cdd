"""The floor of a start: a PySide6 window with nothing in it. Prints when it had painted."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class Window(QWidget):
    """Tells once that it painted."""

    def paintEvent(self, _: QPaintEvent) -> None:
        """Qt: the backing store is flushed when this returns."""
        QTimer.singleShot(0, self._tell)

    def _tell(self) -> None:
        now = time.monotonic()
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        print(json.dumps({"window_at": now, "window_rss": pages * 4096}), flush=True)
        QApplication.exit()


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    window = Window()
    window.resize(1280, 800)
    window.show()
    sys.exit(application.exec())
