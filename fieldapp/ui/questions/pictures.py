"""Pictures from outside: read as hostile, turned upright, shrunk, written anew without metadata.

What comes out is made from pixels alone, so no EXIF, no place, no device name and no second file
inside the first can come along.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from fieldapp.errors import PictureRefused

#: Long enough to read a notice on a photographed door, short enough for a slow line.
LONGEST_EDGE_PX = 1600
_QUALITY = 82
_LARGEST_FILE_BYTES = 40 * 1024 * 1024
_LARGEST_PIXELS = 100_000_000
_FORMATS = {"jpeg", "jpg", "png", "webp", "bmp", "gif"}


def picture_from_file(path: Path, longest_px: int = LONGEST_EDGE_PX) -> bytes:
    """A picture file as a JPEG of ours. Raises PictureRefused for what is none, or too large."""
    try:
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            raise PictureRefused
        raw = path.read_bytes()
    except OSError:
        raise PictureRefused from None
    return picture_from_bytes(raw, longest_px)


def picture_from_bytes(raw: bytes, longest_px: int = LONGEST_EDGE_PX) -> bytes:
    """The same from the bytes of a file."""
    return picture_from_image(_read(raw, QSize(longest_px, longest_px)), longest_px)


def picture_from_image(image: QImage, longest_px: int = LONGEST_EDGE_PX) -> bytes:
    """A picture of the clipboard, its longer edge shrunk to what may be kept."""
    if image.isNull():
        raise PictureRefused
    return _written(_on_white(_shrunk(image, longest_px)), "JPEG", _QUALITY)


def longest_edge(wanted: str, most: int = LONGEST_EDGE_PX) -> int:
    """How many pixels a workbook's `max-pixels` lets the longer edge have; never more than `most`,
    the worker's own choice.
    """
    return min(int(wanted), most) if wanted.isdigit() and int(wanted) else most


def drawing_png(image: QImage) -> bytes:
    """A drawing as PNG: few colours, sharp lines."""
    return _written(image, "PNG", -1)


def thumbnail(raw: bytes, longest_px: int) -> QImage:
    """A small picture of a kept file; null when it cannot be read."""
    try:
        return _read(raw, QSize(longest_px, longest_px))
    except PictureRefused:
        return QImage()


def _read(raw: bytes, most: QSize) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(raw))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if bytes(reader.format().data()).decode("ascii", "replace") not in _FORMATS:
        raise PictureRefused
    if not size.isValid() or size.width() * size.height() > _LARGEST_PIXELS:
        raise PictureRefused
    if size.width() > most.width() or size.height() > most.height():
        # Scaled while it is decoded: a large picture is never whole in memory.
        reader.setScaledSize(size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise PictureRefused
    return image


def _shrunk(image: QImage, longest_px: int) -> QImage:
    if max(image.width(), image.height()) <= longest_px:
        return image
    return image.scaled(
        longest_px,
        longest_px,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _on_white(image: QImage) -> QImage:
    """JPEG has no transparency: what shows through is paper. Texts and profiles stay behind."""
    paper = QImage(image.size(), QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    return paper


def _written(image: QImage, kind: str, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, kind, quality):  # type: ignore[call-overload]  # a stub says bytes
        raise PictureRefused
    return bytes(buffer.data().data())
