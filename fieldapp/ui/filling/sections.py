"""A form's body as pages: one section is one page (ux §4). Plain facts; no widgets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QCoreApplication

from fieldapp.errors import UnknownPath
from fieldapp.forms import ChangeSet, Element, Filling, Group, Question, Repeat
from fieldapp.ui.filling.cutting import (
    Adder,
    Card,
    Hanging,
    LiveItem,
    LiveSection,
    Titled,
    added_instances,
    cut,
)
from fieldapp.ui.questions.adding import ADDER
from fieldapp.ui.questions.facts import Asked, MaskedNames, Place, asked
from fieldapp.ui.questions.registry import is_asked

#: Repeat keys in a path (F1).
_KEYS = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Heading:
    """The label of a group inside a section."""

    label: str
    is_relevant: bool


@dataclass(frozen=True, slots=True)
class CardHead:
    """The first line of one of several that a worker adds: `개선사항 2`, and 빼기."""

    path: str
    label: str
    is_relevant: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A page: a group of the form, an instance of a counted repeat, or what stands between groups.

    key: the same page keeps it while the form changes. label is empty for ungrouped questions.
    questions: those of its items, irrelevant ones too. closed: paths that hang under a question and
    are not shown now. is_field_list: the workbook wants them on one page. is_counted: the rail says
    how many are answered. seat: whose part it is (F6), empty for everybody's.
    stops: where the focus stops. asked: what takes an answer by itself now: no note, nothing that
    hangs. is_relevant: whether anything of it is asked. is_begun: whether anything is answered.
    left_over: how many needed answers are missing. lines: of a checklist, answered and all.
    """

    label: str
    items: tuple[Heading | CardHead | Asked, ...]
    questions: tuple[Asked, ...]
    is_field_list: bool = False
    key: str = ""
    closed: frozenset[str] = frozenset()
    is_counted: bool = False
    seat: str = ""
    stops: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    is_relevant: bool = True
    is_begun: bool = False
    left_over: int = 0
    lines: tuple[int, int] = (0, 0)

    @property
    def count(self) -> str:
        """What the rail says behind the label: `1/4` of a checklist, `2건` of what is added."""
        if self.lines[1]:
            return f"{self.lines[0]}/{self.lines[1]}"
        adders = [question for question in self.questions if question.control == ADDER]
        if not self.is_counted or not adders or adders[-1].value == "0":
            return ""
        return QCoreApplication.translate("Section", "%s건") % adders[-1].value


@dataclass(slots=True)
class _Read:
    """What was read of the form: every question's facts, and where it stands."""

    live: tuple[LiveSection, ...] = ()
    questions: dict[str, tuple[Question, Place]] = field(default_factory=dict)
    facts: dict[str, Asked] = field(default_factory=dict)
    home: dict[str, int] = field(default_factory=dict)
    adders: dict[str, int] = field(default_factory=dict)


class FormBody:
    """The sections of an open form, read again only where an answer changed something."""

    def __init__(
        self,
        filling: Filling,
        *,
        last: Mapping[str, str] | None = None,
        parts: Mapping[str, str] | None = None,
        is_new: bool = False,
        masked: str = "",
    ) -> None:
        """last: answers of last time by path; parts: seat by the path of its group, without keys.

        is_new: nobody has written in it, so that what a repeat begins with is nobody's either.
        masked: path of the question that names a person; somebody sits beside the screen (ux §1.3).
        """
        self._filling = filling
        self._masked = masked
        if not is_new:
            _sow(filling)
        self._untouched = {
            instance.path or ""
            for instance in added_instances(filling.body)
            if is_new or not _is_written(instance)
        }
        self._last = dict(last or {})
        self._parts = dict(parts or {})
        self._opened: set[str] = set()
        self._read = _Read()
        self._body = filling.body
        self._sections: list[Section] = []
        self.read_all()

    def read_all(self) -> None:
        """Read everything: at the start, in another language, when a repeat grew or shrank."""
        self._body = self._filling.body
        read = _Read(live=tuple(cut(self._filling, self._untouched)))
        for number, section in enumerate(read.live):
            for item in section.items:
                if isinstance(item, Hanging):
                    path = item.question.path
                    read.questions[path] = item.question, Place(item.under, item.number)
                    read.home[path] = number
                elif isinstance(item, Adder):
                    read.adders[f"{item.repeat.path}["] = number
        read.facts = {path: self._asked(*found) for path, found in read.questions.items()}
        self._read = read
        self._sections = [self._section(live) for live in read.live]

    def read(self, changes: ChangeSet) -> None:
        """Read what an answer changed."""
        if changes.repeats or self._filling.body is not self._body:
            self.read_all()
            return
        touched = changes.values | changes.states | changes.texts | changes.choices
        read = self._read
        here = touched & read.questions.keys()
        for path in here:
            read.facts[path] = self._asked(*read.questions[path])
        # Only these pages are other pages now; a key must not cost a whole form.
        numbers = {read.home[path] for path in here}
        others = touched - here
        if changes.texts - here:
            # A text of something that is no question is a heading's, anywhere.
            numbers = set(range(len(read.live)))
        elif others:
            named = {path.rpartition("/")[0] for path in others}
            numbers |= {n for n, live in enumerate(read.live) if live.key in named}
            numbers |= {
                number
                for before, number in read.adders.items()
                if any(path.startswith(before) for path in others)
            }
        for number in numbers:
            self._sections[number] = self._section(read.live[number])

    def add(self, path: str) -> str:
        """One more of a repeat, or the one that nobody has touched yet. Returns its path."""
        present = self._filling.repeat_paths(path)
        fresh = next((one for one in present if one in self._untouched), None)
        if fresh is None:
            self._filling.add_repeat(path)
            fresh = self._filling.repeat_paths(path)[-1]
        self._untouched.discard(fresh)
        # What stands in it from the start is nobody's yet either.
        self._untouched |= {
            instance.path or ""
            for instance in added_instances(self._filling.body)
            if (instance.path or "").startswith(f"{fresh}/")
        }
        self.read_all()
        return fresh

    def asks_about(self, path: str, area: str) -> bool:
        """Whether an added repeat asks for an area: a choice of it, or a question of that name."""
        instances = [i for i in added_instances(self._filling.body) if _repeat_of(i) == path]
        if instances:
            asked = [q for q in _questions(instances[0].children) if q.control == "select1"]
            return any(area in (c.label, c.value) for q in asked for c in q.choices)
        return f"{path}/area" in self._filling.definition.controls

    def drop_untouched(self) -> None:
        """Take away what nobody has written in: it is neither saved nor missing (F2)."""
        for path in sorted(self._untouched, key=len, reverse=True):
            with suppress(UnknownPath):
                self._filling.remove_repeat(path)
        self._untouched = set()
        self.read_all()

    def open_under(self, path: str) -> None:
        """Show what hangs under a question: 근거, 메모, 사진."""
        self._opened.add(path)
        number = self._read.home[path]
        self._sections[number] = self._section(self._read.live[number])

    def under(self, path: str) -> tuple[Asked, ...]:
        """What hangs under a question."""
        return tuple(q for q in self._read.facts.values() if q.place.under == path)

    def sections(self) -> tuple[Section, ...]:
        """The sections as they stand now, in form order."""
        return tuple(self._sections)

    def _asked(self, question: Question, place: Place) -> Asked:
        facts = asked(question, place, self._last)
        if facts.path == self._masked and facts.offers is not None:
            return replace(facts, offers=MaskedNames(facts.offers))
        return facts

    def _section(self, live: LiveSection) -> Section:
        items = tuple(self._items(live.items))
        questions = tuple(item for item in items if isinstance(item, Asked))
        closed = self._closed(questions)
        taking = [question for question in questions if is_asked(question)]
        asks = tuple(q for q in taking if q.control != ADDER and not q.place.under)
        lines = [question for question in asks if question.place.number]
        # A photo beside a note is taken by F3, and never in the way of the next item.
        aside = {q.path for q in questions if q.place.under and q.control == "upload"}
        return Section(
            label=live.label(self._filling),
            items=items,
            questions=questions,
            is_field_list=live.is_field_list,
            key=live.key,
            closed=closed,
            is_counted=live.is_counted,
            seat=self._seat(live.key),
            stops=tuple(q.path for q in taking if q.path not in closed and q.path not in aside),
            asked=asks,
            is_relevant=any(question.is_relevant for question in questions),
            is_begun=any(question.value for question in asks),
            left_over=sum(q.is_required and not q.value for q in questions if q.is_relevant),
            lines=(sum(bool(line.value) for line in lines), len(lines)),
        )

    def _items(self, items: Iterable[LiveItem]) -> Iterable[Heading | CardHead | Asked]:
        for item in items:
            if isinstance(item, Hanging):
                yield self._read.facts[item.question.path]
            elif isinstance(item, Titled):
                yield Heading(item.label(self._filling), item.group.is_relevant)
            elif isinstance(item, Card):
                path = item.instance.path or ""
                yield CardHead(path, item.label, item.instance.is_relevant)
            else:
                yield _adder(item)

    def _closed(self, questions: Iterable[Asked]) -> frozenset[str]:
        """What hangs and is neither needed, written, nor asked for by the worker."""
        hanging = [question for question in questions if question.place.under]
        open_ = self._opened | {
            q.place.under
            for q in hanging
            if q.is_relevant and (q.is_required or q.value or self._is_conditional(q.path))
        }
        return frozenset(q.path for q in hanging if q.place.under not in open_)

    def _is_conditional(self, path: str) -> bool:
        """Whether the workbook itself says when it is asked: then it shows when it is relevant."""
        bind = self._filling.definition.binds.get(self._filling.slot(path).model.path)
        return bind is not None and bind.relevant is not None

    def _seat(self, key: str) -> str:
        key = _KEYS.sub("", key.removeprefix("#"))
        return next(
            (
                seat
                for path, seat in self._parts.items()
                if key == path or key.startswith(f"{path}/")
            ),
            "",
        )


def _sow(filling: Filling) -> None:
    """One blank instance where a draft left none: an instance alone knows whether it is asked."""
    for repeat in tuple(_repeats(filling.body)):
        if not (repeat.is_fixed or repeat.instances):
            filling.add_repeat(repeat.path)


def _repeats(elements: Iterable[Element]) -> Iterator[Repeat]:
    """The repeats that stand in no other."""
    for element in elements:
        if isinstance(element, Repeat):
            yield element
        elif isinstance(element, Group):
            yield from _repeats(element.children)


def _repeat_of(instance: Group) -> str:
    return (instance.path or "").rpartition("[")[0]


def _is_written(instance: Group) -> bool:
    """Whether any question in it has an answer."""
    return any(
        (question.value and not question.is_readonly) for question in _questions(instance.children)
    )


def _questions(elements: Iterable[Element]) -> Iterator[Question]:
    for element in elements:
        if isinstance(element, Question):
            yield element
        elif isinstance(element, Group):
            yield from _questions(element.children)
        else:
            for instance in element.instances:
                yield from _questions(instance.children)


def _adder(adder: Adder) -> Asked:
    return Asked(
        path=f"{adder.repeat.path}[+]",
        control=ADDER,
        data_type="",
        appearance="",
        label=adder.label,
        hint="",
        value=str(adder.count),
        choices=(),
        is_relevant=adder.is_relevant,
        is_required=False,
        is_readonly=False,
        is_note=False,
    )


def adder_path(path: str) -> str | None:
    """The repeat that an adder's path stands for; None for a question's path."""
    return path.removesuffix("[+]") if path.endswith("[+]") else None
