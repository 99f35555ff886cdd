"""Days and instants as columns: the Korean calendar day, and a number that sorts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

#: Where a date that carries a time has its day.
KOREA = timezone(timedelta(hours=9))


def korean_day(text: str) -> str | None:
    """The Korean calendar day of a date, or of an instant; None for what is neither."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (instant.astimezone(KOREA) if instant.tzinfo else instant).date().isoformat()


def file_instant(at: datetime) -> str:
    """An instant as it stands in a file's name, such as 20261121T091400Z."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def milliseconds(instant: str) -> int:
    """An instant as a number, since texts of different offsets do not sort."""
    return int(datetime.fromisoformat(instant).timestamp() * 1000)
