"""Places on the earth: ODK XForms §8.8. Points are `latitude longitude [altitude accuracy]`."""

from __future__ import annotations

import math
from itertools import pairwise

from fieldapp.forms.xpath.functions.registry import function
from fieldapp.forms.xpath.nodes import Node
from fieldapp.forms.xpath.values import NAN, Value, text_of

_EARTH_RADIUS_M = 6_378_100.0

Point = tuple[float, float]


@function("distance any any*", gives="number")
def distance(*arguments: Value) -> float:
    """ODK XForms: the length in metres, to a centimetre, of the line through all points."""
    points = _points(arguments)
    if points is None:
        return NAN
    return round(math.fsum(_apart_m(one, two) for one, two in pairwise(points)), 2)


@function("area any", gives="number")
def area(value: Value) -> float:
    """ODK XForms: the area in square metres within the points, 0 for fewer than three."""
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


@function("geofence any any", gives="boolean")
def geofence(place: Value, fence: Value) -> bool:
    """ODK XForms: whether the point lies within the closed shape."""
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


def _apart_m(one: Point, two: Point) -> float:
    (lat_1, lon_1), (lat_2, lon_2) = (tuple(map(math.radians, point)) for point in (one, two))
    angle = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * (
        math.sin((lon_2 - lon_1) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, angle)))


def _points(arguments: tuple[Value, ...]) -> list[Point] | None:
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
