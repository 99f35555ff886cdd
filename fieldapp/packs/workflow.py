"""The workflow sheet: one transition a row, to domain's Workflow (formats F7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fieldapp.domain.plans import Workflow, WorkflowStep
from fieldapp.packs.about import check_roles, entity_lists
from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.conditions import read_condition
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.survey import Survey, is_yes, is_yes_or_no

#: Effects that stand alone, and those that name something (F7, a closed list).
_EFFECTS: Final = frozenset({"entities", "lock", "unlock"})
_EFFECTS_WITH: Final = frozenset({"open", "number", "notify"})
#: Shown, never stored (F7); 작성 중 is a draft.
_NEVER_STORED: Final = frozenset({"지연", "제출", "작성 중", "작성중"})


def read_workflow(tables: Mapping[str, Table], survey: Survey, findings: Findings) -> Workflow:
    """The steps in the order of the sheet."""
    sheet = tables["workflow"]
    objects = entity_lists(tables["entities"]) | {"record"}
    steps: list[tuple[TableRow, WorkflowStep]] = []
    for row in sheet.rows:
        step = _read_step(row, objects, survey, findings)
        twin = next(
            (
                before
                for before, other in steps
                if (other.object, other.source, other.target, other.roles)
                == (step.object, step.source, step.target, step.roles)
                and row["guard"] == before["guard"]
            ),
            None,
        )
        if twin is not None:
            findings.add(
                row.sheet,
                row.number,
                "",
                f"{twin.number}행과 같은 단계입니다.",
                "둘 가운데 한 행을 지우세요.",
            )
        steps.append((row, step))
    _check_reach(sheet, steps, objects - {"record"}, findings)
    return Workflow(tuple(step for _, step in steps))


def _read_step(
    row: TableRow, objects: frozenset[str], survey: Survey, findings: Findings
) -> WorkflowStep:
    _check_step(row, objects, findings)
    _check_states(row, findings)
    return WorkflowStep(
        object=row["object"],
        source=row["from"] or None,
        target=row["to"],
        label=row["label"],
        roles=check_roles(row, "roles", findings),
        guard=read_condition(row, "guard", survey, findings),
        guard_message=row["guard_message"],
        needs_reason=is_yes(row["reason"]),
        needs_seen=is_yes(row["needs_seen"]),
        effects=_read_effects(row, findings),
    )


def _check_step(row: TableRow, objects: frozenset[str], findings: Findings) -> None:
    def tell(meaning: str, problem: str, remedy: str) -> None:
        findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)

    if row["object"] not in objects:
        tell(
            "object",
            f"'{shown(row['object'])}'은(는) 상태를 가질 수 없습니다."
            if row["object"]
            else "무엇의 단계인지 비어 있습니다.",
            did_you_mean(row["object"], objects, "'record'로 고치세요."),
        )
    if not row["roles"]:
        tell("roles", "누가 할 수 있는 단계인지 비어 있습니다.", "역할을 쉼표로 나누어 적으세요.")
    for meaning in ("reason", "needs_seen"):
        if not is_yes_or_no(row[meaning]):
            tell(
                meaning, f"'{shown(row[meaning])}'은(는) 쓸 수 없습니다.", "yes 또는 no로 적으세요."
            )
    if row["guard"] and not row["guard_message"]:
        tell(
            "guard_message",
            "조건을 채우지 못했을 때 보일 말이 없습니다.",
            "무엇이 모자란지 한 문장으로 적으세요.",
        )


def _check_states(row: TableRow, findings: Findings) -> None:
    def tell(meaning: str, problem: str, remedy: str) -> None:
        findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)

    for meaning in ("to", "label"):
        if not row[meaning]:
            tell(
                meaning,
                "칸이 비어 있습니다.",
                "옮겨 갈 상태를 적으세요." if meaning == "to" else "단추에 보일 말을 적으세요.",
            )
    for meaning in ("from", "to"):
        if row[meaning] in _NEVER_STORED:
            tell(
                meaning,
                f"'{row[meaning]}'은(는) 기록에 남는 상태가 아닙니다.",
                "다른 상태로 고치거나 행을 지우세요.",
            )


def _read_effects(row: TableRow, findings: Findings) -> tuple[str, ...]:
    effects = tuple(
        " ".join(part.split())
        for part in row["effect"].replace("·", ",").split(",")
        if part.strip()
    )
    for effect in effects:
        name, _, what = effect.partition(" ")
        if (name in _EFFECTS and not what) or (name in _EFFECTS_WITH and what):
            continue
        known = _EFFECTS | _EFFECTS_WITH
        if name in _EFFECTS_WITH:
            remedy = f"'{name}' 뒤에 무엇인지 적으세요. 예: open P12, number 접수, notify team_lead"
        elif name in _EFFECTS:
            remedy = f"'{name}'만 적으세요."
        else:
            remedy = did_you_mean(
                name, known, "entities, lock, unlock, open, number, notify 가운데 적거나 비우세요."
            )
        findings.add(
            row.sheet,
            row.number,
            row.head("effect"),
            f"'{shown(effect)}'이라는 결과를 모릅니다.",
            remedy,
        )
    return effects


def _check_reach(
    sheet: Table,
    steps: list[tuple[TableRow, WorkflowStep]],
    others: frozenset[str],
    findings: Findings,
) -> None:
    """Every object has a first state, and every state is led to from there."""
    # A row whose object is misspelt may well be the one that is missed here.
    has_first = any(step.source is None and step.object not in others for _, step in steps)
    if not has_first:
        findings.add(
            sheet.title,
            0,
            "from",
            "기록이 처음 갖는 상태가 없습니다.",
            "from을 비운 행을 하나 넣으세요. 예: record, (빈칸), 완료, 마치기",
        )
    for kind in dict.fromkeys(step.object for _, step in steps):
        of_kind = [(row, step) for row, step in steps if step.object == kind]
        reached: set[str | None] = {None}
        while True:
            further = {step.target for _, step in of_kind if step.source in reached} - reached
            if not further:
                break
            reached |= further
        states = frozenset(step.target for _, step in of_kind if step.target)
        for row, step in of_kind:
            if step.source in reached or step.source is None:
                continue
            is_target = step.source in states
            findings.add(
                row.sheet,
                row.number,
                row.head("from"),
                f"'{shown(step.source)}' 상태에 이르는 길이 없습니다.",
                "처음 상태에서 이 상태로 가는 행을 넣으세요."
                if is_target
                else did_you_mean(
                    step.source, states, "이 상태로 가는 행을 넣거나 from을 고치세요."
                ),
            )
