"""The world of one filling, as its expressions see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from random import Random
from uuid import UUID, uuid5

from fieldapp.forms.definition import FormDefinition
from fieldapp.forms.instances import ITEMS, Instance, NodeInstance, RowInstance, list_from
from fieldapp.forms.surroundings import Surroundings
from fieldapp.forms.tree import Tree
from fieldapp.forms.xpath.nodes import Node

#: The name space of entity ids; any constant would do, but never another one.
_ENTITIES = UUID("5f0c6f0e-6c1a-5d0c-9a4e-0f1e1d0a9b57")


class FormWorld:
    """Time, chance, lists and texts. Chance comes from the surroundings' seed alone."""

    def __init__(
        self,
        definition: FormDefinition,
        tree: Tree,
        surroundings: Surroundings,
        instances: Mapping[str, Instance],
    ) -> None:
        self.tree = tree
        self.root: Node = tree.document
        self.language = definition.default_language
        self.version = definition.version
        self.instance_id = surroundings.instance_id
        self._surroundings = surroundings
        self._chance = Random(surroundings.seed)  # noqa: S311 (a form's dice, no secret)
        self._last_key = 0
        self._lists: dict[str, NodeInstance | RowInstance] = {
            name: NodeInstance(node) for name, node in definition.instances.items()
        }
        self._lists |= {name: list_from(rows) for name, rows in instances.items()}
        # Set by the filling: what needs controls and texts.
        self.find_label: Callable[[Node, str], str] = lambda _node, value: value
        self.find_text: Callable[[str], str] = lambda text_id: text_id
        self.zone: tzinfo = self.now().tzinfo or UTC

    def now(self) -> datetime:
        """The instant that the surroundings tell."""
        return self._surroundings.now()

    def location(self) -> str:
        """Where the device is, as a geopoint; empty when it does not know."""
        locate = self._surroundings.locate
        return locate() if locate is not None else ""

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._chance.random()

    def uuid(self) -> str:
        """A random UUID."""
        return str(UUID(int=self._chance.getrandbits(128), version=4))

    def entity_id(self, path: str) -> str:
        """The id of the entity that this record makes at a path: one place, one entity.

        Worked out from the record and the place, so that two laptops with the same planned record,
        or a server that recalculates it, do not make two entities of one counted instance.
        """
        return str(uuid5(_ENTITIES, f"{self._surroundings.record_id}/{path}"))

    def new_key(self) -> str:
        """A repeat key (F2): UUIDv7 text, so that keys sort by when they were made."""
        milliseconds = int(self.now().timestamp() * 1000)
        bits = (milliseconds & (2**48 - 1)) << 80 | self._chance.getrandbits(80)
        bits = bits & ~(0xF << 76) | 7 << 76
        bits = bits & ~(0x3 << 62) | 2 << 62
        # Instances are ordered by key: a later one must not sort before an earlier one, were it
        # made in the same millisecond or by a clock that went back.
        self._last_key = max(bits, self._last_key + 1)
        return str(UUID(int=self._last_key))

    def saw_key(self, key: str) -> None:
        """A key that stands in the answers: later ones come after it."""
        with suppress(ValueError):
            seen = UUID(key)
            if seen.version == 7:
                self._last_key = max(self._last_key, seen.int)

    @property
    def is_korean(self) -> bool:
        """Whether the language shown is Korean."""
        return "(ko)" in self.language or self.language.startswith(("ko", "한국"))

    def list_of(self, name: str) -> NodeInstance | RowInstance | None:
        """A secondary instance; None when there is none of that name."""
        return self._lists.get(name)

    def instance(self, name: str) -> Node | None:
        """The `<instance>` node of a secondary instance."""
        found = self._lists.get(name)
        return None if found is None else found.node()

    def rows(self, name: str, column: str, value: str) -> list[Node]:
        """The items of a secondary instance whose column has the value, by an index."""
        found = self._lists.get(name)
        return [] if found is None else found.where(ITEMS, column, value)

    def choice_label(self, node: Node, value: str) -> str:
        """The label of a choice."""
        return self.find_label(node, value)

    def text(self, text_id: str) -> str:
        """An itext entry in the language shown."""
        return self.find_text(text_id)

    def property(self, name: str) -> str:
        """What is known of device and worker (`deviceid`, `username`…); empty when nothing is."""
        if name == "username" and self._surroundings.username:
            return self._surroundings.username
        return self._surroundings.properties.get(name, "")
