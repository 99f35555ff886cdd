"""정정 요청: what reaches a record after it was locked (formats F7).

Its text stands beside the record as a conflict does: base, what stands, what was asked for, with
both authors. Whoever may lock such a record decides it by a resolve with a reason, which is the one
change that a locked record takes. Signatures and calculated answers ask for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.exchange import ConflictLine
from fieldapp.domain.merge import generic_path
from fieldapp.domain.operation import Operation, PatchLine, value_at
from fieldapp.domain.plans import MergePlan, Workflow
from fieldapp.domain.workflow import may_correct
from fieldapp.server.sessions import Account
from fieldapp.server.steps import roles_of


def takes_correction(operation: Operation, workflow: Workflow, account: Account) -> bool:
    """Whether an operation decides what was asked for, by somebody who may, and says why."""
    has_reason = bool((operation.reason or "").strip())
    return operation.kind == "resolve" and has_reason and may_correct(workflow, roles_of(account))


def asked_corrections(
    operation: Operation, answers: Mapping[str, str], plan: MergePlan
) -> tuple[ConflictLine, ...]:
    """What an operation would have changed of the answers as they stand locked, by path."""
    lines = (
        ConflictLine(
            path=line.path, base=line.old, ours=value_at(answers, line.path), theirs=line.new
        )
        for line in operation.patch
        if not line.path.startswith("@")
        and generic_path(line.path) not in plan.calculated
        and not _is_moment(line, plan)
        and value_at(answers, line.path) != line.new
    )
    return tuple(sorted(lines, key=lambda line: line.path))


def _is_moment(line: PatchLine, plan: MergePlan) -> bool:
    """When the form was begun or ended (F5): nobody typed that."""
    rule = plan.rules.get(generic_path(line.path))
    return rule in ("min", "max") and "T" in (line.new or line.old or "")


__all__ = ["asked_corrections", "takes_correction"]
