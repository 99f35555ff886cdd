"""예비본: which stand where, one made now, one tried out, and the second place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.notices import ProgressRow
from fieldapp.ui.widgets.scrolling import Scroller
from fieldapp.ui.widgets.table import Column, Row, Table
from fieldapp.ui.widgets.text import Text, Tone, ground, rule


@dataclass(frozen=True, slots=True)
class Place:
    """The second place in words. folder: empty where none is chosen; told: what it last said."""

    folder: str = ""
    told: str = ""
    is_trouble: bool = False


class BackupsPane(QWidget):
    """Tells what is to be done with the backups."""

    make_requested = Signal()
    stop_requested = Signal()
    #: The key of a line.
    trial_requested = Signal(str)
    place_wanted = Signal()
    place_dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_working = False
        self.head = Text("", "section")
        self.tried = Text("", "label", tone="subtle")
        self.table = Table(
            [
                Column(self.tr("만든 때")),
                Column(self.tr("갈래")),
                Column(self.tr("곳"), share=1),
                Column(self.tr("기록"), is_number=True),
                Column(self.tr("작성 중"), is_number=True),
                Column(self.tr("크기"), is_number=True),
            ]
        )
        self.table.setAccessibleName(self.tr("예비본"))
        self.progress = ProgressRow()
        self.make = Button.of(commands.MAKE_BACKUP, "primary", label=self.tr("지금 만들기"))
        self.trial = Button.of(commands.TRY_BACKUP)
        self.place = Text("", "body")
        self.told = Text("", "label", tone="subtle")
        self.choose = Button(self.tr("폴더 고르기"))
        self.drop = Button(self.tr("쓰지 않기"), "text")
        self._lay_out()
        self._connect()
        self.show_backups([])
        self.show_place(Place())

    def show_backups(self, rows: Sequence[Row], *, select: str | None = None) -> None:
        """Every backup that can be seen now, newest first; `select`: choose that one."""
        had_focus = self._is_in_list()
        self.head.show_text(
            self.tr("예비본 %d벌") % len(rows) if rows else self.tr("아직 예비본이 없습니다")
        )
        self.table.show_rows(rows, select=select)
        self.table.setVisible(bool(rows))
        self._show_buttons()
        if had_focus:
            self.take_focus()

    def show_tried(self, words: str) -> None:
        """When a backup was last found to serve."""
        self.tried.show_text(words)

    def show_place(self, place: Place) -> None:
        """The second place and what it last said."""
        self.place.show_text(place.folder or self.tr("아직 고르지 않았습니다."))
        self.told.show_text(place.told)
        tone: Tone = "warning" if place.is_trouble else "subtle"
        self.told.show_tone(tone)
        self.told.setVisible(bool(place.told))
        self.drop.setVisible(bool(place.folder))
        self.choose.show_label(
            self.tr("다른 폴더 고르기") if place.folder else self.tr("폴더 고르기")
        )

    def show_working(self, doing: str, done: int, total: int | None) -> None:
        """A backup is being made or tried out: true counts."""
        was_in_list = self._is_in_list()
        self._is_working = True
        self.progress.show_progress(doing, done, total)
        self._show_buttons()
        if was_in_list:
            # A button that is switched off would hand the keys to whatever stands next to it.
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_rested(self) -> None:
        """Nothing is under way."""
        self._is_working = False
        self.progress.hide()
        self._show_buttons()

    def take_focus(self) -> None:
        """The list; while there is none, the first thing to do."""
        target: QWidget = self.table if self.table.cells() else self.make
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the list, its buttons, the second place."""
        return (self.table, self._foot, self._second)

    def _is_in_list(self) -> bool:
        """Whether the keys are with the list or its buttons."""
        focus = self.focusWidget()
        return focus is not None and focus.hasFocus() and not self._second.isAncestorOf(focus)

    def _show_buttons(self) -> None:
        self.make.setEnabled(not self._is_working)
        self.trial.setEnabled(not self._is_working and bool(self.table.cells()))
        self.choose.setEnabled(not self._is_working)
        self.drop.setEnabled(not self._is_working)

    def _make(self) -> None:
        if self.make.isEnabled():
            self.make_requested.emit()

    def _try(self) -> None:
        key = self.table.chosen_key()
        if key is not None and self.trial.isEnabled():
            self.trial_requested.emit(key)

    def _stop(self) -> None:
        if self._is_working:
            self.stop_requested.emit()

    def _connect(self) -> None:
        self.make.clicked.connect(self._make)
        self.trial.clicked.connect(self._try)
        self.table.opened.connect(lambda _: self._try())
        self.progress.stop_requested.connect(self._stop)
        self.choose.clicked.connect(self.place_wanted)
        self.drop.clicked.connect(self.place_dropped)
        commands.bind(commands.MAKE_BACKUP, self, self._make)
        commands.bind(commands.TRY_BACKUP, self, self._try)
        commands.bind(commands.STOP, self, self._stop)

    def _lay_out(self) -> None:
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(t.S8)
        foot.addWidget(self.trial)
        foot.addStretch(1)
        foot.addWidget(self.make)
        left = QVBoxLayout()
        left.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        left.setSpacing(t.S8)
        left.addWidget(self.head)
        left.addWidget(self.tried)
        left.addWidget(self.table, 1)
        left.addWidget(self.progress)
        left.addStretch(0)
        left.addWidget(self._foot)
        self._second = Scroller()
        self._second.setFixedWidth(t.SIDE_PANE_PX)
        ground(self._second.inside, "surface")
        side = QVBoxLayout(self._second.inside)
        side.setContentsMargins(t.S16, t.S12, t.S16, t.S12)
        side.setSpacing(t.S12)
        side.addWidget(Text(self.tr("둘째 곳"), "section"))
        side.addWidget(
            Text(
                self.tr(
                    "노트북을 잃으면 그 안의 예비본도 함께 잃습니다."
                    " 승인된 USB나 다른 저장 장치의 폴더를 고르면 거기에도 만듭니다."
                ),
                "label",
                tone="subtle",
            )
        )
        side.addWidget(rule())
        side.addWidget(self.place)
        side.addWidget(self.told)
        buttons = QHBoxLayout()
        buttons.setSpacing(t.S8)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.drop)
        buttons.addStretch(1)
        side.addLayout(buttons)
        side.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        layout.addWidget(rule("vertical"))
        layout.addWidget(self._second)
