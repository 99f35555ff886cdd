"""개선사항 as a board: a column a stage, ←→ between them, Enter takes the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.rows import Item, RowList
from fieldapp.ui.widgets.text import Text, ground, rule

#: The stages in their order; what a department answered stands in one column.
STAGES = ("접수", "부서 전달", "회신", "반영 확인")
_STAGE_OF = {stage: stage for stage in STAGES} | {"공유": "반영 확인"}


def stage_of(state: str) -> str:
    """The column in which an improvement of this state stands."""
    return _STAGE_OF.get(state, "회신" if state else "접수")


class Board(QWidget):
    """Four lists beside each other."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._heads: list[Text] = []
        self.lists: list[RowList] = []
        self._told: dict[str, str] = {}
        self.reading = Text("", "body")
        self.reading.setMinimumHeight(t.FOOT_PX)
        self.reading.setContentsMargins(t.S16, t.S8, t.S16, t.S8)
        ground(self.reading, "surface")
        layout = QHBoxLayout()
        layout.setSpacing(0)
        for number, stage in enumerate(STAGES):
            head = Text(stage, "label", tone="subtle", wraps=False)
            head.setContentsMargins(t.S16, t.S8, t.S16, t.S8)
            ground(head, "sunken")
            rows = RowList(stage)
            rows.is_one_of_many = True
            rows.installEventFilter(self)
            rows.opened.connect(self.opened)
            rows.chosen.connect(self._read)
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(head)
            column.addWidget(rows, 1)
            if number:
                layout.addWidget(rule("vertical"))
            layout.addLayout(column, 1)
            self._heads.append(head)
            self.lists.append(rows)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(layout, 1)
        whole.addWidget(rule())
        whole.addWidget(self.reading)

    def show_items(self, items: Mapping[str, Sequence[Item]], told: Mapping[str, str]) -> None:
        """Every stage with its improvements; `told` says each of them in full, by its key."""
        self._told = dict(told)
        for stage, head, rows in zip(STAGES, self._heads, self.lists, strict=True):
            found = items.get(stage, ())
            head.show_text(f"{stage} {len(found)}")
            rows.show_lines(found)

    def is_empty(self) -> bool:
        """Whether there is no improvement at all."""
        return not any(rows.keys() for rows in self.lists)

    def take_focus(self) -> None:
        """The first column that has something."""
        first = next((rows for rows in self.lists if rows.keys()), self.lists[0])
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self, key: str) -> None:
        self.reading.show_text(self._told.get(key, ""))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: ←→ go to the next column that has something."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            return self._focus_moved(watched)
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not isinstance(watched, RowList):
            return False
        at = self.lists.index(watched) + step
        while 0 <= at < len(self.lists) and not self.lists[at].keys():
            at += step
        if 0 <= at < len(self.lists):
            self.lists[at].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _focus_moved(self, watched: QObject) -> bool:
        if isinstance(watched, RowList):
            watched.viewport().update()
            if watched.hasFocus():
                self._read(watched.chosen_key() or "")
        return False
