"""A form's body cut into sections: one section is one page (ux §4). No widgets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fieldapp.forms import ChangeSet, Element, Filling, Group, Question, Repeat
from fieldapp.ui.questions.facts import Asked, asked


@dataclass(frozen=True, slots=True)
class Heading:
    """The label of a group inside a section."""

    label: str
    is_relevant: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A page: a group of the form, or the ungrouped questions between two groups.

    label is empty for ungrouped questions. questions: those of its items, irrelevant ones too.
    is_field_list: the workbook wants them on one page.
    """

    label: str
    items: tuple[Heading | Asked, ...]
    questions: tuple[Asked, ...]
    is_field_list: bool = False

    @property
    def is_relevant(self) -> bool:
        """Whether anything of it is asked now."""
        return any(question.is_relevant for question in self.questions)


@dataclass(frozen=True, slots=True)
class _LiveSection:
    group: Group | Repeat | None
    items: tuple[Group | Question, ...]


class FormBody:
    """The sections of an open form, read again only where an answer changed something."""

    def __init__(self, filling: Filling) -> None:
        self._filling = filling
        self._live: tuple[_LiveSection, ...] = ()
        self._questions: dict[str, Question] = {}
        self._facts: dict[str, Asked] = {}
        self._home: dict[str, int] = {}
        self._sections: list[Section] = []
        self.read_all()

    def read_all(self) -> None:
        """Read everything: at the start, in another language, when a repeat grew or shrank."""
        self._live = tuple(_cut(self._filling.body))
        self._questions = {
            item.path: item
            for section in self._live
            for item in section.items
            if isinstance(item, Question)
        }
        self._facts = {path: asked(question) for path, question in self._questions.items()}
        self._home = {
            item.path: number
            for number, section in enumerate(self._live)
            for item in section.items
            if isinstance(item, Question)
        }
        self._sections = [self._section(live) for live in self._live]

    def read(self, changes: ChangeSet) -> bool:
        """Read what an answer changed. True when the rows themselves are others now."""
        if changes.repeats:
            self.read_all()
            return True
        touched = changes.values | changes.states | changes.texts | changes.choices
        here = touched & self._questions.keys()
        for path in here:
            self._facts[path] = asked(self._questions[path])
        # Only these pages are other pages now; a key must not cost a whole form.
        numbers = {self._home[path] for path in here}
        # A text of something that is no question is a heading's, anywhere.
        if changes.texts - self._questions.keys():
            numbers = set(range(len(self._live)))
        for number in numbers:
            self._sections[number] = self._section(self._live[number])
        return False

    def sections(self) -> tuple[Section, ...]:
        """The sections as they stand now, in form order."""
        return tuple(self._sections)

    def _section(self, live: _LiveSection) -> Section:
        items = tuple(self._items(live.items))
        return Section(
            label=live.group.label if live.group else "",
            items=items,
            questions=tuple(item for item in items if isinstance(item, Asked)),
            is_field_list=live.group is not None and "field-list" in live.group.appearance,
        )

    def _items(self, items: Iterable[Group | Question]) -> Iterator[Heading | Asked]:
        for item in items:
            if isinstance(item, Question):
                yield self._facts[item.path]
            else:
                yield Heading(item.label, item.is_relevant)


def _cut(body: Sequence[Element]) -> Iterator[_LiveSection]:
    loose: list[Group | Question] = []
    for element in body:
        own_page = not isinstance(element, Question) and (element.label or element.appearance)
        if own_page and loose:
            yield _LiveSection(None, tuple(loose))
            loose = []
        if isinstance(element, Question):
            loose.append(element)
        elif own_page:
            items = tuple(_flat(element))
            if any(isinstance(item, Question) for item in items):
                yield _LiveSection(element, items)
        else:
            loose += _flat(element)
    if any(isinstance(item, Question) for item in loose):
        yield _LiveSection(None, tuple(loose))


def _flat(element: Group | Repeat) -> Iterator[Group | Question]:
    inside = element.instances if isinstance(element, Repeat) else element.children
    for child in inside:
        if isinstance(child, Question):
            yield child
            continue
        if isinstance(child, Group) and child.label:
            yield child
        yield from _flat(child)
