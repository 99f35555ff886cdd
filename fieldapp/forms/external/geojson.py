"""GeoJSON to rows (ODK XForms, "Secondary Instances from GeoJSON"; RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

from fieldapp.errors import FormReason, ListFileRefused
from fieldapp.forms.external.rows import TableRows

_GEOMETRY = "geometry"
_ID = "id"


class _Number(str):
    """A number as it is written: 0.10 stays 0.10."""

    __slots__ = ()


def features_of(content: bytes, file: str) -> TableRows:
    """A row for each feature: `geometry` as ODK writes places, `id`, and its properties.

    Raises ListFileRefused with the number of the feature and what is wrong in it.
    """
    collection = _json(content, file)
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        _refuse(file, FormReason.NOT_FEATURES)
    features = collection.get("features")
    if not isinstance(features, list):
        _refuse(file, FormReason.NOT_FEATURES)
    rows = [_row(feature, place, file) for place, feature in enumerate(features, 1)]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return TableRows(columns, (tuple(row.get(column) for column in columns) for row in rows))


def _json(content: bytes, file: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in pairs:
            if name in made:
                _refuse(file, FormReason.TWIN_COLUMN, name=name)
            made[name] = value
        return made

    def constant(name: str) -> NoReturn:
        _refuse(file, FormReason.NOT_JSON, name=name)

    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=unique,
            parse_int=_Number,
            parse_float=_number,
            parse_constant=constant,
        )
    except (ValueError, RecursionError):
        _refuse(file, FormReason.NOT_JSON)


def _number(written: str) -> _Number:
    # XPath knows no exponents. Beyond a hundred digits it is no place and no amount.
    if "e" not in written and "E" not in written:
        return _Number(written)
    number = Decimal(written)
    return _Number(f"{number:f}" if abs(number.adjusted()) < 100 else "")


def _row(feature: object, place: int, file: str) -> dict[str, str]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        _refuse(file, FormReason.NOT_FEATURES, line=place)
    row: dict[str, str] = {}
    geometry = feature.get(_GEOMETRY)
    if geometry is not None:
        row[_GEOMETRY] = _place(geometry, place, file)
    own_id = feature.get(_ID)
    if isinstance(own_id, str):
        row[_ID] = str(own_id)
    properties = feature.get("properties")
    for name, value in properties.items() if isinstance(properties, dict) else ():
        text = _text(value)
        if text is not None:
            row.setdefault(name, text)
    return row


def _text(value: object) -> str | None:
    """A property's text; None for null, and for lists and objects, which no expression reaches."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str) else None


def _place(geometry: object, place: int, file: str) -> str:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    points: Iterable[object]
    match kind, coordinates:
        case "Point", list():
            points = [coordinates]
        case "LineString", list():
            points = coordinates
        case "Polygon", [list() as outline, *_]:
            points = outline  # holes have no place in a geoshape
        case "Polygon", []:
            points = []
        case _:
            _refuse(file, FormReason.BAD_GEOMETRY, line=place, name=str(kind or ""))
    return "; ".join(_point(point, place, file) for point in points)


def _point(point: object, place: int, file: str) -> str:
    numbers = point if isinstance(point, list) else []
    if len(numbers) < 2 or not all(isinstance(number, _Number) for number in numbers):
        _refuse(file, FormReason.BAD_GEOMETRY, line=place)
    longitude, latitude, *above = numbers
    return f"{latitude} {longitude} {above[0] if above else 0} 0"


def _refuse(file: str, reason: FormReason, *, line: int = 0, name: str = "") -> NoReturn:
    place = {"line": line} if line else {}
    raise ListFileRefused(file=file, reason=reason, name=name, **place)
