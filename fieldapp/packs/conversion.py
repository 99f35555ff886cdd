"""XLSForm to XForm by pyxform: the one module that knows it, and gives it types.

pyxform is imported inside the function: it takes 0.4 s, and only the worker process pays that.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import msgspec


class Converted(msgspec.Struct, frozen=True, kw_only=True):
    """What pyxform made of a workbook: the XForm, or the sentence with which it refused."""

    xform: str = ""
    warnings: tuple[str, ...] = ()
    refusal: str = ""
    is_crash: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """The worker gave no answer: it ran out of time, out of memory, or died."""

    is_late: bool


def convert(workbook: bytes) -> Converted:
    """Run pyxform on the bytes of an .xlsx. Never raises but MemoryError."""
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions that no form has a use for.
        warnings.simplefilter("ignore")
        from pyxform.errors import PyXFormError  # noqa: PLC0415
        from pyxform.xls2xform import convert as run_pyxform  # noqa: PLC0415

        told: list[str] = []
        try:
            made = run_pyxform(xlsform=workbook, warnings=told, file_type=".xlsx")
        except PyXFormError as error:
            return Converted(refusal=str(error) or type(error).__name__)
        except MemoryError:
            raise
        # Some sheets crash pyxform instead of being refused (an `instance::tag` column, for one).
        except Exception as error:  # noqa: BLE001
            return Converted(refusal=type(error).__name__, is_crash=True)
        return Converted(xform=made.xform, warnings=tuple(told))
