"""A file that is no workbook, or one made to hurt, is refused with a sentence and costs nothing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from fieldapp.errors import PackRefused
from fieldapp.packs.archive import FILE_BYTES
from fieldapp.packs.findings import FILE
from tests.packs.workbooks import P13E, edited, problems_of, read_here

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The shipped workbook with one part of its zip changed."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(P13E) as before,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            body = before.read(entry)
            after.writestr(entry, change(body) if entry == name else body)
    return changed.getvalue()


def cell_at(place: str, before: str = "") -> bytes:
    """A workbook whose survey sheet claims one more cell, there."""
    cell = f'<c {before}r="{place}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return with_part(
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(b"</row></sheetData>", cell.encode()),
    )


def zip_bomb() -> bytes:
    """100 MB of nothing in 100 kB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<a/>")
        archive.writestr("xl/workbook.xml", b" " * 101_000_000)
    return packed.getvalue()


def lying_about_its_size() -> bytes:
    """A part that unpacks to more than the zip's directory says."""
    content = bytearray(P13E.read_bytes())
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = (1).to_bytes(4, "little")
    return bytes(content)


def billion_laughs() -> bytes:
    """A sheet that would grow by its own entities."""
    declared = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return with_part(
        "xl/worksheets/sheet1.xml",
        lambda body: re.sub(rb"(<\?xml[^>]*>)?", lambda head: head[0] + declared, body, count=1),
    )


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "비어 있는"),
    "text": ("이름,값\n".encode, "엑셀 파일이 아니"),
    "old xls": (lambda: OLE + bytes(600), "옛 형식"),
    "password": (
        lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "비밀번호",
    ),
    "cut short": (lambda: P13E.read_bytes()[:5000], "깨진"),
    "another zip": (lambda: b"PK\x05\x06" + bytes(18), "통합 문서(.xlsx)가 아닙니다"),
    "too large": (lambda: b"PK" + bytes(FILE_BYTES), "보다 큽니다"),
    "zip bomb": (zip_bomb, "너무 커지는"),
    "lies about its size": (lying_about_its_size, "깨진"),
    "a cell at the far corner": (lambda: cell_at("XFD1048576"), "너무 먼 칸"),
    "a cell below all limits": (lambda: cell_at("A999999999"), "너무 먼 칸"),
    "a place that is none": (lambda: cell_at("!!"), "너무 먼 칸"),
    "entities": (billion_laughs, "XML"),
    "another encoding": (
        lambda: with_part("xl/worksheets/sheet1.xml", lambda body: body.decode().encode("utf-16")),
        "XML",
    ),
    "a far cell behind a quoted bracket": (
        lambda: cell_at("XFD1048576", "x='>' "),
        "너무 먼 칸",
    ),
    "a far cell behind a bracket that no XML has": (
        lambda: cell_at("XFD1048576", "x='<' "),
        "깨진 XML",
    ),
    "a hundred thousand tags without an end": (
        lambda: with_part("xl/worksheets/sheet1.xml", lambda body: body + b"<c " * 100_000),
        "깨진 XML",
    ),
    "a sheet under another name": (
        lambda: with_part(
            "xl/_rels/workbook.xml.rels", lambda body: body.replace(b"sheet1.xml", b"sheet1.png")
        ),
        "알 수 없는 부분",
    ),
    "half a sheet": (
        lambda: with_part("xl/worksheets/sheet1.xml", lambda body: body[:-400]),
        "읽을 수 없습니다",
    ),
}


@pytest.mark.parametrize(("make", "problem"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_sound_workbook_is_refused_whole(
    make: Callable[[], bytes], problem: str
) -> None:
    with pytest.raises(PackRefused) as refused:
        read_here(make(), "받은 파일.xlsx")

    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    assert [(found.sheet, found.row) for found in problems] == [(FILE, 0)]
    assert problem in problems[0].problem
    assert re.search("[가-힣]", problems[0].remedy)
    assert refused.value.facts["file_name"] == "받은 파일.xlsx"


def test_a_workbook_without_our_sheets_is_told_what_is_missing() -> None:
    book = Workbook()
    saved = io.BytesIO()
    book.save(saved)

    sheets = {found.sheet for found in problems_of(saved.getvalue())}

    assert sheets == {"Sheet", "survey", "settings", "pack", "workflow"}


def test_coloured_cells_without_a_text_do_not_count() -> None:
    def colour(book: Workbook) -> None:
        book["survey"].cell(5_000, 16_000).number_format = "@"

    assert problems_of(edited(colour)) == ()


def test_rows_that_pyxform_would_never_reach_are_named() -> None:
    def far_below(book: Workbook) -> None:
        book["choices"].cell(200, 1).value = "agree"

    problems = problems_of(edited(far_below))

    assert ("choices", 200) in [(found.sheet, found.row) for found in problems]
    assert any("빈 행" in found.problem for found in problems)


def test_text_in_a_column_without_a_head_is_named() -> None:
    def aside(book: Workbook) -> None:
        book["survey"].cell(3, 30).value = "확인할 것"

    assert [(found.sheet, found.row) for found in problems_of(edited(aside))] == [("survey", 3)]


def test_a_sheet_of_notes_is_left_alone() -> None:
    def notes(book: Workbook) -> None:
        book.create_sheet("_메모").append(["무엇이든"])

    assert problems_of(edited(notes)) == ()
