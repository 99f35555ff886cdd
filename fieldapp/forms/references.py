"""Which nodes of the form an expression looks at.

The expression is walked over the form as written instead of over a filled one, so the answer holds
for every filling: a set of paths, each with how many of the repeats around it are surely the
expression's own. `../x` inside a repeat instance looks at that instance alone, and a change of
another instance's `x` leaves it be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from fieldapp.errors import ExpressionRefused, FormReason
from fieldapp.forms.definition import FormDefinition, Itemset, ModelNode
from fieldapp.forms.shapes import list_name
from fieldapp.forms.telling import told_by_choices
from fieldapp.forms.xpath.ast import (
    Axis,
    Binary,
    Call,
    Expr,
    Filtered,
    NameTest,
    Negation,
    Path,
    Step,
    StringLiteral,
)
from fieldapp.forms.xpath.parser import parse

VOLATILE = frozenset({"today", "now", "random", "uuid", "randomize"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A path that is looked at; `shared` of the repeats around it are the expression's own."""

    path: str
    shared: int


# A node of the form, or the document above its root.
_Place: TypeAlias = "ModelNode | None"
_Places: TypeAlias = dict[_Place, int]  # to how many repeats they share with the expression


@dataclass(slots=True)
class References:
    """What one expression looks at; whether it asks clock or chance, and whether for words."""

    found: set[Reference]
    instances: set[str]
    is_volatile: bool = False
    tells_words: bool = False  # in the language shown


def references_of(tree: Expr, definition: FormDefinition, base: ModelNode) -> References:
    """The references of an expression that stands at `base`.

    Raises ExpressionRefused for the choices of a question that the form does not have.
    """
    walker = _Walker(definition, base)
    here: _Places = {base: len(base.repeats)}
    walker.read(walker.walk(tree, here))
    return walker.references


def references_of_choices(
    itemset: Itemset, definition: FormDefinition, base: ModelNode
) -> References:
    """The references of an itemset at a question: its nodes, and in each the value and label."""
    walker = _Walker(definition, base)
    places = walker.walk(itemset.nodeset.tree, {base: len(base.repeats)})
    walker.note(places)
    for expression in (itemset.value, itemset.label):
        if expression is not None:
            walker.read(walker.walk(expression.tree, places))
    return walker.references


class _Walker:
    def __init__(self, definition: FormDefinition, base: ModelNode) -> None:
        self._root = definition.root
        self._definition = definition
        self._base = base
        self.references = References(set(), set())

    def note(self, places: _Places) -> None:
        for place, shared in places.items():
            if place is not None:
                self.references.found.add(Reference(place.path, shared))

    def read(self, places: _Places) -> None:
        """Nodes whose text is read: of a group it is the text of everything below."""
        self.note(places)
        for place, shared in places.items():
            if place is not None and place.children:
                for node in place.walk():
                    if node.is_leaf and not node.is_attribute:
                        self.references.found.add(Reference(node.path, shared))

    def walk(self, tree: Expr, here: _Places) -> _Places:
        """Where the expression's nodes are; what it looks at on the way is noted."""
        match tree:
            case Binary():
                return self._binary(tree, here)
            case Negation(operand):
                self.read(self.walk(operand, here))
            case Call():
                return self._call(tree, here)
            case Path():
                return self._path(tree, here)
            case Filtered(primary, predicates):
                places = self.walk(primary, here)
                for predicate in predicates:
                    self.note(self.walk(predicate, places))
                return places
            case _:
                pass
        return {}

    def _binary(self, tree: Binary, here: _Places) -> _Places:
        # Chains lean left and may be long: down the left side in a loop.
        places: _Places = {}
        left: Expr = tree
        while isinstance(left, Binary):
            self._operand(left.operator, self.walk(left.right, here), places)
            operator, left = left.operator, left.left
        self._operand(operator, self.walk(left, here), places)
        return places

    def _operand(self, operator: str, found: _Places, places: _Places) -> None:
        if operator == "|":
            places.update(found)
        elif operator in {"and", "or"}:
            self.note(found)  # whether there is one
        else:
            self.read(found)

    def _call(self, tree: Call, here: _Places) -> _Places:
        own: _Places = {self._base: len(self._base.repeats)}
        if tree.name == "current":
            return own
        self._note_call(tree, here, own)
        if tree.name == "instance":
            return {}
        handed_on: _Places = {}
        for place, argument in enumerate(tree.arguments):
            found = self.walk(argument, here)
            if tree.name in _LEAVES_UNREAD:
                self.note(found)
            else:
                self.read(found)
            if place in _HANDS_ON.get(tree.name, ()):
                # From anywhere in the repeats.
                handed_on.update(dict.fromkeys(found, 0))
        return handed_on

    def _note_call(self, tree: Call, here: _Places, own: _Places) -> None:
        """What a function looks at beside its arguments."""
        self.references.is_volatile |= tree.name in VOLATILE
        self.references.tells_words |= tree.name in _WORDS
        if tree.name == "once":
            self.note(own)
        if tree.name in {"instance", "pulldata"} and tree.arguments:
            name = tree.arguments[0]
            if isinstance(name, StringLiteral):
                self.references.instances.add(name.value.removesuffix(".csv"))
        if tree.name == "jr:choice-name" and len(tree.arguments) == 2:
            self._choice_path(tree, here)
        if not tree.arguments and tree.name in _ON_CONTEXT:
            self.note(here)

    def _choice_path(self, call: Call, here: _Places) -> None:
        """The question that a path in quotes means; refused when there is none."""
        argument = call.arguments[1]
        if not isinstance(argument, StringLiteral):
            return
        places = self.walk(parse(argument.value), here)
        if not places:
            raise ExpressionRefused(
                expression="", column=call.column, reason=FormReason.UNKNOWN_NODE,
                name=argument.value.strip(),
            )  # fmt: skip
        self.note(places)
        for place, shared in places.items():
            self._choices(place, shared)

    def _choices(self, place: _Place, shared: int) -> None:
        """The list that a question's choices come from, and what their words tell."""
        control = self._definition.controls.get(place.path) if place is not None else None
        if control is None:
            return
        if control.itemset is not None:
            name = list_name(control.itemset.nodeset.tree)
            self.references.instances |= {name} if name else set()
            self.note(self.walk(control.itemset.nodeset.tree, {place: shared}))
        for told in told_by_choices(self._definition, control) or ():
            self.note(self.walk(told.tree, {place: shared}))

    def _path(self, tree: Path, here: _Places) -> _Places:
        if tree.start == "root":
            places: _Places = {None: 0}
        elif tree.start == "context":
            places = here
        else:
            places = self.walk(tree.start, here)
        for step in tree.steps:
            places = self._step(places, step)
            for predicate in step.predicates:
                # Inside, the context may be any instance the step reached.
                self.note(self.walk(predicate, dict.fromkeys(places, 0)))
        return places

    def _step(self, places: _Places, step: Step) -> _Places:
        reached: _Places = {}
        for place, shared in places.items():
            for other in self._reached(place, step):
                depth = len(other.repeats) if other is not None else 0
                is_straight = step.axis in _STRAIGHT
                reached[other] = max(
                    reached.get(other, 0), min(shared, depth) if is_straight else 0
                )
        return reached

    def _reached(self, place: _Place, step: Step) -> list[_Place]:
        if step.axis == "child" and place is not None and isinstance(step.test, NameTest):
            child = place.child(step.test.local)
            if child is not None:
                return [child]
        return [other for other in self._along(place, step.axis) if _passes(other, step)]

    def _along(self, place: _Place, axis: Axis) -> list[_Place]:
        match axis:
            case "self":
                return [place]
            case "child":
                return [self._root] if place is None else list(place.children)
            case "attribute":
                return [] if place is None else list(place.attributes)
            case "parent":
                return [] if place is None else [place.parent]
            case "namespace":
                return []
            case _:
                return self._far_along(place, axis)

    def _far_along(self, place: _Place, axis: Axis) -> list[_Place]:
        if axis in {"ancestor", "ancestor-or-self"}:
            above: list[_Place] = [place] if axis == "ancestor-or-self" else []
            while place is not None:
                place = place.parent
                above.append(place)
            return above
        top = place if place is not None and axis.startswith("descendant") else self._root
        found: list[_Place] = [node for node in top.walk() if not node.is_attribute]
        if axis == "descendant" and place is not None:
            return found[1:]
        # Of siblings, and of what follows or precedes, any node may be one.
        return [None, *found] if axis == "descendant-or-self" and place is None else found


# An itext entry in a calculate stays in the language in which it was worked out, as in the field.
_WORDS = frozenset({"jr:choice-name"})
# They ask where nodes stand, how many there are or whether there is one: not for their text.
_LEAVES_UNREAD = frozenset({
    "position", "count", "indexed-repeat", "randomize", "boolean", "not", "name", "local-name",
    "namespace-uri", "if", "current", "last",
})  # fmt: skip
_STRAIGHT = frozenset({"self", "child", "attribute", "parent"})
_ON_CONTEXT = frozenset({"string", "number", "string-length", "normalize-space"})
# Whose argument at which place they give as it is.
_HANDS_ON = {"randomize": (0,), "indexed-repeat": (0,), "if": (1, 2)}


def _passes(place: _Place, step: Step) -> bool:
    if not isinstance(step.test, NameTest):
        return True
    if place is None:
        return False
    return step.test.local in {"*", place.local}
