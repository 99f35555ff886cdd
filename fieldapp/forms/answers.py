"""What an answer of each data type looks like (XForms lexical text, F1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

from fieldapp.errors import AnswerRefused
from fieldapp.forms.definition import ControlKind, DataType

_INT = re.compile(r"[+-]?[0-9]{1,18}\Z")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TIME = re.compile(
    r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?\Z"
)


_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?\Z"
)
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


def calculated(data_type: DataType, text: str) -> str:
    """A calculated text as it is kept: no NaN, whole numbers whole, days without their hour, hours
    without their day."""
    if text == "NaN":
        return ""
    if data_type == "int" and _DECIMAL.match(text):
        return str(int(Decimal(text)))
    if data_type == "date" and _DATE.match(text[:10]):
        return text[:10]
    if data_type == "time" and _INSTANT.match(text):
        return text.partition("T")[2]
    return text


def _int(text: str) -> str | None:
    return str(int(text)) if _INT.match(text) else None


def _decimal(text: str) -> str | None:
    if not _DECIMAL.match(text):
        return None
    plain = format(Decimal(text), "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"", "-", "-0", "+0"} else plain.lstrip("+")


def _boolean(text: str) -> str | None:
    return {"true": "true", "1": "true", "false": "false", "0": "false"}.get(text)


def _date(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if _DATE.match(text) else None
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
