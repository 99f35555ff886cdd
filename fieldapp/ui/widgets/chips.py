"""The grade of a household as tint, word and shape: never by colour alone (ux §3)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fieldapp.ui import theme
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.text import Tone

CHIP_PX = 24


@dataclass(frozen=True, slots=True)
class ChipLook:
    """What a chip says and in which tone; no tone is gray, `is_hollow` has no ground."""

    words: str
    tone: Tone = ""
    is_hollow: bool = False


#: The grades of the contact cycle in the order of their urgency.
GRADES: dict[str, ChipLook] = {
    "risk": ChipLook("▲ 위험", "danger"),
    "caution": ChipLook("◆ 주의", "warning"),
    "watch": ChipLook("● 관심", "info"),
    "closed": ChipLook("■ 종결(사후)"),
    "": ChipLook("○ 미정", is_hollow=True),
}


def grade_look(grade: str) -> ChipLook:
    """The chip of a grade; one that nobody knows is called by its own name."""
    return GRADES.get(grade) or ChipLook(grade, is_hollow=True)


def chip_width(look: ChipLook) -> int:
    """How wide a chip is."""
    return QFontMetrics(theme.font(t.NOTE, bold=True)).horizontalAdvance(look.words) + 2 * t.S8


def paint_chip(painter: QPainter, look: ChipLook, right: int, top: int) -> int:
    """Draw a chip that ends at `right`; returns its left edge."""
    c = theme.current()
    ink = getattr(c, look.tone) if look.tone else c.subtle
    ground = getattr(c, f"{look.tone}_ground") if look.tone else c.sunken
    width = chip_width(look)
    box = QRectF(right - width + 0.5, top + 0.5, width - 1, CHIP_PX - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    has_line = look.is_hollow or c.name == "high_contrast"
    painter.setPen(QPen(QColor(ink), 1) if has_line else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if look.is_hollow else QColor(ground))
    painter.drawRoundedRect(box, t.RADIUS_CHIP, t.RADIUS_CHIP)
    painter.setPen(QColor(ink))
    painter.setFont(theme.font(t.NOTE, bold=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, look.words)
    painter.restore()
    return right - width


class GradeChip(QWidget):
    """A chip that stands on a page."""

    def __init__(self) -> None:
        super().__init__()
        self._look = GRADES[""]
        self.setFixedHeight(CHIP_PX)

    def show_grade(self, grade: str) -> None:
        """Say another grade."""
        self._look = grade_look(grade)
        self.setFixedWidth(chip_width(self._look))
        self.setAccessibleName(self._look.words)
        self.update()

    def sizeHint(self) -> QSize:
        """Qt: as wide as its words."""
        return QSize(chip_width(self._look), CHIP_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: paint."""
        painter = QPainter(self)
        paint_chip(painter, self._look, self.width(), 0)
        painter.end()
