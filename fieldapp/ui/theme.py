"""The theme in force, and fonts of the type table, for widgets that paint themselves."""

from __future__ import annotations

from PySide6.QtGui import QFont

from fieldapp.ui import tokens as t

_current: list[t.Tokens] = [t.LIGHT]


def current() -> t.Tokens:
    """The tokens that the application was last styled with."""
    return _current[0]


def set_current(tokens: t.Tokens) -> None:
    """Remember the tokens; `style.apply_style` calls this."""
    _current[0] = tokens


def font(size: t.TypeSize, *, bold: bool | None = None) -> QFont:
    """A font of the type table, with digits of one width."""
    made = QFont(t.FAMILY)
    made.setPixelSize(size.px)
    made.setBold(size.bold if bold is None else bold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
