"""The bundled typeface. A bare office laptop has no Korean family that this window may count on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase

from fieldapp.ui.tokens import FAMILY


def load_fonts(folder: Path) -> bool:
    """Register every TTF of a folder. True when the family of the token table is there now."""
    for file in sorted(folder.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    return FAMILY in QFontDatabase.families()
