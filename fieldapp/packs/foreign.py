"""What a file is that somebody took for a workbook, told by its first bytes or its parts.

Offices hand on files whose name ends in .xlsx or .xls and which are something else: a page saved
from a web system, a text with commas, a file that the office's document security has locked.
"""

from __future__ import annotations

from typing import Final

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

AS_XLSX: Final = (
    "엑셀에서 '다른 이름으로 저장' → 'Excel 통합 문서(*.xlsx)'로 저장한 파일을 넣으세요."
)
_UNLOCKED: Final = "엑셀에서 암호를 지우고 저장한 뒤 넣으세요."
_RELEASED: Final = "문서 보안을 해제해 저장한 파일을 넣으세요."
_NOT_BUT: Final = "엑셀 파일이 아니라 {}입니다."
_OPENED: Final = f"엑셀에서 연 뒤 {AS_XLSX.removeprefix('엑셀에서 ')}"

#: What Korean offices' document security puts at the head of every file it locks (as described by
#: its users; untried with a file of theirs, which nobody may hand out).
_SECURED: Final = (b"\x9b DRMONE", b"SCDSA0", b"<## NASCA DRM FILE")
#: How far into a text a mark of its kind is looked for.
_HEAD_BYTES: Final = 4_096

#: A part or mark of another office file's archive → what it is.
_ARCHIVES: Final = (
    ("xl/workbook.bin", "엑셀 이진 통합 문서(.xlsb)"),
    ("word/document.xml", "워드 문서(.docx)"),
    ("ppt/presentation.xml", "파워포인트 문서(.pptx)"),
    ("contents/content.hpf", "한글 문서(.hwpx)"),
    ("index/document.iwa", "애플 넘버스 문서(.numbers)"),
    ("content.xml", "오픈도큐먼트 파일(.ods)"),
)


def told_of_ole(content: bytes) -> tuple[str, str]:
    """Problem and remedy for a file in the container of the old office formats."""
    # Excel writes an encrypted .xlsx as such a container with the stream EncryptedPackage.
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "비밀번호로 잠긴 파일입니다.", _UNLOCKED
    if "HwpSummaryInformation".encode("utf-16-le") in content:
        return _NOT_BUT.format("한글 문서(.hwp)"), AS_XLSX
    return "옛 형식(.xls)의 엑셀 파일입니다.", AS_XLSX


def told_of_archive(parts: frozenset[str] | set[str]) -> tuple[str, str]:
    """Problem and remedy for a zip without a workbook; `parts` are its names in small letters."""
    for part, name in _ARCHIVES:
        if part in parts:
            return f"엑셀 통합 문서(.xlsx)가 아니라 {name}입니다.", AS_XLSX
    return "엑셀 통합 문서(.xlsx)가 아닙니다.", AS_XLSX


def told_of_bytes(content: bytes) -> tuple[str, str]:
    """Problem and remedy for what is neither zip nor the old container."""
    head = content[:_HEAD_BYTES]
    if head.startswith(_SECURED):
        return "문서 보안(DRM)이 걸린 파일입니다.", _RELEASED
    if head.startswith(b"%PDF"):
        return _NOT_BUT.format("PDF 문서"), AS_XLSX
    text = _text(head)
    if text is None:
        return "엑셀 파일이 아니거나 깨진 파일입니다.", AS_XLSX
    name, remedy = _of_text(text.lstrip().lower())
    return _NOT_BUT.format(name), remedy


def _of_text(text: str) -> tuple[str, str]:
    if "urn:schemas-microsoft-com:office:spreadsheet" in text or "<table" in text:
        return "웹 화면이나 XML을 엑셀 이름으로 저장한 것", _OPENED
    if text.startswith("<"):
        return "웹 화면이나 XML", AS_XLSX
    if "," in text or "\t" in text:
        return "글자로만 된 파일(CSV)", _OPENED
    return "글자로만 된 파일", AS_XLSX


def _text(head: bytes) -> str | None:
    """The beginning as text in an encoding that offices use, or None when it is none."""
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp949"):
        # The last letter may be cut in the middle.
        for cut in range(4):
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            is_written = all(letter.isprintable() or letter in "\t\r\n" for letter in text)
            return text if is_written else None
    return None
