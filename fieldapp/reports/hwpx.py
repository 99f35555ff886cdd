"""A document to HWPX, the file of 한글 (KS X 6101): the same page as the PDF, to be edited on.

Zip and XML are written here rather than through a library: see docs/decisions. Nothing is masked
and nothing hidden; the file names the office, never a person, as its author.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import UTC
from io import BytesIO
from itertools import groupby

from fieldapp.reports import fonts
from fieldapp.reports.breaking import lines_of
from fieldapp.reports.document import (
    Approval,
    Chart,
    Document,
    Level,
    Paragraph,
    Photo,
    Section,
    Table,
)
from fieldapp.reports.owpml import Xml, joined, mm, part, pt, tag, words
from fieldapp.reports.owpml_body import (
    BELOW_HEAD,
    HEAD_GROUND,
    INNER,
    OUTER,
    WIDER,
    Body,
    Cell,
    picture_name,
)
from fieldapp.reports.owpml_head import Border, Head
from fieldapp.reports.wording import korean_time

_MIMETYPE = "application/hwp+zip"
_A4_MM = (210, 297)
_LEVELS: dict[Level, str] = {"ㅇ": "본문ㅇ", "-": "본문-", "*": "주석*", "※": "주석※", "": "본문"}
_DOUBLE = "0.7 mm"
_BOX = Border(BELOW_HEAD, BELOW_HEAD, BELOW_HEAD, BELOW_HEAD)
_APPROVAL_MM = (6, 15, 5)
_BOX_MM = 18
_DRAWN_MM = (32, 11)


def write_hwpx(document: Document) -> bytes:
    """The document as a package; equal documents, equal bytes.

    Charts are left out: their figures stand in the table that they show. Raises GlyphMissing for a
    character that CP949 cannot hold, as `write_pdf` does.
    """
    for place, text in document.texts():
        fonts.check_text(text, place)
    paper = _Paper(document)
    head = Head(document.profile.scale)
    body = Body(head, paper.text_width, paper.text_height)
    _write(body, document, paper)
    section = part(tag("hs:sec", *body.elements))
    return _package(document, head.header(), section, body.photos)


class _Paper:
    """Paper and margins in HWPUNIT; the foot grows with a long print mark."""

    def __init__(self, document: Document) -> None:
        short, long = _A4_MM
        width, height = (long, short) if document.is_wide else (short, long)
        profile = document.profile
        self.is_wide = document.is_wide
        # 한글 keeps the paper upright and turns it: width and height are those of the sheet.
        self.width, self.height = mm(short), mm(long)
        self.left, self.right = mm(profile.left_mm), mm(profile.right_mm)
        self.top, self.bottom = mm(profile.top_mm), mm(profile.bottom_mm)
        self.strip = mm(profile.strip_mm)
        self.text_width = mm(width) - self.left - self.right
        mark = document.mark.as_text()
        lines = len(lines_of(mark, self.text_width / 100 / WIDER, 8)) if mark else 0
        self.foot = max(self.strip, pt(1.3 * 10 + lines * 1.3 * 8))
        self.text_height = mm(height) - self.top - self.strip - self.bottom - self.foot


def _write(body: Body, document: Document, paper: _Paper) -> None:
    body.say("표자리", "", first=(_page(paper), *_running(body, document, paper)))
    if document.approval:
        _approval(body, document.approval)
    _title(body, document.title)
    for text in (document.dated_text, document.office):
        body.say("날짜와 기관", text)
    _gist(body, document)
    for section in document.sections:
        _section_blocks(body, section)
    _signed(body, document)
    _closing(body, document)


def _section_blocks(body: Body, section: Section) -> None:
    blocks = [block for block in section.blocks if not isinstance(block, Chart)]
    if section.blocks and not blocks:
        return  # a heading over nothing
    if section.heading:
        body.say("본문□", f"□ {section.heading}")
    for kind, alike in groupby(blocks, key=type):
        if kind is Photo:
            body.photographs([block for block in alike if isinstance(block, Photo)])
            continue
        for block in alike:
            if isinstance(block, Table):
                body.table(block)
            elif isinstance(block, Paragraph):
                body.say(_LEVELS[block.level], f"{block.level} {block.text}".strip())


def _closing(body: Body, document: Document) -> None:
    for note in (*document.notes, document.unprojected_text):
        if note:
            body.say("표각주", f"※ {note}")
    for number, text in enumerate(document.end_lines):
        # One letter in (rule 15); further names below the first.
        before = "" if document.attachments and not number else "      " if number else "  "
        body.say("붙임", before + text)
    code = f"검산코드 {document.check_code}" if document.check_code else ""
    body.say("작성 정보", f"{document.author_line}\t{code}".rstrip("\t"))
    body.say("작성 정보", document.source_line)


def _title(body: Body, title: str) -> None:
    """Between double lines (rule 4): a box without sides, for lines of a paragraph overlap."""
    border = body.head.border(Border(top=_DOUBLE, bottom=_DOUBLE, line="DOUBLE_SLIM"))
    cell = Cell(title, "제목", border)
    height = body.row_height([cell], [body.width]) + mm(4)
    body.grid([[cell]], [body.width], [height], has_head=False)


def _gist(body: Body, document: Document) -> None:
    """요지 and what it rests on, in a box of one or two rows."""
    said = [f"ㅇ {line}" for line in document.gist]
    rests = [f"ㅇ {name}: {fact}" for name, fact in document.basis]
    rows = [("요지", said)] if said else []
    rows += [("산출근거", rests)] if rests else []
    if not rows:
        return
    border = body.head.border(_BOX)
    grid = [[Cell("\n".join(lines), style, border)] for style, lines in rows]
    heights = [pt(len(lines) * 1.6 * body.head.size_of(style)) + mm(2) for style, lines in rows]
    body.grid(grid, [body.width], heights, has_head=False)


def _approval(body: Body, approval: Approval) -> None:
    """결재란 at the right edge, above the title (rule 14)."""
    boxes = approval.boxes
    last = len(boxes) - 1

    def cell(text: str, place: int, top: str, bottom: str, ground: str = "") -> Cell:
        left, right = (INNER if place else OUTER), (OUTER if place == last else INNER)
        return Cell(text, "결재", body.head.border(Border(left, right, top, bottom, ground)))

    grid = [
        [cell(label, place, OUTER, INNER, HEAD_GROUND) for place, (label, _) in enumerate(boxes)],
        [cell(mark, place, INNER, INNER) for place, (_, mark) in enumerate(boxes)],
        [cell("", place, INNER, OUTER) for place in range(len(boxes))],
    ]
    heights = [mm(height) for height in _APPROVAL_MM]
    body.grid(grid, [mm(_BOX_MM)] * len(boxes), heights, align="RIGHT", has_head=False)


def _signed(body: Body, document: Document) -> None:
    """Seat, name and time, and the signature as it was drawn."""
    if not document.signed:
        return
    seat, drawn = mm(32), mm(36)
    border = body.head.border(_BOX)
    wide, high = _DRAWN_MM
    grid = [
        [
            Cell(signed.seat, "표본문 합계", border),
            Cell(signed.text, "표본문", border),
            Cell(
                "",
                "표본문 가운데",
                border,
                picture=body.picture(signed.drawn, mm(wide), mm(high)) if signed.drawn else None,
            ),
        ]
        for signed in document.signed
    ]
    widths = [seat, body.width - seat - drawn, drawn]
    body.grid(grid, widths, [mm(13)] * len(grid), has_head=False)


def _page(paper: _Paper) -> Xml:
    """hp:secPr: the paper, its margins and the strips of the running head and foot."""
    page = tag(
        "hp:pagePr",
        tag(
            "hp:margin",
            header=paper.strip,
            footer=paper.foot,
            gutter=0,
            left=paper.left,
            right=paper.right,
            top=paper.top,
            bottom=paper.bottom,
        ),
        landscape="NARROWLY" if paper.is_wide else "WIDELY",
        width=paper.width,
        height=paper.height,
        gutterType="LEFT_ONLY",
    )
    return joined(
        tag(
            "hp:secPr",
            tag("hp:grid", lineGrid=0, charGrid=0, wonggojiFormat=0),
            tag("hp:startNum", pageStartsOn="BOTH", page=0, pic=0, tbl=0, equation=0),
            tag(
                "hp:visibility",
                hideFirstHeader=0,
                hideFirstFooter=0,
                hideFirstMasterPage=0,
                border="SHOW_ALL",
                fill="SHOW_ALL",
                hideFirstPageNum=0,
                hideFirstEmptyLine=0,
                showLineNumber=0,
            ),
            tag("hp:lineNumberShape", restartType=0, countBy=0, distance=0, startNumber=0),
            page,
            _notes("hp:footNotePr", "EACH_COLUMN"),
            _notes("hp:endNotePr", "END_OF_DOCUMENT"),
            *[_page_border(kind) for kind in ("BOTH", "EVEN", "ODD")],
            id="",
            textDirection="HORIZONTAL",
            spaceColumns=mm(4),
            tabStop=8000,
            tabStopVal=4000,
            tabStopUnit="HWPUNIT",
            outlineShapeIDRef=1,
            memoShapeIDRef=0,
            textVerticalWidthHead=0,
            masterPageCnt=0,
        ),
        _control(
            tag(
                "hp:colPr",
                id="",
                type="NEWSPAPER",
                layout="LEFT",
                colCount=1,
                sameSz=1,
                sameGap=0,
            )
        ),
    )


def _notes(name: str, place: str) -> Xml:
    return tag(
        name,
        tag(
            "hp:autoNumFormat",
            type="DIGIT",
            userChar="",
            prefixChar="",
            suffixChar=")",
            supscript=0,
        ),
        tag("hp:noteLine", length=-1, type="SOLID", width="0.12 mm", color="#000000"),
        tag("hp:noteSpacing", betweenNotes=283, belowLine=567, aboveLine=850),
        tag("hp:numbering", type="CONTINUOUS", newNum=1),
        tag("hp:placement", place=place, beneathText=0),
    )


def _page_border(kind: str) -> Xml:
    return tag(
        "hp:pageBorderFill",
        tag("hp:offset", left=1417, right=1417, top=1417, bottom=1417),
        type=kind,
        borderFillIDRef=1,
        textBorder="PAPER",
        headerInside=0,
        footerInside=0,
        fillArea="PAPER",
    )


def _running(body: Body, document: Document, paper: _Paper) -> Iterable[Xml]:
    """Head and foot of every page: 개인정보 and the demo line, the print mark, and `- 1 -`."""
    head = f"{document.privacy_line}\t{document.demo_line}".rstrip("\t")
    if head:
        yield _strip("header", 1, body.paragraph("머리말", head), paper.text_width, paper.strip)
    if mark := document.mark.as_text():
        yield _strip("footer", 2, body.paragraph("출력 정보", mark), paper.text_width, paper.foot)
    # Below the foot's text, at the lower edge of its strip.
    yield _control(tag("hp:pageNum", pos="BOTTOM_CENTER", formatType="DIGIT", sideChar="-"))


def _strip(name: str, number: int, inside: Xml, width: int, height: int) -> Xml:
    texts = tag(
        "hp:subList",
        inside,
        id="",
        textDirection="HORIZONTAL",
        lineWrap="BREAK",
        vertAlign="CENTER" if name == "header" else "TOP",
        linkListIDRef=0,
        linkListNextIDRef=0,
        textWidth=width,
        textHeight=height,
        hasTextRef=0,
        hasNumRef=0,
    )
    return _control(tag(f"hp:{name}", texts, id=number, applyPageType="BOTH"))


def _control(inside: Xml) -> Xml:
    return tag("hp:ctrl", inside)


# The package


def _package(document: Document, header: bytes, section: bytes, photos: list[Photo]) -> bytes:
    pictures = {
        f"BinData/{picture_name(number)}.jpg": photo.jpeg
        for number, photo in enumerate(photos, start=1)
    }
    parts = {
        "version.xml": _version(),
        "Contents/header.xml": header,
        "Contents/section0.xml": section,
        "Preview/PrvText.txt": f"{document.title}\r\n{document.office}\r\n".encode(),
        "settings.xml": part(
            tag(
                "ha:HWPApplicationSetting",
                tag("ha:CaretPosition", listIDRef=0, paraIDRef=0, pos=0),
            )
        ),
        "Contents/content.hpf": _manifest(document, len(photos)),
        "META-INF/container.xml": _container(),
        "META-INF/manifest.xml": part(tag("odf:manifest")),
        **pictures,
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        # First and uncompressed, so that a reader knows the file by its first bytes.
        _put(package, "mimetype", _MIMETYPE.encode(), zipfile.ZIP_STORED)
        for name, content in parts.items():
            is_packed = name.endswith(".jpg")
            _put(package, name, content, zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _put(package: zipfile.ZipFile, name: str, content: bytes, method: int) -> None:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))  # no clock: equal bytes
    entry.compress_type = method
    entry.create_system = 0
    package.writestr(entry, content)


def _version() -> bytes:
    return part(
        tag(
            "hv:HCFVersion",
            tagetApplication="WORDPROCESSOR",  # spelled so by the format
            major=5,
            minor=1,
            micro=1,
            buildNumber=0,
            os=1,
            xmlVersion="1.5",
            application="fieldapp",
            appVersion="1",
        )
    )


def _container() -> bytes:
    files = (
        ("Contents/content.hpf", "application/hwpml-package+xml"),
        ("Preview/PrvText.txt", "text/plain"),
    )
    roots = [tag("ocf:rootfile", **{"full-path": path, "media-type": kind}) for path, kind in files]
    return part(tag("ocf:container", tag("ocf:rootfiles", *roots)))


def _manifest(document: Document, pictures: int) -> bytes:
    """Contents/content.hpf: rule 21's title, 요지, keywords, author and date, and the parts."""
    at = document.counted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    local = korean_time(document.counted_at)
    keywords = ", ".join(word for word in (document.office, document.period_name) if word)
    facts = {
        "creator": document.office,  # the office, never the person
        "subject": document.period_name,
        "description": " ".join(document.gist),
        "lastsaveby": document.office,
        "CreatedDate": at,
        "ModifiedDate": at,
        "date": f"{local:%Y-%m-%d}",
        "keyword": keywords,
    }
    items = [
        _item("header", "Contents/header.xml", "application/xml"),
        _item("section0", "Contents/section0.xml", "application/xml"),
        _item("version", "version.xml", "application/xml"),
        _item("settings", "settings.xml", "application/xml"),
        *[
            _item(name, f"BinData/{name}.jpg", "image/jpg", isEmbeded=1)
            for name in map(picture_name, range(1, pictures + 1))
        ],
    ]
    said = [tag("opf:meta", words(text), name=name, content="text") for name, text in facts.items()]
    return part(
        tag(
            "opf:package",
            tag(
                "opf:metadata",
                tag("opf:title", words(document.title)),
                tag("opf:language", words("ko")),
                *said,
            ),
            tag("opf:manifest", *items),
            tag(
                "opf:spine",
                tag("opf:itemref", idref="header", linear="yes"),
                tag("opf:itemref", idref="section0", linear="yes"),
            ),
            **{"version": "", "unique-identifier": "", "id": ""},
        )
    )


def _item(name: str, path: str, kind: str, **more: object) -> Xml:
    return tag("opf:item", id=name, href=path, **{"media-type": kind}, **more)
