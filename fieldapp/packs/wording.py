"""A record's questions in the words of its form, for whoever shows a value outside the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fieldapp.forms import Element, Filling, Group, Question


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """A question's label and its choices' labels by value, in the form's default language."""

    label: str
    choices: Mapping[str, str]


def question_words(filling: Filling) -> dict[str, QuestionWords]:
    """The words of every question that stands in the filling, by path."""
    return {
        question.path: QuestionWords(
            question.label, {choice.value: choice.label for choice in question.choices}
        )
        for question in _questions(filling.body)
    }


def _questions(elements: Sequence[Element]) -> Iterator[Question]:
    for element in elements:
        if isinstance(element, Question):
            yield element
        elif isinstance(element, Group):
            yield from _questions(element.children)
