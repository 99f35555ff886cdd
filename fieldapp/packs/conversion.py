"""XLSForm to XForm by pyxform: the one module that knows it, and gives it types.

pyxform is imported inside the functions: it takes 0.4 s, and only the worker process pays that.
"""

from __future__ import annotations

import dataclasses
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import msgspec

from fieldapp.packs.culprits import Culprit, Sheets, culprit_of
from fieldapp.packs.standing import standing

#: What a workbook may be written as. The app takes .xlsx alone; pyxform takes the others too.
Kind: TypeAlias = Literal[".xlsx", ".xls", ".csv", ".md"]

#: A sentence that quotes a cell may be as long as the cell; nobody reads so far.
_LONGEST_SENTENCE: Final = 8_000
_MOST_WARNINGS: Final = 500
#: What worked longer than this before it broke is not converted again to find out why.
_QUICK_S: Final = 2.0


class Converted(msgspec.Struct, frozen=True, kw_only=True):
    """What pyxform made of a workbook: the XForm, or the sentence with which it refused.

    is_crash: it did not refuse but break; `refusal` is then the exception's name alone, for its
    text may quote cells. sheet, row, column, question (a name in survey): where that was, as far
    as it can be told beyond what the sentence says itself; "" and 0 when it cannot.
    """

    xform: str = ""
    warnings: tuple[str, ...] = ()
    refusal: str = ""
    is_crash: bool = False
    sheet: str = ""
    row: int = 0
    column: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The worker gave no answer: it ran out of time or memory, was stopped, or died."""

    is_late: bool = False
    is_full: bool = False
    is_cancelled: bool = False


def prepare() -> None:
    """Import pyxform, which `convert` would do at its first use."""
    with _quiet():
        import pyxform.xls2xform  # noqa: F401, PLC0415


def convert(workbook: bytes, kind: Kind = ".xlsx") -> Converted:
    """Run pyxform on the bytes of a workbook. Never raises but MemoryError."""
    with _quiet():
        from pyxform.errors import PyXFormError  # noqa: PLC0415
        from pyxform.xls2xform import convert as run_pyxform  # noqa: PLC0415

        told: list[str] = []
        began = time.process_time()
        try:
            made = run_pyxform(xlsform=workbook, warnings=told, file_type=kind)
        except PyXFormError as error:
            said = str(error) or type(error).__name__
            row, question = standing(error)
            return Converted(
                refusal=said[:_LONGEST_SENTENCE], sheet="survey", row=row, question=question
            )
        except MemoryError:
            raise
        # Some sheets crash pyxform instead of being refused (an `instance::tag` column, for one).
        except Exception as error:  # noqa: BLE001
            row, question = standing(error)
            # The columns tell more than the place, which may be far from the cause.
            is_quick = time.process_time() - began < _QUICK_S
            found = _culprit(workbook, kind, type(error)) if is_quick else None
            if found is not None:
                row, question = found.row, ""
            return Converted(
                refusal=type(error).__name__,
                is_crash=True,
                sheet=found.sheet if found is not None else "survey",
                row=row,
                column=found.column if found is not None else "",
                question=question,
            )
        advice = tuple(text[:_LONGEST_SENTENCE] for text in told[:_MOST_WARNINGS])
        return Converted(xform=made.xform, warnings=advice)


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that no form has a use for.
        warnings.simplefilter("ignore")
        yield


def _culprit(workbook: bytes, kind: Kind, crash: type[Exception]) -> Culprit | None:
    """The column, and the cell in it, without which pyxform does not break."""
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415
    from pyxform.xls2xform import convert as run_pyxform  # noqa: PLC0415

    def breaks(sheets: Sheets) -> bool:
        try:
            run_pyxform(xlsform={**read, **sheets}, warnings=[])
        except crash:
            return True
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - another trouble is not this one
            return False
        return False

    try:
        read: dict[str, Any] = dataclasses.asdict(get_xlsform(xlsform=workbook, file_type=kind))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a file that cannot be read has no column to blame
        return None
    sheets = {
        name: [dict(row) for row in rows]
        for name, rows in read.items()
        if name in ("survey", "choices", "settings", "entities", "external_choices") and rows
    }
    return culprit_of(sheets, breaks)
