"""Repeats in repeats: whose instance an expression means, and keys that stay (F2)."""

from __future__ import annotations

import pytest

from fieldapp.forms import Filling
from tests.forms.making import surroundings
from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun, defined

INSTANCE = "<o jr:template=''><n/><i jr:template=''><x/><said/></i></o><all/>"
BODY = repeat("o", ask("o/n") + repeat("o/i", ask("o/i/x")))


def grown(calculate: str, *, inner: tuple[int, ...] = (2, 1), outer: str = "") -> Filling:
    """Two outer instances with inner ones in them: outer n = 10, 20…; inner x = 1, 2… all along."""
    model = bind("o/i/said", calculate=calculate)
    if outer:
        model += bind("all", calculate=outer)
    filling = begun(INSTANCE, model, BODY)
    number = 0
    for place, count in enumerate(inner, 1):
        filling.add_repeat("o")
        path = filling.repeat_paths("o")[-1]
        filling.answer(f"{path}/n", str(place * 10))
        for _ in range(count):
            filling.add_repeat(f"{path}/i")
            number += 1
            filling.answer(f"{filling.repeat_paths(f'{path}/i')[-1]}/x", str(number))
    return filling


def said(filling: Filling) -> list[str]:
    paths = [i for o in filling.repeat_paths("o") for i in filling.repeat_paths(f"{o}/i")]
    return [filling.value(f"{path}/said") for path in paths]


@pytest.mark.parametrize(
    ("calculate", "expected"),
    [
        ("position(..)", ["1", "2", "1"]),
        ("position(../..)", ["1", "1", "2"]),
        ("../../n", ["10", "10", "20"]),
        ("sum(../../i/x)", ["3", "3", "3"]),
        ("count(../../i)", ["2", "2", "1"]),
        ("sum(/data/o/i/x)", ["6", "6", "6"]),
        ("count(/data/o)", ["2", "2", "2"]),
        ("indexed-repeat(/data/o/n, /data/o, position(../..))", ["10", "10", "20"]),
        ("indexed-repeat(/data/o/i/x, /data/o, 1, /data/o/i, 2)", ["2", "2", "2"]),
        ("indexed-repeat(/data/o/i/x, /data/o/i, 2, /data/o, 1)", ["2", "2", "2"]),
        ("/data/o[position() = position(current()/../..)]/n", ["10", "10", "20"]),
        ("../preceding-sibling::i[1]/x", ["", "1", ""]),
        ("string(../x = ../../i[last()]/x)", ["false", "true", "true"]),
    ],
)
def test_an_expression_in_an_inner_instance_means(calculate: str, expected: list[str]) -> None:
    assert said(grown(calculate)) == expected


def test_an_answer_in_one_outer_instance_leaves_the_others_alone() -> None:
    filling = grown("../../n + ../x")
    first, second = filling.repeat_paths("o")

    changed = filling.answer(f"{first}/n", "50")

    assert said(filling) == ["51", "52", "23"]
    assert not any(path.startswith(second) for path in changed.values)


def test_positions_move_up_when_an_instance_goes_and_keys_stay() -> None:
    filling = grown("concat(position(../..), '-', position(..))", inner=(1, 1, 2))
    first, second, third = filling.repeat_paths("o")

    filling.remove_repeat(first)

    assert filling.repeat_paths("o") == (second, third)
    assert said(filling) == ["1-1", "2-1", "2-2"]


def test_an_outer_aggregate_follows_inner_instances_that_come_and_go() -> None:
    filling = grown("''", outer="sum(/data/o/i/x)")
    first, second = filling.repeat_paths("o")
    before = filling.value("all")

    filling.remove_repeat(filling.repeat_paths(f"{first}/i")[0])
    without_one = filling.value("all")
    filling.remove_repeat(second)

    assert (before, without_one, filling.value("all")) == ("6", "5", "2")


def test_keys_of_every_depth_are_those_of_the_draft() -> None:
    definition = defined(INSTANCE, bind("o/i/said", calculate="../x"), BODY)
    filling = Filling.start(definition, surroundings())
    filling.add_repeat("o")
    (outer,) = filling.repeat_paths("o")
    filling.add_repeat(f"{outer}/i")
    filling.answer(f"{filling.repeat_paths(f'{outer}/i')[0]}/x", "1")

    again = Filling.resume(definition, surroundings(seed=9), filling.draft_answers())

    assert again.tree.by_path.keys() == filling.tree.by_path.keys()
