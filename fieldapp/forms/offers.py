"""The choices of questions: all of them, those that a text finds, the words of one.

A list of entities has 20,000 rows. Nothing here runs when a form is opened; a row of a list from
outside becomes a choice without becoming nodes where its value and label are plain columns, and
the words of one choice are looked up by its value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from fieldapp.forms.collecting import without_collecting
from fieldapp.forms.definition import Control
from fieldapp.forms.display import Display, Offer
from fieldapp.forms.instances import ITEMS, NodeInstance, Row, RowInstance
from fieldapp.forms.items import Item
from fieldapp.forms.shapes import ListShape, list_name, list_shape
from fieldapp.forms.tree import Slot
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.nodes import Node


class _Searched:
    """Choices, and what they are found by: their words in lower case, or the 초성 of these."""

    def __init__(self, offers: tuple[Offer, ...]) -> None:
        self.offers = offers
        self._words = [offer.label.lower() for offer in offers]
        self._initials: list[str] | None = None

    def find(self, wanted: str) -> Iterator[Offer]:
        """The choices with a text in what they are found by."""
        if not any("ㄱ" <= letter <= "ㅎ" for letter in wanted):
            words = zip(self.offers, self._words, strict=True)
            return (offer for offer, text in words if wanted in text)
        if self._initials is None:
            self._initials = [words.translate(_LEADS) for words in self._words]
        leads = wanted.translate(_LEADS)
        return (
            offer
            for offer, words, initials in zip(self.offers, self._words, self._initials, strict=True)
            if leads in initials and _fits(wanted, leads, words, initials)
        )


def _fits(wanted: str, leads: str, words: str, initials: str) -> bool:
    """Whether somewhere each letter stands itself or as 초성: `김ㅊㅅ` is on its way to 김철수."""
    start = initials.find(leads)
    while start >= 0:
        if all(
            letter in (words[place], initials[place]) for place, letter in enumerate(wanted, start)
        ):
            return True
        start = initials.find(leads, start + 1)
    return False


class Offers:
    """The choices of one filling's questions."""

    def __init__(self, display: Display, world: FormWorld) -> None:
        self._display = display
        self._world = world
        self._shapes: dict[str | None, ListShape | None] = {}
        # Where the choices are the same → language → the choices.
        self._kept: dict[str, dict[str, tuple[Offer, ...]]] = {}
        # Slot path → what was searched last, ready to be searched again.
        self._searched: dict[str, _Searched] = {}

    def all(self, control: Control, slot: Slot) -> tuple[Offer, ...]:
        """The choices that are offered now, in order."""
        place = self._place(control, slot)
        if place is None:
            return self._made(control, slot)
        kept = self._kept.setdefault(place, {})
        if self._world.language not in kept:
            with without_collecting():
                kept[self._world.language] = self._made(control, slot)
        return kept[self._world.language]

    def forget(self, slot: Slot) -> None:
        """An answer that the choices at a slot look at is another one."""
        self._kept.pop(slot.path, None)

    def search(self, control: Control, slot: Slot, text: str, limit: int) -> tuple[Offer, ...]:
        """The first choices with the text or its 초성 in their words; any for an empty text."""
        wanted = unicodedata.normalize("NFC", text).strip().lower()
        shape = self._shape(control)
        rows = self._rows(shape)
        if shape is not None and rows is not None and shape.is_whole:
            found = rows.search(wanted, limit)
            if found is not None:
                return tuple(islice(_by_columns(shape, found), limit))
        return tuple(islice(self._ready(control, slot).find(wanted), limit))

    def label(self, control: Control, slot: Slot, value: str) -> str | None:
        """The words of one choice, offered just now or not; None for what is no choice."""
        shape = self._shape(control)
        if shape is not None and self._rows(shape) is not None:
            list_of = self._world.list_of(shape.list_name)
            nodes = list_of.where(shape.steps, shape.value, value) if list_of is not None else []
            offers: Iterable[Offer] = self._each(control, nodes)
        else:
            offers = self.all(control, slot)
        return next((offer.label for offer in offers if offer.value == value), None)

    def words_of(self, node: Node, value: str) -> str:
        """The words of a choice of the question at a node; empty for what is no choice of it."""
        controls = self._display.definition.controls
        control = controls.get(node.model.path) if isinstance(node, Slot) else None
        if control is None or not isinstance(node, Slot):
            return ""
        if self.is_from_outside(control):
            return self.label(control, node, value) or ""
        offers = self.all(control, node)
        return next((offer.label for offer in offers if offer.value == value), "")

    def is_from_outside(self, control: Control) -> bool:
        """Whether the choices come from a list outside the form, which may be long."""
        name = None if control.itemset is None else list_name(control.itemset.nodeset.tree)
        return name is not None and not isinstance(self._world.list_of(name), NodeInstance)

    # Within

    def _made(self, control: Control, slot: Slot) -> tuple[Offer, ...]:
        shape = self._shape(control)
        rows = self._rows(shape)
        if shape is not None and rows is not None and shape.is_whole:
            return tuple(_by_columns(shape, rows.scan()))
        in_place = [
            Offer(item.value, self._display.words(item.label, slot, self._world))
            for item in control.items
        ]
        nodes = self._display.offered(control, slot, self._world)
        return (*in_place, *self._each(control, nodes))

    def _each(self, control: Control, nodes: Iterable[Node]) -> Iterable[Offer]:
        itemset, shape = control.itemset, self._shape(control)
        if itemset is None:
            return
        for node in nodes:
            if isinstance(node, Row | Item) and shape is not None and shape.label is not None:
                yield Offer(node.column(shape.value) or "", node.column(shape.label) or "")
            else:
                yield self._display.offer(itemset, node, self._world)

    def _place(self, control: Control, slot: Slot) -> str | None:
        keeping = self._display.keeping.get(control.path or "", "never")
        return {"form": control.path, "answer": slot.path, "never": None}[keeping]

    def _ready(self, control: Control, slot: Slot) -> _Searched:
        """The choices made ready for searching, kept while they stay the same."""
        offers = self.all(control, slot)
        known = self._searched.get(slot.path)
        if known is None or known.offers is not offers:
            with without_collecting():
                known = self._searched[slot.path] = _Searched(offers)
        return known

    def _shape(self, control: Control) -> ListShape | None:
        if control.itemset is None:
            return None
        if control.path not in self._shapes:
            self._shapes[control.path] = list_shape(control.itemset)
        return self._shapes[control.path]

    def _rows(self, shape: ListShape | None) -> RowInstance | None:
        """The list from outside that an itemset of plain columns is about."""
        if shape is None or shape.label is None or shape.steps != ITEMS:
            return None
        found = self._world.list_of(shape.list_name)
        return found if isinstance(found, RowInstance) else None


def _by_columns(shape: ListShape, rows: Iterable[Mapping[str, str]]) -> Iterable[Offer]:
    label = shape.label or shape.value
    return (Offer(row.get(shape.value, ""), row.get(label, "")) for row in rows)


# Hangul syllable → its 초성 (Unicode 3.12: 588 syllables from one to the next).
_LEADS = {
    code: "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[(code - 0xAC00) // 588]
    for code in range(0xAC00, 0xD7A4)
}
