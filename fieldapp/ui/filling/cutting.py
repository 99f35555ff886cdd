"""Cuts the live body of a form into pages, and says what hangs under what. No widgets.

A group with a label is a page; so is each instance of a counted repeat that holds a repeat (an area
of a checklist), and a repeat that a worker adds to, with a card an instance.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from fieldapp.forms import Element, Filling, Group, Question, Repeat


@dataclass(frozen=True, slots=True)
class Hanging:
    """A question; `under` is the path of the one that it explains, empty for most."""

    question: Question
    under: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Titled:
    """The heading of a group inside a page, or of one of several that the form counts."""

    group: Group
    name: str = ""

    def label(self, filling: Filling) -> str:
        """What stands over it."""
        return (instance_label(filling, self.group) if self.name else "") or (
            self.group.label or self.name
        )


@dataclass(frozen=True, slots=True)
class Card:
    """An instance that a worker added, and may take away."""

    instance: Group
    label: str


@dataclass(frozen=True, slots=True)
class Adder:
    """Where one more is added; `count` leaves out what nobody has touched yet."""

    repeat: Repeat
    label: str
    count: int

    @property
    def is_relevant(self) -> bool:
        """Whether one can be added now; an instance knows it better than what is around it."""
        shown = self.repeat.instances[0] if self.repeat.instances else self.repeat
        return shown.is_relevant


LiveItem: TypeAlias = "Hanging | Titled | Card | Adder"


@dataclass(frozen=True, slots=True)
class LiveSection:
    """A page: the group or instance it comes from, None for what stands between groups."""

    key: str
    items: tuple[LiveItem, ...]
    group: Group | None = None
    name: str = ""
    is_instance: bool = False
    is_field_list: bool = False
    is_counted: bool = False

    def label(self, filling: Filling) -> str:
        """What the rail calls it: an instance's own words, else the group's label."""
        if self.is_instance and self.group is not None:
            return instance_label(filling, self.group) or self.name
        return self.group.label if self.group is not None else self.name


def cut(filling: Filling, untouched: Collection[str] = ()) -> Iterator[LiveSection]:
    """The pages of a form, in order.

    untouched: paths of instances that the form made by itself and nobody has written in: not shown.
    """
    held: LiveSection | None = None
    for section in _Cutter(untouched).cut(filling.body, None):
        if held is not None and _is_only_read(section):
            # Nobody would ever come to a page without a question: it is read under the one before.
            held = replace(held, items=(*held.items, *section.items))
            continue
        if held is not None:
            yield held
        held = section
    if held is not None:
        yield held


def _is_only_read(section: LiveSection) -> bool:
    return section.group is None and all(
        isinstance(item, Hanging) and item.question.is_note for item in section.items
    )


def added_instances(body: Sequence[Element]) -> Iterator[Group]:
    """Every instance of every repeat that a worker adds to, inner ones after outer ones."""
    for element in body:
        if isinstance(element, Repeat):
            for instance in element.instances:
                if not element.is_fixed:
                    yield instance
                yield from added_instances(instance.children)
        elif isinstance(element, Group):
            yield from added_instances(element.children)


def instance_label(filling: Filling, instance: Group) -> str:
    """What an instance is called: its label, a labelled group at its head, or a calculated name."""
    if instance.label:
        return instance.label
    first = instance.children[0] if instance.children else None
    if isinstance(first, Group) and first.label and not _only_repeat(first):
        return first.label
    path = instance.path or ""
    model = filling.slot(path).model
    for child in model.children:
        is_name = child.local.endswith(("_name", "_label", "_title")) or child.local in _NAMES
        if is_name and child.is_leaf and (name := filling.value(f"{path}/{child.local}")):
            return name
    return ""


_NAMES = {"name", "label", "title"}


class _Cutter:
    """Collects loose questions until a page of its own comes."""

    def __init__(self, untouched: Collection[str]) -> None:
        self._untouched = untouched
        self._loose: list[LiveItem] = []

    def cut(self, body: Sequence[Element], around: Group | None) -> Iterator[LiveSection]:
        for element, place in _hanging(body):
            if isinstance(element, Question):
                self._loose.append(place or Hanging(element))
                continue
            repeat = element if isinstance(element, Repeat) else _only_repeat(element)
            label = element.label or (repeat.label if repeat else "")
            if repeat is not None and (not repeat.is_fixed or _is_paged(repeat)):
                yield from self._flush(around)
                yield from self._repeat_pages(repeat, label)
            elif isinstance(element, Group) and _holds_pages(element):
                yield from self._flush(around)
                yield from _Cutter(self._untouched).cut(element.children, element)
            elif isinstance(element, Group) and (element.label or element.appearance):
                yield from self._flush(around)
                yield from self._page(element)
            else:
                self._loose += self._flat(element)
        yield from self._flush(around)

    def _flush(self, around: Group | None) -> Iterator[LiveSection]:
        loose, self._loose = tuple(self._loose), []
        if _has_question(loose):
            key = _first_path(loose)
            yield LiveSection(key, loose, around, is_field_list=_is_field_list(around))

    def _page(self, group: Group) -> Iterator[LiveSection]:
        items = tuple(self._flat(group))
        if _has_question(items):
            key = group.path or _first_path(items)
            yield LiveSection(key, items, group, is_field_list=_is_field_list(group))

    def _repeat_pages(self, repeat: Repeat, label: str) -> Iterator[LiveSection]:
        if not repeat.is_fixed:
            items = tuple(self._added(repeat, label))
            yield LiveSection(repeat.path, items, None, label, is_counted=True)
            return
        for number, instance in enumerate(repeat.instances, 1):
            items = tuple(self._flat(instance, numbered=f"{number}-"))
            if _has_question(items):
                yield LiveSection(
                    instance.path or "",
                    items,
                    instance,
                    f"{label} {number}".strip(),
                    is_instance=True,
                    is_field_list=True,
                    is_counted=True,
                )

    def _added(self, repeat: Repeat, label: str) -> Iterator[LiveItem]:
        """A card an instance, then the place where one more is added."""
        shown = [i for i in repeat.instances if i.path not in self._untouched]
        for number, instance in enumerate(shown, 1):
            yield Card(instance, f"{label} {number}".strip())
            yield from self._flat(instance)
        yield Adder(repeat, label, len(shown))

    def _flat(
        self, element: Group | Repeat, numbered: str = "", *, is_line: bool = False
    ) -> Iterator[LiveItem]:
        """Everything in a group in order; repeats in it stand where they are."""
        if isinstance(element, Repeat):
            yield from self._in_page(element, "", numbered)
            return
        for child, place in _hanging(element.children, is_line=is_line):
            if isinstance(child, Question):
                yield place or Hanging(child)
                continue
            repeat = child if isinstance(child, Repeat) else _only_repeat(child)
            if repeat is not None:
                # The label of a repeat is that of the group which stands around it.
                label = child.label if isinstance(child, Group) else element.label
                yield from self._in_page(repeat, label, numbered)
            elif isinstance(child, Group):
                if child.label:
                    yield Titled(child)
                yield from self._flat(child, numbered)

    def _in_page(self, repeat: Repeat, label: str, numbered: str) -> Iterator[LiveItem]:
        if not repeat.is_fixed:
            yield from self._added(repeat, label or repeat.label)
            return
        for number, instance in enumerate(repeat.instances, 1):
            is_line = _is_line(instance)
            if instance.label or not is_line:
                yield Titled(instance, f"{label} {number}".strip())
            for item in self._flat(instance, is_line=is_line):
                if is_line and numbered and isinstance(item, Hanging) and not item.under:
                    yield Hanging(item.question, number=f"{numbered}{number}")
                else:
                    yield item


def _hanging(
    children: Sequence[Element], *, is_line: bool = False
) -> Iterator[tuple[Element, Hanging | None]]:
    """Children with what each question hangs under.

    A note of a choice hangs under it: named after it (`m_safety_note`), or standing behind the only
    choice of a counted instance (score, evidence, photo), which is a line then.
    """
    above: Question | None = None
    for child in children:
        if not isinstance(child, Question):
            above = None
            yield child, None
            continue
        explains = _explains(child)
        is_named = above is not None and child.name.startswith(f"{above.name}_")
        if above is not None and explains and (is_line or is_named):
            yield child, Hanging(child, above.path)
            continue
        above = child if child.control in ("select1", "select") else None
        yield child, Hanging(child)


def _is_line(instance: Group) -> bool:
    """Whether it is one line of a checklist: a choice, then only what explains it."""
    first, *rest = instance.children or (None,)
    return (
        isinstance(first, Question)
        and first.control == "select1"
        and all(isinstance(child, Question) and _explains(child) for child in rest)
    )


def _explains(question: Question) -> bool:
    """Whether it can be a note of another: words or a picture."""
    if question.is_note or question.is_calculated:
        return False
    is_text = question.control == "input" and question.data_type == "string"
    return is_text or question.control == "upload"


def _only_repeat(element: Element) -> Repeat | None:
    """The repeat that a labelled group stands around (pyxform makes one for each)."""
    if isinstance(element, Group) and len(element.children) == 1:
        only = element.children[0]
        return only if isinstance(only, Repeat) else None
    return None


def _is_paged(repeat: Repeat) -> bool:
    """Whether each instance is a page: it holds a repeat of its own."""
    return repeat.is_fixed and any(
        isinstance(child, Repeat) or _only_repeat(child) is not None
        for instance in repeat.instances
        for child in instance.children
    )


def _holds_pages(group: Group) -> bool:
    """Whether a group stands around pages of their own."""
    return any(
        (repeat := child if isinstance(child, Repeat) else _only_repeat(child)) is not None
        and _is_paged(repeat)
        for child in group.children
    )


def _has_question(items: Sequence[LiveItem]) -> bool:
    return any(isinstance(item, Hanging | Adder) for item in items)


def _first_path(items: Sequence[LiveItem]) -> str:
    return next((f"#{item.question.path}" for item in items if isinstance(item, Hanging)), "#")


def _is_field_list(group: Group | None) -> bool:
    return group is not None and "field-list" in group.appearance
