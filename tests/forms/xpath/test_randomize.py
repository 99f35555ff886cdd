"""Chance, which comes from the world's seed or from the form's."""

from __future__ import annotations

import pytest

from tests.forms.xpath.asking import Here, answer, document

FRUITS = document(
    "<list>" + "".join(
        f"<item>{name}</item>"
        for name in ("apple", "banana", "cherimoya", "durian", "elderberry", "fig")
    ) + "</list>"
).children[0]  # fmt: skip


def test_a_seed_gives_the_order_that_it_gives_in_odks_engines() -> None:
    ordered = answer("join(' ', randomize(item, 42))", at=FRUITS)

    assert ordered == "apple fig cherimoya banana durian elderberry"


@pytest.mark.parametrize(
    ("seed", "same"),
    [("42", "42.9"), ("'42'", "42"), ("''", "0"), ("1 div ''", "0"), ("1 div 0", "2 div 0")],
)
def test_seeds_of_one_whole_number_give_one_order(seed: str, same: str) -> None:
    one, other = (answer(f"join(' ', randomize(item, {s}))", at=FRUITS) for s in (seed, same))

    assert one == other


def test_a_seed_of_words_is_hashed_not_taken_for_zero() -> None:
    zero, words, others = (
        answer(f"join(' ', randomize(item, {seed}))", at=FRUITS) for seed in ("0", "'가'", "'나'")
    )

    assert len({zero, words, others}) == 3


@pytest.mark.parametrize("seed", ["-1", "0", "2147483647", "-2147483648", "1e30", "'x'"])
def test_whatever_the_seed_every_node_stays_once(seed: str) -> None:
    shuffled = answer(f"join(' ', randomize(item, {seed}))", at=FRUITS).split()

    assert sorted(shuffled) == sorted(child.text() for child in FRUITS.children)


def test_without_a_seed_the_worlds_chance_decides() -> None:
    orders = {
        answer("join(' ', randomize(item))", at=FRUITS, world=world)
        for world in [Here()] * 8
    }  # fmt: skip

    assert len(orders) > 1


def test_random_lies_from_zero_to_below_one() -> None:
    world = Here()

    assert all(answer("random() >= 0 and random() < 1", world=world) == "true" for _ in range(50))
