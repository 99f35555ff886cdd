"""Base, ours, theirs and a MergePlan: one set of answers, or a conflict for a person (formats F5).

Pure: the server calls it in its write transaction; a device never merges, it only lays its own
pending operations over the server's document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from fieldapp.domain.exchange import ConflictLine
from fieldapp.domain.operation import PatchLine, value_at
from fieldapp.domain.plans import MergePlan, MergeRule
from fieldapp.domain.scalars import is_instance

_KEYS = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Merged:
    """The answers after a patch, what it changed, and what a person must decide.

    applied: paths whose value changed; conflicts keep base, ours (standing) and theirs (arriving).
    """

    answers: dict[str, str]
    applied: tuple[str, ...]
    conflicts: tuple[ConflictLine, ...]


def generic_path(path: str) -> str:
    """The path without repeat keys: `areas[n3]/items[n1]/score` is `areas/items/score`."""
    return _KEYS.sub("", path)


def lay_over(answers: Mapping[str, str], patch: Sequence[PatchLine]) -> dict[str, str]:
    """The answers with every line's new value, whatever stood there: a device's own view."""
    result = dict(answers)
    for line in patch:
        _put(result, line.path, line.new)
    return result


def merge_patch(
    plan: MergePlan,
    standing: Mapping[str, str],
    patch: Sequence[PatchLine],
    moved: Collection[str] = (),
) -> Merged:
    """Lay a patch over what stands on the server.

    moved: paths that others changed since the patch's base; a group with one of them is theirs.

    A line applies when what stands is what its author saw (`old`); it is nothing when what stands
    is already its `new`. Otherwise the plan's rule of its path settles it, or it is a conflict and
    ours stays. Lines of one merge group conflict together: half a group means nothing. A repeat
    instance (F2) is taken away as its author saw it, or not at all.
    """
    answers = dict(standing)
    disputed: list[PatchLine] = []
    agreed: list[PatchLine] = []
    for line in patch:
        ours = value_at(standing, line.path)
        generic = generic_path(line.path)
        rule = plan.rules.get(generic, "ask")
        if ours in (line.old, line.new) or generic in plan.calculated or rule != "ask":
            agreed.append(line)
        else:
            disputed.append(line)
    spoiled = _spoiled_groups(plan, [*moved, *(line.path for line in disputed)])
    applied: list[str] = []
    for line in agreed:
        generic = generic_path(line.path)
        ours = value_at(standing, line.path)
        if any(generic in group for group in spoiled) and ours != line.new:
            disputed.append(line)
            continue
        value = _settled(plan.rules.get(generic, "ask"), line, ours)
        if value != ours:
            _put(answers, line.path, value)
            applied.append(line.path)
    return Merged(
        answers,
        tuple(applied),
        tuple(
            ConflictLine(
                path=line.path, base=line.old, ours=value_at(standing, line.path), theirs=line.new
            )
            for line in sorted(disputed, key=lambda line: line.path)
        ),
    )


def _spoiled_groups(plan: MergePlan, disputed: Sequence[str]) -> list[frozenset[str]]:
    paths = {generic_path(path) for path in disputed}
    return [group for group in plan.groups if group & paths]


def _settled(rule: MergeRule, line: PatchLine, ours: str | None) -> str | None:
    if ours in (line.old, line.new) or rule in ("ask", "last"):
        return line.new
    if line.new is None or ours is None:
        return line.new if ours is None else ours
    if rule == "append":
        added = line.new.removeprefix(line.old or "").lstrip("\n")
        return f"{ours}\n{added}" if added else ours
    if rule == "union":
        kept = [word for word in ours.split() if word not in _removed(line)]
        return " ".join(dict.fromkeys([*kept, *_added(line)])) or None
    return _extreme(rule, ours, line.new)


def _removed(line: PatchLine) -> set[str]:
    return set((line.old or "").split()) - set((line.new or "").split())


def _added(line: PatchLine) -> list[str]:
    before = set((line.old or "").split())
    return [word for word in (line.new or "").split() if word not in before]


def _extreme(rule: MergeRule, ours: str, theirs: str) -> str:
    """Numbers by value, everything else (dates, times) by its ISO text."""
    try:
        is_larger, is_smaller = (
            Decimal(theirs) > Decimal(ours),
            Decimal(theirs) < Decimal(ours),
        )
    except InvalidOperation:
        is_larger, is_smaller = theirs > ours, theirs < ours
    return theirs if (is_larger if rule == "max" else is_smaller) else ours


def _put(answers: dict[str, str], path: str, value: str | None) -> None:
    if is_instance(path):
        if value is None:
            for below in [key for key in answers if key.startswith(f"{path}/")]:
                del answers[below]
    elif value is None:
        answers.pop(path, None)
    else:
        answers[path] = value
