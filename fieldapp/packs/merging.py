"""The columns `merge` and `merge_group` of the survey sheet (formats F5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast, get_args

from fieldapp.domain.plans import MergePlan, MergeRule
from fieldapp.forms import FormDefinition
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.survey import Question, Survey

_RULES: Final = get_args(MergeRule)
#: The moment a form was begun is the earliest, the moment it was ended the latest (F5).
_METADATA_RULES: Final[dict[str, MergeRule]] = {"start": "min", "end": "max"}
#: Paths that every form has beside its questions.
_ALWAYS: Final = ("meta/instanceID", "meta/instanceName")


def read_merge(survey: Survey, findings: Findings) -> MergePlan:
    """How answers merge: what is calculated, the rule of each path, groups that go together."""
    rules: dict[str, MergeRule] = {}
    groups: dict[str, list[Question]] = {}
    calculated = set(_ALWAYS)
    for question in survey.questions:
        role = question.kind.role
        if role in {"calculate", "metadata"} or (role == "question" and question.is_readonly):
            calculated.add(question.path)
        if question.kind.name in _METADATA_RULES:
            rules[question.path] = _METADATA_RULES[question.kind.name]
        rule = read_rule(question, findings)
        if rule is not None and rule != "ask" and question.path not in calculated:
            rules[question.path] = rule
        group = question.row["merge_group"]
        if group and _may_merge(question, "merge_group", findings):
            groups.setdefault(group, []).append(question)
    for name, members in groups.items():
        _check_group(name, members, findings)
    return MergePlan(
        calculated=frozenset(calculated),
        rules=rules,
        groups=tuple(
            frozenset(question.path for question in members)
            for members in groups.values()
            if len(members) > 1
        ),
    )


def with_entities(merge: MergePlan, definition: FormDefinition) -> MergePlan:
    """Beside it the nodes of entities: what they say is worked out from the answers."""
    nodes = tuple(f"{path}/" for path in definition.entity_lists)
    made = {path for path in definition.leaves if path.startswith(nodes)} if nodes else set()
    return replace(merge, calculated=merge.calculated | made)


def read_rule(question: Question, findings: Findings) -> MergeRule | None:
    """The rule in a question's `merge` column; None when it is empty or wrong, which is told."""
    row, rule = question.row, question.row["merge"]
    if not rule or not _may_merge(question, "merge", findings):
        return None
    kind = question.kind
    if rule not in _RULES:
        problem = f"'{shown(rule)}'이라는 합치기 방법이 없습니다."
        remedy = did_you_mean(rule, frozenset(_RULES), f"{', '.join(_RULES)} 가운데 적으세요.")
    elif kind.role != "question":
        return cast("MergeRule", rule)
    elif rule == "append" and kind.name != "text":
        problem, remedy = "append는 글 문항에만 씁니다.", "ask나 last로 고치세요."
    elif rule == "union" and kind.name != "select_multiple":
        problem, remedy = "union은 여럿을 고르는 문항에만 씁니다.", "ask나 last로 고치세요."
    elif rule in {"max", "min"} and not kind.is_ordered:
        problem, remedy = f"{rule}는 수나 날짜 문항에만 씁니다.", "ask나 last로 고치세요."
    else:
        return cast("MergeRule", rule)
    findings.add(row.sheet, row.number, row.head("merge"), problem, remedy)
    return None


def _check_group(name: str, members: list[Question], findings: Findings) -> None:
    """Several fields, all of one instance: others cannot be changed together."""
    row = members[-1].row
    if len(members) == 1:
        problem = f"'{shown(name)}'에 문항이 하나뿐입니다."
        remedy = "함께 다룰 문항에도 같은 이름을 적거나 칸을 비우세요."
    elif len({question.repeats for question in members}) > 1:
        problem = f"'{shown(name)}'의 문항이 같은 반복 안에 있지 않습니다."
        remedy = "같은 반복 안의 문항끼리만 같은 이름을 적으세요."
    else:
        return
    findings.add(row.sheet, row.number, row.head("merge_group"), problem, remedy)


def _may_merge(question: Question, meaning: str, findings: Findings) -> bool:
    """Only what a person answers can be disputed."""
    if question.kind.role == "question" and not question.is_readonly:
        return True
    # What a calculate saves is a property, and properties of entities can be disputed.
    if meaning == "merge" and question.row["save_to"]:
        return True
    row = question.row
    findings.add(
        row.sheet,
        row.number,
        row.head(meaning),
        "사람이 답하는 문항이 아니어서 충돌하지 않습니다.",
        "칸을 비우세요.",
    )
    return False
