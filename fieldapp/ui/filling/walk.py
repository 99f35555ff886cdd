"""Where the worker stands in a form and what comes before and after. Pure: no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldapp.ui.filling.sections import Section
from fieldapp.ui.questions.facts import Asked


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
        """The form changed: relevance, choices, words; pages may have come and gone."""
        key = self.sections[self.section].key if self.section < len(self.sections) else None
        self.sections = sections
        self._order = tuple(path for section in sections for path in section.stops)
        if self.section >= len(sections) or sections[self.section].key != key:
            keys = [section.key for section in sections]
            last = max(0, min(self.section, len(sections) - 1))
            self.section = keys.index(key) if key in keys else last
        here = sections[self.section] if sections else None
        if here is not None and all(question.path != self.path for question in here.questions):
            self.path = here.stops[0] if here.stops else None

    def begin(self, path: str | None) -> None:
        """Stand at a question, or at the first that still needs an answer, or at the first."""
        asked = {q.path: q for section in self.sections for q in section.questions}
        open_ones = [stop for stop in self._order if _lacks(asked[stop])]
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
                return

    def open_section(self, number: int) -> None:
        """Stand at the first unanswered question of a page."""
        section = self.sections[number]
        values = {question.path: question.value for question in section.questions}
        first = section.stops[0] if section.stops else None
        self.section = number
        self.path = next((path for path in section.stops if not values[path]), first)

    def after(self, path: str | None, step: int = 1) -> str | None:
        """The next (or previous) question to stop at; None at either end."""
        if path not in self._order:
            return self._beside(path, step) if path else self._nearest(step)
        at = self._order.index(path) + step
        return self._order[at] if 0 <= at < len(self._order) else None

    def after_line(self, path: str | None) -> str | None:
        """The next stop; from a line of a checklist past what need not be written about its area.

        So that twenty scores are twenty digits.
        """
        upcoming = self.after(path)
        line = self.question(path)
        if line is None or not (line.place.number or line.place.under):
            return upcoming
        numbered = {q.path: q for q in self.sections[self.section].questions}
        if not any(question.place.number for question in numbered.values()):
            return upcoming
        while upcoming is not None and _can_wait(numbered.get(upcoming)):
            upcoming = self.after(upcoming)
        return upcoming

    def neighbour(self, path: str, step: int) -> str | None:
        """The question above or below on the same page."""
        here = self.sections[self.section].stops
        at = here.index(path) + step if path in here else -1
        return here[at] if 0 <= at < len(here) else None

    def other_section(self, step: int) -> int | None:
        """The number of the next relevant page after (or before) this one; None at either end."""
        numbers = (
            range(self.section + 1, len(self.sections))
            if step > 0
            else range(self.section - 1, -1, -1)
        )
        return next((n for n in numbers if self.sections[n].is_relevant), None)

    def question(self, path: str | None) -> Asked | None:
        """The facts of a question; None where there is none of that path."""
        for section in self.sections:
            for question in section.questions:
                if question.path == path:
                    return question
        return None

    def left_over(self) -> int:
        """How many required questions have no answer yet."""
        return sum(section.left_over for section in self.sections)

    def scored(self) -> tuple[int, int]:
        """How many lines of all checklists are answered, and how many there are."""
        pairs = [section.lines for section in self.sections]
        return sum(done for done, _ in pairs), sum(all_ for _, all_ in pairs)

    def _beside(self, path: str, step: int) -> str | None:
        """From a question that is no stop (a photo beside a note): the stop next to it."""
        order = [q.path for section in self.sections for q in section.questions]
        if path not in order:
            return self._nearest(step)
        stops = set(self._order)
        at = order.index(path)
        rest = order[at + 1 :] if step > 0 else reversed(order[:at])
        return next((other for other in rest if other in stops), None)

    def _nearest(self, step: int) -> str | None:
        """Where to go from a page without a stop: the first stop of a page after (or before) it."""
        numbers = (
            range(self.section + 1, len(self.sections))
            if step > 0
            else range(self.section - 1, -1, -1)
        )
        for number in numbers:
            if here := self.sections[number].stops:
                return here[0 if step > 0 else -1]
        return None


def _can_wait(question: Asked | None) -> bool:
    """Whether it is words about an area that nobody asked for and nobody began."""
    if question is None or question.place.number or question.place.under:
        return False
    return (
        question.data_type == "string"
        and question.control == "input"
        and not (question.is_required or question.value)
    )


def _lacks(question: Asked) -> bool:
    return question.is_required and not question.value


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
