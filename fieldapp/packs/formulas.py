"""Every expression of the sheets but those of workflow and summary, checked where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.expressions import (
    Cell,
    Expression,
    outside_once,
    read_expression,
    references_in,
    unlike,
)
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.lookups import Lookups
from fieldapp.packs.survey import Question, Survey, is_yes_or_no

_EXPRESSIONS: Final = ("relevant", "constraint", "repeat_count")
_PERHAPS: Final = ("required", "readonly")
_TEXTS: Final = (
    "label", "hint", "guidance_hint", "constraint_message", "required_message",
)  # fmt: skip
_CALL = re.compile(r"[A-Za-z][\w\-:]*\s*\(")
_LOGIN_KINDS: Final = frozenset({"username", "email", "phonenumber"})


def check_formulas(survey: Survey, tables: Mapping[str, Table], findings: Findings) -> None:
    """Every expression column of the sheets that pyxform and the later rooms read."""
    checker = _Checker(survey, Lookups.of(survey, tables), findings)
    for question in survey.questions:
        checker.check_question(question)
    for row in tables["choices"].rows:
        checker.check_texts(row, ("label",))
    for row in tables["settings"].rows[:1]:
        checker.check(row, "instance_name")
    for row in tables["entities"].rows:
        for meaning in ("entity_id", "create_if", "update_if", "label", "repeat"):
            checker.check(row, meaning)
    for row in tables["copy"].rows:
        # A sentence, not a rule: what is unlike an empty answer does no harm in it.
        checker.check(row, "expression", is_rule=False)
    checker.check_choice_columns(tables["choices"])


def check_references(
    survey: Survey,
    text: str,
    cell: Cell,
    findings: Findings,
    *,
    extra: frozenset[str] = frozenset(),
) -> bool:
    """Every `${name}` of a text names one question, or one of the pseudo questions in `extra`."""
    is_sound = True
    for name in references_in(text):
        found = survey.named(name)
        if len(found) == 1 or name in extra:
            continue
        is_sound = False
        if found:
            rows = ", ".join(f"{question.row.number}행" for question in found)
            problem = f"'${{{shown(name)}}}'이(가) 어느 문항인지 알 수 없습니다({rows})."
            remedy = "그 문항들의 이름을 서로 다르게 고치세요."
        else:
            problem = f"'${{{shown(name)}}}'이라는 문항이 없습니다."
            remedy = did_you_mean(
                name, survey.names, "survey 시트의 name에 있는 이름으로 고치세요."
            )
        findings.add(cell.sheet, cell.row, cell.column, problem, remedy)
    return is_sound


def note_unlike(survey: Survey, expression: Expression, cell: Cell, findings: Findings) -> None:
    """`${decision} != 'none'` holds before anybody has decided."""
    for name in sorted(unlike(expression.tree)):
        question = survey.question(name)
        if question is None or question.row["default"]:
            continue
        if question.kind.name in {"select_one", "select_one_from_file"}:
            findings.note(
                cell.sheet,
                cell.row,
                cell.column,
                f"'{shown(name)}'에 아직 답하지 않았을 때에도 맞는 조건입니다. "
                f"아니라면 '${{{shown(name)}}}!='' and …'를 앞에 적으세요.",
            )


class _Checker:
    def __init__(self, survey: Survey, lookups: Lookups, findings: Findings) -> None:
        self._survey = survey
        self._lookups = lookups
        self._findings = findings
        self._tested: set[str] = set()

    def check_question(self, question: Question) -> None:
        """All columns of one survey row."""
        row = question.row
        for meaning in _EXPRESSIONS:
            self.check(row, meaning)
        for meaning in _PERHAPS:
            if not is_yes_or_no(row[meaning]):
                self.check(row, meaning)
        choice_filter = self.check(row, "choice_filter")
        if choice_filter is not None:
            cell = self._cell(row, "choice_filter")
            self._lookups.check_filter(question, choice_filter, cell, self._findings)
        calculation = self.check(row, "calculation")
        if calculation is not None:
            self._check_login(question, calculation)
        if "${" in row["default"] or _CALL.search(row["default"]):
            self.check(row, "default")
        self.check_texts(row, _TEXTS)
        for meaning in ("trigger", "parameters", "type"):
            check_references(self._survey, row[meaning], self._cell(row, meaning), self._findings)
        if row["trigger"] and not references_in(row["trigger"]):
            self._tell(row, "trigger", "문항을 가리키지 않습니다.", "'${문항이름}'으로 적으세요.")

    def check(self, row: TableRow, meaning: str, *, is_rule: bool = True) -> Expression | None:
        """One expression column of one row."""
        text = row[meaning]
        if not text:
            return None
        cell = self._cell(row, meaning)
        expression = read_expression(text, cell, self._findings)
        if expression is None:
            return None
        self._tested |= expression.names
        check_references(self._survey, text, cell, self._findings)
        self._lookups.check(expression, cell, self._findings)
        if is_rule:
            note_unlike(self._survey, expression, cell, self._findings)
        if meaning != "choice_filter":
            self._check_bare_names(expression, cell)
        return expression

    def check_texts(self, row: TableRow, meanings: tuple[str, ...]) -> None:
        """`${name}` inside the sentences of a row."""
        for meaning in meanings:
            for column, text in row.texts(meaning):
                cell = Cell(row.sheet, row.number, column.head)
                check_references(self._survey, text, cell, self._findings)

    def check_choice_columns(self, choices: Table) -> None:
        """An extra column of choices is of use only where an expression names it."""
        for column in choices.columns:
            name = column.meaning.removeprefix("=")
            # A map shows every column of a choice that has a place.
            is_extra = name != column.meaning and choices.column("geometry") is None
            if is_extra and name not in self._tested:
                known = frozenset({"list_name", "name", "label", "image", "audio", "video"})
                self._findings.add(
                    choices.title,
                    1,
                    column.head,
                    f"'{shown(column.head)}'이라는 열을 모르고, 어느 식도 쓰지 않습니다.",
                    did_you_mean(name.partition("::")[0], known, "쓰지 않는 열이면 지우세요."),
                )

    def _check_bare_names(self, expression: Expression, cell: Cell) -> None:
        """`mode = 'self'` looks below the question itself and is never true."""
        for name, place in expression.bare:
            known = name in self._survey.names
            self._findings.add(
                cell.sheet,
                cell.row,
                cell.column,
                f"{place + 1}번째 글자: '{shown(name)}'은(는) 문항을 가리키지 않습니다.",
                f"'${{{name}}}'(으)로 고치세요."
                if known
                else "문항이면 '${문항이름}'으로, 글자이면 따옴표로 감싸 적으세요.",
            )

    def _check_login(self, question: Question, calculation: Expression) -> None:
        """Who filled a form is asked once: an amendment by another must not rewrite it (F6)."""
        asks = any(
            named.kind.name in _LOGIN_KINDS
            for name in outside_once(calculation.tree)
            for named in self._survey.named(name)
        )
        if asks:
            self._tell(
                question.row,
                "calculation",
                "작성자를 다시 계산하는 식입니다. 다른 사람이 고치면 작성자가 바뀝니다.",
                f"'once({shown(calculation.text)})'처럼 once()로 감싸세요.",
            )

    def _cell(self, row: TableRow, meaning: str) -> Cell:
        return Cell(row.sheet, row.number, row.head(meaning))

    def _tell(self, row: TableRow, meaning: str, problem: str, remedy: str) -> None:
        self._findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)
