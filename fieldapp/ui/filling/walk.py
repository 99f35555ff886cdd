"""Where the worker stands in a form and what comes before and after. Pure: no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldapp.ui.filling.sections import Section
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.registry import is_asked


@dataclass(slots=True)
class Walk:
    """The sections as they stand now, and the question that the keys act on.

    section: index of the page that is shown; path: its current question, None where it has none.
    """

    sections: tuple[Section, ...] = ()
    section: int = 0
    path: str | None = None
    _order: tuple[str, ...] = field(default=())

    def refresh(self, sections: tuple[Section, ...]) -> None:
        """The form changed: relevance, choices, words."""
        self.sections = sections
        self._order = tuple(path for section in sections for path in stops(section))

    def begin(self, path: str | None) -> None:
        """Stand at a question, or at the first that still needs an answer, or at the first."""
        questions = [q for section in self.sections for q in section.questions if is_asked(q)]
        open_ones = [question.path for question in questions if _lacks(question)]
        if path in self._order:
            self.stand_at(path)
        elif open_ones:
            self.stand_at(open_ones[0])
        elif self._order:
            self.stand_at(self._order[0])

    def stand_at(self, path: str | None) -> None:
        """Stand at a question of the form."""
        self.path = path
        for number, section in enumerate(self.sections):
            if any(question.path == path for question in section.questions):
                self.section = number

    def open_section(self, number: int) -> None:
        """Stand at the first unanswered question of a page."""
        section = self.sections[number]
        here = stops(section)
        values = {question.path: question.value for question in section.questions}
        self.section = number
        self.path = next((path for path in here if not values[path]), here[0] if here else None)

    def after(self, path: str | None, step: int = 1) -> str | None:
        """The next (or previous) question to stop at; None at either end."""
        if path not in self._order:
            return self._nearest(step)
        at = self._order.index(path) + step
        return self._order[at] if 0 <= at < len(self._order) else None

    def neighbour(self, path: str, step: int) -> str | None:
        """The question above or below on the same page."""
        here = stops(self.sections[self.section])
        at = here.index(path) + step if path in here else -1
        return here[at] if 0 <= at < len(here) else None

    def has_other_section(self, step: int) -> bool:
        """Whether a relevant page stands before or after this one."""
        rest = self.sections[: self.section] if step < 0 else self.sections[self.section + 1 :]
        return any(section.is_relevant for section in rest)

    def left_over(self) -> int:
        """How many required questions have no answer yet."""
        return sum(
            1
            for section in self.sections
            for question in section.questions
            if question.is_relevant and _lacks(question)
        )

    def _nearest(self, step: int) -> str | None:
        """Where to go from a page without a stop: the first stop of a page after (or before) it."""
        numbers = (
            range(self.section + 1, len(self.sections))
            if step > 0
            else range(self.section - 1, -1, -1)
        )
        for number in numbers:
            if here := stops(self.sections[number]):
                return here[0 if step > 0 else -1]
        return None


def _lacks(question: Asked) -> bool:
    return question.is_required and not question.value


def stops(section: Section) -> list[str]:
    """The questions of a section that the focus stops at, in order."""
    return [question.path for question in section.questions if is_asked(question)]


def section_labels(sections: Sequence[Section], first: str, last: str, between: str) -> list[str]:
    """A word for every section; ungrouped questions are named by where they stand."""
    labels = []
    for number, section in enumerate(sections):
        if section.label:
            labels.append(section.label)
        else:
            at_end = number == len(sections) - 1 and number > 0
            labels.append(first if number == 0 else last if at_end else between)
    return labels
