"""The workflow sheet: one transition a row, to domain's Workflow (formats F7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from fieldapp.domain.conditions import choices_asked, paths_of
from fieldapp.domain.plans import Condition, Workflow, WorkflowStep
from fieldapp.domain.workflow import RECORD, SERVER, SIGNED
from fieldapp.packs.about import FORM_ID, ROLES, check_roles, entity_lists
from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.conditions import AnswerNames, read_condition
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.seats import seat_problem
from fieldapp.packs.survey import Survey, is_yes, is_yes_or_no

#: Effects that stand alone, and those that name something (F7, a closed list).
_EFFECTS: Final = frozenset({"entities", "lock", "unlock"})
_EFFECTS_WITH: Final = frozenset({"open", "number", "notify"})
_OF_RECORDS: Final = frozenset({"entities", "open"})
_OF_ENTITIES: Final = frozenset({"number"})
#: Into this state entities change when no row says otherwise (F4).
_DONE: Final = "완료"
#: Shown, never stored (F7); 작성 중 is a draft.
_NEVER_STORED: Final = frozenset({"지연", "제출", "작성 중", "작성중"})


def read_workflow(tables: Mapping[str, Table], survey: Survey, findings: Findings) -> Workflow:
    """The steps in the order of the sheet."""
    sheet = tables["workflow"]
    written = frozenset(row["list_name"] for row in tables["entities"].rows if row["list_name"])
    objects = entity_lists(tables["entities"]) | {RECORD}
    steps: list[tuple[TableRow, WorkflowStep]] = []
    for row in sheet.rows:
        step = _read_step(row, objects, survey, findings)
        _check_place(row, step, steps, findings)
        if step.object in objects - {RECORD} - written:
            findings.add(
                row.sheet,
                row.number,
                row.head("object"),
                f"이 서식은 '{shown(step.object)}' 대상을 고치지 않습니다.",
                "entities 시트에 그 목록을 적거나 이 행을 지우세요.",
            )
        steps.append((row, step))
    _check_reach(sheet, steps, objects - {RECORD}, findings)
    _check_circle([(row, step) for row, step in steps if step.roles == (SERVER,)], findings)
    read = tuple(step for _, step in steps)
    return Workflow(_with_entities(read, sheet, findings) if written else read)


def _with_entities(
    steps: tuple[WorkflowStep, ...], sheet: Table, findings: Findings
) -> tuple[WorkflowStep, ...]:
    """Where no row says when entities change, the steps into 완료 do it (F4)."""
    if not steps or any("entities" in step.effects for step in steps):
        return steps
    into = RECORD, _DONE
    if not any((step.object, step.target) == into for step in steps):
        findings.add(
            sheet.title,
            0,
            "effect",
            "언제 대상을 고치는지 알 수 없습니다.",
            "대상을 고치는 단계의 effect에 'entities'를 적으세요.",
        )
    return tuple(
        replace(step, effects=("entities", *step.effects))
        if (step.object, step.target) == into
        else step
        for step in steps
    )


def _read_step(
    row: TableRow, objects: frozenset[str], survey: Survey, findings: Findings
) -> WorkflowStep:
    _check_step(row, objects, findings)
    _check_states(row, findings)
    roles = check_roles(row, "roles", findings, known=ROLES | {SERVER})
    guard = read_condition(row, "guard", _guard_names(row, survey), findings)
    _check_seats(row, guard, survey, findings)
    if SERVER in roles:
        _check_server(row, roles, findings)
    return WorkflowStep(
        object=row["object"],
        source=row["from"] or None,
        target=row["to"],
        label=row["label"],
        roles=roles,
        guard=guard,
        guard_message=row["guard_message"],
        needs_reason=is_yes(row["reason"]),
        needs_seen=is_yes(row["needs_seen"]),
        effects=_read_effects(row, findings),
    )


def _guard_names(row: TableRow, survey: Survey) -> AnswerNames:
    """Guards of the record may ask who signed; an entity is signed by nobody."""
    return AnswerNames(survey, extra=frozenset({SIGNED} if row["object"] == RECORD else ()))


def _check_seats(
    row: TableRow, guard: Condition | None, survey: Survey, findings: Findings
) -> None:
    """The seats that a guard waits for exist; a guard that names none would never hold."""
    if SIGNED not in paths_of(guard):
        return
    seats = choices_asked(guard, SIGNED)
    problems = [seat_problem(seat, survey) for seat in seats]
    if not seats:
        problems.append(
            (
                f"'${{{SIGNED}}}'에는 서명한 자리들이 들어 있습니다.",
                f"selected(${{{SIGNED}}}, 'monitor1')처럼 자리마다 물으세요.",
            )
        )
    for problem in problems:
        if problem is not None:
            findings.add(row.sheet, row.number, row.head("guard"), *problem)


def _check_server(row: TableRow, roles: tuple[str, ...], findings: Findings) -> None:
    """A step that the server takes by itself: nobody is there to give a reason or to look."""

    def tell(meaning: str, problem: str, remedy: str) -> None:
        findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)

    if len(roles) > 1:
        tell(
            "roles",
            "서버가 하는 단계에 사람의 역할도 적혀 있습니다.",
            "서버가 하는 행과 사람이 하는 행을 따로 두세요.",
        )
    if row["object"] != RECORD or not row["from"]:
        tell(
            "roles",
            "서버는 이미 있는 기록만 옮깁니다.",
            "from에 상태를 적고 object는 record로 두거나, 사람의 역할을 적으세요.",
        )
    for meaning in ("reason", "needs_seen"):
        if is_yes(row[meaning]):
            tell(meaning, "서버가 하는 단계에는 쓸 수 없습니다.", "칸을 비우세요.")


def _check_place(
    row: TableRow,
    step: WorkflowStep,
    before: list[tuple[TableRow, WorkflowStep]],
    findings: Findings,
) -> None:
    """Of several rows to one state the first that is allowed and holds is taken (F7)."""
    way = step.object, step.source, step.target
    for other_row, other in before:
        if (other.object, other.source, other.target) != way:
            continue
        if other.roles == step.roles and row["guard"] == other_row["guard"]:
            problem = f"{other_row.number}행과 같은 단계입니다."
            remedy = "둘 가운데 한 행을 지우세요."
        elif other.guard is None and not other_row["guard"] and set(step.roles) <= set(other.roles):
            problem = f"{other_row.number}행이 늘 먼저 맞아 이 행은 쓰이지 않습니다."
            remedy = f"조건이 있는 이 행을 {other_row.number}행 위로 옮기세요."
        else:
            continue
        findings.add(row.sheet, row.number, "", problem, remedy)
        return


def _check_circle(server: list[tuple[TableRow, WorkflowStep]], findings: Findings) -> None:
    """Steps that the server takes one after another come to an end."""
    for row, step in server:
        reached: set[str] = set()
        edge = {step.target}
        while edge - reached:
            reached |= edge
            edge = {other.target for _, other in server if other.source in reached}
        if step.source in reached:
            findings.add(
                row.sheet,
                row.number,
                row.head("to"),
                "서버가 하는 단계들이 물고 돕니다.",
                "그 가운데 한 단계를 사람의 역할로 바꾸세요.",
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
            _check_effect(row, name, what, findings)
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


def _check_effect(row: TableRow, name: str, what: str, findings: Findings) -> None:
    """An effect stands where something can come of it, and names something that can be."""
    is_of_record = row["object"] == RECORD
    if name in (_OF_ENTITIES if is_of_record else _OF_RECORDS):
        problem = f"'{name}'은(는) {'대상' if is_of_record else '기록'}의 단계에만 씁니다."
        remedy = (
            "object가 대상 목록인 행(from은 빈칸)으로 옮기세요."
            if is_of_record
            else "object가 record인 행으로 옮기세요."
        )
    elif name == "open" and not FORM_ID.fullmatch(what):
        problem = f"'{shown(what)}'은(는) 서식 이름이 아닙니다."
        remedy = "열어 둘 서식의 form_id를 적으세요. 예: open P03"
    elif name == "notify" and what not in ROLES:
        problem = f"'{shown(what)}'이라는 역할이 없습니다."
        remedy = did_you_mean(what, ROLES, "알릴 역할을 적으세요. 예: notify team_lead")
    else:
        return
    findings.add(row.sheet, row.number, row.head("effect"), problem, remedy)


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
        # An entity that another workbook makes stands in a state before anything happens here.
        if kind in others and all(step.source is not None for _, step in of_kind):
            continue
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
