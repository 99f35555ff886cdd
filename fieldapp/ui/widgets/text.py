"""Labels whose lines break between words and whose line height is that of the type table."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.words import paragraph_html

Role = Literal[
    "screen-title", "section", "reading", "question", "answer", "body", "label", "note",
    "kiosk-title", "kiosk",
]  # fmt: skip
Tone = Literal["", "subtle", "hint", "danger", "warning", "success", "info", "link"]

_SIZES: dict[Role, t.TypeSize] = {
    "screen-title": t.SCREEN_TITLE, "section": t.SECTION, "reading": t.READING,
    "question": t.QUESTION, "answer": t.ANSWER, "body": t.BODY, "label": t.LABEL, "note": t.NOTE,
    "kiosk-title": t.KIOSK_TITLE, "kiosk": t.KIOSK,
}  # fmt: skip


class Text(QLabel):
    """Words that are read, in one of the sizes of the type table. Never rich text from outside."""

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        *,
        tone: Tone = "",
        wraps: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role: Role = role
        self._words = ""
        self._wraps = wraps
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setWordWrap(wraps)
        self.setTextFormat(Qt.TextFormat.RichText if wraps else Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred if wraps else QSizePolicy.Policy.Minimum,
            QSizePolicy.Policy.Minimum if wraps else QSizePolicy.Policy.Fixed,
        )
        self.show_text(text)

    def words(self) -> str:
        """What it says, without markup or joiners."""
        return self._words

    def show_text(self, text: str) -> None:
        """Say something else."""
        self._words = text
        if self._wraps:
            self.setText(paragraph_html(text, _SIZES[self._role].line_px) if text else "")
        else:
            self.setText(text)
        self.setAccessibleName(text)

    def show_tone(self, tone: Tone) -> None:
        """Speak in another colour."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again after a property changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def show_when(widget: QWidget, is_wanted: bool) -> None:
    """Show or hide, without a word to Qt where nothing changes.

    A part that was never hidden comes with what it stands in; showing it by name would dress it
    before its place is made.
    """
    is_hidden = widget.isHidden() and widget.testAttribute(
        Qt.WidgetAttribute.WA_WState_ExplicitShowHide
    )
    if is_wanted == is_hidden:
        widget.setVisible(is_wanted)


def rule(direction: Literal["horizontal", "vertical"] = "horizontal") -> QFrame:
    """A line of 1 px."""
    line = QFrame()
    line.setProperty("rule", direction)
    return line


def ground(widget: QWidget, name: Literal["app", "surface", "sunken"]) -> None:
    """Give an area its ground colour."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setProperty("ground", name)
