"""The rail at the left: the screens that the role may use, an icon and a word each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from fieldapp.ui import icons, theme
from fieldapp.ui import tokens as t
from fieldapp.ui.icons import IconName
from fieldapp.ui.widgets.text import ground


@dataclass(frozen=True, slots=True)
class Tile:
    """A screen of the rail."""

    name: str
    label: str
    icon: IconName


class _TileButton(QAbstractButton):
    def __init__(self, tile: Tile, key: str) -> None:
        super().__init__()
        self.tile = tile
        self.shows_words = True
        self.setText(tile.label)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFixedSize(t.RAIL_PX, t.RAIL_TILE_PX)
        self.setAccessibleName(tile.label)
        self.setToolTip(f"{tile.label}  {key}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(t.RAIL_PX, t.RAIL_TILE_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c = theme.current()
        painter = QPainter(self)
        if self.isChecked():
            painter.fillRect(self.rect(), QColor(c.selected))
            painter.fillRect(0, 0, t.CURRENT_BAR_PX, self.height(), QColor(c.primary))
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(c.app))
        ink = c.link if self.isChecked() else c.subtle
        image = icons.icon(self.tile.icon, ink, self.devicePixelRatioF())
        left = (self.width() - t.ICON_PX) // 2
        if not self.shows_words:
            painter.drawPixmap(left, (self.height() - t.ICON_PX) // 2, image)
            painter.end()
            return
        painter.drawPixmap(left, t.S8, image)
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(t.NOTE, bold=self.isChecked()))
        below = QRect(0, t.S8 + t.ICON_PX, self.width(), t.NOTE.line_px + t.S4)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Rail(QWidget):
    """Ctrl+1…8 in the order shown; inside it ↑↓ and Enter."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self.setFixedWidth(t.RAIL_PX)
        self.setAccessibleName(self.tr("화면 고르기"))
        self._buttons: list[_TileButton] = []
        self._shows_words = True
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, t.S8, 0, t.S8)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """The screens of whoever unlocked."""
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [_TileButton(tile, f"Ctrl+{n}") for n, tile in enumerate(tiles, 1)]
        for number, button in enumerate(self._buttons):
            button.clicked.connect(lambda _=False, name=button.tile.name: self.chosen.emit(name))
            self._layout.insertWidget(number, button)
        self.show_words(self._shows_words)

    def tiles(self) -> tuple[Tile, ...]:
        """What stands there, in its order."""
        return tuple(button.tile for button in self._buttons)

    def key_of(self, name: str) -> str:
        """The key that leads to a screen: `Ctrl+3`. Raises LookupError for one without a tile."""
        names = [tile.name for tile in self.tiles()]
        if name not in names:
            raise LookupError(name)
        return f"Ctrl+{names.index(name) + 1}"

    def show_chosen(self, name: str) -> None:
        """Mark the screen that is shown."""
        for button in self._buttons:
            button.setChecked(button.tile.name == name)

    def show_words(self, shows_words: bool) -> None:
        """Icons only in a narrow window."""
        self._shows_words = shows_words
        for button in self._buttons:
            button.shows_words = shows_words
            button.setFixedWidth(t.RAIL_PX if shows_words else t.CONTROL_PX)
            button.update()
        self.setFixedWidth(t.RAIL_PX if shows_words else t.CONTROL_PX)

    def take_focus(self) -> None:
        """F6: to the tile of the present screen."""
        for button in self._buttons:
            if button.isChecked():
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: ↑↓ walk, Enter opens."""
        at = next((n for n, button in enumerate(self._buttons) if button.hasFocus()), None)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if at is not None and step is not None:
            self._buttons[(at + step) % len(self._buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        elif at is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._buttons[at].click()
        else:
            super().keyPressEvent(event)
