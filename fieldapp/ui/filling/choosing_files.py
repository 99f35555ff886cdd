"""Asks the worker for a picture file: the system's own dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

_ENDINGS = "*.jpg *.jpeg *.png *.webp *.bmp"


def ask_for_picture(parent: QWidget) -> Path | None:
    """The picture that the worker chose; None when they chose none."""
    title = QCoreApplication.translate("filling", "사진 고르기")
    kinds = QCoreApplication.translate("filling", "사진") + f" ({_ENDINGS})"
    path, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(path) if path else None
