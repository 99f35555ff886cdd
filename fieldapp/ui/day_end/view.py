"""One sentence and four lines with one button each (ux §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import clipboard, commands
from fieldapp.ui import tokens as t
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import Banner
from fieldapp.ui.widgets.rows import Item, RowList
from fieldapp.ui.widgets.text import Text, ground, rule

_LINES_PX = 560


@dataclass(frozen=True, slots=True)
class ToCopy:
    """A contact of today and its text for 행복이음."""

    record_id: str
    title: str
    text: str
    is_copied: bool


class _Line(QWidget):
    """A fact and its one button."""

    def __init__(self, button: Button) -> None:
        super().__init__()
        self.words = Text("", "answer")
        self.button = button
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, t.S4, 0, t.S4)
        layout.addWidget(self.words, 1)
        layout.addWidget(button)


class DayEndView(ScreenView):
    """Enter does what the first open line asks; Esc leads back to 오늘."""

    exchange_requested = Signal()
    tomorrow_requested = Signal()
    records_requested = Signal()
    back_requested = Signal()
    copied = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self._texts: dict[str, ToCopy] = {}
        self.banner = Banner(strip=True)
        self.sentence = Text("", "section")
        self.back = Button(self.tr("오늘"), "text", key="Esc", tool=True)
        self.unsent = _Line(Button(self.tr("보내기"), "primary"))
        self.copying = _Line(Button(self.tr("복사"), key=commands.COPY_TEXT.key_text()))
        self.visits = _Line(Button(self.tr("기록 보기")))
        self.tomorrow = _Line(Button(self.tr("내일 계획 보기")))
        self.list = RowList(self.tr("행복이음에 옮길 글"))
        self.text = Text("", "body")
        self._lay_out()
        self._connect()

    def show_day(self, sentence: str, unsent: str, tomorrow: str, visits: str) -> None:
        """The day in words."""
        self.sentence.show_text(sentence)
        self.unsent.words.show_text(unsent)
        self.tomorrow.words.show_text(tomorrow)
        self.visits.words.show_text(visits)

    def show_texts(self, texts: Sequence[ToCopy]) -> None:
        """What goes into 행복이음 by hand; what was copied is ticked and comes last."""
        self._texts = {one.record_id: one for one in texts}
        left = sum(not one.is_copied for one in texts)
        self.copying.words.show_text(
            self.tr("행복이음에 옮길 글 %d건") % left
            if left
            else self.tr("행복이음에 옮길 글이 없습니다.")
        )
        self.copying.button.setEnabled(bool(texts))
        ordered = sorted(texts, key=lambda one: one.is_copied)
        self.list.show_lines(
            [
                Item(
                    one.record_id,
                    one.title,
                    note=self.tr("옮김") if one.is_copied else "",
                    below=one.text.replace("\n", " "),
                    is_marked=one.is_copied,
                )
                for one in ordered
            ]
        )
        self.list.setVisible(bool(texts))
        self.text.setVisible(bool(texts))

    def take_focus(self) -> None:
        """The first of the four."""
        self.unsent.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the four lines, the texts."""
        return (self._left, self.list)

    def _show_text(self, key: str) -> None:
        one = self._texts.get(key)
        self.text.show_text(one.text if one else "")

    def _copy(self) -> None:
        key = self.list.chosen_key()
        if key is not None:
            clipboard.put(self._texts[key].text)
            self.banner.show_notice(
                self.tr("%s 글을 복사했습니다.") % self._texts[key].title, "success",
                button=self.tr("닫기"), deed=self.banner.hide,
            )  # fmt: skip
            self.copied.emit(key)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Text(self.tr("하루 마치기"), "screen-title", wraps=False))
        head.addStretch(1)
        head.addWidget(self.back)
        self._left = QWidget()
        self._left.setMaximumWidth(_LINES_PX)
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(t.S4)
        for line in (self.unsent, self.copying, self.visits, self.tomorrow):
            left.addWidget(line)
            left.addWidget(rule())
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(t.S8)
        right.addWidget(self.list, 1)
        right.addWidget(self.text)
        middle = QHBoxLayout()
        middle.setSpacing(t.S24)
        middle.addWidget(self._left, 1)
        middle.addLayout(right, 1)
        inside = QVBoxLayout()
        inside.setContentsMargins(t.S24, t.S12, t.S24, t.S16)
        inside.setSpacing(t.S16)
        inside.addLayout(head)
        inside.addWidget(self.sentence)
        inside.addLayout(middle, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addLayout(inside, 1)

    def _connect(self) -> None:
        self.unsent.button.clicked.connect(self.exchange_requested)
        self.copying.button.clicked.connect(self._copy)
        self.visits.button.clicked.connect(self.records_requested)
        self.tomorrow.button.clicked.connect(self.tomorrow_requested)
        self.back.clicked.connect(self.back_requested)
        self.list.chosen.connect(self._show_text)
        self.list.opened.connect(lambda _: self._copy())
        commands.bind(commands.COPY_TEXT, self, self._copy)
        commands.bind(commands.BACK, self, self.back_requested.emit)
