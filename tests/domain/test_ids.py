"""Ids made offline: RFC 9562 UUIDv7, in the order of their milliseconds."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.figures import Period
from fieldapp.domain.ids import UUID7_PATTERN, UUID_PATTERN, new_record_id, uuid7

INSTANTS = st.datetimes(
    datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(INSTANTS)
def test_an_id_is_a_uuid_of_version_7_and_tells_its_millisecond(at: datetime) -> None:
    text = uuid7(at)
    parsed = uuid.UUID(text)
    milliseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    assert re.search(UUID7_PATTERN, text)
    assert re.search(UUID_PATTERN, text)
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert abs((parsed.int >> 80) - milliseconds) <= 1
    assert str(parsed) == text


@given(INSTANTS, st.integers(2, 10**9))
def test_ids_sort_by_the_time_they_were_made(at: datetime, later_ms: int) -> None:
    assert uuid7(at) < uuid7(at + timedelta(milliseconds=later_ms))


def test_a_thousand_of_one_instant_are_a_thousand() -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)

    assert len({new_record_id(at) for _ in range(1000)}) == 1000


def test_an_instant_without_offset_mints_nothing() -> None:
    with pytest.raises(ValueError, match="aware"):
        uuid7(datetime(2026, 12, 1))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["{}\n", " {}", "{}0", "urn:uuid:{}"])
def test_nothing_stands_before_or_behind_an_id(text: str) -> None:
    one = uuid7(datetime(2026, 12, 1, tzinfo=UTC))

    assert not re.search(UUID_PATTERN, text.format(one))


@given(st.integers(1900, 2200), st.integers(1, 12))
def test_a_month_ends_the_day_before_the_next_begins(year: int, month: int) -> None:
    period = Period.month(year, month)
    next_day = period.last + timedelta(days=1)

    assert (period.first.year, period.first.month, period.first.day) == (year, month, 1)
    assert next_day.day == 1
    assert (next_day - period.first).days in (28, 29, 30, 31)
