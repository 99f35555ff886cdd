"""A number out of a range: buttons where they are few and whole, a box where they are many."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from fieldapp.forms import Choice
from fieldapp.ui.questions.choosing import DigitChoice
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.texts import DecimalNumber, WholeNumber


def range_choices(question: Asked) -> tuple[Choice, ...]:
    """The numbers of a range as choices; none where one digit does not name each."""
    start, end, step = (_number(question.attribute(name)) for name in ("start", "end", "step"))
    if start is None or end is None or step is None or step <= 0 or start > end:
        return ()
    numbers: list[Decimal] = []
    while start <= end and len(numbers) < 11:
        numbers.append(start)
        start += step
    if len(numbers) > 10 or any(n != int(n) or not 0 <= n <= 9 for n in numbers):
        return ()
    return tuple(Choice(str(int(n)), "") for n in numbers)


class RangeButtons(DigitChoice):
    """A short range of whole numbers: a button each."""

    def show_question(self, question: Asked) -> None:
        """The numbers stand for choices."""
        super().show_question(replace(question, choices=range_choices(question)))


class WholeRange(WholeNumber):
    """A long range of whole numbers: typed, its ends stand in the empty box."""

    def show_question(self, question: Asked) -> None:
        """The ends."""
        super().show_question(question)
        self.box.setPlaceholderText(_ends(question))


class DecimalRange(DecimalNumber):
    """A range of numbers with a point."""

    def show_question(self, question: Asked) -> None:
        """The ends."""
        super().show_question(question)
        self.box.setPlaceholderText(_ends(question))


def _ends(question: Asked) -> str:
    return f"{question.attribute('start')}~{question.attribute('end')}".strip("~")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
