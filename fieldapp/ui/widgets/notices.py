"""What a page says about itself: banner, toast, empty page, progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fieldapp.messages import Message
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.text import Text, restyle

_SENTENCE_PX = 560
Meaning = Literal["danger", "warning", "success", "info"]
TOAST_MS = 5_000
#: Progress is silent for this long: most work is over before (ux §3).
PROGRESS_TEXT_AFTER_MS = 400


class Banner(QFrame):
    """One thing to know on this page, with one button. Stays until it is answered."""

    acted = Signal()

    def __init__(self, *, strip: bool = False) -> None:
        """`strip`: across the whole page, from edge to edge."""
        super().__init__()
        self.setProperty("strip", strip)
        self._text = Text("", "body")
        self.button = Button("", "outlined", tool=True)
        self.button.clicked.connect(self._act)
        self._deed: Callable[[], None] | None = None
        layout = QHBoxLayout(self)
        # Across a page the button ends where those of the page do.
        layout.setContentsMargins(t.S16, t.S8, t.S16 if strip else t.S8, t.S8)
        layout.setSpacing(t.S16)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_notice(
        self,
        text: str,
        meaning: Meaning = "info",
        *,
        button: str = "",
        key: str = "",
        deed: Callable[[], None] | None = None,
        takes_focus: bool = False,
    ) -> None:
        """Say one thing; `button` names the deed that answers it."""
        self.setProperty("banner", meaning)
        restyle(self)
        self._text.show_text(text)
        self._text.show_tone(meaning)
        self.setAccessibleName(text)
        self._deed = deed
        self.button.show_label(button, key)
        self.button.setVisible(bool(button))
        self.show()
        if takes_focus and button:
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_message(self, message: Message) -> None:
        """A trouble in its three sentences; red only where words may be lost."""
        self.show_notice(
            f"{message.happened}\n{message.safe} {message.next}",
            "warning",
            button=self.tr("닫기"),
            deed=self.hide,
        )

    def words(self) -> str:
        """What it says, empty when it is not shown."""
        return "" if self.isHidden() else self._text.words()

    def _act(self) -> None:
        if self._deed is not None:
            self._deed()
        self.acted.emit()


class Toast(QFrame):
    """Something done that can be undone: bottom centre, 5 s, paused under the pointer or focus."""

    def __init__(self, window: QWidget, *, above_px: int = t.STATUS_PX) -> None:
        """above_px: how high what it must not cover is, at the foot of the window."""
        super().__init__(window)
        self.setProperty("toast", "true")
        self._above_px = above_px
        self._text = Text("", "body", wraps=False)
        self.button = Button("", "outlined", tool=True)
        self.button.clicked.connect(self._undo)
        self._deed: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TOAST_MS)
        self._timer.timeout.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(t.S16, t.S8, t.S8, t.S8)
        layout.setSpacing(t.S16)
        layout.addWidget(self._text)
        layout.addWidget(self.button)
        for part in (self, self.button):
            part.installEventFilter(self)
        self.hide()

    def show_done(self, text: str, *, undo: str, deed: Callable[[], None], key: str = "") -> None:
        """Say what was done and offer to undo it, also by a key."""
        self._text.show_text(text)
        self.button.show_label(undo, key)
        self._deed = deed
        self.adjustSize()
        window = self.parentWidget()
        if window is not None:
            self.move(
                (window.width() - self.width()) // 2,
                window.height() - self._above_px - t.S16 - self.height(),
            )
        self.show()
        self.raise_()
        self._timer.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: the clock stands still while somebody is looking."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self._timer.stop()
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut) and self.isVisible():
            self._timer.start()
        return False

    def _undo(self) -> None:
        self.hide()
        if self._deed is not None:
            self._deed()


class EmptyPage(QWidget):
    """An empty screen says the first thing to do, in one sentence and one button."""

    acted = Signal()

    def __init__(
        self, sentence: str, button: Button | None = None, *, width_px: int = _SENTENCE_PX
    ) -> None:
        """width_px: how wide the sentence is laid out; less where the page is narrow."""
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(t.S24, t.S24, t.S24, t.S24)
        layout.setSpacing(t.S16)
        self.sentence = Text(sentence, "section")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMinimumWidth(width_px)
        layout.addStretch(2)
        layout.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        if button is not None:
            button.clicked.connect(self.acted)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)


class ProgressRow(QWidget):
    """A line of text with a number and a bar, always with 멈춤."""

    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text = Text("", "body", wraps=False)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stop = Button(self.tr("멈춤"), "outlined", key="Esc", tool=True)
        self._stop.clicked.connect(self.stop_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S12)
        layout.addWidget(self._text)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._stop)
        self.hide()

    def show_progress(self, doing: str, done: int, total: int | None) -> None:
        """`보내는 중 12/40`; without a total the bar says only that work goes on."""
        count = f"{done:,}/{total:,}" if total else f"{done:,}" if done else ""
        self._text.show_text(f"{doing} {count}".strip())
        self._bar.setRange(0, total or 0)
        self._bar.setValue(min(done, total) if total else 0)
        self._bar.setAccessibleName(self._text.words())
        self.show()

    def words(self) -> str:
        """What it says."""
        return "" if self.isHidden() else self._text.words()
