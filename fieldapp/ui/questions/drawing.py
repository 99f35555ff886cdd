"""A signature or a sketch by mouse, pen or finger; Enter confirms, Delete clears."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import theme
from fieldapp.ui import tokens as t
from fieldapp.ui.questions import pictures
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.passed import PassedByEnter
from fieldapp.ui.questions.photo import Thumbnail
from fieldapp.ui.widgets.text import Text

_SIGNATURE = QSize(480, 140)
_SKETCH = QSize(640, 400)
_PEN_PX = 2.5
#: A kept drawing is twice as fine as it was drawn, and always black on white.
_FINENESS = 2


class Canvas(QWidget):
    """Strokes on paper. Mouse, pen and finger draw alike; the keys are its owner's."""

    drawn = Signal()

    def __init__(self, size: QSize) -> None:
        super().__init__()
        self.setFixedSize(size)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._strokes: list[list[QPointF]] = []
        self._is_down = False

    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return not self._strokes

    def clear(self) -> None:
        """A new sheet."""
        self._strokes = []
        self.update()

    def png(self) -> bytes:
        """The drawing as PNG."""
        image = QImage(self.size() * _FINENESS, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.scale(_FINENESS, _FINENESS)
        self._draw(painter, "#000000")
        painter.end()
        return pictures.drawing_png(image)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt: a stroke begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt: the stroke goes on."""
        self._go_on(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Qt: the stroke ends."""
        self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Qt: a pen."""
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position())
        elif event.type() == QEvent.Type.TabletMove:
            self._go_on(event.position())
        elif event.type() == QEvent.Type.TabletRelease:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Qt: a finger; a second one draws nothing."""
        if isinstance(event, QTouchEvent):
            points = event.points()
            if event.type() == QEvent.Type.TouchBegin and points:
                self._begin(points[0].position())
            elif event.type() == QEvent.Type.TouchUpdate and points:
                self._go_on(points[0].position())
            else:
                self._end()
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: the paper is white in every theme, as the kept picture will be."""
        c = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor("#ffffff"))
        is_current = self.hasFocus()
        painter.setPen(QPen(QColor(c.focus if is_current else c.control), 2 if is_current else 1))
        frame = self.rect().adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, t.RADIUS_CONTROL, t.RADIUS_CONTROL)
        self._draw(painter, "#000000")
        painter.end()

    def _draw(self, painter: QPainter, ink: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(ink), _PEN_PX)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            if len(stroke) == 1:
                painter.drawPoint(stroke[0])
            else:
                painter.drawPolyline(QPolygonF(stroke))

    def _begin(self, at: QPointF) -> None:
        self._is_down = True
        self._strokes.append([QPointF(at)])
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.update()

    def _go_on(self, at: QPointF) -> None:
        if self._is_down and self._strokes:
            self._strokes[-1].append(QPointF(at))
            self.update()

    def _end(self) -> None:
        if self._is_down:
            self._is_down = False
            self.drawn.emit()


class DrawingAnswer(QuestionWidget):
    """A sheet to draw on; what was confirmed is shown as a picture until it is cleared."""

    def __init__(self, aids: Aids, *, is_sketch: bool = False) -> None:
        super().__init__()
        self._aids = aids
        self._value = ""
        self._is_readonly = False
        self._is_gone = False
        self.canvas = Canvas(_SKETCH if is_sketch else _SIGNATURE)
        self.kept = Thumbnail(aids, self.canvas.width())
        self.confirm_button = PassedByEnter(self.tr("확인"), "outlined", key="Enter", tool=True)
        self.clear_button = PassedByEnter(self.tr("지우기"), "text", key="Delete", tool=True)
        self.fetch_button = PassedByEnter(self.tr("내려받기"), "outlined", tool=True)
        self._hint = Text("", "label", tone="hint", wraps=False)
        self.setFocusProxy(self.canvas)
        for button in (self.confirm_button, self.clear_button, self.fetch_button):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.confirm_button.clicked.connect(self.confirm)
        self.clear_button.clicked.connect(self.clear)
        self.fetch_button.clicked.connect(self.fetch)
        self.canvas.drawn.connect(self._show_buttons)
        below = QHBoxLayout()
        below.setSpacing(t.S8)
        below.addWidget(self.confirm_button)
        below.addWidget(self.clear_button)
        below.addWidget(self.fetch_button)
        below.addWidget(self._hint)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.S4)
        column.addWidget(self.kept)
        column.addWidget(self.canvas)
        column.addLayout(below)
        self.kept.hide()
        self.canvas.installEventFilter(self)
        self._show_buttons()

    def show_question(self, question: Asked) -> None:
        """What was confirmed, or the sheet."""
        self._value = question.value
        self._is_readonly = question.is_readonly
        self.canvas.setAccessibleName(question.label)
        is_kept = self.kept.show_name(question.value, question.label)
        self._is_gone = bool(question.value) and not is_kept
        self.fetch_button.setAccessibleName(self.tr("%s 내려받기") % question.label)
        if question.value and is_kept:
            self.canvas.clear()
        # The sheet keeps the keys under what was confirmed: Delete begins anew.
        self.canvas.setVisible(not question.value and not question.is_readonly)
        self._show_buttons()

    def focus_box(self) -> QWidget:
        """The sheet, or the button under what was confirmed."""
        return self.clear_button if self._value else self.canvas

    def confirm(self) -> None:
        """Hand the drawing out."""
        if not self.canvas.is_empty() and not self._is_readonly:
            self.picture_taken.emit(self.canvas.png(), "png")

    def clear(self) -> None:
        """A new sheet; what was confirmed is taken away."""
        self.canvas.clear()
        self._show_buttons()
        if self._value and not self._is_readonly:
            self.answered.emit("")
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def fetch(self) -> None:
        """Ask for the drawing that was made on another laptop; it is shown when it comes."""
        if self._aids.fetch_file is not None:
            self.fetch_button.hide()
            self._hint.show_text(self.tr("내려받는 중"))
            self._aids.fetch_file(self._value)

    def said(self) -> str:
        """What stands beside the buttons."""
        return "" if self._hint.isHidden() else self._hint.words()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Enter confirms what is drawn, Delete clears; else they are the form's."""
        key, plain = event.key(), not (event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.canvas.is_empty():
            self.confirm()
            self.went_on.emit()
        elif plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def _show_buttons(self) -> None:
        is_blank = self.canvas.is_empty()
        self.confirm_button.setVisible(not is_blank and not self._is_readonly)
        can_clear = not self._is_readonly and (not is_blank or bool(self._value))
        self.clear_button.setVisible(can_clear)
        self.fetch_button.setVisible(self._is_gone and self._aids.fetch_file is not None)
        is_asked = is_blank and not self._value and not self._is_readonly
        self._hint.show_text(
            self.tr("그림은 이 노트북에 없습니다.")
            if self._is_gone
            else self.tr("마우스, 펜, 손가락으로 써 주세요.")
        )
        self._hint.setVisible(is_asked or self._is_gone)
