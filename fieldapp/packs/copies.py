"""The copy sheet: texts that a worker pastes into 행복이음, written from a form's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.domain.plans import CopyPlan
from fieldapp.errors import FormTrouble
from fieldapp.forms import CompiledExpression, Filling, FormDefinition, compile_expression
from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.expressions import as_xpath
from fieldapp.packs.findings import Findings, shown

#: 행복이음 takes no field longer than this.
_MOST_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class CopyBlock:
    """One text to be pasted: where it goes, and how many characters may go there."""

    target: str
    label: str
    text: str
    max_chars: int | None = None

    @property
    def is_too_long(self) -> bool:
        """Whether it says more than the field takes."""
        return self.max_chars is not None and len(self.text) > self.max_chars


@dataclass(frozen=True, slots=True)
class CopyWriter:
    """A block whose expression is compiled for one form version."""

    plan: CopyPlan
    expression: CompiledExpression

    def block(self, filling: Filling) -> CopyBlock:
        """The text as the answers are now."""
        plan, text = self.plan, _tidy(self.expression.string(filling))
        return CopyBlock(plan.target, plan.label, text, plan.max_chars)


def writer_of(plan: CopyPlan, definition: FormDefinition) -> CopyWriter:
    """The block made ready for its form. Raises FormTrouble where the form cannot write it."""
    return CopyWriter(plan, compile_expression(definition, as_xpath(plan.expression, definition)))


def read_copies(tables: Mapping[str, Table], findings: Findings) -> tuple[CopyPlan, ...]:
    """The blocks in the order of the sheet; their expressions are checked with all others."""
    return tuple(
        CopyPlan(row["target"], row["label"], row["expression"], _most_chars(row, findings))
        for row in tables["copy"].rows
        if _is_whole(row, findings)
    )


def check_copies(
    plans: tuple[CopyPlan, ...], sheet: Table, filling: Filling, findings: Findings
) -> None:
    """Every block can be written; told at its row if not."""
    rows = {(row["target"], row["expression"]): row for row in sheet.rows}
    for plan in plans:
        try:
            writer_of(plan, filling.definition).block(filling)
        except FormTrouble:
            row = rows[plan.target, plan.expression]
            findings.add(
                row.sheet,
                row.number,
                row.head("expression"),
                f"이 서식의 답으로 셈할 수 없는 식입니다: {shown(plan.expression, 80)}",
                "문항과 함수의 이름을 살펴보세요.",
            )


def _is_whole(row: TableRow, findings: Findings) -> bool:
    is_whole = True
    for meaning, remedy in (
        ("target", "행복이음의 어느 칸인지 적으세요. 예: 상담내용"),
        ("label", "단추에 보일 말을 적으세요."),
        ("expression", "답을 이어 문장을 만드는 식을 적으세요. 예: concat(${a}, ' ', ${b})"),
    ):
        if not row[meaning]:
            findings.add(row.sheet, row.number, row.head(meaning), "칸이 비어 있습니다.", remedy)
            is_whole = False
    return is_whole


def _most_chars(row: TableRow, findings: Findings) -> int | None:
    text = row["max_chars"]
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= _MOST_CHARS:
        return int(text)
    findings.add(
        row.sheet,
        row.number,
        row.head("max_chars"),
        f"'{shown(text)}'은(는) 글자 수가 아닙니다.",
        f"1에서 {_MOST_CHARS}까지의 수를 적거나 칸을 비우세요.",
    )
    return None


def _tidy(text: str) -> str:
    """Lines without spaces at their ends; what was left unanswered leaves two in a row behind."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
