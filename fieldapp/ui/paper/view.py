"""Batches of paper surveys, and the grid in which one is keyed, once or again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.paper.grid import NO_ANSWER, UNREADABLE, PaperColumn, PaperGrid
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import ChoiceBox, Field
from fieldapp.ui.widgets.table import Column, Row, Table
from fieldapp.ui.widgets.text import Text, ground, rule

_MOST_SHEETS = 99_999
_NUMBER_PX = 120


@dataclass(frozen=True, slots=True)
class Keying:
    """A batch that is being keyed; `is_second` is the blind one that is compared."""

    form_id: str
    batch: str
    is_second: bool


class PaperPage(QWidget):
    """Tells which batch is begun or gone on with, and every sheet that was keyed."""

    #: Form, batch, sheets handed out (0: not said).
    batch_begun = Signal(str, str, int)
    #: The key of a batch's row: gone on with, keyed again, its differences shown.
    batch_opened = Signal(str)
    second_requested = Signal(str)
    differences_requested = Signal(str)
    #: Keying, row, serial, {path: answer}.
    sheet_keyed = Signal(object, int, int, object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self._forms: Sequence[tuple[str, str]] = ()
        self._keying: Keying | None = None
        self.form, self.batch, self.handed = ChoiceBox(), ComposedLine(), ComposedLine()
        self.handed.setValidator(QIntValidator(0, _MOST_SHEETS, self))
        self.begin = Button(self.tr("입력 시작"), "primary")
        self.batches = Table(
            [
                Column(self.tr("서식"), share=1),
                Column(self.tr("묶음"), share=1),
                Column(self.tr("배부"), is_number=True),
                Column(self.tr("입력"), is_number=True),
                Column(self.tr("회수율"), is_number=True),
                Column(self.tr("두 번 입력"), is_number=True),
                Column(self.tr("다른 장"), is_number=True),
            ]
        )
        self.batches.setAccessibleName(self.tr("설문 묶음"))
        self.hint = Text(
            self.tr(
                "묶음 이름을 적고 시작하면 종이에 적힌 숫자만 눌러 한 장씩 입력합니다."
                " 다 적은 장은 저절로 저장됩니다."
            ),
            "body",
            tone="subtle",
        )
        self.second = Button.of(commands.SECOND_KEYING)
        self.differ = Button.of(commands.DIFFERENCES)
        self.title = Text("", "section", wraps=False)
        self.told = Text("", "body")
        self.back = Button(self.tr("묶음 목록"), "text", key="Esc")
        self.grid = PaperGrid()
        self.differences = Table(
            [
                Column(self.tr("번호"), is_number=True),
                Column(self.tr("물음"), share=1),
                Column(self.tr("첫째 입력")),
                Column(self.tr("둘째 입력")),
            ]
        )
        self.differences.setAccessibleName(self.tr("다르게 입력한 칸"))
        self._lay_out()
        self._connect()

    def show_forms(self, forms: Sequence[tuple[str, str]]) -> None:
        """(id, title) of the surveys that can be keyed."""
        if tuple(forms) == tuple(self._forms):
            return
        self._forms = tuple(forms)
        self.form.clear()
        self.form.addItems([title for _, title in forms])

    def show_batches(self, rows: Sequence[Row]) -> None:
        """Every batch that was begun."""
        self.batches.show_rows(rows)
        self.hint.setVisible(not rows)
        for part in (self.batches, self.second, self.differ):
            part.setVisible(bool(rows))

    def show_grid(
        self, keying: Keying, title: str, columns: Sequence[PaperColumn], first: int
    ) -> None:
        """An empty grid; what was keyed before is never shown beside it."""
        self._keying = keying
        self.title.show_text(title)
        self.grid.begin(columns, first)
        self._pages.setCurrentWidget(self._keyed)
        self.grid.show()
        self.differences.hide()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_differences(self, title: str, rows: Sequence[Row]) -> None:
        """Where the two keyings of a batch do not agree."""
        self._keying = None
        self.title.show_text(title)
        self.told.show_text(
            self.tr("두 입력을 모두 보관하고 있습니다. 종이를 보고 맞는 답으로 기록을 고치세요.")
            if rows
            else self.tr("두 번 입력한 답이 모두 같습니다.")
        )
        self.differences.show_rows(rows)
        self._pages.setCurrentWidget(self._keyed)
        self.grid.hide()
        self.differences.show()
        self.differences.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_list(self) -> None:
        """Back to the batches."""
        self._keying = None
        self._pages.setCurrentWidget(self._list)
        self.take_focus()
        self.left.emit()

    def is_keying(self) -> bool:
        """Whether a grid or its differences are shown."""
        return self._pages.currentWidget() is self._keyed

    def take_focus(self) -> None:
        """The grid, or the list, or the fields of the first batch."""
        if self.is_keying():
            (self.differences if self.grid.isHidden() else self.grid).setFocus()
        elif self.batches.cells():
            self.batches.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_new(self) -> None:
        """Ctrl+N: the name of another batch."""
        self.batch.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter goes on through the fields and begins from the last one."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.handed.hasFocus():
            self._begin()
        elif is_enter and not self.is_keying():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _begin(self) -> None:
        self.batch.finish_composition()
        name = self.batch.text().strip()
        at = self.form.currentIndex()
        self.batch_field.show_wrong("" if name else self.tr("묶음 이름을 적어 주세요."))
        if not name or at < 0:
            self.batch.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.batch_begun.emit(self._forms[at][0], name, int(self.handed.text() or 0))

    def _moved(self, column: PaperColumn | None) -> None:
        if column is None:
            self.told.show_text(self.tr("종이에 적힌 번호입니다. 숫자로 고칩니다."))
            return
        keys = [digit for digit in column.digits if digit != UNREADABLE]
        if NO_ANSWER not in keys:
            keys.append(self.tr("0 무응답"))
        keys.append(self.tr("9 판독 불가"))
        self.told.show_text(f"{column.label}   ({', '.join(keys)})")

    def _done(self, row: int, serial: int, given: object) -> None:
        if self._keying is not None:
            self.sheet_keyed.emit(self._keying, row, serial, given)

    def _on_batch(self, signal: str) -> None:
        key = self.batches.chosen_key()
        if key is not None and not self.is_keying():
            getattr(self, signal).emit(key)

    def _lay_out(self) -> None:
        self._list, self._keyed = QWidget(), QWidget()
        self._lay_out_list()
        self._lay_out_keyed()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._keyed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        stops = (
            self.form, self.batch, self.handed, self.begin, self.batches, self.differ, self.second,
        )  # fmt: skip
        for earlier, later in pairwise(stops):
            QWidget.setTabOrder(earlier, later)

    def _lay_out_list(self) -> None:
        self.batch_field = Field(self.tr("묶음 이름"), self.batch)
        handed = Field(self.tr("배부한 장 수"), self.handed)
        handed.setFixedWidth(_NUMBER_PX)
        fields = QHBoxLayout()
        fields.setSpacing(t.S12)
        fields.addWidget(Field(self.tr("서식"), self.form), 2)
        fields.addWidget(self.batch_field, 2)
        fields.addWidget(handed)
        fields.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignBottom)
        foot = QHBoxLayout()
        foot.setSpacing(t.S8)
        foot.addStretch(1)
        foot.addWidget(self.differ)
        foot.addWidget(self.second)
        layout = QVBoxLayout(self._list)
        layout.setContentsMargins(t.S16, t.S12, t.S16, t.S8)
        layout.setSpacing(t.S12)
        layout.addLayout(fields)
        layout.addWidget(self.hint)
        layout.addWidget(self.batches, 1)
        layout.addLayout(foot)
        layout.addStretch(0)

    def _lay_out_keyed(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(t.S8, t.S4, t.S16, t.S4)
        head.setSpacing(t.S12)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        self.told.setContentsMargins(t.S16, t.S8, t.S16, t.S8)
        ground(self.told, "surface")
        layout = QVBoxLayout(self._keyed)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(rule())
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.differences, 1)
        layout.addWidget(rule())
        layout.addWidget(self.told)

    def _connect(self) -> None:
        self.begin.clicked.connect(self._begin)
        self.batches.opened.connect(self.batch_opened)
        self.second.clicked.connect(lambda: self._on_batch("second_requested"))
        self.differ.clicked.connect(lambda: self._on_batch("differences_requested"))
        self.grid.sheet_done.connect(self._done)
        self.grid.moved.connect(self._moved)
        self.back.clicked.connect(self.show_list)
        bind = commands.bind
        bind(commands.SECOND_KEYING, self._list, lambda: self._on_batch("second_requested"))
        bind(commands.DIFFERENCES, self._list, lambda: self._on_batch("differences_requested"))
        bind(commands.BACK, self._keyed, self.show_list)
