"""What an answer of each data type looks like (XForms lexical text, F1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from decimal import Decimal

from fieldapp.errors import AnswerRefused
from fieldapp.forms.definition import ControlKind, DataType
from fieldapp.forms.xpath.values import Value, moment_at, text_of

# XML Schema's int, which ODK XForms names: more is a decimal's.
_LARGEST_INT = 2**31 - 1
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# As XML Schema writes them: an hour has its seconds, an offset its colon.
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?\Z")
_LOCAL_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?\Z"
)
_INSTANT = re.compile(_LOCAL_INSTANT.pattern[:-2] + r"(?:Z|[+-][0-9]{2}:[0-9]{2})?\Z")
# The bare name of a file. Ours are `<sha256>.<ext>` (F1), other clients' what the camera called
# them; none is a way to another folder.
_ATTACHMENT = re.compile(r"(?!\.)[^/\\:\x00-\x1f]{1,255}\Z")


#: XML 1.0 §2.2: what is no Char, C1 controls too; pasted text may carry it, no file upwards can.
_NOT_IN_XML = re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def normalised(path: str, data_type: DataType, control: ControlKind | None, text: str) -> str:
    """The answer as it is kept; raises AnswerRefused when it is not of its type.

    Numbers and dates that a Korean keyboard wrote full-width are taken; empty stays empty. Text is
    composed (NFC), its lines end in one line feed, and what no XML can hold is left out.
    """
    text = _NOT_IN_XML.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    if not text.strip():
        # Spaces alone answer nothing, and would only hide that a question is open.
        return ""
    if control in {"select", "rank"} or data_type in {"select", "rank"}:
        return " ".join(dict.fromkeys(text.split()))
    rule = _RULES.get(data_type)
    if rule is None:
        return text.strip() if control == "select1" else text
    made = rule(unicodedata.normalize("NFKC", text).strip())
    if made is None:
        raise AnswerRefused(path=path, data_type=data_type)
    return made


def worked_out(data_type: DataType, value: Value, zone: tzinfo) -> str:
    """The value of an expression as a node of the type keeps it.

    A number that becomes a day is days since 1970-01-01T00:00Z, as `today() + 7` gives them.
    """
    if isinstance(value, float) and data_type in _DAYS:
        moment = moment_at(value, zone)
        return "" if moment is None else calculated(data_type, moment.text)
    return calculated(data_type, text_of(value))


def calculated(data_type: DataType, text: str) -> str:
    """A text that the form itself gives, as it is kept: whole numbers whole, days without their
    hour, hours without their day; empty when it is none of its type."""
    rule = _OWN_RULES.get(data_type)
    if rule is not None:
        return rule(text) or ""
    return "" if text == "NaN" else text


def _whole(text: str) -> str | None:
    # A fraction is cut off, towards zero, as ODK's engines do.
    if not _DECIMAL.match(text):
        return None
    return str(int(Decimal(text)))


def _int(text: str) -> str | None:
    made = _whole(text)
    return made if made is not None and -_LARGEST_INT - 1 <= int(made) <= _LARGEST_INT else None


def _decimal(text: str) -> str | None:
    if not _DECIMAL.match(text):
        return None
    plain = format(Decimal(text), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"", "-", "-0", "+0"} else plain.lstrip("+")


def _boolean(text: str) -> str | None:
    return text if text in {"true", "1", "false", "0"} else None


def _date(text: str) -> str | None:
    """The day that is written; of an instant on a clock without a zone the day on that clock."""
    if not _DATE.match(text) and not _LOCAL_INSTANT.match(text):
        return None
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None


def _time(text: str) -> str | None:
    if not _TIME.match(text):
        return None
    try:
        time.fromisoformat(text)
    except ValueError:
        return None
    return text


def _instant(text: str) -> str | None:
    if not _INSTANT.match(text):
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


def _attachment(text: str) -> str | None:
    return text if _ATTACHMENT.match(text) else None


def _point(text: str) -> str | None:
    numbers = text.split()
    if not 2 <= len(numbers) <= 4 or not all(_DECIMAL.match(number) for number in numbers):
        return None
    latitude, longitude = Decimal(numbers[0]), Decimal(numbers[1])
    return " ".join(numbers) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _points(text: str) -> str | None:
    points = [_point(part) for part in text.rstrip("; ").split(";")]
    return ";".join(point for point in points if point) if all(points) else None


_RULES: dict[str, Callable[[str], str | None]] = {
    "int": _int,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "time": _time,
    "dateTime": _instant,
    "binary": _attachment,
    "geopoint": _point,
    "geotrace": _points,
    "geoshape": _points,
}


def _given_decimal(text: str) -> str | None:
    return text if _DECIMAL.match(text) else None


def _given_date(text: str) -> str | None:
    return _date(text[:10] if _INSTANT.match(text) else text)


def _given_time(text: str) -> str | None:
    return _time(text.partition("T")[2] if _INSTANT.match(text) else text)


def _given_instant(text: str) -> str | None:
    return _instant(text) or _date(text)


_DAYS = frozenset({"date", "dateTime"})
# Of texts that the form gives itself.
_OWN_RULES: dict[str, Callable[[str], str | None]] = {
    "int": _whole,
    "decimal": _given_decimal,
    "date": _given_date,
    "time": _given_time,
    "dateTime": _given_instant,
    "geopoint": _point,
    "geotrace": _points,
    "geoshape": _points,
}
