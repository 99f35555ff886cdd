"""Which expression runs after which.

A `Program` is made once per definition: every expression compiled, with its rank in an order in
which whatever an expression looks at is settled before it, and for every path who looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from fieldapp.errors import ExpressionRefused, FormReason, FormRefused
from fieldapp.forms.binding import FormBinder
from fieldapp.forms.choosing import Chooser
from fieldapp.forms.collecting import without_collecting
from fieldapp.forms.definition import (
    Control,
    Expression,
    FormDefinition,
    ModelNode,
    is_record_id,
)
from fieldapp.forms.ordering import order_of
from fieldapp.forms.references import References, references_of, references_of_choices
from fieldapp.forms.shapes import list_shape
from fieldapp.forms.written_points import refuse_bad_points
from fieldapp.forms.xpath.ast import StringLiteral
from fieldapp.forms.xpath.compiler import compile_tree
from fieldapp.forms.xpath.evaluation import Compiled

#: Ten thousand questions that each look at a hundred others.
MOST_REFERENCES = 1_000_000

Aspect: TypeAlias = Literal[
    "relevant", "count", "calculate", "readonly", "required", "constraint", "choices"
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One expression at one node of the form."""

    aspect: Aspect
    model: ModelNode
    expression: Expression
    compiled: Compiled
    references: References
    chooser: Chooser | None = None
    # Whether one instance's result feeds another's (a running total down a repeat).
    looks_across: bool = False
    # Whether its result may give it another one (`if(. = '', today(), .)`).
    looks_at_itself: bool = False


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
    counts: Mapping[str, int]
    constraints: Mapping[str, int]
    choices: Mapping[str, int]
    worded: tuple[int, ...]  # what the language shown has a part in
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


def references_at(
    definition: FormDefinition, model: ModelNode, expression: Expression
) -> References:
    """What an expression at a node looks at; raises FormRefused with the node."""
    try:
        return references_of(expression.tree, definition, model)
    except ExpressionRefused as refusal:
        facts = {**refusal.facts, "expression": expression.text}
        raise FormRefused(node=_shown(definition, model), **facts) from None


def compile_in_row(definition: FormDefinition, expression: Expression) -> Compiled:
    """Compile an itemset's value or label, which stands at a row of its list."""
    try:
        return compile_tree(expression.tree, expression.text, namespaces=definition.namespaces)
    except ExpressionRefused as refusal:
        raise FormRefused(node="itemset", **refusal.facts) from None


def _shown(definition: FormDefinition, model: ModelNode) -> str:
    return "/" + definition.root.local + (f"/{model.path}" if model.path else "")


def _program(definition: FormDefinition) -> Program:
    rules = list(_bounded(_rules(definition), definition))
    ranked = [rules[place] for place in order_of(definition, rules)]
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
        counts=_ranks(ranked, "count"),
        constraints=_ranks(ranked, "constraint"),
        choices=_ranks(ranked, "choices"),
        worded=tuple(
            rank for rank, rule in enumerate(ranked)
            if rule.references.tells_words and rule.aspect != "choices"
        ),
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


def _bounded(rules: Iterable[Rule], definition: FormDefinition) -> Iterable[Rule]:
    """The rules; raises FormRefused where each of thousands looks at each of thousands of nodes."""
    looked_at = 0
    for rule in rules:
        looked_at += len(rule.references.found)
        if looked_at > MOST_REFERENCES:
            node, text = _shown(definition, rule.model), rule.expression.text
            raise FormRefused(node=node, reason=FormReason.TOO_MUCH_WORK, name=text)
        yield rule


def _rules(definition: FormDefinition) -> Iterable[Rule]:
    counts = definition.counts
    for path, model in definition.nodes.items():
        written: list[tuple[Aspect, Expression | None]] = []
        bind = definition.binds.get(path)
        if bind is not None:
            written.append(("relevant", bind.relevant))
        written.append(("count", counts.get(path)))
        if bind is not None:
            calculate = None if is_record_id(bind) else bind.calculate
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
        if control is not None:
            rule = _choices(definition, model, control)
            if rule is not None:
                yield rule


def _choices(definition: FormDefinition, model: ModelNode, control: Control) -> Rule | None:
    """The rule of a question with choices; None where anything may be answered."""
    itemset = control.itemset
    in_place = tuple(item.value for item in control.items)
    # With `search()` the items name columns of a file, not values.
    if control.kind not in _CHOOSING or "search(" in control.appearance:
        return None
    if itemset is None:
        chooser = Chooser(control.kind, in_place)
        nothing = References(set(), set())
        rule = Rule("choices", model, _NOWHERE, _NO_NODES, nothing, chooser)
        return rule if in_place else None
    references = references_of_choices(itemset, definition, model)
    nodeset = compile_at(definition, model, itemset.nodeset)
    value = compile_in_row(definition, itemset.value)
    lists = frozenset(references.instances)
    chooser = Chooser(control.kind, in_place, nodeset, value, lists, list_shape(itemset))
    return _looking(Rule("choices", model, itemset.nodeset, nodeset, references, chooser))


_CHOOSING = frozenset({"select1", "select", "rank"})
_NOWHERE = Expression("", StringLiteral(""))
_NO_NODES = Compiled(lambda _context: [], "nodes")


def _rule(
    definition: FormDefinition, aspect: Aspect, model: ModelNode, expression: Expression
) -> Rule:
    compiled = compile_at(definition, model, expression)
    references = references_at(definition, model, expression)
    refuse_bad_points(definition, model, expression)
    return _looking(Rule(aspect, model, expression, compiled, references))


def _looking(rule: Rule) -> Rule:
    """The rule, knowing whether it looks at its own place."""
    path, depth = rule.model.path, len(rule.model.repeats)
    own = {r.shared for r in rule.references.found if r.path == path}
    if not own:
        return rule
    return replace(rule, looks_across=min(own) < depth, looks_at_itself=depth in own)
