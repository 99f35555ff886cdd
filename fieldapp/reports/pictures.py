"""Photographs and drawn signatures made fit for print: the one module that knows Pillow.

What comes in is hostile: a camera's file from anywhere. What goes out is a plain JPEG, upright, no
larger than print needs, and without the metadata that tells where and with what it was taken.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from fieldapp.reports.document import Photo

#: The longer side: 120 mm at 300 dots an inch.
LONGEST_PX = 1420
#: A picture that claims more is refused before its pixels are read.
MOST_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82


def photo_of(content: bytes, caption: str = "") -> Photo | None:
    """The picture for print, or None for a file that is no picture or claims to be a giant."""
    try:
        with warnings.catch_warnings(action="ignore"):
            jpeg, (width, height) = _jpeg(content)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None  # whatever a broken or hostile file makes Pillow raise
    return Photo(jpeg, width, height, caption)


def _jpeg(content: bytes) -> tuple[bytes, tuple[int, int]]:
    with Image.open(BytesIO(content), formats=_FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        # JPEG decodes at a fraction of its size where that is enough.
        opened.draft("RGB", (LONGEST_PX, LONGEST_PX))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_PX, LONGEST_PX))
        paper = Image.new("RGB", upright.size, "white")
        if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
            drawn = upright.convert("RGBA")
            paper.paste(drawn, mask=drawn.getchannel("A"))
        else:
            paper.paste(upright.convert("RGB"))
    out = BytesIO()
    paper.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue(), paper.size
