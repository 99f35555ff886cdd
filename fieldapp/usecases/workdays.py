"""Korean working days: Monday to Friday that are no public holiday, substitutes included."""

from __future__ import annotations

from datetime import date
from functools import cache

_SATURDAY = 5


def is_workday(day: date) -> bool:
    """Whether a town office works on that day (관공서의 공휴일에 관한 규정)."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    # Here and not above: the calendars of the world take longer to load than the app.
    import holidays  # noqa: PLC0415

    return frozenset(holidays.country_holidays("KR", years=year))
