"""A file that is no .xlsx is called what it is, with the way to make one of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from openpyxl import Workbook

from fieldapp.errors import PackRefused
from fieldapp.packs.archive import UNPACKED_BYTES
from fieldapp.packs.findings import FILE
from fieldapp.packs.foreign import OLE
from tests.packs.small import SHEETS, written
from tests.packs.workbooks import read_here


def archive(*parts: str) -> bytes:
    """A zip with these parts, each of a few letters."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for part in parts:
            file.writestr(part, "<a/>")
    return packed.getvalue()


def with_macro() -> bytes:
    """A workbook as Excel saves one with a macro."""
    saved = io.BytesIO()
    book = Workbook()
    book.save(saved)
    packed = io.BytesIO()
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(packed, "w") as after:
        for entry in before.namelist():
            body = before.read(entry)
            if entry == "xl/_rels/workbook.xml.rels":
                macro = b'<Relationship Id="rId99" Type="x/vbaProject" Target="vbaProject.bin"/>'
                body = body.replace(b"</Relationships>", macro + b"</Relationships>")
            after.writestr(entry, body)
        after.writestr("xl/vbaProject.bin", OLE)
    return packed.getvalue()


def with_shared_strings_of_a_hundred_megabytes() -> bytes:
    """A small file whose texts unpack to more than a laptop should hold."""
    whole = io.BytesIO(written(SHEETS))
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(whole) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            body = before.read(entry)
            if entry == "xl/sharedStrings.xml":
                body = body.replace(
                    b"</sst>", b"<si><t>" + b"a" * UNPACKED_BYTES + b"</t></si></sst>"
                )
            after.writestr(entry, body)
    return packed.getvalue()


def with_entities_in_its_texts() -> bytes:
    """Texts that would grow by their own entities."""
    whole = io.BytesIO(written(SHEETS))
    packed = io.BytesIO()
    bomb = b'<!DOCTYPE s [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(packed, "w") as after:
        for entry in before.namelist():
            body = before.read(entry)
            if entry == "xl/sharedStrings.xml":
                body = re.sub(rb"(<\?xml[^>]*>\s*)", lambda head: head[0] + bomb, body, count=1)
            after.writestr(entry, body)
    return packed.getvalue()


def locked_with_a_password() -> bytes:
    """As Excel writes it: the old container around what is encrypted."""
    return OLE + bytes(1_000) + "EncryptedPackage".encode("utf-16-le") + bytes(1_000)


CSV = "type,name,label\ntext,a,이름을 적으세요\n"
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "csv": (CSV.encode, "CSV"),
    "csv as Excel writes it": (lambda: CSV.encode("utf-8-sig"), "CSV"),
    "csv in the encoding of Korean Windows": (lambda: CSV.encode("cp949"), "CSV"),
    "csv cut within a letter": (lambda: CSV.encode("cp949") * 300, "CSV"),
    "text of Notepad": (lambda: "type\tname\n".encode("utf-16"), "CSV"),
    "a sentence": ("서식입니다".encode, "글자로만"),
    "a page saved as xls": (lambda: b"<html><body><table><tr><td>1", "웹 화면"),
    "Excel's XML of 2003": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:'
        b'spreadsheet"/>',
        "웹 화면이나 XML",
    ),
    "xml": (lambda: b'<?xml version="1.0"?><form/>', "XML"),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    "locked by document security": (lambda: b"\x9b DRMONE  This Document is\x00\x01", "문서 보안"),
    "locked by another document security": (lambda: b"SCDSA004\x00\x01\x02", "문서 보안"),
    "locked with a password": (locked_with_a_password, "비밀번호"),
    "old Excel": (lambda: OLE + bytes(2_000), ".xls"),
    "hwp": (lambda: OLE + bytes(9) + "HwpSummaryInformation".encode("utf-16-le"), ".hwp"),
    "hwpx": (lambda: archive("mimetype", "Contents/content.hpf"), ".hwpx"),
    "docx": (lambda: archive("[Content_Types].xml", "word/document.xml"), ".docx"),
    "ods": (lambda: archive("mimetype", "content.xml"), ".ods"),
    "xlsb": (lambda: archive("[Content_Types].xml", "xl/workbook.bin"), ".xlsb"),
    "a macro": (with_macro, "매크로"),
    "texts of a hundred megabytes": (with_shared_strings_of_a_hundred_megabytes, "너무 커지는"),
    "texts that grow": (with_entities_in_its_texts, "XML"),
    "noise": (lambda: bytes(range(256)) * 8, "깨진"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "called"), FILES.values(), ids=FILES.keys())
def test_what_is_no_workbook_is_called_what_it_is(make: Callable[[], bytes], called: str) -> None:
    with pytest.raises(PackRefused) as refused:
        read_here(make(), "받은 파일.xlsx")

    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    (problem,) = problems
    assert (problem.sheet, problem.row) == (FILE, 0)
    assert called in problem.problem
    assert problem.remedy.endswith("넣으세요.")


def test_a_workbook_that_excel_would_write_is_none_of_these() -> None:
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved) as book:
        book.add_worksheet("survey").write_string(0, 0, "type")

    with pytest.raises(PackRefused) as refused:
        read_here(saved.getvalue(), "받은 파일.xlsx")

    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    assert all(problem.sheet != FILE for problem in problems)
