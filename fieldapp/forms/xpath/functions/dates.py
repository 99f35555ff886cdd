"""Days, instants and clock times: ODK XForms, date and time functions.

A date without a zone is a local one; the zone is the world's, so no test depends on the machine.
"""

from __future__ import annotations

import re
from datetime import datetime

from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.evaluation import Context
from fieldapp.forms.xpath.functions.registry import function
from fieldapp.forms.xpath.values import NAN, Moment, Value

_NO_DATE = Moment(NAN, "")
_SHORT = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(T.*)?\Z")

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_KOREAN_DAYS = ["월", "화", "수", "목", "금", "토", "일"]


@function("today", gives="moment", context=True)
def today(context: Context) -> Moment:
    """ODK XForms, date and time functions: the local day."""
    world = context.world
    midnight = world.now().astimezone(world.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Moment(values.days_at(midnight), midnight.date().isoformat())


@function("now", gives="moment", context=True)
def now(context: Context) -> Moment:
    """ODK XForms, date and time functions: the instant, to a millisecond."""
    instant = context.world.now().astimezone(context.world.zone)
    instant = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    return Moment(values.days_at(instant), values.instant_text(instant))


@function("date any", gives="moment", context=True)
def date(context: Context, value: Value) -> Moment:
    """ODK XForms, date and time functions: a text or a number of days as a date.

    Empty when it is none; a month or day of one digit will do, as in `2026-3-2`.
    """
    zone = context.world.zone
    found = values.moment_of(value, zone)
    if found is None and not isinstance(value, float | bool):
        short = _SHORT.match(values.text_of(value))
        if short is not None:
            year, month, day, time = short.groups(default="")
            found = values.moment_in(f"{year}-{month:0>2}-{day:0>2}{time}", zone)
    return found or _NO_DATE


@function("date-time any", gives="moment", context=True)
def date_time(context: Context, value: Value) -> Moment:
    """ODK XForms (JavaRosa): as date()."""
    return date(context, value)


@function("decimal-date-time any", gives="number", context=True)
def decimal_date_time(context: Context, value: Value) -> float:
    """Days since 1970-01-01T00:00Z with the share of the day.

    ODK XForms, date and time functions.
    """
    moment = values.moment_of(value, context.world.zone)
    return NAN if moment is None else moment.days


@function("decimal-time string", gives="number", context=True)
def decimal_time(context: Context, text: str) -> float:
    """ODK XForms, date and time functions: the share of a local day."""
    return values.day_share_in(text, context.world.zone)


@function("format-date any string", gives="string", context=True)
def format_date(context: Context, value: Value, pattern: str) -> str:
    """A date by a pattern of %-codes; empty when there is no date.

    ODK XForms, date and time functions.
    """
    zone = context.world.zone
    moment = values.moment_of(value, zone)
    instant = None if moment is None else values.instant_of(moment, zone)
    if instant is None:
        return ""
    is_korean = context.world.is_korean
    return _CODE.sub(lambda match: _code(match[1], instant, is_korean=is_korean), pattern)


@function("format-date-time any string", gives="string", context=True)
def format_date_time(context: Context, value: Value, pattern: str) -> str:
    """ODK XForms, date and time functions: as format-date()."""
    return format_date(context, value, pattern)


_CODE = re.compile(r"%([YymnbdeHhMS3aA%])")


def _code(code: str, instant: datetime, *, is_korean: bool) -> str:
    month = f"{instant.month}월" if is_korean else _MONTHS[instant.month - 1]
    weekday = (_KOREAN_DAYS if is_korean else _DAYS)[instant.weekday()]
    return {
        "Y": f"{instant.year:04d}",
        "y": f"{instant.year % 100:02d}",
        "m": f"{instant.month:02d}",
        "n": str(instant.month),
        "b": month,
        "d": f"{instant.day:02d}",
        "e": str(instant.day),
        "H": f"{instant.hour:02d}",
        "h": str(instant.hour),
        "M": f"{instant.minute:02d}",
        "S": f"{instant.second:02d}",
        "3": f"{instant.microsecond // 1000:03d}",
        "a": weekday,
        "A": weekday,
        "%": "%",
    }[code]
