"""The sections at the left: ✓ done, ● here, ○ not yet, ! to look at; a mark and a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from fieldapp.ui import theme
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.text import ground
from fieldapp.ui.words import keep_words

Mark = Literal["done", "here", "open", "wrong"]
_MARK_PX = 14
_COUNT_PX = 36
_BAR_PX = 14


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section as the rail shows it.

    count: `1/4` answered, or how many there are. is_others: the other one's part (F6).
    """

    label: str
    mark: Mark
    is_shown: bool
    count: str = ""
    is_others: bool = False


class _Tile(QAbstractButton):
    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.mark: Mark = "open"
        self._count = ""
        self._remark = ""

    def show_state(self, state: SectionState, meaning: str) -> None:
        self.mark = state.mark
        self.setText(state.label)
        self._count = state.count
        self._remark = self.tr("다른 분 몫") if state.is_others else ""
        said = [state.label, meaning, state.count, self._remark]
        self.setAccessibleName(", ".join(part for part in said if part))
        self.setVisible(state.is_shown)
        remark_px = t.NOTE.line_px if self._remark else 0
        self.setFixedHeight(max(t.SECTION_ROW_PX, self._words_px() + remark_px + t.S16))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(t.S16 + _MARK_PX, t.SECTION_ROW_PX)

    def _words_rect(self) -> QRect:
        left = t.S16 + _MARK_PX + t.S8
        # As wide as beside a scroll bar, so that no line breaks anew when one comes.
        room = t.SECTION_RAIL_PX - _BAR_PX - left - (_COUNT_PX if self._count else 0)
        return QRect(left, 0, room, 2 * t.LABEL.line_px)

    def _words_px(self) -> int:
        metrics = QFontMetrics(theme.font(t.LABEL, bold=True))
        flags = Qt.TextFlag.TextWordWrap
        return min(
            metrics.boundingRect(self._words_rect(), flags, keep_words(self.text())).height(),
            2 * t.LABEL.line_px,
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        c = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.mark == "here":
            painter.fillRect(self.rect(), QColor(c.selected))
            painter.fillRect(0, 0, t.CURRENT_BAR_PX, self.height(), QColor(c.primary))
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(c.app))
        _paint_mark(painter, self.mark, QRectF(t.S16, (self.height() - _MARK_PX) / 2, 14, 14))
        ink = {"here": c.link, "wrong": c.text, "done": c.text, "open": c.subtle}[self.mark]
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(t.LABEL, bold=self.mark == "here"))
        words = self._words_rect()
        words.setHeight(self.height() - (t.NOTE.line_px if self._remark else 0))
        if self.width() < words.right():
            painter.end()
            return
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(words, flags, keep_words(self.text()))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setFont(theme.font(t.NOTE))
        painter.drawText(words.adjusted(0, 0, _COUNT_PX, 0), right, self._count)
        if self._remark:
            painter.setPen(QColor(c.hint))
            below = QRect(words.x(), words.bottom() - t.S4, words.width(), t.NOTE.line_px)
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, self._remark)
        painter.end()


class SectionRail(QWidget):
    """One tile a section. Reached by F6, walked by ↑↓, opened by Enter."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFixedWidth(t.SECTION_RAIL_PX)
        self.setAccessibleName(self.tr("구역"))
        self._tiles: list[_Tile] = []
        self._states: tuple[SectionState, ...] = ()
        inside = QWidget()
        ground(inside, "surface")
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, t.S8, 0, t.S8)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def show_sections(self, states: Sequence[SectionState]) -> None:
        """Show the sections as they stand; tiles are made once, and drawn when they change."""
        if tuple(states) == self._states:
            return
        meanings: dict[Mark, str] = {
            "done": self.tr("다 적음"), "here": self.tr("지금 여기"),
            "open": self.tr("아직"), "wrong": self.tr("살필 것 있음"),
        }  # fmt: skip
        while len(self._tiles) < len(states):
            tile = _Tile()
            number = len(self._tiles)
            tile.clicked.connect(lambda _=False, number=number: self.chosen.emit(number))
            self._tiles.append(tile)
            self._layout.insertWidget(number, tile)
        for tile in self._tiles[len(states) :]:
            tile.hide()
        before = (*self._states, *(None for _ in states))
        self._states = tuple(states)
        for tile, state, old in zip(self._tiles, states, before, strict=False):
            if state != old:
                tile.show_state(state, meanings[state.mark])
            if state != old and state.mark == "here":
                self._scroll.ensureWidgetVisible(tile)

    def show_words(self, *, shows_words: bool) -> None:
        """Marks only in a narrow window; the words stay for the ear."""
        width = t.SECTION_RAIL_PX if shows_words else t.CONTROL_PX
        if self.width() != width:
            self.setFixedWidth(width)

    def states(self) -> tuple[SectionState, ...]:
        """What is shown."""
        return self._states

    def take_focus(self) -> None:
        """F6: to the tile of the present section."""
        for tile, state in zip(self._tiles, self._states, strict=False):
            if state.mark == "here":
                tile.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self._scroll.ensureWidgetVisible(tile)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: ↑↓ walk the tiles, Enter opens."""
        shown = [tile for tile in self._tiles if tile.isVisible()]
        at = next((n for n, tile in enumerate(shown) if tile.hasFocus()), None)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if at is not None and step is not None:
            beside = shown[(at + step) % len(shown)]
            beside.setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(beside)
        elif at is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shown[at].click()
        else:
            super().keyPressEvent(event)


def _paint_mark(painter: QPainter, mark: Mark, box: QRectF) -> None:
    """Drawn, not typed: no font need have the sign."""
    c = theme.current()
    if mark == "done":
        pen = QPen(QColor(c.success), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y = box.x(), box.y()
        tick = [QPointF(x + 2, y + 7.5), QPointF(x + 5.5, y + 11), QPointF(x + 12, y + 3.5)]
        painter.drawPolyline(QPolygonF(tick))
    elif mark == "wrong":
        painter.setPen(QColor(c.danger))
        painter.setFont(theme.font(t.QUESTION))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!")
    else:
        painter.setPen(QPen(QColor(c.primary if mark == "here" else c.hint), 1.75))
        painter.setBrush(QColor(c.primary) if mark == "here" else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(3, 3, -3, -3))
