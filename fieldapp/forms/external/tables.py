"""CSV to rows (ODK XForms, "Secondary instances from CSV"; RFC 4180).

The specification asks for UTF-8 and `,`, `;` or tab. What Korean Excel saves as "CSV" is cp949,
as "CSV UTF-8" has a byte order mark, and as "Unicode text" is UTF-16 with one: all are read.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from fieldapp.errors import FormReason, ListFileRefused
from fieldapp.forms.external.rows import TableRows

_DELIMITERS = (",", ";", "\t")  # in order of preference
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAME = re.compile(r"[^\W\d][\w.\-·]*\Z")


def table_of(content: bytes, file: str) -> TableRows:
    """The rows of a CSV file; raises ListFileRefused with the line and what is wrong in it."""
    text = _text(content, file)
    lines = _lines(text, _delimiter(text), file)
    _, header = next(lines, (1, []))
    columns = _columns(header, file)
    rows = [_cells(cells, len(columns), place, file) for place, cells in lines if any(cells)]
    return TableRows(columns, rows)


def _text(content: bytes, file: str) -> str:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise ListFileRefused(file=file, reason=FormReason.NOT_TEXT)


def _delimiter(text: str) -> str:
    """The one that splits the header most; the preferred one of those that split it alike."""
    header = next(filter(str.strip, io.StringIO(text, newline="")), "")
    counts = {mark: len(next(csv.reader([header], delimiter=mark), [])) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _lines(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has any, with the number of the line it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error:
        raise ListFileRefused(
            file=file, line=reader.line_num, reason=FormReason.BROKEN_TABLE
        ) from None


def _columns(header: list[str], file: str) -> list[str]:
    columns = [cell.strip() for cell in header]
    while columns and not columns[-1]:
        columns.pop()  # what a spreadsheet leaves behind the last column
    seen: set[str] = set()
    for place, column in enumerate(columns, 1):
        if not column:
            raise ListFileRefused(
                file=file, line=1, reason=FormReason.EMPTY_COLUMN, name=str(place)
            )
        if not _NAME.match(column):
            raise ListFileRefused(file=file, line=1, reason=FormReason.BAD_COLUMN, name=column)
        if column in seen:
            raise ListFileRefused(file=file, line=1, reason=FormReason.TWIN_COLUMN, name=column)
        seen.add(column)
    if not columns:
        raise ListFileRefused(file=file, line=1, reason=FormReason.EMPTY_COLUMN, name="1")
    return columns


def _cells(cells: list[str], width: int, line: int, file: str) -> tuple[str, ...]:
    if len(cells) > width and any(cells[width:]):
        raise ListFileRefused(
            file=file, line=line, reason=FormReason.LONG_ROW, name=str(len(cells))
        )
    return (*cells[:width], *("",) * (width - len(cells)))
