"""The one place that puts text on the clipboard: nothing of a household stays there.

Histories of clipboards are asked to leave it out, and it is taken back after a minute, at lock and
at close. A paste made before that is where the worker put it, and no longer ours to take.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

#: Issue 5: what was copied for another program is gone after this.
CLEAR_AFTER_MS = 60_000
_WINDOWS = 'application/x-qt-windows-mime;value="%s"'
#: What programs that keep a history look for before they take a copy. The Windows names are from
#: "Cloud Clipboard and Clipboard History Formats" (each of the last two a DWORD of 0), the others
#: from Klipper and from nspasteboard.org.
MARKS: dict[str, bytes] = {
    _WINDOWS % "ExcludeClipboardContentFromMonitorProcessing": b"1",
    _WINDOWS % "CanIncludeInClipboardHistory": bytes(4),
    _WINDOWS % "CanUploadToCloudClipboard": bytes(4),
    "x-kde-passwordManagerHint": b"secret",
    "application/x-nspasteboard-concealed-type": b"1",
}


class ShortLived(QObject):
    """What this app has put on the clipboard, for as long as it may stay there."""

    def __init__(self, parent: QObject | None = None, clear_after_ms: int = CLEAR_AFTER_MS) -> None:
        super().__init__(parent)
        self._text = ""
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(clear_after_ms)
        self.timer.timeout.connect(self.clear)

    def put(self, text: str) -> None:
        """Let the next paste be this text, until the minute is over."""
        content = QMimeData()
        content.setText(text)
        for name, value in MARKS.items():
            content.setData(name, QByteArray(value))
        QGuiApplication.clipboard().setMimeData(content)
        self._text = text
        self.timer.start()

    def clear(self) -> None:
        """Take it back, unless something else was copied since."""
        self.timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._text and clipboard.text() == self._text:
            clipboard.clear()
        self._text = ""

    def clear_everything(self) -> None:
        """Take back whatever came from this app, a word copied out of a field included."""
        self.clear()
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsClipboard():
            clipboard.clear()


def put(text: str) -> None:
    """Let the next paste be this text, for a minute."""
    of_this_app().put(text)


def of_this_app() -> ShortLived:
    """The clipboard's one keeper in this process; it ends with the application."""
    application = QGuiApplication.instance()
    keeper = application.findChild(ShortLived) if application is not None else None
    return keeper or ShortLived(application)
