"""The holidays that are written down are those that the library knows."""

from __future__ import annotations

from datetime import date, timedelta

from fieldapp.usecases.workdays import WRITTEN_DOWN, holidays_of, is_workday


def test_every_day_of_the_years_written_down_is_as_the_library_says() -> None:
    for year in WRITTEN_DOWN:
        known = holidays_of(year)
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

        assert [is_workday(day) for day in days] == [
            day.weekday() < 5 and day not in known for day in days
        ], year


def test_day_of_another_year_is_known_too() -> None:
    assert not is_workday(date(2024, 4, 10))
    assert is_workday(date(2024, 4, 11))
