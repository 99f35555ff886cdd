"""The looks of an HWPX document: faces, borders, letters, paragraphs and the styles that name them.

Every look is a named style (korea.md print rule 21), so that an office changes it in one place; the
faces are named and never embedded, for 한글 brings its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from fieldapp.reports.owpml import Xml, joined, part, pt, tag

Align = Literal["LEFT", "CENTER", "RIGHT", "JUSTIFY"]

# Rule 2: body and tables; what is missing 한글 replaces.
_FACES = ("함초롬바탕", "맑은 고딕")
_BODY, _TABLE = range(2)
_SCRIPTS = ("HANGUL", "LATIN", "HANJA", "JAPANESE", "OTHER", "SYMBOL", "USER")
_KOREAN = 1042
_BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class Style:
    """Letters and paragraph of a named style, in points; `hanging` lines stand behind their mark.

    has_right_tab: what follows a tab stands at the right edge.
    """

    name: str
    english: str
    size: float
    face: int = _TABLE
    is_bold: bool = False
    align: Align = "LEFT"
    leading: int = 150
    before: float = 0.0
    left: float = 0.0
    hanging: float = 0.0
    keeps_next: bool = False
    has_right_tab: bool = False


STYLES = (
    Style("바탕글", "Normal", 11, _BODY, leading=160),
    Style("제목", "Title", 20, is_bold=True, align="CENTER", leading=135),
    Style("날짜와 기관", "Date", 12, _BODY, align="RIGHT", before=3),
    Style("요지", "Gist", 12, is_bold=True, leading=160, hanging=14),
    Style("산출근거", "Basis", 11, leading=160),
    Style("본문□", "Heading", 16, is_bold=True, leading=160, before=10, keeps_next=True),
    Style("본문ㅇ", "Body 1", 15, _BODY, leading=160, before=8, left=7.5, hanging=17),
    Style("본문-", "Body 2", 15, _BODY, leading=160, before=6, left=15, hanging=12),
    Style("주석*", "Remark", 13, _BODY, leading=160, before=4, left=19.5, hanging=12),
    Style("주석※", "Note", 13, _BODY, leading=160, before=4, hanging=15),
    Style("본문", "Body", 15, _BODY, leading=160, before=6),
    Style(
        "표제목", "Caption", 12, is_bold=True, before=8, keeps_next=True, has_right_tab=True
    ),
    Style("표머리", "Table Head", 11, is_bold=True, align="CENTER", leading=130),
    Style("표본문", "Table Body", 11, leading=130),
    Style("표본문 가운데", "Table Code", 11, align="CENTER", leading=130),
    Style("표본문 오른쪽", "Table Number", 11, align="RIGHT", leading=130),
    Style("표본문 합계", "Table Body Total", 11, is_bold=True, leading=130),
    Style(
        "표본문 가운데 합계", "Table Code Total", 11, is_bold=True, align="CENTER", leading=130
    ),
    Style(
        "표본문 오른쪽 합계", "Table Number Total", 11, is_bold=True, align="RIGHT", leading=130
    ),
    Style("표각주", "Table Note", 10, hanging=12, before=2),
    Style("표자리", "Anchor", 2, leading=100),
    Style("붙임", "Attachment", 12, _BODY, before=6),
    Style("작성 정보", "Credits", 10, has_right_tab=True),
    Style("머리말", "Running Head", 9, is_bold=True, has_right_tab=True, leading=130),
    Style("출력 정보", "Print Mark", 8, leading=130),
    Style("결재", "Approval", 10, is_bold=True, align="CENTER", leading=130),
    Style("그림", "Picture", 10, leading=130),
)  # fmt: skip
#: What is not scaled by the profile: the running head and foot, and the anchors of tables.
_UNSCALED = frozenset({"표자리", "머리말", "출력 정보", "결재"})

_IDS = {style.name: number for number, style in enumerate(STYLES)}


class Border(NamedTuple):
    """Widths of a cell's lines (`0.12 mm`; None: no line), its ground, and how the lines look."""

    left: str | None = None
    right: str | None = None
    top: str | None = None
    bottom: str | None = None
    ground: str = ""
    line: Literal["SOLID", "DOUBLE_SLIM"] = "SOLID"


class Letters(NamedTuple):
    """A size in points, in a face, bold or not."""

    size: float
    face: int
    is_bold: bool


class Head:
    """Collects the borders and letters that the body asks for, and says all of it at the end.

    scale: of the page profile.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self._borders: dict[Border, int] = {Border(): 1}
        # Style number n has letters n and paragraph n; letters beside them come after.
        self._further: dict[Letters, int] = {}

    def style(self, name: str) -> int:
        """The number of a style, of its letters and of its paragraph. Raises KeyError."""
        return _IDS[name]

    def border(self, border: Border) -> int:
        """The number of these lines and ground."""
        return self._borders.setdefault(border, len(self._borders) + 1)

    def table_letters(self, size: float, *, is_bold: bool) -> int:
        """The number of letters for a table that is set smaller than its style."""
        letters = Letters(size, _TABLE, is_bold)
        return self._further.setdefault(letters, len(STYLES) + len(self._further))

    def size_of(self, name: str) -> float:
        """Points of a style's letters under the profile."""
        style = STYLES[_IDS[name]]
        return style.size if name in _UNSCALED else style.size * self.scale

    def leading_of(self, name: str) -> float:
        """Lines of a style from one to the next, in ems."""
        return STYLES[_IDS[name]].leading / 100

    def header(self) -> bytes:
        """Contents/header.xml. Call it last: it holds what the body asked for."""
        lists = (
            self._list("hh:fontfaces", [_fonts(script) for script in _SCRIPTS]),
            self._list("hh:borderFills", [_border(*each) for each in self._borders.items()]),
            self._list("hh:charProperties", self._all_letters()),
            self._list(
                "hh:tabProperties",
                [tag("hh:tabPr", id=right, autoTabLeft=0, autoTabRight=right) for right in (0, 1)],
            ),
            self._list("hh:numberings", [_numbering()]),
            self._list(
                "hh:paraProperties",
                [
                    _paragraph(number, style, self._ratio(style))
                    for number, style in enumerate(STYLES)
                ],
            ),
            self._list("hh:styles", [_style(number, each) for number, each in enumerate(STYLES)]),
        )
        return part(
            tag(
                "hh:head",
                tag("hh:beginNum", page=1, footnote=1, endnote=1, pic=1, tbl=1, equation=1),
                tag("hh:refList", *lists),
                tag(
                    "hh:compatibleDocument", tag("hh:layoutCompatibility"), targetProgram="HWP201X"
                ),
                tag(
                    "hh:docOption",
                    tag("hh:linkinfo", path="", pageInherit=0, footnoteInherit=0),
                ),
                version="1.5",
                secCnt=1,
            )
        )

    def _ratio(self, style: Style) -> float:
        return 1.0 if style.name in _UNSCALED else self.scale

    def _all_letters(self) -> list[Xml]:
        styles = [Letters(self.size_of(style.name), style.face, style.is_bold) for style in STYLES]
        return [_letters(number, each) for number, each in enumerate((*styles, *self._further))]

    @staticmethod
    def _list(name: str, items: list[Xml]) -> Xml:
        return tag(name, *items, itemCnt=len(items))


def _fonts(script: str) -> Xml:
    fonts = [
        tag("hh:font", id=number, face=face, type="TTF", isEmbedded=0)
        for number, face in enumerate(_FACES)
    ]
    return tag("hh:fontface", *fonts, lang=script, fontCnt=len(fonts))


def _border(border: Border, number: int) -> Xml:
    sides = ("left", "right", "top", "bottom")
    lines = [
        tag(
            f"hh:{side}Border",
            type=border.line if width else "NONE",
            width=width or "0.1 mm",
            color=_BLACK,
        )
        for side, width in zip(sides, border[:4], strict=True)
    ]
    ground = []
    if border.ground:
        brush = tag("hc:winBrush", faceColor=border.ground, hatchColor=_BLACK, alpha=0)
        ground = [tag("hc:fillBrush", brush)]
    return tag(
        "hh:borderFill",
        tag("hh:slash", type="NONE", Crooked=0, isCounter=0),
        tag("hh:backSlash", type="NONE", Crooked=0, isCounter=0),
        *lines,
        tag("hh:diagonal", type="NONE", width="0.1 mm", color=_BLACK),
        *ground,
        id=number,
        threeD=0,
        shadow=0,
        centerLine="NONE",
        breakCellSeparateLine=0,
    )


def _letters(number: int, letters: Letters) -> Xml:
    def every(name: str, value: int) -> Xml:
        return tag(f"hh:{name}", **{script.lower(): value for script in _SCRIPTS})

    return tag(
        "hh:charPr",
        every("fontRef", letters.face),
        every("ratio", 100),
        every("spacing", 0),
        every("relSz", 100),
        every("offset", 0),
        *([tag("hh:bold")] if letters.is_bold else []),
        tag("hh:underline", type="NONE", shape="SOLID", color=_BLACK),
        tag("hh:strikeout", shape="NONE", color=_BLACK),
        tag("hh:outline", type="NONE"),
        tag("hh:shadow", type="NONE", color="#C0C0C0", offsetX=10, offsetY=10),
        id=number,
        height=pt(letters.size),
        textColor=_BLACK,
        shadeColor="none",
        useFontSpace=0,
        useKerning=0,
        symMark="NONE",
        borderFillIDRef=1,
    )


def _numbering() -> Xml:
    """한글 wants one; no paragraph of ours uses it."""
    levels = [
        tag(
            "hh:paraHead",
            Xml(f"^{level}."),
            start=1,
            level=level,
            align="LEFT",
            useInstWidth=1,
            autoIndent=1,
            widthAdjust=0,
            textOffsetType="PERCENT",
            textOffset=50,
            numFormat="DIGIT",
            charPrIDRef=2**32 - 1,
            checkable=0,
        )
        for level in range(1, 8)
    ]
    return tag("hh:numbering", *levels, id=1, start=0)


def _paragraph(number: int, style: Style, ratio: float) -> Xml:
    def measures(factor: int) -> Xml:
        lengths = {
            "intent": -style.hanging,
            "left": style.left,
            "right": 0.0,
            "prev": style.before,
            "next": 0.0,
        }
        margin = [
            tag(f"hc:{name}", value=pt(length * ratio) * factor, unit="HWPUNIT")
            for name, length in lengths.items()
        ]
        return joined(
            tag("hh:margin", *margin),
            tag("hh:lineSpacing", type="PERCENT", value=style.leading, unit="HWPUNIT"),
        )

    unit = "http://www.hancom.co.kr/hwpml/2016/HwpUnitChar"
    # Older readers take the lengths of paragraphs in half units.
    choice = tag(
        "hp:switch",
        tag("hp:case", measures(1), **{"hp:required-namespace": unit}),
        tag("hp:default", measures(2)),
    )
    return tag(
        "hh:paraPr",
        tag("hh:align", horizontal=style.align, vertical="BASELINE"),
        tag("hh:heading", type="NONE", idRef=0, level=0),
        tag(
            "hh:breakSetting",
            breakLatinWord="KEEP_WORD",
            breakNonLatinWord="KEEP_WORD",
            widowOrphan=0,
            keepWithNext=int(style.keeps_next),
            keepLines=0,
            pageBreakBefore=0,
            lineWrap="BREAK",
        ),
        tag("hh:autoSpacing", eAsianEng=0, eAsianNum=0),
        choice,
        tag(
            "hh:border",
            borderFillIDRef=1,
            offsetLeft=0,
            offsetRight=0,
            offsetTop=0,
            offsetBottom=0,
            connect=0,
            ignoreMargin=0,
        ),
        id=number,
        tabPrIDRef=int(style.has_right_tab),
        condense=0,
        fontLineHeight=0,
        snapToGrid=0,
        suppressLineNumbers=0,
        checked=0,
        textDir="LTR",
    )


def _style(number: int, style: Style) -> Xml:
    return tag(
        "hh:style",
        id=number,
        type="PARA",
        name=style.name,
        engName=style.english,
        paraPrIDRef=number,
        charPrIDRef=number,
        nextStyleIDRef=number,
        langID=_KOREAN,
        lockForm=0,
    )
