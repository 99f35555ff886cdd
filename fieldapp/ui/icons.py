"""One set of line icons, 20 px, 1.75 px stroke, drawn in the colour they are asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from fieldapp.ui import tokens as t

IconName = Literal[
    "today", "households", "records", "monitoring", "review", "summaries", "syncing", "admin",
    "lock", "keys", "search", "back",
]  # fmt: skip

_SHAPES: dict[IconName, str] = {
    "today": "M3.4 4.8h13.2v12H3.4zM3.4 8.4h13.2M7 2.8v3.4M13 2.8v3.4M9 12.6l1.4 1.4 2.6-3",
    "households": "M2.8 9.6 10 3.4l7.2 6.2M4.8 8v8.8h10.4V8M8.4 16.8v-4.6h3.2v4.6",
    "monitoring": "M4.2 3.4h11.6v13.4H4.2zM7 7.2l1 1 1.6-1.9M7 12l1 1 1.6-1.9"
    "M11.8 7.6h1.6M11.8 12.4h1.6",
    "review": "M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4zM6.8 10.2l2.2 2.2 4.2-4.6",
    "records": "M5 2.9h7l3.5 3.5v10.7H5zM11.7 3v3.7h3.7M7.6 10h5M7.6 13.2h5",
    "summaries": "M3 17h14M5.2 14V9.5M10 14V4.2M14.8 14V7",
    "syncing": "M3.2 7.2h11.4M11.6 4l3.2 3.2-3.2 3.2M16.8 13H5.4M8.4 9.8 5.2 13l3.2 3.2",
    "admin": "M3 5.4h6.2M13 5.4h4M3 10h2.2M9 10h8M3 14.6h7.2M14 14.6h3"
    "M11.1 3.5a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z"
    "M7.1 8.1a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z"
    "M12.1 12.7a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z",
    "lock": "M4.6 9h10.8v7.6H4.6zM6.8 9V6.4a3.2 3.2 0 0 1 6.4 0V9M10 12v1.8",
    "keys": "M2.6 5h14.8v10H2.6zM5.6 8h.01M8.5 8h.01M11.4 8h.01M14.4 8h.01M6.4 11.9h7.2",
    "search": "M8.8 3.4a5.4 5.4 0 1 1 0 10.8 5.4 5.4 0 0 1 0-10.8zM12.8 12.8l4 4",
    "back": "M11.8 4.4 6.2 10l5.6 5.6",
}


@lru_cache(maxsize=128)
def icon(name: IconName, colour: str, ratio: float = 1.0) -> QPixmap:
    """The icon in a colour, for a screen of a device pixel ratio."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="none"'
        f' stroke="{colour}" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{_SHAPES[name]}"/></svg>'
    )
    side = round(t.ICON_PX * ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
