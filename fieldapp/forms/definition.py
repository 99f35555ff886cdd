"""The form as written: what an XForm says, read once and never changed.

Paths are F1's: below the form's root, `items/q1`, without repeat keys. A definition holds texts
and syntax trees but nothing compiled, so it can be pickled and kept with the form version.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from fieldapp.errors import FormReason, UnknownPath
from fieldapp.forms.collecting import without_collecting
from fieldapp.forms.keeping import to_bytes
from fieldapp.forms.paths import without_keys
from fieldapp.forms.xpath.ast import Expr
from fieldapp.forms.xpath.nodes import Node

DataType: TypeAlias = Literal[
    "string", "int", "decimal", "boolean", "date", "time", "dateTime", "geopoint", "geotrace",
    "geoshape", "barcode", "binary", "select", "select1", "rank",
]  # fmt: skip
ControlKind: TypeAlias = Literal[
    "input", "secret", "select1", "select", "rank", "range", "trigger", "upload", "group", "repeat"
]


class ModelNode:
    """A node of the primary instance as written: group, repeat, leaf or attribute."""

    __slots__ = (
        "_by_name", "attributes", "children", "default", "is_attribute", "is_repeat", "local",
        "namespace", "parent", "path", "prefix", "repeats", "written_namespace",
    )  # fmt: skip

    def __init__(
        self,
        local: str,
        path: str,
        *,
        parent: ModelNode | None = None,
        namespace: str = "",
        prefix: str = "",
        default: str = "",
        is_attribute: bool = False,
        written_namespace: str = "",
    ) -> None:
        self.local = local
        self.path = path
        self.parent = parent
        self.namespace = namespace
        self.prefix = prefix
        # What its element stands in where the XML is written: OpenROSA's for `orx:meta`, of which
        # no expression needs to know. Empty: as the form's root.
        self.written_namespace = written_namespace or namespace
        self.default = default
        self.is_attribute = is_attribute
        self.is_repeat = False
        self.children: tuple[ModelNode, ...] = ()
        self._by_name: dict[str, ModelNode] | None = None  # made when first asked for
        self.attributes: tuple[ModelNode, ...] = ()
        self.repeats: tuple[str, ...] = ()  # the repeats around it, itself included, outer first

    def take(self, child: ModelNode) -> None:
        """One more child, after the others: while the form is being read."""
        self.children = (*self.children, child)
        self._by_name = None

    def child(self, local: str) -> ModelNode | None:
        """The child of that name."""
        if self._by_name is None:
            self._by_name = {child.local: child for child in self.children}
        return self._by_name.get(local)

    @property
    def is_leaf(self) -> bool:
        """Whether it can hold an answer."""
        return not self.children and not self.is_repeat

    def walk(self) -> Iterator[ModelNode]:
        """This node and all below it, attributes first, in document order."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))
            pending.extend(reversed(node.attributes))


@dataclass(frozen=True, slots=True)
class Seed:
    """What the form, or one instance of a repeat, begins with.

    `defaults`: path → text, of leaves outside inner repeats. `repeats`: path of an inner repeat →
    its first instances.
    """

    defaults: Mapping[str, str] = field(default_factory=dict)
    repeats: Mapping[str, tuple[Seed, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of the form, as text and tree."""

    text: str
    tree: Expr


@dataclass(frozen=True, slots=True)
class Output:
    """An `<output value="…"/>` inside a text."""

    value: Expression


Parts: TypeAlias = tuple["str | Output", ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text for the worker: a translated one by id, one by an expression, or words in place."""

    text_id: str | None = None
    by_expression: Expression | None = None
    parts: Parts = ()


@dataclass(frozen=True, slots=True)
class Translated:
    """One itext entry in one language: its words, and its other forms (image, audio, guidance…)."""

    parts: Parts
    forms: Mapping[str, Parts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bind:
    """What a `<bind>` says of one node."""

    path: str
    data_type: DataType = "string"
    relevant: Expression | None = None
    readonly: Expression | None = None
    required: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    constraint_message: Text | None = None
    required_message: Text | None = None
    preload: str = ""
    preload_parameter: str = ""
    max_pixels: str = ""
    save_to: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A choice written in place."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices out of nodes: each node's value and label by expressions on the node."""

    nodeset: Expression
    value: Expression
    label: Expression | None


@dataclass(frozen=True, slots=True)
class Control:
    """One control of the body, with what stands inside it."""

    kind: ControlKind
    path: str | None
    appearance: str = ""
    label: Text | None = None
    hint: Text | None = None
    items: tuple[Item, ...] = ()
    itemset: Itemset | None = None
    children: tuple[Control, ...] = ()
    count: Expression | None = None
    is_fixed: bool = False  # jr:noAddRemove
    attributes: Mapping[str, str] = field(default_factory=dict)

    def walk(self) -> Iterator[Control]:
        """This control and all inside it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class SetValue:
    """A `<setvalue>` action: on these events the target gets the value.

    `trigger`: the question that the action stands in, whose new value sets it off; `repeat`: the
    innermost repeat that it stands in, ``""`` for none. `target`: the target as an expression
    where its path alone does not say it (`/data/r[1]/q`). `is_location`: an `<odk:setgeopoint>`,
    whose value is where the device is.
    """

    events: tuple[str, ...]
    path: str
    value: Expression | None
    text: str = ""
    trigger: str | None = None
    target: Expression | None = None
    repeat: str = ""
    is_location: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """What others ask about one answer's place."""

    path: str
    data_type: DataType
    is_calculated: bool
    is_readonly: bool
    is_metadata: bool
    repeats: tuple[str, ...]
    save_to: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd that does not keep the form from being filled."""

    node: str
    reason: FormReason
    name: str


@dataclass(frozen=True)
class FormDefinition:
    """A whole form version. `namespaces` are the prefixes its expressions may use.

    `seed` is what it begins with, `templates` by repeat path what a new instance begins with,
    `classes` the style words of its body (`pages`, `theme-grid`).
    """

    form_id: str
    version: str
    title: str
    root: ModelNode
    binds: Mapping[str, Bind]
    body: tuple[Control, ...]
    translations: Mapping[str, Mapping[str, Translated]]
    default_language: str
    instances: Mapping[str, Node]
    external_instances: Mapping[str, str]
    actions: tuple[SetValue, ...]
    namespaces: Mapping[str, str]
    root_namespace: str = ""
    remarks: tuple[Remark, ...] = ()
    seed: Seed = Seed()
    templates: Mapping[str, Seed] = field(default_factory=dict)
    classes: tuple[str, ...] = ()

    def __getstate__(self) -> dict[str, object]:
        """What is pickled: nothing that was worked out, closures least of all."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def to_bytes(self) -> bytes:
        """The definition as bytes, to be kept with its form version."""
        return to_bytes(self)

    @classmethod
    def from_bytes(cls, kept: bytes) -> FormDefinition:
        """The definition out of bytes that this app wrote itself: never of what came from outside.

        Unpickling runs what it is told; keep such bytes only where the store keeps its own.
        """
        with without_collecting():
            definition: FormDefinition = pickle.loads(kept)  # noqa: S301
        return definition

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the texts, in the order of the form."""
        return tuple(self.translations)

    @cached_property
    def nodes(self) -> Mapping[str, ModelNode]:
        """Every node by its path; the root is ``""``."""
        return {node.path: node for node in self.root.walk()}

    @cached_property
    def leaves(self) -> Mapping[str, Leaf]:
        """Every place of an answer by its path, in document order.

        Of attributes those that something is said of: bound, or given a value by an action.
        """
        said = self.binds.keys() | {action.path for action in self.actions}
        return {
            node.path: self._leaf(node)
            for node in self.root.walk()
            if node.is_leaf
            and (not node.is_attribute or node.path in said)
            and not is_entity_version(node)
        }

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """Question name to path; of two questions with one name the first in the form."""
        paths: dict[str, str] = {}
        for node in self.root.walk():
            if node.path and not node.is_attribute:
                paths.setdefault(node.local, node.path)
        return paths

    @cached_property
    def controls(self) -> Mapping[str, Control]:
        """The controls that show a node, by its path; of two on one node the first."""
        controls: dict[str, Control] = {}
        for top in self.body:
            for control in top.walk():
                if control.path is not None and control.kind not in {"group", "repeat"}:
                    controls.setdefault(control.path, control)
        return controls

    @cached_property
    def preloads(self) -> tuple[Bind, ...]:
        """The binds of what a new form is told: of its record, the time, the device, the worker."""
        return tuple(bind for bind in self.binds.values() if bind.preload or is_record_id(bind))

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """The paths that keep when the form was left (`jr:preload="timestamp"`, `end`)."""
        return tuple(
            bind.path
            for bind in self.binds.values()
            if (bind.preload, bind.preload_parameter) == ("timestamp", "end")
        )

    @cached_property
    def triggers(self) -> frozenset[str]:
        """The questions whose new value sets an action off."""
        return frozenset(action.trigger for action in self.actions if action.trigger is not None)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The paths that a person answers: shown by a control and not calculated."""
        leaves = self.leaves
        return frozenset(
            path for path in self.controls if path in leaves and not leaves[path].is_calculated
        )

    @cached_property
    def entity_lists(self) -> Mapping[str, str]:
        """The path of each entity element to the entity list it names (ODK entities)."""
        return {
            node.path: attribute.default
            for node in self.root.walk()
            if is_entity(node)
            for attribute in node.attributes
            if attribute.local == "dataset" and attribute.default
        }

    @cached_property
    def telling_texts(self) -> Mapping[str, tuple[Expression, ...]]:
        """The texts with answers in them, by id: their expressions in every language and form."""
        telling: dict[str, tuple[Expression, ...]] = {}
        for translation in self.translations.values():
            for text_id, translated in translation.items():
                every = (translated.parts, *translated.forms.values())
                told = tuple(p.value for parts in every for p in parts if isinstance(p, Output))
                if told:
                    telling[text_id] = telling.get(text_id, ()) + told
        return telling

    @cached_property
    def counts(self) -> Mapping[str, Expression]:
        """The repeats whose number of instances is calculated (`jr:count`)."""
        return {
            control.path: control.count
            for top in self.body
            for control in top.walk()
            if control.kind == "repeat" and control.path is not None and control.count is not None
        }

    @cached_property
    def fixed(self) -> frozenset[str]:
        """The repeats whose instances are those that the form has (`jr:noAddRemove`), no others."""
        return frozenset(
            control.path
            for top in self.body
            for control in top.walk()
            if control.kind == "repeat"
            and control.path is not None
            and control.is_fixed
            and control.count is None
        )

    @cached_property
    def asking_repeats(self) -> tuple[str, ...]:
        """The repeats that are added to by hand and ask something."""
        asking = {repeat for path in self.asked for repeat in self.nodes[path].repeats}
        numbered = self.counts.keys() | self.fixed
        return tuple(path for path in self.nodes if path in asking and path not in numbered)

    def leaf(self, path: str) -> Leaf:
        """The leaf at a path, repeat keys or not; raises UnknownPath."""
        try:
            return self.leaves[without_keys(path)]
        except KeyError:
            raise UnknownPath(path=path) from None

    def _leaf(self, node: ModelNode) -> Leaf:
        bind = self.binds.get(node.path)
        return Leaf(
            path=node.path,
            data_type=bind.data_type if bind else "string",
            is_calculated=bind is not None and bind.calculate is not None,
            is_readonly=bind is not None and bind.readonly is not None,
            is_metadata=(bind is not None and bind.preload != "")
            or node.path.partition("/")[0] == "meta"
            or is_entity(node.parent),
            repeats=node.repeats,
            save_to=bind.save_to if bind else "",
        )


def is_record_id(bind: Bind) -> bool:
    """Whether a node is `meta/instanceID` and made anew for each record: it is the record's own id
    then (F1), whatever a preload or `uuid()` would give. A form may also say one in so many words.
    """
    if bind.path != "meta/instanceID":
        return False
    return bind.preload == "uid" or (
        bind.calculate is not None and "uuid(" in bind.calculate.text.replace(" ", "")
    )


def is_entity(node: ModelNode | None) -> bool:
    """Whether it is the `entity` of a `meta`: of the form, of a group or of a repeat."""
    return (
        node is not None
        and node.local == "entity"
        and node.parent is not None
        and node.parent.local == "meta"
    )


# What an update was based on. Ours stands in the operation's effects (F4), and a value that the
# next look at the list changes is no answer.
_ENTITY_VERSIONS = frozenset({"baseVersion", "trunkVersion", "branchId"})


def is_entity_version(node: ModelNode) -> bool:
    """Whether it says which edition of an entity an update is based on."""
    return node.is_attribute and node.local in _ENTITY_VERSIONS and is_entity(node.parent)
