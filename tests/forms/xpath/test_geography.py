"""Places on the earth."""

from __future__ import annotations

import pytest

from fieldapp.errors import ExpressionRefused, FormReason
from tests.forms.xpath.asking import answer, document

SQUARE = "'0 0;0 2;2 2;2 0;0 0'"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("distance('0 0;0 90')", "10018696.05"),
        ("distance('0 0 0 0; 0 90 0 0')", "10018696.05"),
        ("distance('0 0', '0 90')", "10018696.05"),
        ("distance('7.9 -11.5;7.9 -11.5')", "0"),
        ("distance('')", "NaN"),
        ("distance(nothing)", "0"),
        ("distance(word)", "NaN"),
    ],
)
def test_distance_is_the_length_of_the_line_in_metres(text: str, expected: str) -> None:
    assert answer(text) == expected


def test_points_of_a_node_each_make_one_line() -> None:
    points = document("<line><p>0 0</p><p>0 45</p><p>0 90</p></line>").children[0]

    assert answer("distance(p)", at=points) == "10018696.05"


def test_distance_of_a_literal_that_is_no_point_is_refused() -> None:
    with pytest.raises(ExpressionRefused) as caught:
        answer("1 + distance('here')")

    facts = caught.value.facts
    assert (facts["reason"], facts["name"], facts["column"]) == (FormReason.NOT_POINTS, "here", 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("area('0 0;0 1')", "0"),
        ("area('')", "0"),
        ("area('5000 5000;5000 5000')", "0"),
        ("round(area('0 0;0 1;1 1;1 0') div 1000000)", "12391"),
        ("area('0 0;0 1;1 1;1 0') = area('0 0;0 1;1 1;1 0;0 0')", "true"),
        ("enclosed-area('0 0;0 1')", "0"),
    ],
)
def test_area_is_that_within_the_points_and_none_for_fewer_than_three(
    text: str, expected: str
) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"geofence('1 1', {SQUARE})", "true"),
        (f"geofence('3 1', {SQUARE})", "false"),
        ("geofence('1 1', '0 0;0 2;2 2;2 0')", "false"),
        (f"geofence('', {SQUARE})", "false"),
        ("geofence('1 1', '')", "false"),
    ],
)
def test_a_point_lies_within_a_closed_shape_or_not(text: str, expected: str) -> None:
    assert answer(text) == expected
