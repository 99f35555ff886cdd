"""The values of expressions and how one kind becomes another.

XPath 1.0 §3.2-§4 has four kinds; ODK adds dates. A `Moment` is a day or an instant that knows
both faces: the number of days since 1970-01-01T00:00Z (what comparisons and sums see) and its
ISO text (what an answer keeps). A text that is an ISO date becomes that number wherever a number
is wanted, as ODK's engines do; a date without a zone is midnight where the form is filled.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from fieldapp.forms.xpath.nodes import Node

ValueKind: TypeAlias = Literal["string", "number", "boolean", "nodes", "moment", "any"]

NAN = math.nan
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1).toordinal()
_DAY_S = 86_400.0

_NUMBER = re.compile(r"[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*\Z")
_DATE = re.compile(
    r"""[ \t\r\n]*
    (?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})
    (?P<time>[T ] (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})
        (?: :(?P<second>[0-9]{2}) (?:\.(?P<fraction>[0-9]{1,9}))? )?
        (?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?
    )?[ \t\r\n]*\Z""",
    re.VERBOSE,
)
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?)?"
    r"(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?\Z"
)


class Moment:
    """A day or an instant: `days` since the epoch, `text` in ISO 8601."""

    __slots__ = ("days", "text")

    def __init__(self, days: float, text: str) -> None:
        self.days = days
        self.text = text


Value: TypeAlias = str | float | bool | list[Node] | Moment


# To a text


def number_text(number: float) -> str:
    """A number as XPath 1.0 §4.2 writes it: no exponent, no trailing `.0`, `-0` as `0`."""
    if number != number:  # noqa: PLR0124 (the fastest test for NaN)
        return "NaN"
    if number in (math.inf, -math.inf):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number)) if abs(number) < 1e16 else format(Decimal(repr(number)), "f")
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def text_of(value: Value) -> str:
    """string() of any value; of nodes, the text of the first."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list):
        return value[0].text() if value else ""
    return value.text


# To a number


def plain_number(text: str) -> float | None:
    """The decimal that a text is; None for any other text."""
    return _short_number(text) if len(text) <= _SHORT else _decimal(text)


def _decimal(text: str) -> float | None:
    return float(text) if _NUMBER.match(text) else None


# A sum over 500 rooms is asked again with every room that is added. Scores and ages are short;
# what is long may tell of somebody and is kept nowhere.
_SHORT = 5
_short_number = lru_cache(maxsize=1024)(_decimal)


def number_in(text: str, zone: tzinfo) -> float:
    """number() of a text: a decimal, else an ISO date as days, else NaN. `1e3` is NaN."""
    plain = plain_number(text)
    if plain is not None:
        return plain
    if text and (moment := moment_in(text, zone)) is not None:
        return moment.days
    return NAN


def number_of(value: Value, zone: tzinfo) -> float:
    """number() of any value."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, str):
        return number_in(value, zone)
    if isinstance(value, list):
        return number_in(value[0].text(), zone) if value else NAN
    return value.days


# To a truth


def truth_of(value: Value) -> bool:
    """boolean() of any value: a number that is not 0 or NaN, a text or node list not empty."""
    if isinstance(value, float):
        return value == value and value != 0  # noqa: PLR0124 (NaN is false)
    if isinstance(value, Moment):
        return value.days == value.days
    return bool(value)


# To a moment


def moment_in(text: str, zone: tzinfo) -> Moment | None:
    """The day or instant an ISO 8601 text tells; None when it tells none."""
    match = _DATE.match(text)
    if match is None:
        return None
    try:
        instant = datetime(
            int(match["year"]), int(match["month"]), int(match["day"]),
            int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0),
            int(((match["fraction"] or "") + "000000")[:6]),
            tzinfo=_zone_in(match["zone"], zone),
        )  # fmt: skip
    except ValueError:
        return None
    if match["time"] is None:
        return Moment(days_at(instant), instant.date().isoformat())
    return Moment(days_at(instant), instant_text(instant.astimezone(zone)))


def moment_at(days: float, zone: tzinfo) -> Moment | None:
    """The instant that lies `days` after the epoch, written in local time; None out of range."""
    try:
        instant = (_EPOCH + timedelta(milliseconds=round(days * _DAY_S * 1000))).astimezone(zone)
    except (OverflowError, ValueError):
        return None
    if (instant.hour, instant.minute, instant.second, instant.microsecond) == (0, 0, 0, 0):
        return Moment(days, instant.date().isoformat())
    return Moment(days, instant_text(instant))


def days_of(moment: Moment) -> Moment:
    """number() of a moment: reckoned with as before, written as whole days since 1970.

    A day is counted on the calendar, an instant where it lies on the UTC clock.
    """
    if moment.days != moment.days:
        return Moment(NAN, "NaN")
    if "T" in moment.text:
        return Moment(moment.days, str(math.floor(moment.days)))
    day = date.fromisoformat(moment.text)
    return Moment(moment.days, str(day.toordinal() - _FIRST_DAY))


def instant_of(moment: Moment, zone: tzinfo) -> datetime | None:
    """The moment on the local clock; None when it lies outside the calendar."""
    try:
        return (_EPOCH + timedelta(milliseconds=round(moment.days * _DAY_S * 1000))).astimezone(
            zone
        )
    except (OverflowError, ValueError):
        return None


def moment_of(value: Value, zone: tzinfo) -> Moment | None:
    """date() of any value: a moment itself, a number of days, or an ISO text."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, float):
        return moment_at(value, zone)
    if isinstance(value, bool):
        return None
    text = text_of(value)
    if _NUMBER.match(text):
        return moment_at(float(text), zone)
    return moment_in(text, zone)


def days_at(instant: datetime) -> float:
    """Days since the epoch, whole ones exact."""
    # Whole days and the share apart: `day - 1` then equals the day before to the last bit.
    since = instant - _EPOCH
    return since.days + (since.seconds + since.microseconds / 1e6) / _DAY_S


def instant_text(instant: datetime) -> str:
    """`2003-10-20T08:00:00.000-07:00`: ODK's form of an instant."""
    return instant.isoformat(timespec="milliseconds")


def day_share_in(text: str, zone: tzinfo) -> float:
    """The share of a local day that a clock time tells (`06:00` → 0.25); NaN when it tells none."""
    match = _CLOCK.match(text)
    if match is None:
        return NAN
    try:
        instant = datetime(
            1970, 1, 1, int(match["hour"]), int(match["minute"]), int(match["second"] or 0),
            int(((match["fraction"] or "") + "000000")[:6]),
            tzinfo=_zone_in(match["zone"], zone),
        )  # fmt: skip
    except ValueError:
        return NAN
    local = instant.astimezone(zone)
    seconds = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    return seconds / _DAY_S


def _zone_in(text: str | None, local: tzinfo) -> tzinfo:
    if text is None:
        return local
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    # XML Schema ends at 14:00; clocks of devices have been seen beyond, up to a day's end.
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


# Comparisons (XPath 1.0 §3.4)

_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def equal(left: Value, right: Value, zone: tzinfo) -> bool:
    """`left = right`: with nodes, whether any node fits."""
    if isinstance(left, list):
        if isinstance(right, list):
            texts = {node.text() for node in right}
            return any(node.text() in texts for node in left)
        return _any_node_equal(left, right, zone)
    if isinstance(right, list):
        return _any_node_equal(right, left, zone)
    if isinstance(left, bool) or isinstance(right, bool):
        return truth_of(left) == truth_of(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return number_of(left, zone) == number_of(right, zone)


def unequal(left: Value, right: Value, zone: tzinfo) -> bool:
    """`left != right`: with nodes, whether any node differs (not the opposite of `=`)."""
    if isinstance(left, list) and isinstance(right, list):
        texts = {node.text() for node in right}
        if len(texts) > 1:
            return bool(left)  # whatever it is, one of them is another
        return any(node.text() not in texts for node in left) if texts else False
    if isinstance(right, list):
        left, right = right, left
    if isinstance(left, list) and not isinstance(right, bool):
        if isinstance(right, str):
            return any(node.text() != right for node in left)
        number = number_of(right, zone)
        return any(number_in(node.text(), zone) != number for node in left)
    return not equal(left, right, zone)


def ordered(operator: str, left: Value, right: Value, zone: tzinfo) -> bool:
    """`left < right` and its kin: numbers always, dates as days; with nodes, whether any fits.

    XPath 1.0 makes a boolean of nodes that stand against a boolean; ODK's engines compare each
    node's number with 0 or 1 there too, and so does this.
    """
    # Any of mine below any of the others: my least below their greatest. NaN is below nothing.
    mine = [number for number in _numbers(left, zone) if number == number]  # noqa: PLR0124
    others = [number for number in _numbers(right, zone) if number == number]  # noqa: PLR0124
    if not mine or not others:
        return False
    if operator in {"<", "<="}:
        return _ORDER[operator](min(mine), max(others))
    return _ORDER[operator](max(mine), min(others))


def _numbers(value: Value, zone: tzinfo) -> list[float]:
    if isinstance(value, list):
        return [number_in(node.text(), zone) for node in value]
    return [number_of(value, zone)]


def _any_node_equal(nodes: list[Node], other: Value, zone: tzinfo) -> bool:
    if isinstance(other, str):
        return any(node.text() == other for node in nodes)
    if isinstance(other, bool):
        return bool(nodes) == other
    number = number_of(other, zone)
    return any(number_in(node.text(), zone) == number for node in nodes)
