"""What a record's operation does to entities (formats F4), decided before anything is written.

Effects stand or fall with the operation's step: `lay` raises before any of them counts, and only
`made` draws official numbers, so that a refused operation takes none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from fieldapp.domain.entity import (
    NUMBER,
    SOURCE_DELETED,
    STATE,
    entity_doc,
    flat,
    patch_lines,
)
from fieldapp.domain.exchange import ConflictLine
from fieldapp.domain.merge import merge_patch
from fieldapp.domain.operation import Base, Effect, ObjectRef, Operation
from fieldapp.domain.plans import MergePlan, WorkflowStep
from fieldapp.domain.record import HISTORY_HEADERS, RevisionHeader
from fieldapp.domain.scalars import Name, Path
from fieldapp.domain.workflow import checked_step, steps_from
from fieldapp.errors import TransitionRefused
from fieldapp.server.bases import base_of_entity
from fieldapp.server.disputes import opened
from fieldapp.server.forms import FormRules
from fieldapp.server.standing import (
    EntityRevision,
    EntityStanding,
    Refused,
    StepNotTaken,
    StoredConflict,
    View,
)
from fieldapp.server.steps import roles_of
from fieldapp.sync.protocol import CODE_UNSUPPORTED

#: What the header of an entity that has no states says instead.
NO_STATE = "-"
#: Old and new value by property.
Changes: TypeAlias = dict[str, tuple[str | None, str | None]]
#: What paths into forms have and names of properties have not.
_IN_FORMS = frozenset("/[@")


@dataclass(frozen=True, slots=True)
class Laid:
    """An entity as an operation leaves it, before it has a revision."""

    object: ObjectRef
    before: EntityStanding | None
    scope: str
    values: Mapping[str, str]
    conflicts: tuple[ConflictLine, ...] = ()
    needs_number: bool = False


def lay(
    operation: Operation, view: View, rules: FormRules, scope: str, asked: Mapping[str, str]
) -> tuple[Laid, ...]:
    """Every entity that the operation changes by effects, each once.

    scope: the record's, which is that of the entities it makes; asked: the answers that guards ask.
    Raises StepNotTaken when one of them may not be changed like that, Refused when the operation
    has to wait for another, or changes what its form has nothing to do with.
    """
    lists = {saved.name for saved in rules.plans.entities}
    grouped: dict[ObjectRef, list[Effect]] = {}
    for effect in operation.effects:
        is_strange = effect.list not in lists or NUMBER in effect.set
        if is_strange or not all(map(is_property, effect.set)):
            raise Refused("rejected", CODE_UNSUPPORTED)
        of = ObjectRef(type="entity", list=effect.list, id=effect.id)
        grouped.setdefault(of, []).append(effect)
    laying = _Laying(operation, view, rules, scope, asked)
    return tuple(laying.laid(of, effects) for of, effects in grouped.items())


def is_property(name: str) -> bool:
    """Whether an entity may have a property of this name, or this is its label."""
    return not _IN_FORMS.intersection(name) and _fits(name, Path)


def _fits(text: str, kind: Any) -> bool:
    try:
        msgspec.convert(text, kind)
    except msgspec.ValidationError:
        return False
    return True


def made(
    operation: Operation, view: View, laid: Laid
) -> tuple[EntityRevision, tuple[StoredConflict, ...]]:
    """The revision, with its official number where it is due, and the conflict that it leaves."""
    values = dict(laid.values)
    if laid.needs_number:
        values[NUMBER] = view.next_number(laid.object, laid.scope)
    before = flat(laid.before.doc) if laid.before is not None else {}
    header = RevisionHeader(
        rev=1 if laid.before is None else laid.before.rev + 1,
        who=operation.author,
        when=operation.at,
        state=_state_word(values),
        paths=tuple(sorted(_changed(before, values))),
        reason=operation.reason,
    )
    earlier = laid.before.doc.history if laid.before is not None else ()
    doc = entity_doc(values, (header, *earlier)[:HISTORY_HEADERS])
    revision = EntityRevision(laid.object, EntityStanding(doc, header.rev, laid.scope), header)
    beginning = (earlier[-1].who, earlier[-1].when) if earlier else (header.who, header.when)
    conflicts = opened(operation, view, laid.object, laid.conflicts, rev=header.rev, made=beginning)
    return revision, conflicts


def _state_word(values: Mapping[str, str]) -> str:
    """What the header says of the state; a property may hold more than a header can."""
    state = values.get(STATE, NO_STATE)
    return state if _fits(state, Name) else NO_STATE


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


@dataclass(frozen=True, slots=True)
class _Laying:
    """One operation's effects being laid over the entities as they stand."""

    operation: Operation
    view: View
    rules: FormRules
    scope: str
    asked: Mapping[str, str]

    def laid(self, of: ObjectRef, effects: Sequence[Effect]) -> Laid:
        """One entity after what the operation does to it. Raises StepNotTaken, Refused."""
        before = self.view.entity(of)
        if before is not None and before.is_deleted:
            raise StepNotTaken
        is_create = any(effect.create for effect in effects)
        bases = [effect.base for effect in effects if effect.base is not None]
        if any(self._was_refused(base) for base in bases):
            # It never comes: neither does what was built on it, and a later step sees what stands.
            raise StepNotTaken
        if before is None and not is_create:
            for base in bases:
                # Made by an operation that may still come, or by one that a restore undid.
                if base.op is not None or self.view.is_refilling:
                    base_of_entity(base, of, self.view, before)
            raise StepNotTaken
        seen = [base_of_entity(base, of, self.view, before) for base in bases if before is not None]
        changes = _joined(effects)
        disputed = self._settle_state(of, before, changes, is_create=is_create)
        step = self._state_step(of, before, changes)
        if step is not None and step.needs_seen and before is not None:
            unseen = self.view.paths_since(of, min(seen, default=before.rev))
            if unseen:
                raise StepNotTaken(tuple(unseen))
        standing = flat(before.doc) if before is not None else {}
        lines = patch_lines({name: both for name, both in changes.items() if both[0] != both[1]})
        merged = merge_patch(_plan(self.rules, of), standing, lines)
        is_numbered = step is not None and any(one.startswith("number ") for one in step.effects)
        return Laid(
            of,
            before,
            before.scope if before is not None else self.scope,
            merged.answers,
            (*merged.conflicts, *disputed),
            needs_number=is_numbered and NUMBER not in merged.answers,
        )

    def _was_refused(self, base: Base) -> bool:
        receipt = self.view.receipt_of(base.op) if base.op is not None else None
        return receipt is not None and receipt.status == "rejected"

    def _settle_state(
        self,
        of: ObjectRef,
        before: EntityStanding | None,
        changes: Changes,
        *,
        is_create: bool,
    ) -> tuple[ConflictLine, ...]:
        """What becomes of `state` where it is no step of a workflow; what a person must decide."""
        first = steps_from(self.rules.plans.workflow, None, of.list or "")
        firsts = dict.fromkeys(step.target for step in first)
        state = before.doc.state if before is not None else None
        if before is None and STATE not in changes and len(firsts) == 1:
            changes[STATE] = (None, first[0].target)
        if state is None or state == SOURCE_DELETED:
            return ()
        if is_create:
            # Made twice: it has gone its way since, and does not begin again (nothing is doubled).
            changes.pop(STATE, None)
        old, new = changes.get(STATE, (None, None))
        if new == SOURCE_DELETED and firsts and state not in firsts:
            # Taken out of the form that made it, but somebody has gone on with it.
            del changes[STATE]
            return (ConflictLine(path=STATE, base=old, ours=state, theirs=new),)
        return ()

    def _state_step(
        self, of: ObjectRef, before: EntityStanding | None, changes: Changes
    ) -> WorkflowStep | None:
        """The step of the entity's own workflow that its new state is (F7); None for no step.

        A form whose workflow sheet has no row about the list sets states as it likes.
        Raises StepNotTaken.
        """
        workflow, name = self.rules.plans.workflow, of.list or ""
        state = before.doc.state if before is not None else None
        target = changes.get(STATE, (None, state))[1]
        # A repeat that was taken out closes what it made, and put back, opens it again (F4).
        if target in (state, SOURCE_DELETED) or all(step.object != name for step in workflow.steps):
            return None
        try:
            return checked_step(
                workflow,
                state=None if state == SOURCE_DELETED else state,
                target=target or "",
                roles=roles_of(self.view.account),
                answers=self.asked,
                reason=self.operation.reason,
                guard=self.rules.guard,
                of=name,
            )
        except TransitionRefused as error:
            raise StepNotTaken from error


def _joined(effects: Sequence[Effect]) -> Changes:
    """What the effects on one entity come to: the first old value and the last new one."""
    changes: Changes = {}
    for effect in effects:
        for name, change in effect.set.items():
            changes[name] = (changes.get(name, (change.old, None))[0], change.new)
    return changes


def _plan(rules: FormRules, of: ObjectRef) -> MergePlan:
    """How the properties merge that this form saves."""
    saved = next((one for one in rules.plans.entities if one.name == of.list), None)
    return MergePlan(rules=saved.rules) if saved is not None else MergePlan()
