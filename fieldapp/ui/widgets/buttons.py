"""Buttons that carry their key in the same line, and answer buttons with the digit first.

They paint themselves from the token table: a label in one weight beside a key in another is more
than a style sheet can say.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from fieldapp.ui import theme
from fieldapp.ui import tokens as t
from fieldapp.ui.commands import Command
from fieldapp.ui.words import keep_words

Kind = Literal["primary", "outlined", "text", "danger"]


class _Painted(QAbstractButton):
    """What both buttons share: the ground, the border, the two-part label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter presses a button that has the focus, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def _box(self, painter: QPainter, fill: str, border: str, width: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(border), width) if border else Qt.PenStyle.NoPen)
        inset = width / 2 if border else 0
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, t.RADIUS_CONTROL, t.RADIUS_CONTROL)


class Button(_Painted):
    """A verb phrase with its key. One primary a screen."""

    def __init__(
        self,
        label: str,
        kind: Kind = "outlined",
        *,
        key: str = "",
        tool: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind: Kind = kind
        self._key = key
        self._shows_key = True
        self._height = t.TOOL_PX if tool else t.CONTROL_PX
        self._size = t.LABEL if tool else t.BODY
        self.show_label(label)

    @classmethod
    def of(cls, command: Command, kind: Kind = "outlined", *, label: str = "") -> Button:
        """The button of a command."""
        return cls(label or command.title(), kind, key=command.key_text())

    def show_label(self, label: str, key: str | None = None) -> None:
        """Say another deed, such as `보내는 중 12/40` while working."""
        self._key = self._key if key is None else key
        self.setText(label)
        self.setAccessibleName(f"{label} {self._key}".strip())
        self.updateGeometry()
        self.update()

    def show_key(self, is_shown: bool) -> None:
        """In a narrow window the key is left out; the ear still hears it."""
        if is_shown != self._shows_key:
            self._shows_key = is_shown
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Qt: as wide as its words."""
        padding = t.S8 if self._kind == "text" else t.S16
        return QSize(sum(self._widths()) + 2 * padding, self._height)

    def minimumSizeHint(self) -> QSize:
        """Qt: never narrower, nothing is cut."""
        return self.sizeHint()

    def _widths(self) -> tuple[int, int, int]:
        label = QFontMetrics(theme.font(self._size, bold=True)).horizontalAdvance(self.text())
        if not self._key or not self._shows_key:
            return label, 0, 0
        return label, t.S8, QFontMetrics(theme.font(t.LABEL)).horizontalAdvance(self._key)

    def _colours(self) -> tuple[str, str, str]:
        """Fill, border and ink of the present state."""
        c = theme.current()
        if not self.isEnabled():
            return ("", "", c.disabled) if self._kind == "text" else (c.sunken, "", c.disabled)
        down, hover = self.isDown(), self.underMouse()
        if self._kind == "primary":
            fill = c.primary_pressed if down else c.primary_hover if hover else c.primary
            return fill, "", c.on_primary
        ground = c.sunken if down else c.app if hover else c.surface
        if self._kind == "danger":
            return c.danger_ground if hover else c.surface, c.danger, c.danger
        if self._kind == "text":
            return (c.sunken if down or hover else ""), "", c.link
        return ground, c.control, c.text

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: paint."""
        fill, border, ink = self._colours()
        painter = QPainter(self)
        self._box(painter, fill, border, 1)
        label, gap, _ = self._widths()
        left = (self.width() - sum(self._widths())) // 2
        painter.setPen(QColor(ink))
        painter.setFont(theme.font(self._size, bold=True))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, 0, label + 2, self.height()), middle, self.text())
        if self._key and self._shows_key:
            painter.setFont(theme.font(t.LABEL))
            at = left + label + gap
            painter.drawText(QRect(at, 0, self.width() - at, self.height()), middle, self._key)
        painter.end()


class AnswerButton(_Painted):
    """A choice: digit first, then the words; `compact` shows the digit under a head of words.

    Chosen = 2 px primary border, selected ground, bold. `has_box`: one of several, with a check
    box. `size`: another type size, such as that of a respondent's screen.
    """

    def __init__(
        self,
        digit: str,
        label: str,
        *,
        compact: bool = False,
        has_box: bool = False,
        size: t.TypeSize = t.ANSWER,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.digit = digit
        self._compact = compact
        self._has_box = has_box
        self._size = size
        self._is_pointed = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_label(label)

    def show_label(self, label: str) -> None:
        """The words in another language."""
        if label == self.text() and self.accessibleName():
            return
        self.setText(label)
        self.setAccessibleName(f"{self.digit} {label}".strip())
        self.updateGeometry()
        self.update()

    def show_pointed(self, is_pointed: bool) -> None:
        """The arrows stand here: a line under the words."""
        if is_pointed != self._is_pointed:
            self._is_pointed = is_pointed
            self.update()

    def sizeHint(self) -> QSize:
        """Qt: room for the words in bold, so that choosing moves nothing."""
        if self._compact:
            return QSize(t.CONTROL_PX, t.TOOL_PX)
        words = QFontMetrics(theme.font(self._size, bold=True)).horizontalAdvance(self.text())
        height = t.CONTROL_PX + self._size.line_px - t.ANSWER.line_px
        return QSize(words + self._before_words() + 2 * t.S12, height)

    def minimumSizeHint(self) -> QSize:
        """Qt: never narrower."""
        return self.sizeHint()

    def _digit_width(self) -> int:
        if not self.digit:
            return 0
        return QFontMetrics(theme.font(self._size)).horizontalAdvance("0") + t.S8

    def _before_words(self) -> int:
        return self._digit_width() + (t.ICON_PX + t.S8 if self._has_box else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: paint."""
        c = theme.current()
        chosen = self.isChecked()
        painter = QPainter(self)
        if chosen:
            self._box(painter, c.selected, c.selected_border, 2)
        elif self.isEnabled():
            self._box(painter, c.app if self.underMouse() else c.surface, c.control, 1)
        else:
            self._box(painter, c.app, c.line, 1)
        ink = c.link if chosen else c.text if self.isEnabled() else c.disabled
        faint = c.link if chosen else c.hint if self.isEnabled() else c.disabled
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font(self._size, bold=chosen))
        if self._compact:
            painter.setPen(QColor(ink))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.digit)
        else:
            painter.setPen(QColor(faint))
            painter.drawText(self.rect().adjusted(t.S12, 0, 0, 0), middle, self.digit)
            if self._has_box:
                left, top = t.S12 + self._digit_width(), (self.height() - t.ICON_PX) / 2
                paint_check_box(painter, QRectF(left, top, t.ICON_PX, t.ICON_PX), is_on=chosen)
            painter.setPen(QColor(ink))
            at = t.S12 + self._before_words()
            painter.drawText(self.rect().adjusted(at, 0, 0, 0), middle, self.text())
            if self._is_pointed:
                painter.setPen(QPen(QColor(c.focus), 2))
                y = self.height() - t.S8
                painter.drawLine(at, y, self.width() - t.S12, y)
        painter.end()


def paint_check_box(painter: QPainter, box: QRectF, *, is_on: bool) -> None:
    """A check box of our own, in the theme's colours."""
    c = theme.current()
    painter.setPen(QPen(QColor(c.selected_border if is_on else c.control), 1.75))
    painter.setBrush(QColor(c.primary) if is_on else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 3, 3)
    if is_on:
        pen = QPen(QColor(c.on_primary), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y = box.x(), box.y()
        painter.drawPolyline(
            QPolygonF([QPointF(x + 6, y + 10.5), QPointF(x + 9, y + 13.5), QPointF(x + 14, y + 7)])
        )
    painter.setBrush(Qt.BrushStyle.NoBrush)


class WideAnswer(_Painted):
    """A choice across the page: digit and whose it is above, the words below, however long."""

    def __init__(self, digit: str, caption: str, words: str) -> None:
        super().__init__()
        self._digit = digit
        self._caption = caption
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setText(words)
        self.setAccessibleName(f"{digit} {caption}: {words}")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Qt: as high as its words at some readable width."""
        width = max(t.QUESTION_LABEL_PX, self.width())
        return QSize(t.QUESTION_LABEL_PX, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Qt: one line."""
        return QSize(t.QUESTION_LABEL_PX, t.CONTROL_PX)

    def hasHeightForWidth(self) -> bool:
        """Qt: narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Qt: how high at a width, with room for the words in bold."""
        room = QRect(0, 0, width - 2 * t.S12 - self._indent(), 1_000_000)
        metrics = QFontMetrics(theme.font(t.ANSWER, bold=True))
        words = metrics.boundingRect(room, self._flags(), keep_words(self.text())).height()
        return max(t.CONTROL_PX, t.S8 + t.NOTE.line_px + words + t.S8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: another width is another height, which no layout asks for by itself."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: paint."""
        c = theme.current()
        chosen = self.isChecked()
        painter = QPainter(self)
        fill = c.selected if chosen else c.app if self.underMouse() else c.surface
        self._box(painter, fill, c.selected_border if chosen else c.control, 2 if chosen else 1)
        left, top = t.S12 + self._indent(), t.S8
        painter.setPen(QColor(c.link if chosen else c.hint))
        painter.setFont(theme.font(t.NOTE, bold=chosen))
        line = QRect(t.S12, top, self.width() - 2 * t.S12, t.NOTE.line_px)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(line, middle, self._digit)
        beside = line.adjusted(self._indent(), 0, 0, 0)
        metrics = painter.fontMetrics()
        caption = metrics.elidedText(self._caption, Qt.TextElideMode.ElideRight, beside.width())
        painter.drawText(beside, middle, caption)
        painter.setPen(QColor(c.link if chosen else c.text))
        painter.setFont(theme.font(t.ANSWER, bold=chosen))
        below = self.rect().adjusted(left, top + t.NOTE.line_px, -t.S12, -t.S4)
        painter.drawText(below, self._flags(), keep_words(self.text()))
        painter.end()

    def _indent(self) -> int:
        return QFontMetrics(theme.font(t.NOTE)).horizontalAdvance("0") + t.S8

    def _flags(self) -> int:
        return Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignLeft.value


class Marker(QWidget):
    """The 3 px bar at the left of the current row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(t.CURRENT_BAR_PX)
        self._is_current = False

    def show_current(self, is_current: bool) -> None:
        """Mark the row, or unmark it."""
        if is_current != self._is_current:
            self._is_current = is_current
            self.update()

    def is_current(self) -> bool:
        """Whether the bar is drawn."""
        return self._is_current

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: paint."""
        if not self._is_current:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(theme.current().primary), t.CURRENT_BAR_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x = t.CURRENT_BAR_PX / 2
        painter.drawLine(QPointF(x, t.S8), QPointF(x, self.height() - t.S8))
        painter.end()
