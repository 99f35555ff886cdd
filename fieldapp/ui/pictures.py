"""Pixels as a PNG file, for pictures of pages."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage


def write_png(file: Path, width: int, height: int, rgba: bytes) -> None:
    """Write pixels, four bytes each. Raises OSError when the file cannot be written."""
    image = QImage(rgba, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    if not image.save(str(file)):
        raise OSError(f"could not write {file.name}")
