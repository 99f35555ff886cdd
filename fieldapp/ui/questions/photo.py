"""A picture: from a file (F3), from the clipboard (Ctrl+V), shown small, taken away by Delete."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from fieldapp.errors import FieldAppError, PictureRefused
from fieldapp.messages import message_for
from fieldapp.ui import tokens as t
from fieldapp.ui.questions import pictures
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.passed import PassedByEnter
from fieldapp.ui.widgets.text import Text

_THUMBNAIL_PX = 96


class Thumbnail(QLabel):
    """A kept picture, small. Read once a name, and gone with its page: none outlives a lock."""

    def __init__(self, aids: Aids, longest_px: int = _THUMBNAIL_PX) -> None:
        super().__init__()
        self._aids = aids
        self._longest_px = longest_px
        self._name = ""

    def show_name(self, name: str, label: str) -> bool:
        """Show the picture of an answer. False: it is not on this laptop, or is no picture."""
        if name == self._name and not self.pixmap().isNull():
            return True
        self._name = name
        image = _small(self._aids, name, self._longest_px) if name else QImage()
        self.setPixmap(QPixmap.fromImage(image))
        self.setAccessibleName(label)
        self.setVisible(not image.isNull())
        return not image.isNull()


def _small(aids: Aids, name: str, longest_px: int) -> QImage:
    try:
        return pictures.thumbnail(aids.read_file(name), longest_px)
    except FieldAppError:
        return QImage()


class PhotoAnswer(QuestionWidget):
    """One picture. The widget keeps nothing: bytes go out, the name of what was kept comes in."""

    def __init__(self, aids: Aids, *, compact: bool = False) -> None:
        """`compact`: beside a note in a checklist."""
        super().__init__()
        self._aids = aids
        self._value = ""
        self._longest_px = aids.longest_px
        self._is_readonly = False
        self.thumbnail = Thumbnail(aids, t.TOOL_PX if compact else _THUMBNAIL_PX)
        self.choose_button = PassedByEnter(self.tr("사진"), "outlined", key="F3", tool=True)
        self.clear_button = PassedByEnter(self.tr("빼기"), "text", key="Delete", tool=True)
        self.fetch_button = PassedByEnter(self.tr("내려받기"), "outlined", tool=True)
        self._said = Text("", "label", tone="hint", wraps=not compact)
        self.choose_button.clicked.connect(self.choose)
        self.clear_button.clicked.connect(self.clear)
        self.fetch_button.clicked.connect(self.fetch)
        self.fetch_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.choose_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.choose_button)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(t.S8)
        line.addWidget(self.thumbnail)
        line.addWidget(self.choose_button)
        line.addWidget(self.clear_button)
        line.addWidget(self.fetch_button)
        line.addWidget(self._said, 0 if compact else 1)
        line.addStretch(0 if compact else 1)
        for part in (self.thumbnail, self.clear_button, self.fetch_button, self._said):
            part.hide()
        self.watch_focus()

    def show_question(self, question: Asked) -> None:
        """The picture that stands there, or how to give one."""
        self._value = question.value
        self._longest_px = pictures.longest_edge(
            question.attribute("max-pixels"), self._aids.longest_px
        )
        self._is_readonly = question.is_readonly
        is_seen = self.thumbnail.show_name(question.value, question.label)
        self.choose_button.show_label(self.tr("바꾸기") if question.value else self.tr("사진"))
        self.choose_button.setEnabled(not question.is_readonly)
        self.choose_button.setAccessibleName(question.label)
        self.clear_button.setVisible(bool(question.value) and not question.is_readonly)
        self.clear_button.setAccessibleName(self.tr("%s 빼기") % question.label)
        gone = bool(question.value) and not is_seen
        self.fetch_button.setVisible(gone and self._aids.fetch_file is not None)
        self.fetch_button.setAccessibleName(self.tr("%s 내려받기") % question.label)
        self._say(self.tr("사진은 이 노트북에 없습니다.") if gone else "")

    def focus_box(self) -> QWidget:
        """The button that takes the keys."""
        return self.choose_button

    def take(self) -> None:
        """F3: choose a file where none is, else put the keys here."""
        self.choose_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self._value:
            self.choose()

    def choose(self) -> None:
        """Ask for a file and hand its picture out."""
        path = None if self._is_readonly else self._aids.choose_picture(self)
        if path is not None:
            self._hand_out(lambda: pictures.picture_from_file(path, self._longest_px))

    def paste(self) -> None:
        """Take the picture of the clipboard."""
        if not self._is_readonly:
            self._hand_out(
                lambda: pictures.picture_from_image(
                    QGuiApplication.clipboard().image(), self._longest_px
                )
            )

    def clear(self) -> None:
        """Take the picture away; the file itself stays as long as anything names it."""
        if self._value and not self._is_readonly:
            self.answered.emit("")

    def fetch(self) -> None:
        """Ask for the picture that another laptop took; it is shown when it comes."""
        if self._aids.fetch_file is not None:
            self.fetch_button.hide()
            self._say(self.tr("내려받는 중"))
            self._aids.fetch_file(self._value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Ctrl+V, Delete; ↑↓ walk, for the button would keep them."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not event.modifiers():
            self.clear()
        else:
            super().keyPressEvent(event)

    def said(self) -> str:
        """What stands beside the buttons."""
        return "" if self._said.isHidden() else self._said.words()

    def _hand_out(self, make: Callable[[], bytes]) -> None:
        try:
            raw = make()
        except PictureRefused as refused:
            message = message_for(refused)
            self._say(f"{message.happened} {message.next}")
            return
        self._say(self.tr("저장하는 중"))
        self.picture_taken.emit(raw, "jpg")

    def _say(self, words: str) -> None:
        self._said.show_text(words)
        self._said.setVisible(bool(words))
