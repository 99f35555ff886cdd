"""The columns `merge`, `merge_group` and `part` of the survey sheet (formats F5, F6)."""

from __future__ import annotations

from typing import Final, cast, get_args

from fieldapp.domain.plans import MergePlan, MergeRule
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.survey import Question, Survey

_RULES: Final = get_args(MergeRule)
_SEATS: Final = frozenset({"monitor1", "monitor2", "welfare", "nurse"})
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
        _check_part(question, findings)
        role = question.kind.role
        if role in {"calculate", "metadata"} or (role == "question" and question.is_readonly):
            calculated.add(question.path)
        if question.kind.name in _METADATA_RULES:
            rules[question.path] = _METADATA_RULES[question.kind.name]
        rule = _read_rule(question, findings)
        if rule is not None and rule != "ask":
            rules[question.path] = rule
        group = question.row["merge_group"]
        if group and _may_merge(question, "merge_group", findings):
            groups.setdefault(group, []).append(question)
    for name, members in groups.items():
        if len(members) == 1:
            row = members[0].row
            findings.add(
                row.sheet,
                row.number,
                row.head("merge_group"),
                f"'{shown(name)}'에 문항이 하나뿐입니다.",
                "함께 다룰 문항에도 같은 이름을 적거나 칸을 비우세요.",
            )
    return MergePlan(
        calculated=frozenset(calculated),
        rules=rules,
        groups=tuple(
            frozenset(question.path for question in members)
            for members in groups.values()
            if len(members) > 1
        ),
    )


def _read_rule(question: Question, findings: Findings) -> MergeRule | None:
    row, rule = question.row, question.row["merge"]
    if not rule or not _may_merge(question, "merge", findings):
        return None
    kind = question.kind
    if rule not in _RULES:
        problem = f"'{shown(rule)}'이라는 합치기 방법이 없습니다."
        remedy = did_you_mean(rule, frozenset(_RULES), f"{', '.join(_RULES)} 가운데 적으세요.")
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


def _may_merge(question: Question, meaning: str, findings: Findings) -> bool:
    """Only what a person answers can be disputed."""
    if question.kind.role == "question" and not question.is_readonly:
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


def _check_part(question: Question, findings: Findings) -> None:
    row, part = question.row, question.row["part"]
    if not part:
        return
    if question.kind.role != "begin" or question.kind.name != "group":
        problem, remedy = "part는 begin_group 행에만 적습니다.", "묶음의 첫 행으로 옮기세요."
    elif part not in _SEATS:
        problem = f"'{shown(part)}'이라는 자리가 없습니다."
        remedy = did_you_mean(part, _SEATS, f"{', '.join(sorted(_SEATS))} 가운데 적으세요.")
    else:
        return
    findings.add(row.sheet, row.number, row.head("part"), problem, remedy)
