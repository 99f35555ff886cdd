"""Which expression runs after which.

A `Program` is made once per definition: every expression compiled, with its rank in an order in
which whatever an expression looks at is settled before it, and for every path who looks at it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from fieldapp.errors import ExpressionRefused, FormReason, FormRefused
from fieldapp.forms.binding import FormBinder
from fieldapp.forms.collecting import without_collecting
from fieldapp.forms.definition import Expression, FormDefinition, ModelNode
from fieldapp.forms.references import References, references_of
from fieldapp.forms.xpath.compiler import compile_tree
from fieldapp.forms.xpath.evaluation import Compiled

Aspect: TypeAlias = Literal[
    "relevant", "count", "calculate", "readonly", "required", "constraint", "choices"
]
# What others can look at; the rest only looks.
_SETTLING: frozenset[Aspect] = frozenset({"relevant", "count", "calculate", "choices"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One expression at one node of the form."""

    aspect: Aspect
    model: ModelNode
    expression: Expression
    compiled: Compiled
    references: References
    choice_value: Compiled | None = None  # of an itemset: the value of one of its nodes

    @property
    def looks_across(self) -> bool:
        """Whether one instance's result feeds another's (a running total down a repeat)."""
        path, depth = self.model.path, len(self.model.repeats)
        return any(r.path == path and r.shared < depth for r in self.references.found)


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule that looks at a path: its rank, and how many repeats it shares with what it sees."""

    rank: int
    shared: int


@dataclass(slots=True)
class Program:
    """The rules of a form by rank, and who watches what."""

    rules: list[Rule]
    watches: Mapping[str, tuple[Watch, ...]]
    calculates: Mapping[str, int]
    constraints: Mapping[str, int]
    by_repeat: Mapping[str, tuple[int, ...]]


def program_of(definition: FormDefinition) -> Program:
    """The program of a definition, made once; raises FormRefused for what will not compile."""
    known = definition.__dict__.get("_program")
    if isinstance(known, Program):
        return known
    with without_collecting():
        program = _program(definition)
    # Beside the definition's own facts: closures are not part of what is pickled.
    definition.__dict__["_program"] = program
    return program


def compile_at(definition: FormDefinition, model: ModelNode, expression: Expression) -> Compiled:
    """Compile an expression that stands at a node; raises FormRefused with the node."""
    try:
        return compile_tree(
            expression.tree,
            expression.text,
            namespaces=definition.namespaces,
            binder=FormBinder(definition, model, expression.text),
        )
    except ExpressionRefused as refusal:
        raise FormRefused(node=_shown(definition, model), **refusal.facts) from None


def compile_in_row(definition: FormDefinition, expression: Expression) -> Compiled:
    """Compile an itemset's value or label, which stands at a row of its list."""
    try:
        return compile_tree(expression.tree, expression.text, namespaces=definition.namespaces)
    except ExpressionRefused as refusal:
        raise FormRefused(node="itemset", **refusal.facts) from None


def _shown(definition: FormDefinition, model: ModelNode) -> str:
    return "/" + definition.root.local + (f"/{model.path}" if model.path else "")


def _program(definition: FormDefinition) -> Program:
    rules = list(_rules(definition))
    order = _order(definition, rules)
    ranked = [rules[place] for place in order]
    watches: dict[str, dict[int, int]] = {}
    for rank, rule in enumerate(ranked):
        for reference in rule.references.found:
            seen = watches.setdefault(reference.path, {})
            seen[rank] = min(seen.get(rank, reference.shared), reference.shared)
    return Program(
        rules=ranked,
        watches={
            path: tuple(Watch(rank, shared) for rank, shared in sorted(seen.items()))
            for path, seen in watches.items()
        },
        calculates=_ranks(ranked, "calculate"),
        constraints=_ranks(ranked, "constraint"),
        by_repeat={
            path: tuple(
                rank
                for rank, rule in enumerate(ranked)
                if path in rule.model.repeats and not (
                    rule.aspect == "count" and rule.model.path == path
                )
            )
            for path in {repeat for rule in ranked for repeat in rule.model.repeats}
        },
    )  # fmt: skip


def _ranks(rules: list[Rule], aspect: Aspect) -> Mapping[str, int]:
    return {rule.model.path: rank for rank, rule in enumerate(rules) if rule.aspect == aspect}


def _rules(definition: FormDefinition) -> Iterable[Rule]:
    counts = definition.counts
    for path, model in definition.nodes.items():
        written: list[tuple[Aspect, Expression | None]] = []
        bind = definition.binds.get(path)
        if bind is not None:
            written.append(("relevant", bind.relevant))
        written.append(("count", counts.get(path)))
        if bind is not None:
            # instanceID is the record's own (F1), whatever the form would calculate.
            calculate = None if path == "meta/instanceID" else bind.calculate
            written += [
                ("calculate", calculate if model.is_leaf else None),
                ("readonly", bind.readonly),
                ("required", bind.required),
                ("constraint", bind.constraint),
            ]
        for aspect, expression in written:
            if expression is not None:
                yield _rule(definition, aspect, model, expression)
        control = definition.controls.get(path)
        if control is not None and control.itemset is not None:
            rule = _rule(definition, "choices", model, control.itemset.nodeset)
            if rule.references.found:
                yield replace(rule, choice_value=compile_in_row(definition, control.itemset.value))


def _rule(
    definition: FormDefinition, aspect: Aspect, model: ModelNode, expression: Expression
) -> Rule:
    return Rule(
        aspect,
        model,
        expression,
        compile_at(definition, model, expression),
        references_of(expression.tree, definition, model),
    )


def _order(definition: FormDefinition, rules: list[Rule]) -> list[int]:
    """The rules' places in an order that settles first what others look at.

    A rule may look at its own node; a longer ring of rules is refused with the names in it.
    """
    deciders = _deciders(definition, rules)
    before: list[set[int]] = []
    for place, rule in enumerate(rules):
        needed: set[int] = set()
        for reference in rule.references.found:
            needed.update(deciders.get(reference.path, ()))
        if rule.aspect == "calculate":
            # It runs only where it is relevant.
            needed.update(
                other for other in deciders.get(rule.model.path, ())
                if rules[other].aspect != "calculate"
            )  # fmt: skip
        needed.discard(place)
        before.append(needed)
    after: list[list[int]] = [[] for _ in rules]
    waiting = [len(needed) for needed in before]
    for place, needed in enumerate(before):
        for other in needed:
            after[other].append(place)
    ready = [place for place, count in enumerate(waiting) if count == 0]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        place = heapq.heappop(ready)
        order.append(place)
        for other in after[place]:
            waiting[other] -= 1
            if waiting[other] == 0:
                heapq.heappush(ready, other)
    if len(order) < len(rules):
        _refuse_ring(definition, rules, before, set(range(len(rules))) - set(order))
    return order


def _deciders(definition: FormDefinition, rules: list[Rule]) -> Mapping[str, tuple[int, ...]]:
    """For each path the rules that decide what is seen there: its own, and those above it."""
    own: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        if rule.aspect in _SETTLING:
            own.setdefault(rule.model.path, []).append(place)
    deciders: dict[str, tuple[int, ...]] = {}
    for path, model in definition.nodes.items():
        above = deciders.get(model.parent.path, ()) if model.parent is not None else ()
        # A calculate of a group's value does not exist: only relevance and counts pass down.
        deciders[path] = (*above, *own.get(path, ()))
    return deciders


def _refuse_ring(
    definition: FormDefinition, rules: list[Rule], before: list[set[int]], left: set[int]
) -> None:
    place = min(left)
    seen: list[int] = []
    while place not in seen:
        seen.append(place)
        place = min(before[place] & left)
    ring = seen[seen.index(place) :]
    names = [rules[step].model.path or definition.root.local for step in reversed(ring)]
    first = rules[ring[0]]
    raise FormRefused(
        node=_shown(definition, first.model),
        expression=first.expression.text,
        column=0,
        reason=FormReason.CYCLE,
        name=" → ".join([*dict.fromkeys(names), names[0]]),
    )
