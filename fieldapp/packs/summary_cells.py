"""How cells of the summary sheet are written: lists, captions, places after the point, periods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MOST_DECIMALS: Final = 6

_RATE: Final = re.compile(r"rate\s*\(([^,()]*),([^()]*)\)")
_UNIT: Final = re.compile(r"\(\s*단위\s*:\s*([^()]*)\)\s*$")
_DECIMALS: Final = re.compile(r"([0-9]+)(?:\s*\(([^()]*)\))?")
_PERIOD: Final = re.compile(r"(?:month|월)(?:\s+by\s+|\s*:\s*|\s+)(\S+)")


@dataclass(frozen=True, slots=True)
class Decimals:
    """Places after the point: `1 (평균 2)` is one for all columns and two for 평균."""

    usual: int
    named: Mapping[str, int]

    @classmethod
    def read(cls, text: str) -> Decimals | None:
        """None when the cell does not say so."""
        match = _DECIMALS.fullmatch(text)
        if match is None or _places(match[1]) is None:
            return None
        named: dict[str, int] = {}
        for piece in filter(None, (part.strip() for part in (match[2] or "").split(","))):
            label, _, digits = piece.rpartition(" ")
            places = _places(digits)
            if not label or places is None:
                return None
            named[label.strip()] = places
        return cls(int(match[1]), named)

    def of(self, label: str) -> int:
        """Places of the column with this label."""
        return self.named.get(label, self.usual)


def _places(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= 2
    return int(text) if is_number and int(text) <= MOST_DECIMALS else None


def parts_of(text: str) -> tuple[str, ...]:
    """The pieces of a cell between `·`. A `·` without spaces around it belongs to a word."""
    return tuple(
        piece for part in re.split(r"\s+·\s+|\n", text) if (piece := " ".join(part.split()))
    )


def caption_and_unit(text: str) -> tuple[str, str]:
    """`분포 (단위: %, 명)` is the caption `분포` and the unit `%, 명`."""
    match = _UNIT.search(text)
    if match is None:
        return text, ""
    return text[: match.start()].strip(), " ".join(match[1].split())


def count_unit_of(unit: str) -> str:
    """What a count counts: the unit of the caption that is not a percentage."""
    return next((part for part in (piece.strip() for piece in unit.split(",")) if part != "%"), "")


def unit_of_counts(unit: str) -> str:
    """The one unit that is not a percentage; "" when there are several: a count is of either."""
    units = [part for part in (piece.strip() for piece in unit.split(",")) if part not in {"", "%"}]
    return units[0] if len(units) == 1 else ""


def rate_in(text: str) -> tuple[str, str] | None:
    """Numerator and denominator as written in `rate(예, 예+아니오)`."""
    match = _RATE.fullmatch(text)
    return (match[1].strip(), match[2].strip()) if match else None


def period_in(text: str) -> str:
    """The date question of `month by today`; "" when the cell says something else."""
    match = _PERIOD.fullmatch(text)
    return match[1] if match else ""
