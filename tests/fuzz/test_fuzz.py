"""A few hundred of the examples that `make fuzz-forms` makes by the hundred thousand."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fuzz import targets

FORMS = range(400)
EXPRESSIONS = range(1200)
LISTS = range(2000)


def test_forms_that_are_nearly_right_are_filled_or_refused_and_nothing_else() -> None:
    outcomes = Counter(targets.loads(number) for number in FORMS)

    # A run in which nothing ever came past the first check would prove little.
    assert outcomes["filled"] > len(FORMS) // 10
    assert len(outcomes) > 3


def test_expressions_that_are_nearly_right_are_evaluated_or_refused_and_nothing_else() -> None:
    outcomes = Counter(targets.evaluates(number) for number in EXPRESSIONS)

    assert outcomes["evaluated"] > len(EXPRESSIONS) // 10
    assert len(outcomes) > 3


def test_list_files_that_are_nearly_right_are_read_or_refused_and_nothing_else() -> None:
    outcomes = Counter(targets.looks_up(number) for number in LISTS)

    assert outcomes["read"] > len(LISTS) // 10
    assert len(outcomes) > 3


@pytest.mark.parametrize("target", ["forms", "expressions", "lists"])
def test_an_example_is_made_again_by_its_number(target: str) -> None:
    assert targets.content_of(target, 7) == targets.content_of(target, 7)
    assert targets.content_of(target, 7) != targets.content_of(target, 8)
