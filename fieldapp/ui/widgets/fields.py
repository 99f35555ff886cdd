"""A labelled field, and the combo box with an arrow of our own."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from fieldapp.ui import theme
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.text import Text


class Field(QWidget):
    """A label above a control, a remark under it when there is one."""

    def __init__(self, label: str, control: QWidget, *, hint: str = "") -> None:
        super().__init__()
        self.control = control
        control.setAccessibleName(label)
        self._remark = Text(hint, "note", tone="hint")
        self._hint = hint
        caption = Text(label, "label", tone="subtle", wraps=False)
        caption.setBuddy(control)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S4)
        layout.addWidget(caption)
        layout.addWidget(control)
        layout.addWidget(self._remark)
        self._remark.setVisible(bool(hint))
        self.setFocusProxy(control)

    def show_wrong(self, remark: str) -> None:
        """Say what this field needs; empty: nothing is wrong any more."""
        self._remark.show_text(remark or self._hint)
        self._remark.show_tone("danger" if remark else "hint")
        self._remark.setVisible(bool(remark or self._hint))


class ChoiceBox(QComboBox):
    """A combo box that draws its own chevron in the theme's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: paint. Words too long for the box end in dots, and are read whole in the list."""
        c = theme.current()
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        box = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        # The style leaves a little room inside the box.
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, box.width() - t.S4
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(c.text if self.isEnabled() else c.disabled), 1.75)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y = self.width() - t.S16 - t.S4, self.height() / 2
        painter.drawPolyline(
            QPolygonF([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])
        )
        painter.end()
