"""What our own engine finds odd in a form that it opens all the same, each at its row."""

from __future__ import annotations

import re
from typing import Final

from fieldapp.domain.plans import PackProblem
from fieldapp.errors import FormReason
from fieldapp.forms import FormDefinition
from fieldapp.forms.definition import Remark
from fieldapp.forms.external import missing_lists
from fieldapp.messages import FORM_REASONS
from fieldapp.packs.findings import shown
from fieldapp.packs.plans import Reading
from fieldapp.packs.survey import Survey

LOOK_AT_QUESTION: Final = "그 문항의 식과 이름을 살펴보세요."
_OF_INSTANCE: Final = re.compile(r"instance\('(.*)'\)")
_REMEDIES: Final = {
    FormReason.UNKNOWN_TYPE: "글로 받습니다. 아는 자료형으로 고치거나 그 칸을 비우세요.",
    FormReason.UNKNOWN_TEXT: "번역 문구의 이름을 고치거나 문장을 그대로 적으세요.",
    FormReason.UNKNOWN_INSTANCE: "choices 시트의 목록이나 대상 목록의 이름으로 고치세요.",
    FormReason.UNKNOWN_CONTROL: "그 행을 지우거나 다른 종류의 문항으로 물으세요.",
    FormReason.MISSING_BOUND: "parameters에 start, end, step을 적으세요.",
    FormReason.MISSING_FILE: "값을 choices 시트의 목록이나 대상 목록에 두고 거기서 찾으세요.",
}


def oddities(definition: FormDefinition, reading: Reading) -> tuple[PackProblem, ...]:
    """What an officer should know of the form and need not mend; the same one once.

    The lists of entities that a form asks come from the store and are never missed.
    """
    given = frozenset(one.name for one in reading.plans.entities)
    remarks = (*definition.remarks, *missing_lists(definition, given))
    return tuple(dict.fromkeys(_problem(remark, reading) for remark in remarks))


def row_of(node: str, survey: Survey) -> int:
    """The row of the question at `/data/group/name` or `group/name`, 0 when there is none."""
    path = node.removeprefix("/").partition("/")[2] if node.startswith("/") else node
    return next((one.row.number for one in survey.questions if one.path == path), 0)


def _problem(remark: Remark, reading: Reading) -> PackProblem:
    # A list that nothing looks into is remarked on at its own row.
    node = _OF_INSTANCE.sub(r"\1", remark.node)
    name = node.rpartition("/")[2]
    sentence = FORM_REASONS[remark.reason]
    if remark.reason is FormReason.MISSING_FILE:
        sentence = "'{name}' 파일은 서식에 딸려 오지 않아 거기서 찾는 값이 늘 비어 있습니다"
    return PackProblem(
        reading.tables["survey"].title,
        row_of(node, reading.survey),
        "",
        f"'{shown(name)}': {sentence.format(name=shown(remark.name))}.",
        _REMEDIES.get(remark.reason, LOOK_AT_QUESTION),
    )
