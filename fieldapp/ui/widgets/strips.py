"""One of a few, chosen in a line: tabs of a page, or chips that filter a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from fieldapp.ui import theme
from fieldapp.ui import tokens as t

Look = Literal["tabs", "chips"]
_CHIP_PX = 32


class _Choice(QAbstractButton):
    def __init__(self, key: str, label: str, look: Look) -> None:
        super().__init__()
        self.key = key
        self._look: Look = look
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_label(label)

    def show_label(self, label: str) -> None:
        self.setText(label)
        self.setAccessibleName(label)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font(t.LABEL, bold=True)).horizontalAdvance(self.text())
        return QSize(words + 2 * t.S12, t.TOOL_PX if self._look == "tabs" else _CHIP_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        c = theme.current()
        chosen = self.isChecked()
        strip = self.parentWidget()
        has_focus = chosen and strip is not None and strip.hasFocus()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._look == "chips":
            border = c.selected_border if chosen else c.control
            painter.setPen(QPen(QColor(border), 2 if chosen else 1))
            painter.setBrush(QColor(c.selected if chosen else c.surface))
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(box, _CHIP_PX / 2, _CHIP_PX / 2)
        elif chosen:
            line = QRect(0, self.height() - t.CURRENT_BAR_PX, self.width(), t.CURRENT_BAR_PX)
            painter.fillRect(line, QColor(c.primary))
        if has_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.focus), c.focus_px))
            inner = QRectF(self.rect()).adjusted(2, 2, -2, -4 if self._look == "tabs" else -2)
            painter.drawRoundedRect(inner, t.RADIUS_CONTROL, t.RADIUS_CONTROL)
        painter.setPen(QColor(c.link if chosen else c.text if self.underMouse() else c.subtle))
        painter.setFont(theme.font(t.LABEL, bold=chosen))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Strip(QWidget):
    """One stop of Tab; ←→ choose, and what is chosen is shown at once."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], look: Look = "tabs") -> None:
        super().__init__()
        self._look: Look = look
        self._buttons: list[_Choice] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(t.S4 if look == "tabs" else t.S8)
        self._layout.addStretch(1)
        self.show_choices(choices)

    def show_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices (key, words); the chosen one stays chosen where it is still there."""
        keys = tuple(key for key, _ in choices)
        if keys == self.keys():
            for button, (_, label) in zip(self._buttons, choices, strict=True):
                button.show_label(label)
            return
        standing = next((button.key for button in self._buttons if button.isChecked()), None)
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [_Choice(key, label, self._look) for key, label in choices]
        for number, button in enumerate(self._buttons):
            button.clicked.connect(lambda _=False, key=button.key: self.choose(key))
            self._layout.insertWidget(number, button)
        if self._buttons:
            self._check(standing if standing is not None and standing in keys else keys[0])

    def keys(self) -> tuple[str, ...]:
        """What can be chosen, in its order."""
        return tuple(button.key for button in self._buttons)

    def key(self) -> str:
        """What is chosen; empty when there is nothing to choose."""
        return next((button.key for button in self._buttons if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose as a click does: `chosen` tells it, also when it stood already."""
        self._check(key)
        self.chosen.emit(key)

    def step(self, by: int) -> None:
        """The next or the one before, round the end."""
        keys = self.keys()
        if keys:
            self.choose(keys[(keys.index(self.key()) + by) % len(keys)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: ←→."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.step(step)

    def _check(self, key: str) -> None:
        for button in self._buttons:
            button.setChecked(button.key == key)
        self.update()
