"""Which of a question's chosen values count: those that are offered just now.

What was chosen is remembered; a value whose choice is filtered away is not seen, and comes back
with its choice (as in ODK's web engine; JavaRosa forgets it). A ranking also holds what has been
offered since it was given, behind what was ranked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.forms.definition import ControlKind
from fieldapp.forms.instances import NodeInstance
from fieldapp.forms.shapes import ListShape
from fieldapp.forms.tree import Slot
from fieldapp.forms.world import FormWorld
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.values import text_of


@dataclass(frozen=True, slots=True)
class Chooser:
    """What one question with choices offers, as values."""

    kind: ControlKind
    in_place: tuple[str, ...]
    nodeset: Compiled | None = None
    value: Compiled | None = None
    lists: frozenset[str] = frozenset()
    shape: ListShape | None = None

    def seen(self, slot: Slot, world: FormWorld, *, is_loading: bool = False) -> str:
        """Of the answer that is remembered what is offered, in the order in which it was given.

        Of an answer that is loaded, what its list no longer has was offered then, and counts.
        """
        text = slot.remembered
        if not text or self._lacks_list(world):
            return text  # a list that this device does not have says nothing about the answer
        if self.kind == "rank":
            return text if is_loading else self._ranked(text, self._offered(slot, world))
        chosen = [text] if self.kind == "select1" else text.split()
        offered = self._among(chosen, slot, world)
        return " ".join(
            value
            for value in chosen
            if value in offered or (is_loading and not self._has(value, world))
        )

    def given(self, slot: Slot, world: FormWorld, text: str) -> str:
        """An answer as it is remembered: what no list has is left out, several stand in its order.

        What is filtered away just now is remembered: answers may come in any order.
        """
        if not text or self.kind == "rank" or self._lacks_list(world):
            return text
        if self.kind == "select1":
            return text if self._has(text, world) is not False else ""
        chosen = [value for value in text.split() if self._has(value, world) is not False]
        if len(chosen) < 2 or any(
            not isinstance(world.list_of(name), NodeInstance) for name in self.lists
        ):
            return " ".join(chosen)
        places = {value: place for place, value in enumerate(self._offered(slot, world))}
        return " ".join(sorted(chosen, key=lambda value: places.get(value, len(places))))

    def _lacks_list(self, world: FormWorld) -> bool:
        return any(world.list_of(name) is None for name in self.lists)

    def _has(self, value: str, world: FormWorld) -> bool | None:
        """Whether the whole list has a value, filtered away or not; None where none can say."""
        if value in self.in_place:
            return True
        if self.nodeset is None:
            return False
        shape = self.shape
        found = world.list_of(shape.list_name) if shape is not None else None
        if shape is None or found is None:
            return None
        return bool(found.where(shape.steps, shape.value, value))

    def _offered(self, slot: Slot, world: FormWorld) -> list[str]:
        if self.nodeset is None or self.value is None:
            return list(self.in_place)
        nodes, value_of = self.nodeset.run(Context(slot, world)), self.value.run
        rows = nodes if isinstance(nodes, list) else []
        return [*self.in_place, *(text_of(value_of(Context(node, world))) for node in rows)]

    def _among(self, chosen: list[str], slot: Slot, world: FormWorld) -> Iterable[str]:
        if self.shape is None or not self.shape.is_whole:
            return set(self._offered(slot, world))
        # A whole list is not walked for one value: it has an index.
        return {value for value in chosen if self._has(value, world)}

    @staticmethod
    def _ranked(text: str, offered: list[str]) -> str:
        known = dict.fromkeys(value for value in text.split() if value in set(offered))
        return " ".join([*known, *(value for value in offered if value not in known)])
