"""sum() over a repeat is kept by difference, and is what adding everything up anew gives."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.forms.sums import RunningSum
from fieldapp.forms.xpath.nodes import Node, NodeKind
from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun

_INSTANCE = "<shown>1</shown><total/><mean/><r jr:template=''><n/></r>"
_RULES = (
    bind("total", calculate="sum(/data/r/n)")
    + bind("mean", calculate="sum(/data/r/n) div count(/data/r)")
    + bind("r", relevant="/data/shown = '1'")
)
_BODY = ask("shown") + repeat("r", ask("r/n"))
_TEXTS = st.sampled_from(["", "0", "1", "-2.5", "0.1", "1000000", "3.333"])
_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 5), _TEXTS),
        st.tuples(st.just("add"), st.just(0), st.just("")),
        st.tuples(st.just("remove"), st.integers(0, 5), st.just("")),
        st.tuples(st.just("show"), st.just(0), st.sampled_from(["0", "1"])),
        st.tuples(st.just("undo"), st.just(0), st.just("")),
    ),
    max_size=12,
)


@given(_ACTS)
def test_a_sum_follows_every_answer_instance_relevance_and_undo(
    acts: list[tuple[str, int, str]],
) -> None:
    filling = begun(_INSTANCE, _RULES, _BODY)
    for kind, place, text in acts:
        paths = filling.repeat_paths("r")
        here = paths[place % len(paths)] if paths else None
        if kind == "answer" and here is not None and filling.value("shown") == "1":
            filling.answer(f"{here}/n", text)
        elif kind == "add":
            filling.add_repeat("r")
        elif kind == "remove" and here is not None:
            filling.remove_repeat(here)
        elif kind == "show":
            filling.answer("shown", text)
        elif kind == "undo" and filling.acts.last is not None:
            filling.undo()
        kept = (filling.value("total"), filling.value("mean"))

        filling.recalculate_all()

        assert kept == (filling.value("total"), filling.value("mean"))


def test_a_day_among_the_numbers_is_added_as_days_and_taken_out_again() -> None:
    filling = begun(_INSTANCE, _RULES, _BODY)
    for text in ("2", "3"):
        filling.add_repeat("r")
        filling.answer(f"{filling.repeat_paths('r')[-1]}/n", text)
    last = filling.repeat_paths("r")[-1]
    before = filling.value("total")

    filling.answer(f"{last}/n", "1970-01-11")
    among = filling.value("total")
    filling.answer(f"{last}/n", "3")

    assert filling.value("total") == before
    assert among not in {before, ""}


@pytest.mark.parametrize("text", ["", "word", "1e400", "2026-11-30"])
def test_what_is_no_plain_number_is_told_from_one(text: str) -> None:
    slots = [_slot("1"), _slot(text)]
    running = RunningSum(slots)
    first = running.value()

    slots[1].value = "2"
    running.changed(slots[1])

    assert first is None or math.isnan(first)
    assert running.value() == 3.0


@given(st.lists(st.decimals(-(10**9), 10**9, places=3).map(str), max_size=20))
def test_a_running_sum_is_exact_to_the_last_bit(texts: list[str]) -> None:
    slots = [_slot("0") for _ in texts]
    running = RunningSum(slots)
    running.value()
    for slot, text in zip(slots, texts, strict=True):
        slot.value = text
        running.changed(slot)

    assert running.value() == math.fsum(map(float, texts))
    assert running.value() == float(sum(map(Fraction, map(float, texts)), Fraction()))


def _slot(text: str) -> Node:
    node = Node(NodeKind.ELEMENT, "n", "")
    node.value = text
    return node
