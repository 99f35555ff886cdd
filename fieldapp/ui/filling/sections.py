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

    label is empty for ungrouped questions. is_field_list: the workbook wants them on one page.
    """

    label: str
    items: tuple[Heading | Asked, ...]
    is_field_list: bool = False

    @property
    def questions(self) -> tuple[Asked, ...]:
        """Its questions in order, irrelevant ones too."""
        return tuple(item for item in self.items if isinstance(item, Asked))

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

    def read(self, changes: ChangeSet) -> bool:
        """Read what an answer changed. True when the rows themselves are others now."""
        if changes.repeats:
            self.read_all()
            return True
        touched = changes.values | changes.states | changes.texts | changes.choices
        for path in touched & self._questions.keys():
            self._facts[path] = asked(self._questions[path])
        return False

    def sections(self) -> tuple[Section, ...]:
        """The sections as they stand now, in form order."""
        return tuple(
            Section(
                label=live.group.label if live.group else "",
                items=tuple(self._items(live.items)),
                is_field_list=live.group is not None and "field-list" in live.group.appearance,
            )
            for live in self._live
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
