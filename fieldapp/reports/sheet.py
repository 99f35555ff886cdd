"""The paper and a pen that goes down it: margins, what stands on every page, and where one ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fieldapp.reports import fonts
from fieldapp.reports.breaking import lines_of
from fieldapp.reports.canvas import Fill, Page, Picture, Rule, Run
from fieldapp.reports.columns import MM, Band, bands
from fieldapp.reports.document import Document, Table

A4_PT = (210 * MM, 297 * MM)
#: Rule 9: the box, the line below the head, the lines within.
OUTER_PT, HEAD_PT, INNER_PT = 0.4 * MM, 0.25 * MM, 0.12 * MM

_DEMO_PT, _NUMBER_PT, _MARK_PT = 9.0, 10.0, 8.0
_MARK_LEADING_PT = 1.3 * _MARK_PT

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class _Foot:
    """The running foot: lines of the print mark, and the page number above them."""

    lines: tuple[str, ...]
    number_y: float
    height: float


class Sheet:
    """Collects pages. `y` falls from the top of the body; text is set from it downwards."""

    def __init__(self, document: Document) -> None:
        short, long = A4_PT
        self.size = (long, short) if document.is_wide else (short, long)
        profile = document.profile
        self.scale = profile.scale
        self.left = profile.left_mm * MM
        self.right = self.size[0] - profile.right_mm * MM
        self.width = self.right - self.left
        self._head = (document.privacy_line, document.demo_line)
        self._strip = profile.strip_mm * MM
        self._paper_bottom = profile.bottom_mm * MM
        self._foot = _foot(document.mark.as_text(), self.width, self._paper_bottom, self._strip)
        self.top = self.size[1] - profile.top_mm * MM - self._strip
        self.bottom = self._paper_bottom + self._foot.height
        # By the table's identity: measuring a long one takes as long as setting it.
        self._bands: dict[int, list[Band]] = {}
        self.pages: list[Page] = []
        self.page = Page.empty()
        self.y = self.top
        self.turn()

    @property
    def height(self) -> float:
        """Of the body of a page."""
        return self.top - self.bottom

    def bands_of(self, table: Table) -> list[Band]:
        """The table fitted to the width; measured once. It must live as long as the sheet."""
        if id(table) not in self._bands:
            self._bands[id(table)] = bands(table, self.width, self.scale)
        return self._bands[id(table)]

    def turn(self) -> None:
        """Begin the next page with its running head and foot."""
        self.page = Page.empty()
        self.pages.append(self.page)
        self.y = self.top
        personal, demo = self._head
        head_y = self.top + 0.5 * self._strip
        self.words(personal, head_y, _DEMO_PT, bold=True)
        self.words(demo, head_y, _DEMO_PT, align="right")
        self.words(f"- {len(self.pages)} -", self._foot.number_y, _NUMBER_PT, align="center")
        for above, line in enumerate(reversed(self._foot.lines)):
            self.words(line, self._paper_bottom + above * _MARK_LEADING_PT, _MARK_PT)

    def keep(self, height: float) -> None:
        """Turn the page unless so much still fits on it; what is taller than a page begins one."""
        # A hundredth of a point: sums of row heights are not exact.
        if self.y - height < self.bottom - 0.01 and self.y < self.top:
            self.turn()

    def space(self, height: float) -> None:
        """Leave room, but none at the top of a page."""
        if self.y < self.top:
            self.y -= height

    def words(
        self, text: str, baseline: float, size: float, *, align: Align = "left", bold: bool = False
    ) -> None:
        """One line of text within the margins, at a height of its own."""
        if not text:
            return
        x = self.left
        if align != "left":
            spare = self.width - fonts.ems(text, bold=bold) * size
            x += spare if align == "right" else spare / 2
        self.run(x, baseline, text, size, bold=bold)

    def run(self, x: float, baseline: float, text: str, size: float, *, bold: bool = False) -> None:
        """Words at a place."""
        self.page.runs.append(Run(x, baseline, text, fonts.face(bold=bold).name, size))

    def rule(self, x1: float, y1: float, x2: float, y2: float, thickness: float) -> None:
        """A line."""
        self.page.rules.append(Rule(x1, y1, x2, y2, thickness))

    def box(self, left: float, bottom: float, right: float, top: float, thickness: float) -> None:
        """Four lines."""
        half = thickness / 2  # closes the corners
        for y in (top, bottom):
            self.rule(left - half, y, right + half, y, thickness)
        for x in (left, right):
            self.rule(x, bottom, x, top, thickness)

    def fill(
        self, left: float, bottom: float, right: float, top: float, grey: tuple[float, float, float]
    ) -> None:
        """A ground below words and lines."""
        self.page.fills.append(Fill(left, bottom, right - left, top - bottom, grey))

    def picture(self, x: float, y: float, width: float, height: float, jpeg: bytes) -> None:
        """A JPEG drawn into a rectangle whose lower left corner is (x, y)."""
        self.page.pictures.append(Picture(x, y, width, height, jpeg))

    def paragraph(
        self,
        text: str,
        size: float,
        *,
        leading: float,
        align: Align = "left",
        bold: bool = False,
        mark: str = "",
        indent: float = 0.0,
    ) -> None:
        """Text from `y` down, turning pages; lines after the first hang behind the mark."""
        if not text:
            return
        lead = f"{mark} " if mark else ""
        hanging = indent + fonts.ems(lead, bold=bold) * size
        for number, line in enumerate(lines_of(text, self.width - hanging, size, bold=bold)):
            self.keep(leading * size)
            baseline = middle(self.y, leading * size, size)
            if align == "left":
                first = number == 0
                x = self.left + (indent if first else hanging)
                self.run(x, baseline, lead + line if first else line, size, bold=bold)
            else:
                self.words(line, baseline, size, align=align, bold=bold)
            self.y -= leading * size


def middle(top: float, height: float, size: float) -> float:
    """The baseline that sets a line of Hangul in the middle of a strip."""
    # Hangul stands from about 0.12 em below the baseline to 0.82 above it.
    return top - height / 2 - 0.35 * size


def _foot(mark: str, width: float, bottom: float, strip: float) -> _Foot:
    lines = tuple(lines_of(mark, width, _MARK_PT)) if mark else ()
    mark_height = len(lines) * _MARK_LEADING_PT
    number_y = bottom + mark_height + 1 * MM
    return _Foot(lines, number_y, max(strip, number_y - bottom + _NUMBER_PT + 1 * MM))
