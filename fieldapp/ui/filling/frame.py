"""Title bar and foot of a form: what it is, where the words are, where to go."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.text import Text, ground


class TitleBar(QWidget):
    """Form, language, 나가기."""

    language_requested = Signal()
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFixedHeight(t.TOP_BAR_PX)
        self.title = Text("", "section", wraps=False)
        self.remark = Text("", "label", tone="hint", wraps=False)
        self.language = Button("", "text", tool=True)
        self.leave = Button(self.tr("나가기"), "text", key=commands.LEAVE.key_text(), tool=True)
        for button in (self.language, self.leave):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.language.clicked.connect(self.language_requested)
        self.leave.clicked.connect(self.leave_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(t.S16, 0, t.S8, 0)
        layout.setSpacing(t.S12)
        layout.addWidget(self.title)
        layout.addWidget(self.remark)
        layout.addStretch(1)
        layout.addWidget(self.language)
        layout.addWidget(self.leave)

    def show_title(self, title: str, remark: str, next_language: str | None) -> None:
        """`next_language` is the one that the button switches to; None hides it."""
        self.title.show_text(title)
        self.remark.show_text(remark)
        self.language.setVisible(next_language is not None)
        if next_language is not None:
            self.language.show_label(next_language.partition(" (")[0])
            self.language.setToolTip(commands.LANGUAGE.key_text())


class Foot(QWidget):
    """Saved, how many are left; 이전, 다음, and the one blue button."""

    previous_requested = Signal()
    next_requested = Signal()
    main_requested = Signal()
    retry_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFixedHeight(t.FOOT_PX)
        self.saved = Text("", "note", tone="hint", wraps=False)
        self.left = Text("", "note", tone="hint", wraps=False)
        self.retry = Button(self.tr("다시 저장"), "danger", tool=True)
        self.previous = Button.of(commands.PREVIOUS, "text")
        self.next = Button.of(commands.NEXT, "outlined")
        self.main = Button.of(commands.FINISH, "primary")
        self.retry.hide()
        self.retry.clicked.connect(self.retry_requested)
        self.previous.clicked.connect(self.previous_requested)
        self.next.clicked.connect(self.next_requested)
        self.main.clicked.connect(self.main_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(t.S16, 0, t.S16, 0)
        layout.setSpacing(t.S8)
        layout.addWidget(self.saved)
        layout.addWidget(self.retry)
        layout.addSpacing(t.S8)
        layout.addWidget(self.left)
        layout.addStretch(1)
        for button in (self.previous, self.next, self.main):
            layout.addWidget(button)

    def show_asking(self, left_over: int) -> None:
        """While questions are asked."""
        words = (
            self.tr("남은 필수 문항 %s") % left_over
            if left_over
            else self.tr("필수 문항을 모두 적음")
        )
        self.left.show_text(words)
        self.next.show()
        self.previous.show_label(commands.PREVIOUS.title())
        self.main.show_label(commands.FINISH.title())

    def show_reading(self) -> None:
        """While the answers are read back."""
        self.left.show_text("")
        self.next.hide()
        self.previous.show_label(self.tr("고치기"))
        self.main.show_label(self.tr("완료"))

    def show_saved(self, words: str) -> None:
        """Where the words are."""
        self.saved.show_text(words)
        self.saved.show_tone("hint")
        self.retry.hide()

    def show_save_failed(self, words: str) -> None:
        """Words that may be lost: the one thing here that is red."""
        self.saved.show_text(f"▲ {words}")
        self.saved.show_tone("danger")
        self.retry.show()
