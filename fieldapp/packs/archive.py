"""Whether a file is a workbook that may be opened at all, before any reader of workbooks sees it.

An .xlsx is a zip of XML. A hostile one names a cell at the far corner of a sheet (a reader that
keeps a grid then asks for 400 GB), unpacks to gigabytes, or lies about its sizes; so every part is
unpacked here once under a limit, and every place a sheet names is looked at.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib

from fieldapp.packs.findings import FILE, Findings
from fieldapp.packs.foreign import AS_XLSX, OLE, told_of_archive, told_of_bytes, told_of_ole

FILE_BYTES = 16 * 1024 * 1024
UNPACKED_BYTES = 96 * 1024 * 1024
MOST_PARTS = 2_000
LAST_ROW = 100_000
LAST_COLUMN = 300
MOST_CELLS = 2_000_000

_PLACE = re.compile(rb"([A-Za-z]{0,7})([0-9]{0,9})")
# Tags are found by eye rather than parsed: a tree of 96 MB of XML is a gigabyte. A `>` inside
# quotes ends no tag; a `<` stands in none, which keeps the search linear. A tag that begins and is
# not read to its end leaves the second group out.
_ROW_OR_CELL = re.compile(
    rb"""<(?:[^\s<>/:"'=]+:)?(row|c)(?=[\s/>])(?:((?:[^<>"']|"[^<"]*"|'[^<']*')*)>)?"""
)
# Which parts the workbook is made of; a sheet is one whose name ends in .xml, nothing else.
_WORKBOOK_PARTS = "xl/_rels/workbook.xml.rels"
_TARGET = re.compile(rb"""\sTarget\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_IS_XML_PART = re.compile(rb"[\w./\-]+\.xml|metadata")
_GOOGLE_METADATA = "xl/metadata"  # Google Sheets: binary, and named without an ending
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_UNLOCKED = "엑셀에서 암호를 지우고 저장한 뒤 넣으세요."
_AGAIN = "엑셀에서 열어 새 통합 문서로 다시 저장한 뒤 넣으세요."


class _UnsafeError(Exception):
    """Carries the problem and its remedy to `is_safe`; never leaves this module."""


def is_safe(content: bytes, findings: Findings) -> bool:
    """True when the bytes are a workbook within the limits; if not, findings says why."""
    try:
        _check(content)
    except _UnsafeError as unsafe:
        problem, remedy = unsafe.args
        findings.add(FILE, 0, "", problem, remedy)
        return False
    return True


def _check(content: bytes) -> None:
    if not content:
        raise _UnsafeError("비어 있는 파일입니다.", AS_XLSX)
    if len(content) > FILE_BYTES:
        raise _UnsafeError(f"파일이 {FILE_BYTES // 1024**2}MB보다 큽니다.", _AGAIN)
    if content.startswith(OLE):
        raise _UnsafeError(*told_of_ole(content))
    if not content.startswith(b"PK"):
        raise _UnsafeError(*told_of_bytes(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise _UnsafeError("엑셀 파일이 아니거나 깨진 파일입니다.", AS_XLSX) from None
    except RuntimeError:  # what zipfile raises for an encrypted part
        raise _UnsafeError("비밀번호로 잠긴 파일입니다.", _UNLOCKED) from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    # Readers look parts up without regard to case.
    names = {part.filename.lower() for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise _UnsafeError("풀었을 때 너무 커지는 파일입니다.", _AGAIN)
    if len(names) != len(parts):
        raise _UnsafeError("깨진 파일입니다(같은 부분이 두 번 들어 있습니다).", _AGAIN)
    if not {"[content_types].xml", "xl/workbook.xml", _WORKBOOK_PARTS} <= names:
        raise _UnsafeError(*told_of_archive(names))
    cells = 0
    for part in parts:
        # Reading to the end checks the declared size and the checksum too.
        body = archive.read(part).removeprefix(codecs.BOM_UTF8)
        name = part.filename.lower()
        if name == _WORKBOOK_PARTS and not all(map(_IS_XML_PART.fullmatch, _targets(body))):
            raise _UnsafeError("매크로나 알 수 없는 부분이 든 파일입니다.", AS_XLSX)
        if name == _GOOGLE_METADATA and (_ROW_OR_CELL.search(body) or b"<\0" in body):
            raise _UnsafeError("알 수 없는 부분이 든 파일입니다.", AS_XLSX)
        if not name.endswith((".xml", ".rels")):
            continue
        # Another encoding than UTF-8 would hide from what is looked for below.
        if not body.lstrip().startswith(b"<") or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            raise _UnsafeError("쓸 수 없는 XML이 들어 있는 파일입니다.", _AGAIN)
        cells += _grid_of(body)
        if cells > MOST_CELLS:
            raise _UnsafeError(
                f"너무 먼 칸까지 쓰였습니다({LAST_ROW:,}행, {LAST_COLUMN}열까지 쓸 수 있습니다).",
                "쓰지 않는 행과 열을 지우고 저장한 뒤 넣으세요.",
            )


def _targets(body: bytes) -> list[bytes]:
    return [match[1] or match[2] or b"" for match in _TARGET.finditer(body)]


def _grid_of(body: bytes) -> int:
    """How many cells a grid over every place that a sheet's filled cells name would hold."""
    last_row = last_column = row = column = 0
    for tag in _ROW_OR_CELL.finditer(body):
        name, attributes = tag[1], tag[2]
        if attributes is None:
            raise _UnsafeError("깨진 XML이 들어 있는 파일입니다.", _AGAIN)
        place = _REFERENCE.search(attributes)
        if name == b"row":
            digits = place[1] or place[2] if place else b""
            row = int(digits) if digits.isdigit() and len(digits) < 10 else row + 1
            column = 0
            continue
        letters, digits = _place(place[1] or place[2] or b"") if place else (0, 0)
        column, row = letters or column + 1, digits or row
        # Excel keeps the colour of empty cells to the end of a sheet; they count nowhere.
        if attributes.endswith(b"/") or body.startswith(b"</", tag.end()):
            continue
        last_row, last_column = max(last_row, row), max(last_column, column)
        if last_row > LAST_ROW or last_column > LAST_COLUMN:
            return MOST_CELLS + 1
    return last_row * last_column


def _place(text: bytes) -> tuple[int, int]:
    """Column and row of `AB12`, 1-based; beyond all limits for what is no place."""
    match = _PLACE.fullmatch(text)
    if match is None:
        return LAST_COLUMN + 1, LAST_ROW + 1
    column = 0
    for letter in match[1].upper():
        column = column * 26 + letter - 64
    return column, int(match[2] or 0)
