"""A document to a PDF: checked, laid out, drawn. What reportlab does stands in `canvas`."""

from __future__ import annotations

from fieldapp.reports import fonts
from fieldapp.reports.canvas import pdf_bytes
from fieldapp.reports.document import Document
from fieldapp.reports.layout import pages_of
from fieldapp.reports.wording import korean_time


def write_pdf(document: Document) -> bytes:
    """A4 pages with embedded fonts (korea.md print rules 1-13); equal documents, equal bytes.

    Raises GlyphMissing for a character that the font lacks or CP949 cannot hold; a page with a
    hole in it is never made.
    """
    for place, text in document.texts():
        fonts.check_text(text, place)
    page_size, pages = pages_of(document)
    return pdf_bytes(
        pages,
        page_size=page_size,
        title=document.title,
        subject=document.period_name,
        author=document.office,  # the office, never the person
        created_at=korean_time(document.counted_at),
        first_face=fonts.face().name,
    )
