"""What a condition (formats F7) asks, without asking it."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.plans import AllOf, AnswerOf, AnyOf, Comparison, Condition, Not, Selected


def paths_of(condition: Condition | None) -> tuple[str, ...]:
    """The paths that a condition asks, in order, each once."""
    return tuple(dict.fromkeys(answer.path for answer in _answers(condition)))


def choices_asked(condition: Condition | None, path: str) -> tuple[str, ...]:
    """The choices of one answer that a condition asks by `selected()`, in order."""
    return tuple(
        part.choice
        for part in _leaves(condition)
        if isinstance(part, Selected) and part.answer.path == path
    )


def _answers(condition: Condition | None) -> Iterator[AnswerOf]:
    for leaf in _leaves(condition):
        if isinstance(leaf, Selected):
            yield leaf.answer
        else:
            yield from (side for side in (leaf.left, leaf.right) if isinstance(side, AnswerOf))


def _leaves(condition: Condition | None) -> Iterator[Comparison | Selected]:
    if isinstance(condition, Comparison | Selected):
        yield condition
    elif isinstance(condition, Not):
        yield from _leaves(condition.operand)
    elif isinstance(condition, AllOf | AnyOf):
        for operand in condition.operands:
            yield from _leaves(operand)
