"""In which order the rules of a form run, so that each finds settled what it looks at.

Calculates that need each other in a ring have no order and are refused with their names. A ring
that relevance, choices or the number of instances is part of can settle: two questions each shown
while the other has no answer, a repeat that grows as long as its last instance asks for more. Such
a ring is opened at one of those rules, which then runs until nothing changes any more.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NoReturn

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import FormDefinition

if TYPE_CHECKING:
    from fieldapp.forms.program import Rule

# What others can look at; the rest only looks.
_SETTLING = frozenset({"relevant", "count", "calculate", "choices"})
# What may open a ring, the first of these there is.
_CAN_SETTLE = ("count", "choices", "relevant")
# On one node in this order: choices take back what is no choice, whoever gave it.
_ON_ONE_NODE = {"calculate": {"relevant", "count"}, "choices": {"relevant", "count", "calculate"}}


def order_of(definition: FormDefinition, rules: list[Rule]) -> list[int]:
    """The rules' places in the order in which they run; raises FormRefused for a ring."""
    before = _needed(definition, rules)
    after: list[list[int]] = [[] for _ in rules]
    waiting = [len(needed) for needed in before]
    for place, needed in enumerate(before):
        for other in needed:
            after[other].append(place)
    ready = [place for place, count in enumerate(waiting) if count == 0]
    heapq.heapify(ready)
    order: list[int] = []
    left = set(range(len(rules)))
    while left:
        while ready:
            place = heapq.heappop(ready)
            if place not in left:
                continue
            order.append(place)
            left.discard(place)
            for other in after[place]:
                waiting[other] -= 1
                if waiting[other] == 0:
                    heapq.heappush(ready, other)
        if left:
            heapq.heappush(ready, _opening(definition, rules, _ring(before, left)))
    return order


def _needed(definition: FormDefinition, rules: list[Rule]) -> list[set[int]]:
    """For each rule the rules that run before it."""
    deciders = _deciders(definition, rules)
    before: list[set[int]] = []
    for place, rule in enumerate(rules):
        needed: set[int] = set()
        for reference in rule.references.found:
            needed.update(deciders.get(reference.path, ()))
        # It runs only where it is relevant.
        earlier = _ON_ONE_NODE.get(rule.aspect, set())
        own = deciders.get(rule.model.path, ())
        needed.update(other for other in own if rules[other].aspect in earlier)
        if earlier:
            # What is offered at a node is settled after the node itself, though it look at itself.
            needed.difference_update(
                other
                for other in own
                if rules[other].model is rule.model and rules[other].aspect not in earlier
            )
        needed.discard(place)
        before.append(needed)
    return before


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


def _ring(before: list[set[int]], left: set[int]) -> list[int]:
    """Rules each of which waits for the next, and the last for the first."""
    place = min(left)
    seen: dict[int, int] = {}
    while place not in seen:
        seen[place] = len(seen)
        place = min(before[place] & left)
    return [step for step, position in seen.items() if position >= seen[place]]


def _opening(definition: FormDefinition, rules: list[Rule], ring: list[int]) -> int:
    """The rule of a ring that may run before what it waits for; refused when there is none."""
    able = [p for aspect in _CAN_SETTLE for p in ring if rules[p].aspect == aspect]
    if not able:
        refuse_ring(definition, rules[ring[0]], [rules[p].model.path for p in reversed(ring)])
    return able[0]


def refuse_ring(definition: FormDefinition, first: Rule, paths: Iterable[str]) -> NoReturn:
    """Refuse the form for expressions that need each other, or never come to rest."""
    root = definition.root.local
    names = list(dict.fromkeys(path or root for path in paths))
    raise FormRefused(
        node=f"/{root}/{first.model.path}",
        expression=first.expression.text,
        column=0,
        reason=FormReason.CYCLE,
        name=" → ".join([*names, names[0]]),
    )
