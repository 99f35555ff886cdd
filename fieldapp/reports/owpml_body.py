"""The body of an HWPX document: paragraphs, tables and pictures as OWPML elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from fieldapp.reports.breaking import lines_of
from fieldapp.reports.columns import SIDE_PT, Band, bands
from fieldapp.reports.document import ColumnKind, Photo, Table, printed
from fieldapp.reports.owpml import Xml, mm, pt, tag, words
from fieldapp.reports.owpml_head import Border, Head
from fieldapp.reports.ruled import ROW_PT

# Rule 9.
OUTER, BELOW_HEAD, INNER = "0.4 mm", "0.25 mm", "0.12 mm"
HEAD_GROUND, TOTAL_GROUND = "#E6E8EA", "#F4F5F6"
_BODY_STYLES: dict[ColumnKind, str] = {
    "text": "표본문",
    "code": "표본문 가운데",
    "number": "표본문 오른쪽",
}
_TO_THE_RIGHT = tag("hp:tab", width=0, leader=0, type=2)
_NEXT_LINE = tag("hp:lineBreak")
_ABOVE, _BELOW_TABLE = mm(1), mm(2)
_PHOTO_MM = 70
#: 맑은 고딕 runs wider than the face that columns are measured with; so much is kept free.
WIDER = 1.16


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is set: its text or picture in a style, with its lines and free room."""

    text: str
    style: str
    border: int
    letters: int | None = None
    inset: int = 0
    picture: Xml | None = None


@dataclass
class Body:
    """Elements of a section one after another, in a column `width` HWPUNIT wide."""

    head: Head
    width: int
    height: int
    elements: list[Xml] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def say(self, style: str, text: str, *, first: Iterable[Xml] = ()) -> None:
        """A paragraph in a style; `first` stands before its text, a tab goes to the right edge."""
        self.elements.append(self.paragraph(style, text, first=first))

    def paragraph(
        self, style: str, text: str, *, letters: int | None = None, first: Iterable[Xml] = ()
    ) -> Xml:
        """The paragraph itself."""
        number = self.head.style(style)
        said = words(text).replace("\t", _TO_THE_RIGHT).replace("\n", _NEXT_LINE)
        used = number if letters is None else letters
        return Xml(
            f'<hp:p id="{next(self._ids)}" paraPrIDRef="{number}" styleIDRef="{number}"'
            f' pageBreak="0" columnBreak="0" merged="0"><hp:run charPrIDRef="{used}">'
            f"{''.join(first)}<hp:t>{said}</hp:t></hp:run></hp:p>"
        )

    # Tables

    def table(self, table: Table) -> None:
        """Caption with its unit, every band of the table with a repeating head, notes."""
        cut = bands(table, self.width / 100 / WIDER, self.head.scale)
        for number, band in enumerate(cut):
            caption = table.heading + (" (이어짐)" if number else "")
            if table.heading or table.unit:
                self.say("표제목", f"{caption}\t{table.unit_text}".rstrip("\t"))
            self._band(table, band)
        for note in table.notes:
            self.say("표각주", f"※ {note}")

    def _band(self, table: Table, band: Band) -> None:
        widths = [pt(width * WIDER) for width in band.widths]
        widths[-1] += self.width - sum(widths)
        size = None if band.size == self.head.size_of("표본문") else band.size
        rows = table.printed_rows
        heads = [
            Cell(
                table.columns[column].head_text,
                "표머리",
                self._border(place, len(band.columns), is_head=True, is_last=not rows),
                self._letters(size, is_bold=True),
            )
            for place, column in enumerate(band.columns)
        ]
        grid = [heads]
        for number, row in enumerate(rows, start=1):
            letters = self._letters(size, is_bold=row.is_total)
            grid.append(
                [
                    Cell(
                        printed(row.cells[column]),
                        _BODY_STYLES[table.columns[column].kind]
                        + (" 합계" if row.is_total else ""),
                        self._border(
                            place,
                            len(band.columns),
                            is_last=number == len(rows),
                            is_first=number == 1,
                            ground=TOTAL_GROUND if row.is_total else "",
                        ),
                        letters,
                        pt(inset) if table.columns[column].kind == "number" else 0,
                    )
                    for place, (column, inset) in enumerate(
                        zip(band.columns, band.insets, strict=True)
                    )
                ]
            )
        heights = [self.row_height(row, widths, band.size) for row in grid]
        self.grid(grid, widths, heights)

    def _letters(self, size: float | None, *, is_bold: bool) -> int | None:
        return None if size is None else self.head.table_letters(size, is_bold=is_bold)

    def _border(
        self,
        place: int,
        columns: int,
        *,
        is_head: bool = False,
        is_first: bool = False,
        is_last: bool = False,
        ground: str = "",
    ) -> int:
        below = OUTER if is_last else BELOW_HEAD if is_head else INNER
        return self.head.border(
            Border(
                left=INNER if place else OUTER,
                right=INNER if place + 1 < columns else OUTER,
                top=OUTER if is_head else BELOW_HEAD if is_first else INNER,
                bottom=below,
                ground=HEAD_GROUND if is_head else ground,
            )
        )

    def row_height(
        self, row: Sequence[Cell], widths: Sequence[int], size: float | None = None
    ) -> int:
        """What the row takes at least; 한글 makes room for more where its face needs it.

        size: of the letters where it is not that of the cells' styles.
        """
        heights = []
        for cell, width in zip(row, widths, strict=True):
            letters = size or self.head.size_of(cell.style)
            lines = lines_of(cell.text, width / 100 / WIDER - 2 * SIDE_PT + 0.01, letters)
            heights.append(pt(len(lines) * letters * self.head.leading_of(cell.style)))
        return max(pt(ROW_PT), max(heights) + 2 * _ABOVE)

    def grid(
        self,
        rows: Sequence[Sequence[Cell]],
        widths: Sequence[int],
        heights: Sequence[int],
        *,
        align: str = "LEFT",
        has_head: bool = True,
    ) -> None:
        """A table of its own: its first row repeats on every page; no row stands on two pages."""
        number = next(self._ids)
        # A row higher than the page must be broken, or what is beyond it would not be printed.
        breaks = "CELL" if max(heights) > self.height - heights[0] else "TABLE"
        placed = tag(
            "hp:pos",
            treatAsChar=0,  # a table that stands as a letter would not go on to the next page
            affectLSpacing=0,
            flowWithText=1,
            allowOverlap=0,
            holdAnchorAndSO=0,
            vertRelTo="PARA",
            horzRelTo="COLUMN",
            vertAlign="TOP",
            horzAlign=align,
            vertOffset=0,
            horzOffset=0,
        )
        lines = [
            tag(
                "hp:tr",
                *[
                    self._cell(cell, row, column, widths[column], heights[row], has_head=has_head)
                    for column, cell in enumerate(cells)
                ],
            )
            for row, cells in enumerate(rows)
        ]
        table = tag(
            "hp:tbl",
            _size(sum(widths), sum(heights)),
            placed,
            _margins("hp:outMargin", 0, 0, 0, _BELOW_TABLE),
            _margins("hp:inMargin", pt(SIDE_PT), pt(SIDE_PT), _ABOVE, _ABOVE),
            *lines,
            id=number,
            zOrder=number,
            numberingType="TABLE",
            textWrap="TOP_AND_BOTTOM",
            textFlow="BOTH_SIDES",
            lock=0,
            dropcapstyle="None",
            pageBreak=breaks,
            repeatHeader=int(has_head),
            rowCnt=len(rows),
            colCnt=len(widths),
            cellSpacing=0,
            borderFillIDRef=1,
            noAdjust=0,
        )
        self.say("표자리", "", first=(table,))

    def _cell(
        self, cell: Cell, row: int, column: int, width: int, height: int, *, has_head: bool
    ) -> Xml:
        # One f-string: this is where a thousand rows spend their time.
        side = pt(SIDE_PT)
        right = max(side, cell.inset)
        paragraphs = "".join(
            self.paragraph(
                cell.style,
                line,
                letters=cell.letters,
                first=(cell.picture,) if cell.picture and not number else (),
            )
            for number, line in enumerate(cell.text.split("\n"))
        )
        return Xml(
            f'<hp:tc name="" header="{int(has_head and row == 0)}" hasMargin="{int(right > side)}"'
            f' protect="0" editable="0" dirty="0" borderFillIDRef="{cell.border}">'
            '<hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" vertAlign="CENTER"'
            ' linkListIDRef="0" linkListNextIDRef="0" textWidth="0" textHeight="0" hasTextRef="0"'
            f' hasNumRef="0">{paragraphs}</hp:subList>'
            f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/>'
            '<hp:cellSpan colSpan="1" rowSpan="1"/>'
            f'<hp:cellSz width="{width}" height="{height}"/>'
            f'<hp:cellMargin left="{side}" right="{right}" top="{_ABOVE}" bottom="{_ABOVE}"/>'
            "</hp:tc>"
        )

    # Pictures

    def photographs(self, photos: Sequence[Photo]) -> None:
        """Two side by side in cells without lines, each with its caption below it."""
        half = self.width // 2
        wide, high = half - 2 * pt(SIDE_PT), mm(_PHOTO_MM)
        bare = self.head.border(Border())
        rows, heights = [], []
        for start in range(0, len(photos), 2):
            pair = photos[start : start + 2]
            cells = [
                Cell(f"\n{photo.caption}", "그림", bare, picture=self.picture(photo, wide, high))
                for photo in pair
            ]
            rows.append([*cells, *[Cell("", "그림", bare)] * (2 - len(cells))])
            heights.append(max(_fitted(photo, wide, high)[1] for photo in pair) + mm(8))
        self.grid(rows, [half, self.width - half], heights, has_head=False)

    def picture(self, photo: Photo, width: int, height: int) -> Xml:
        """A photograph within a frame, as a letter of its paragraph."""
        self.photos.append(photo)
        wide, high = _fitted(photo, width, height)
        number = next(self._ids)
        straight = {"e1": 1, "e2": 0, "e3": 0, "e4": 0, "e5": 1, "e6": 0}
        corners = ((0, 0), (wide, 0), (wide, high), (0, high))
        return tag(
            "hp:pic",
            tag("hp:offset", x=0, y=0),
            tag("hp:orgSz", width=wide, height=high),
            tag("hp:curSz", width=wide, height=high),
            tag("hp:flip", horizontal=0, vertical=0),
            tag("hp:rotationInfo", angle=0, centerX=wide // 2, centerY=high // 2, rotateimage=1),
            tag(
                "hp:renderingInfo",
                *[tag(f"hc:{name}Matrix", **straight) for name in ("trans", "sca", "rot")],
            ),
            tag(
                "hp:imgRect",
                *[tag(f"hc:pt{corner}", x=x, y=y) for corner, (x, y) in enumerate(corners)],
            ),
            tag("hp:imgClip", left=0, right=wide, top=0, bottom=high),
            _margins("hp:inMargin", 0, 0, 0, 0),
            tag("hp:imgDim", dimwidth=wide, dimheight=high),
            tag(
                "hc:img",
                binaryItemIDRef=picture_name(len(self.photos)),
                bright=0,
                contrast=0,
                effect="REAL_PIC",
                alpha=0,
            ),
            tag("hp:effects"),
            _size(wide, high),
            tag(
                "hp:pos",
                treatAsChar=1,
                affectLSpacing=0,
                flowWithText=1,
                allowOverlap=0,
                holdAnchorAndSO=0,
                vertRelTo="PARA",
                horzRelTo="COLUMN",
                vertAlign="TOP",
                horzAlign="LEFT",
                vertOffset=0,
                horzOffset=0,
            ),
            _margins("hp:outMargin", 0, 0, 0, 0),
            id=number,
            zOrder=number,
            numberingType="PICTURE",
            textWrap="TOP_AND_BOTTOM",
            textFlow="BOTH_SIDES",
            lock=0,
            dropcapstyle="None",
            href="",
            groupLevel=0,
            instid=number,
            reverse=0,
        )


def picture_name(number: int) -> str:
    """`image1`: how the package names its pictures, and the body refers to them."""
    return f"image{number}"


def _fitted(photo: Photo, width: int, height: int) -> tuple[int, int]:
    """The photo's size within a frame, its sides kept to each other."""
    scale = min(width / photo.width_px, height / photo.height_px)
    return round(photo.width_px * scale), round(photo.height_px * scale)


def _size(width: int, height: int) -> Xml:
    return tag(
        "hp:sz",
        width=width,
        widthRelTo="ABSOLUTE",
        height=height,
        heightRelTo="ABSOLUTE",
        protect=0,
    )


def _margins(name: str, left: int, right: int, top: int, bottom: int) -> Xml:
    return tag(name, left=left, right=right, top=top, bottom=bottom)
