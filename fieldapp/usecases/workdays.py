"""Korean working days: Monday to Friday that are no public holiday, substitutes included.

The holidays of the years that laptops live in are written down: the library that knows them reads
the calendars of the whole world first, for seconds, before the first list of a morning. It is asked
for other years, and by the test that holds this table to it; where it learns of a holiday, an
election or a substitute say, its new version fails that test.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

_SATURDAY = 5
#: Month and day of each holiday (관공서의 공휴일에 관한 규정), as `holidays` gives them.
WRITTEN_DOWN: Mapping[int, str] = {
    2025: "0101 0127 0128 0129 0130 0301 0303 0505 0506 0603 0606 0815 1003 1005 1006 1007 1008"
    " 1009 1225",
    2026: "0101 0216 0217 0218 0301 0302 0501 0505 0524 0525 0603 0606 0717 0815 0817 0924 0925"
    " 0926 1003 1005 1009 1225",
    2027: "0101 0206 0207 0208 0209 0301 0501 0503 0505 0513 0606 0717 0719 0815 0816 0914 0915"
    " 0916 1003 1004 1009 1011 1225 1227",
    2028: "0101 0126 0127 0128 0301 0412 0501 0502 0505 0606 0717 0815 1002 1003 1004 1005 1009"
    " 1225",
    2029: "0101 0212 0213 0214 0301 0501 0505 0507 0520 0521 0606 0717 0815 0921 0922 0923 0924"
    " 1003 1009 1225",
    2030: "0101 0202 0203 0204 0205 0301 0403 0501 0505 0506 0509 0606 0612 0717 0815 0911 0912"
    " 0913 1003 1009 1225",
}


def is_workday(day: date) -> bool:
    """Whether a town office works on that day (관공서의 공휴일에 관한 규정)."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    written = WRITTEN_DOWN.get(year)
    if written is None:
        return holidays_of(year)
    return frozenset(date(year, int(day[:2]), int(day[2:])) for day in written.split())


def holidays_of(year: int) -> frozenset[date]:
    """The public holidays of a year as the library knows them."""
    # Here and not above: see the head of this module.
    import holidays  # noqa: PLC0415

    return frozenset(holidays.country_holidays("KR", years=year))
