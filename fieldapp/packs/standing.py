"""Where pyxform stood in a workbook when it raised an error, from its own variables.

Many of its sentences name no row though it is reading one, and an officer without a row looks for
an hour. Nothing here needs pyxform: it looks at the traceback of any error.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Final

_ROW: Final = "row_number"
#: The variables in which its functions hold the question they are at.
_ELEMENTS: Final = ("d", "kwargs", "element", "self")
_ROOT: Final = "survey"


def standing(error: BaseException) -> tuple[int, str]:
    """The Excel row of the survey sheet and the name of the question; 0 and "" when unknown."""
    frames = list(_frames_of_pyxform(error))
    row = next((row for frame, at in reversed(frames) if (row := _row(frame, at))), 0)
    names = (name for frame, _ in reversed(frames) if (name := _question(frame)))
    return row, next(names, "")


def _frames_of_pyxform(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    trace = error.__traceback__
    while trace is not None:
        if str(trace.tb_frame.f_globals.get("__name__", "")).startswith("pyxform."):
            yield trace.tb_frame, trace.tb_lasti
        trace = trace.tb_next


def _row(frame: FrameType, at: int) -> int:
    row = frame.f_locals.get(_ROW)
    if not isinstance(row, int) or isinstance(row, bool):
        return 0
    sheet = frame.f_locals.get("survey_sheet")
    is_reading = sheet is None or row <= len(sheet.data) or _is_in_loop(frame.f_code, at)
    return row if is_reading else 0


def _is_in_loop(code: CodeType, at: int) -> bool:
    """Whether the instruction is within the loop over rows: after it, the last row is left over."""
    instructions = list(dis.get_instructions(code))
    return any(
        start.opname == "FOR_ITER"
        and start.offset <= at < start.argval
        and any(
            first.opname.startswith("STORE_FAST") and first.argval == _ROW
            for first in instructions[place + 1 : place + 5]
        )
        for place, start in enumerate(instructions)
    )


def _question(frame: FrameType) -> str:
    for variable in _ELEMENTS:
        value = frame.f_locals.get(variable)
        if isinstance(value, dict):
            name, kind = value.get("name"), value.get("type")
        elif str(type(value).__module__).startswith("pyxform."):
            name, kind = getattr(value, "name", None), getattr(value, "type", None)
        else:
            continue
        if isinstance(name, str) and kind != _ROOT:
            return name
    return ""
