"""Which widget asks which question: by control, type and appearance."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.choosing import DigitChoice, DigitColumn, SearchChoice
from fieldapp.ui.questions.digits import layout_of
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.notes import NotYet, Shown
from fieldapp.ui.questions.texts import SeveralLines, TextLine, WholeNumber

_CHOOSING: dict[str, Callable[[], QuestionWidget]] = {
    "row": DigitChoice,
    "column": DigitColumn,
    "search": SearchChoice,
}
_WRITING: dict[str, Callable[[], QuestionWidget]] = {
    "string": TextLine,
    "int": WholeNumber,
    "integer": WholeNumber,
    "long": WholeNumber,
}


def widget_for(question: Asked) -> QuestionWidget:
    """The widget that asks a question."""
    if question.is_note:
        return Shown()
    if question.control == "select1":
        wants_search = {"autocomplete", "search", "minimal"} & set(question.appearance.split())
        return _CHOOSING["search" if wants_search else layout_of(question.choices)]()
    if question.control == "input" and question.data_type in _WRITING:
        if question.data_type == "string" and "multiline" in question.appearance.split():
            return SeveralLines()
        return _WRITING[question.data_type]()
    return Shown() if question.is_readonly else NotYet()


def is_asked(question: Asked) -> bool:
    """Whether the focus stops at a question now: relevant, open to an answer, of a known kind."""
    if not question.is_relevant or question.is_readonly or question.is_note:
        return False
    return question.control == "select1" or (
        question.control == "input" and question.data_type in _WRITING
    )
