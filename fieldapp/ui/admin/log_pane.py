"""접속기록 점검: a month in plain words, what was done in it, what should be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.fields import ChoiceBox, Field
from fieldapp.ui.widgets.scrolling import Scroller
from fieldapp.ui.widgets.table import Column, Row, Table
from fieldapp.ui.widgets.text import Text, Tone, ground, rule

_WORDS_PX = 380


class LogPane(QWidget):
    """Tells which month is to be looked through."""

    #: Its number in the list.
    month_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.month = ChoiceBox()
        self.chain = Text("", "question")
        self.words = Text("", "body")
        self.deeds = Table(
            [Column(self.tr("한 일"), share=1), Column(self.tr("건수"), is_number=True)]
        )
        self.deeds.setAccessibleName(self.tr("한 일과 건수"))
        self.striking_head = Text("", "section")
        self.striking = Table(
            [
                Column(self.tr("무엇"), share=1),
                Column(self.tr("누가")),
                Column(self.tr("대상"), share=1),
                Column(self.tr("건수"), is_number=True),
            ]
        )
        self.striking.setAccessibleName(self.tr("살펴볼 것"))
        self._lay_out()
        self.month.currentIndexChanged.connect(self.month_chosen)

    def show_months(self, months: Sequence[str]) -> None:
        """The months that can be looked through; the chosen one stays chosen."""
        chosen = self.month.currentText()
        with QSignalBlocker(self.month):
            self.month.clear()
            self.month.addItems(list(months))
            self.month.setCurrentIndex(months.index(chosen) if chosen in months else 0)

    def show_reading(self) -> None:
        """The log is being looked through."""
        self.chain.show_text(self.tr("접속기록을 살펴보는 중입니다."))
        self.chain.show_tone("subtle")

    def show_review(
        self,
        chain: str,
        words: str,
        deeds: Sequence[Row],
        striking: Sequence[Row],
        *,
        is_whole: bool,
    ) -> None:
        """A month. `chain` says whether the log is whole; it is read first."""
        tone: Tone = "success" if is_whole else "danger"
        self.chain.show_text(chain)
        self.chain.show_tone(tone)
        self.words.show_text(words)
        self.deeds.show_rows(deeds)
        self.striking.show_rows(striking)
        self.striking.setVisible(bool(striking))
        self.deeds.setVisible(bool(deeds))
        self.striking_head.show_text(
            self.tr("살펴볼 것 %d건") % len(striking)
            if striking
            else self.tr("따로 살펴볼 것이 없습니다")
        )

    def take_focus(self) -> None:
        """The month."""
        self.month.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the month, then the tables."""
        return (self._left, self._right)

    def _lay_out(self) -> None:
        self._left = Scroller()
        self._left.setFixedWidth(_WORDS_PX)
        ground(self._left.inside, "surface")
        left = QVBoxLayout(self._left.inside)
        left.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        left.setSpacing(t.S12)
        left.addWidget(Field(self.tr("점검할 달"), self.month))
        left.addWidget(self.chain)
        left.addWidget(self.words)
        left.addWidget(rule())
        left.addWidget(
            Text(
                self.tr(
                    "이 노트북에서 이 사람이 한 일입니다. 이름과 적은 글은 없고 아이디만 있습니다."
                    " 표에서 Ctrl+C를 누르면 점검 대장에 붙일 수 있습니다."
                ),
                "label",
                tone="subtle",
            )
        )
        left.addStretch(1)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        right.setSpacing(t.S8)
        right.addWidget(self.striking_head)
        right.addWidget(self.striking, 1)
        right.addWidget(self.deeds, 1)
        right.addStretch(0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._left)
        layout.addWidget(rule("vertical"))
        layout.addWidget(self._right, 1)
