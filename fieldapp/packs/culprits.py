"""Which cell of a workbook breaks a converter that says nothing but that it broke.

The workbook is converted again without one column after another; when it no longer breaks, that
column was the cause, and halving its cells finds the row. Nothing here knows pyxform.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

#: Rows by sheet; a row is cells by head. The first row stands in row 2 of Excel.
Sheets: TypeAlias = Mapping[str, list[dict[str, str]]]
#: The search ends after so long; what it has found by then is told.
LIMIT_S: Final = 5.0
#: Without these there is no form to convert.
_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "survey": frozenset({"type", "name", "label"}),
    "choices": frozenset({"list_name", "list name", "name"}),
    "external_choices": frozenset({"list_name", "list name", "name"}),
}


@dataclass(frozen=True, slots=True)
class Culprit:
    """Where the trouble is; row 0 when it is the column as a whole."""

    sheet: str
    row: int
    column: str


def culprit_of(
    sheets: Sheets, breaks: Callable[[Sheets], bool], *, limit_s: float = LIMIT_S
) -> Culprit | None:
    """The column that breaks the conversion, or None when none does by itself.

    `breaks` converts and says whether that broke. Sheets are the workbook's as read; they are not
    changed. Stops `limit_s` seconds after it began, however large the workbook.
    """
    ends = time.monotonic() + limit_s

    def is_time_left() -> bool:
        return time.monotonic() < ends

    suspects = [(sheet, column) for sheet in sheets for column in _suspects(sheets, sheet)]
    for sheet, column in suspects:
        if not is_time_left():
            return None
        if not breaks({**sheets, sheet: _without(sheets[sheet], {column})}):
            return Culprit(sheet, _row(sheets, sheet, column, breaks, is_time_left), column)
    # Two columns may break it, each by itself: then one is looked for that does so alone.
    bare = {sheet: _without(rows, {*_suspects(sheets, sheet)}) for sheet, rows in sheets.items()}
    if not is_time_left() or breaks(bare):
        return None
    for sheet, column in suspects:
        if not is_time_left():
            return None
        alone = {**sheets, sheet: _without(sheets[sheet], {*_suspects(sheets, sheet)} - {column})}
        if breaks(alone):
            return Culprit(sheet, _row(alone, sheet, column, breaks, is_time_left), column)
    return None


def _suspects(sheets: Sheets, sheet: str) -> list[str]:
    """The columns that a form can do without, the last one first.

    A head that nobody else uses is the likelier cause; those stand to the right.
    """
    heads = dict.fromkeys(head for row in sheets[sheet] for head in row)
    needed = _NEEDED.get(sheet, frozenset())
    return [head for head in reversed(heads) if head.strip().lower() not in needed]


def _row(
    sheets: Sheets,
    sheet: str,
    column: str,
    breaks: Callable[[Sheets], bool],
    is_time_left: Callable[[], bool],
) -> int:
    """The Excel row of the cell that alone breaks the conversion; 0 when there is none."""
    rows = sheets[sheet]
    suspects = [place for place, row in enumerate(rows) if row.get(column)]
    everything = frozenset(suspects)
    while len(suspects) > 1 and is_time_left():
        half = suspects[: len(suspects) // 2]
        others = everything - frozenset(half)
        if breaks({**sheets, sheet: _without(rows, {column}, others)}):
            suspects = half
        else:
            suspects = suspects[len(half) :]
    return suspects[0] + 2 if len(suspects) == 1 else 0


def _without(
    rows: list[dict[str, str]], columns: set[str], places: frozenset[int] | None = None
) -> list[dict[str, str]]:
    """The rows without these columns; with `places`, only the rows there lose them."""
    return [
        {head: cell for head, cell in row.items() if head not in columns}
        if places is None or place in places
        else row
        for place, row in enumerate(rows)
    ]
