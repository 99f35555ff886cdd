"""Pages of a PDF as pixels and as text, in memory only: what is seen is what is filed.

The one module that knows pypdfium2.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pypdfium2

# PDFium may be entered by one thread at a time.
_PDFIUM = Lock()


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page; `rgba` holds 4 bytes a pixel, row by row from the top, without padding."""

    width: int
    height: int
    rgba: bytes
    page_count: int


def render_page(pdf: bytes, page: int, width_px: int) -> PageImage:
    """Page number `page` (0 is the first), `width_px` wide. Raises IndexError past the last."""
    if width_px < 1:
        raise ValueError("a page is at least one pixel wide")
    with _opened(pdf) as document, _page(document, page) as sheet:
        bitmap = sheet.render(
            scale=width_px / sheet.get_width(),
            force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRA,
            rev_byteorder=True,
        )
        try:
            return PageImage(bitmap.width, bitmap.height, _packed(bitmap), len(document))
        finally:
            bitmap.close()


def page_count(pdf: bytes) -> int:
    """How many pages the file has."""
    with _opened(pdf) as document:
        return len(document)


def page_text(pdf: bytes, page: int) -> str:
    """The page's text as a reader copies it out, in drawing order, lines ended by a newline."""
    with _opened(pdf) as document, _page(document, page) as sheet:
        text_page = sheet.get_textpage()
        try:
            text: str = text_page.get_text_range()
        finally:
            text_page.close()
    return text.replace("\r\n", "\n")


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()


@contextmanager
def _page(document: Any, page: int) -> Iterator[Any]:
    if not 0 <= page < len(document):
        raise IndexError(page)
    sheet = document[page]
    try:
        yield sheet
    finally:
        sheet.close()


def _packed(bitmap: Any) -> bytes:
    """The bitmap's rows without the padding that PDFium may put at their ends."""
    row_bytes = 4 * bitmap.width
    pixels = bytes(bitmap.buffer)
    if bitmap.stride == row_bytes:
        return pixels
    return b"".join(
        pixels[start : start + row_bytes]
        for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
    )
