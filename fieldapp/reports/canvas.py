"""Faces and PDF pages: the one module that knows reportlab.

Lengths are points (1/72 inch) from the lower left corner of the page, as in PDF itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_PRODUCER = "fieldapp"


@dataclass(frozen=True, slots=True)
class Face:
    """A registered TrueType face: advance widths in 1/1000 em of the characters it has."""

    name: str
    widths: Mapping[int, float]


class Run(NamedTuple):
    """Words in one face and size; x and y are where their baseline starts."""

    x: float
    y: float
    text: str
    face: str
    size: float


class Rule(NamedTuple):
    """A straight black line."""

    x1: float
    y1: float
    x2: float
    y2: float
    thickness: float


class Fill(NamedTuple):
    """A rectangle of a light grey, given as red, green and blue from 0 to 1."""

    x: float
    y: float
    width: float
    height: float
    grey: tuple[float, float, float]


class Picture(NamedTuple):
    """A JPEG within its rectangle."""

    x: float
    y: float
    width: float
    height: float
    jpeg: bytes


class Page(NamedTuple):
    """What is drawn on one page: grounds and pictures first, lines over them, words on top."""

    fills: list[Fill]
    pictures: list[Picture]
    rules: list[Rule]
    runs: list[Run]

    @classmethod
    def empty(cls) -> Page:
        """A page with nothing on it."""
        return cls([], [], [], [])


def load_face(name: str, path: Path) -> Face:
    """Read a TrueType file and register it under a name. Raises OSError where there is none."""
    if not path.is_file():
        raise FileNotFoundError(path.name)
    font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    return Face(name, {code: font.face.charWidths[code] for code in font.face.charToGlyph})


def pdf_bytes(
    pages: Iterable[Page],
    *,
    page_size: tuple[float, float],
    title: str,
    subject: str,
    author: str,
    created_at: datetime,
    first_face: str,
) -> bytes:
    """The pages as one PDF. The same pages and facts give the same bytes.

    `first_face` replaces Helvetica, which reportlab would otherwise name in every page without
    embedding it. created_at is aware.
    """
    buffer = BytesIO()
    canvas: Any = Canvas(
        buffer,
        pagesize=page_size,
        initialFontName=first_face,
        invariant=1,  # no clock, no random id
        lang="ko-KR",
        pageCompression=1,
        pdfVersion=(1, 4),
    )
    canvas.setDateFormatter(lambda *_: _pdf_date(created_at))
    canvas.setTitle(title)
    canvas.setSubject(subject)
    canvas.setAuthor(author)
    canvas.setCreator(_PRODUCER)
    canvas.setProducer(_PRODUCER)
    for page in pages:
        _draw(canvas, page)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Any, page: Page) -> None:
    for fill in page.fills:
        canvas.setFillColorRGB(*fill.grey)
        canvas.rect(fill.x, fill.y, fill.width, fill.height, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)
    for picture in page.pictures:
        canvas.drawImage(ImageReader(BytesIO(picture.jpeg)), *picture[:4])
    thickness = 0.0
    for rule in page.rules:
        if rule.thickness != thickness:
            thickness = rule.thickness
            canvas.setLineWidth(thickness)
        canvas.line(rule.x1, rule.y1, rule.x2, rule.y2)
    # One text object a page: a text object a word doubles the time of a long table.
    words = canvas.beginText()
    font: tuple[str, float] = ("", 0.0)
    for run in page.runs:
        if (run.face, run.size) != font:
            font = (run.face, run.size)
            words.setFont(*font)
        words.setTextOrigin(run.x, run.y)
        words.textOut(run.text)
    canvas.drawText(words)


def _pdf_date(at: datetime) -> str:
    """`D:20261201090000+09'00'` (ISO 32000-1 §7.9.4)."""
    offset = at.strftime("%z")
    return f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
