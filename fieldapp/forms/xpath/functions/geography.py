"""Places on the earth: ODK XForms, geographic functions.

Points are `latitude longitude [altitude accuracy]`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from fieldapp.errors import FormReason
from fieldapp.forms.xpath.ast import Call, StringLiteral
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.functions.registry import Arguments, function, special
from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import NAN, Value, text_of

_EARTH_RADIUS_M = 6_378_100.0

Point = tuple[float, float]


@special("distance any any*", gives="number")
def distance(compiler: Arguments, call: Call) -> Compiled:
    """The length in metres, to a centimetre, of the line through all points.

    ODK XForms, geographic functions. One argument may be a line or many points; of several each is
    one point, as in ODK's engines. NaN where one is none; a literal that is none is refused when
    the form is read.
    """
    for argument in call.arguments:
        if (
            isinstance(argument, StringLiteral)
            and argument.value
            and not _points((argument.value,))
        ):
            compiler.refuse(FormReason.NOT_POINTS, call.column, argument.value)
    runs = [compiler.compiled(argument).run for argument in call.arguments]

    def length_m(context: Context) -> float:
        places = [run(context) for run in runs]
        points = _points(places)
        if points is None or (len(places) > 1 and any(_is_line(place) for place in places)):
            return NAN
        return round(math.fsum(_apart_m(one, two) for one, two in pairwise(points)), 2)

    return Compiled(length_m, "number")


@function("area any", gives="number")
def area(value: Value) -> float:
    """The area in square metres within the points, 0 for fewer than three.

    ODK XForms, geographic functions.
    """
    points = _points((value,))
    if points is None or len(points) < 3:
        return 0.0
    if points[0] != points[-1]:
        points.append(points[0])
    total = 0.0
    for (lat_1, lon_1), (lat_2, lon_2) in pairwise(points):
        total += math.radians(lon_2 - lon_1) * (
            2 + math.sin(math.radians(lat_1)) + math.sin(math.radians(lat_2))
        )
    return round(abs(total * _EARTH_RADIUS_M**2 / 2), 2)


@function("enclosed-area any", gives="number")
def enclosed_area(value: Value) -> float:
    """ODK XForms (JavaRosa's other name for it): as area()."""
    return area(value)


@function("geofence any any", gives="boolean")
def geofence(place: Value, fence: Value) -> bool:
    """ODK XForms, geographic functions: whether the point lies within the closed shape."""
    points, corners = _points((place,)), _points((fence,))
    if not points or not corners or len(corners) < 4 or corners[0] != corners[-1]:
        return False
    lat, lon = points[0]
    is_inside = False
    for (lat_1, lon_1), (lat_2, lon_2) in pairwise(corners):
        crosses = (lon_1 > lon) != (lon_2 > lon)
        if crosses and lat < (lat_2 - lat_1) * (lon - lon_1) / (lon_2 - lon_1) + lat_1:
            is_inside = not is_inside
    return is_inside


def are_points(text: str, *, is_one: bool) -> bool:
    """Whether a text is a point or, unless it must be one, points with `;` between."""
    return _points((text,)) is not None and not (is_one and _is_line(text))


def _is_line(place: Value) -> bool:
    texts = [_text(node) for node in place] if isinstance(place, list) else [text_of(place)]
    return any(";" in text for text in texts)


def _apart_m(one: Point, two: Point) -> float:
    (lat_1, lon_1), (lat_2, lon_2) = (tuple(map(math.radians, point)) for point in (one, two))
    angle = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * (
        math.sin((lon_2 - lon_1) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, angle)))


def _points(arguments: Sequence[Value]) -> list[Point] | None:
    """All points of all texts in order; None when one of them is no point."""
    points: list[Point] = []
    for argument in arguments:
        texts = [_text(node) for node in argument] if isinstance(argument, list) else [
            text_of(argument)
        ]  # fmt: skip
        for text in texts:
            for part in text.strip().rstrip(";").split(";"):
                point = _point(part)
                if point is None:
                    return None
                points.append(point)
    return points


def _text(node: Node) -> str:
    return node.text()


def _point(text: str) -> Point | None:
    numbers = text.split()
    if len(numbers) < 2:
        return None
    try:
        lat, lon = float(numbers[0]), float(numbers[1])
    except ValueError:
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None
