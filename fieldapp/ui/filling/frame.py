"""Title bar and foot of a form: what it is, where the words are, where to go."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.text import Text, ground
from fieldapp.ui.words import and_name


class TitleBar(QWidget):
    """Form, whom it is about (masked), when it began; language, 가리기, 나가기."""

    language_requested = Signal()
    hide_requested = Signal()
    respondent_requested = Signal()
    part_requested = Signal()
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFixedHeight(t.TOP_BAR_PX)
        self.title = Text("", "section", wraps=False)
        self.subject = Text("", "section", wraps=False)
        self.remark = Text("", "label", tone="hint", wraps=False)
        self.cover = Button.of(commands.HIDE, "text")
        self.respondent = Button.of(commands.RESPONDENT, "text")
        self.language = Button("", "text", tool=True)
        self.part = Button.of(commands.KEEP_PART, "text")
        self.leave = Button(self.tr("나가기"), "text", key=commands.LEAVE.key_text(), tool=True)
        for button in (self.respondent, self.part, self.language, self.cover, self.leave):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.language.clicked.connect(self.language_requested)
        self.cover.clicked.connect(self.hide_requested)
        self.respondent.clicked.connect(self.respondent_requested)
        self.respondent.hide()
        self.part.clicked.connect(self.part_requested)
        self.part.hide()
        self.leave.clicked.connect(self.leave_requested)
        self.subject.hide()
        self.cover.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(t.S16, 0, t.S8, 0)
        layout.setSpacing(t.S12)
        layout.addWidget(self.title)
        layout.addWidget(self.subject)
        layout.addWidget(self.remark)
        layout.addStretch(1)
        layout.addWidget(self.respondent)
        layout.addWidget(self.part)
        layout.addWidget(self.language)
        layout.addWidget(self.cover)
        layout.addWidget(self.leave)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a narrow window the words of the buttons are enough."""
        super().resizeEvent(event)
        has_room = event.size().width() >= t.STACK_UNDER_PX
        self.remark.setVisible(has_room)
        for button in (self.respondent, self.cover, self.leave):
            button.show_key(has_room)

    def show_title(
        self,
        title: str,
        remark: str,
        next_language: str | None,
        subject: str = "",
        *,
        is_survey: bool = False,
        is_joint: bool = False,
    ) -> None:
        """`next_language` is the one that the button switches to; None hides it.

        subject: whom it is about, masked; with one it is a visit, and can be covered at once.
        is_survey: it can be handed to a respondent. is_joint: two people fill it, each a part.
        """
        self.title.show_text(title)
        self.subject.show_text(subject)
        self.subject.setVisible(bool(subject))
        self.cover.setVisible(bool(subject))
        self.respondent.setVisible(is_survey)
        self.part.setVisible(is_joint)
        self.part.setEnabled(is_joint)
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
    note_requested = Signal()
    photo_requested = Signal()
    add_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFixedHeight(t.FOOT_PX)
        self.saved = Text("", "note", tone="hint", wraps=False)
        self.left = Text("", "note", tone="hint", wraps=False)
        self.differing = Text("", "note", tone="warning", wraps=False)
        self.retry = Button(self.tr("다시 저장"), "danger", tool=True)
        self.previous = Button.of(commands.PREVIOUS, "text")
        self.next = Button.of(commands.NEXT, "outlined")
        self.note = Button(self.tr("근거"), "text", key=commands.NOTE.key_text())
        self.photo = Button.of(commands.PHOTO, "text")
        self.add = Button(self.tr("개선사항"), "text", key=commands.ADD.key_text())
        self.main = Button.of(commands.FINISH, "primary")
        self.retry.hide()
        self.differing.hide()
        self.retry.clicked.connect(self.retry_requested)
        self.previous.clicked.connect(self.previous_requested)
        self.next.clicked.connect(self.next_requested)
        self.main.clicked.connect(self.main_requested)
        self.note.clicked.connect(self.note_requested)
        self.photo.clicked.connect(self.photo_requested)
        self.add.clicked.connect(self.add_requested)
        for button in (self.note, self.photo, self.add):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(t.S16, 0, t.S16, 0)
        layout.setSpacing(t.S8)
        self.left.setContentsMargins(0, 0, t.S8, 0)
        layout.addWidget(self.saved)
        layout.addWidget(self.retry)
        layout.addWidget(self.left)
        layout.addWidget(self.differing)
        layout.addStretch(1)
        for button in (self.note, self.photo, self.add, self.previous, self.next, self.main):
            layout.addWidget(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: in a narrow window the words of the buttons are enough."""
        super().resizeEvent(event)
        has_room = event.size().width() >= t.STACK_UNDER_PX
        for button in (self.note, self.photo, self.add, self.previous, self.next, self.main):
            button.show_key(has_room)

    def show_asking(self, left_over: int, *, scored: tuple[int, int] | None = None) -> None:
        """While questions are asked. scored: on a checklist, its lines answered and all."""
        words = (
            self.tr("남은 필수 문항 %s") % left_over
            if left_over
            else self.tr("필수 문항을 모두 적음")
        )
        if scored is not None:
            words = f"{scored[0]}/{scored[1]}, {words}"
        self.left.show_text(words)
        self.left.show_tone("hint")
        for button in (self.note, self.photo, self.add):
            button.setVisible(scored is not None)
        self.previous.setVisible(scored is None)
        self.next.setVisible(scored is None)
        self.previous.show_label(commands.PREVIOUS.title())
        self.main.show_label(commands.FINISH.title())

    def show_reading(self) -> None:
        """While the answers are read back."""
        self.left.show_text("")
        for button in (self.note, self.photo, self.add, self.next):
            button.hide()
        self.previous.show()
        self.previous.show_label(self.tr("고치기"))
        self.main.show_label(self.tr("완료"))

    def show_differing(self, counts: Mapping[str, int]) -> None:
        """How many answers a colleague gave otherwise; they are settled at 주고받기."""
        said = [
            self.tr("%s 다른 답 %d") % (and_name(name), count) for name, count in counts.items()
        ]
        self.differing.show_text(", ".join(said))
        self.differing.setVisible(bool(said))

    def show_remark(self, remark: str) -> None:
        """What a key could not do here; the next step takes it away."""
        self.left.show_text(remark)
        self.left.show_tone("warning")

    def show_saved(self, words: str) -> None:
        """Where the words are."""
        self.saved.show_text(words)
        self.saved.setVisible(bool(words))
        self.saved.show_tone("hint")
        self.retry.hide()

    def show_save_failed(self, words: str) -> None:
        """Words that may be lost: the one thing here that is red."""
        self.saved.show_text(f"▲ {words}")
        self.saved.show()
        self.saved.show_tone("danger")
        self.retry.show()
