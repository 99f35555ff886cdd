"""Colours, type, space and heights: the one table that every widget and the style sheet read.

Names and values are those of the KRDS scale (ux §2). Lengths are logical pixels at 100 %; Qt's own
scaling multiplies all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark", "high_contrast"]
FAMILY = "Pretendard GOV"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours of one theme. `…_ground` is the tint behind a text of that meaning."""

    name: ThemeName
    app: str
    surface: str
    sunken: str
    text: str
    subtle: str
    hint: str
    line: str
    control: str
    disabled: str
    primary: str
    on_primary: str
    primary_hover: str
    primary_pressed: str
    link: str
    selected: str
    selected_border: str
    danger: str
    danger_ground: str
    warning: str
    warning_ground: str
    success: str
    success_ground: str
    info: str
    info_ground: str
    focus: str
    focus_px: int = 2


LIGHT = Tokens(
    name="light",
    app="#f4f5f6", surface="#ffffff", sunken="#e6e8ea",
    text="#1e2124", subtle="#464c53", hint="#58616a",
    line="#cdd1d5", control="#58616a", disabled="#8a949e",
    primary="#256ef4", on_primary="#ffffff", primary_hover="#0b50d0", primary_pressed="#083891",
    link="#0b50d0", selected="#ecf2fe", selected_border="#256ef4",
    danger="#bd2c0f", danger_ground="#fdefec",
    warning="#8a5c00", warning_ground="#fff3db",
    success="#267337", success_ground="#eaf6ec",
    info="#096ab3", info_ground="#e7f4fe",
    focus="#0b50d0",
)  # fmt: skip

DARK = Tokens(
    name="dark",
    app="#131416", surface="#1e2124", sunken="#33363d",
    text="#e6e8ea", subtle="#b1b8be", hint="#8a949e",
    line="#33363d", control="#8a949e", disabled="#6d7882",
    primary="#86aff9", on_primary="#1e2124", primary_hover="#b1cefb", primary_pressed="#d8e5fd",
    link="#86aff9", selected="#03163a", selected_border="#86aff9",
    danger="#f48771", danger_ground="#260903",
    warning="#ffb114", warning_ground="#241800",
    success="#7ec88e", success_ground="#0e2012",
    info="#5fb5f7", info_ground="#021a2c",
    focus="#b1cefb",
)  # fmt: skip

HIGH_CONTRAST = Tokens(
    name="high_contrast",
    app="#000000", surface="#000000", sunken="#131416",
    text="#ffffff", subtle="#ffffff", hint="#cdd1d5",
    line="#8a949e", control="#ffffff", disabled="#8a949e",
    primary="#86aff9", on_primary="#000000", primary_hover="#b1cefb", primary_pressed="#ffffff",
    link="#b1cefb", selected="#020f27", selected_border="#b1cefb",
    danger="#f7afa1", danger_ground="#000000",
    warning="#ffc95c", warning_ground="#000000",
    success="#a9dab4", success_ground="#000000",
    info="#9ed2fa", info_ground="#000000",
    focus="#ffc95c", focus_px=3,
)  # fmt: skip

THEMES: dict[ThemeName, Tokens] = {
    "light": LIGHT,
    "dark": DARK,
    "high_contrast": HIGH_CONTRAST,
}


@dataclass(frozen=True, slots=True)
class TypeSize:
    """Size and line height of a kind of text; two weights ship, so 600 and up are bold."""

    px: int
    line_px: int
    bold: bool = False


SCREEN_TITLE = TypeSize(20, 28, bold=True)
KIOSK_TITLE = TypeSize(28, 40, bold=True)
KIOSK = TypeSize(24, 36)
SECTION = TypeSize(17, 24, bold=True)
READING = TypeSize(17, 26)
QUESTION = TypeSize(16, 24, bold=True)
ANSWER = TypeSize(16, 24)
BODY = TypeSize(15, 22)
LABEL = TypeSize(14, 20)
NOTE = TypeSize(13, 18)

#: Space, from inside a group to between areas.
S4, S8, S12, S16, S24, S32, S48 = 4, 8, 12, 16, 24, 32, 48
PAGE_EDGE, PAGE_EDGE_NARROW, NARROW_UNDER = 24, 16, 1100

RADIUS_CHIP, RADIUS_CONTROL, RADIUS_CARD = 4, 6, 10

CONTROL_PX = 44
TOOL_PX = 36
TABLE_ROW_PX = 36
GRID_ROW_PX = 44
#: Seven choices and their question stand on one page at the size to design for.
KIOSK_ROW_PX = 48
GRID_COLUMN_PX = 68
RAIL_PX, RAIL_TILE_PX = 76, 56
TOP_BAR_PX = 48
FOOT_PX = 60
STATUS_PX = 28
ICON_PX = 20
SECTION_RAIL_PX, SECTION_ROW_PX = 180, 40
QUESTION_LABEL_PX = 210
QUESTION_COLUMN_PX = 880
CURRENT_BAR_PX = 3
TEXT_LINE_PX = 720
SIDE_PANE_PX = 280
LIST_PX = 468
#: Under this width a question's label stands above its answers.
STACK_UNDER_PX = 760
#: Under this width the rail shows icons only.
RAIL_ICONS_UNDER_PX = 1000
