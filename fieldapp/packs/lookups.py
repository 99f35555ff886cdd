"""`instance('list')/root/item[name=${x}]/column`: whether list and column are there.

A column that is not there is no mistake to XPath: the value is empty, for ever and in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fieldapp.forms.xpath import ast
from fieldapp.packs.about import entity_lists, reference_lists
from fieldapp.packs.columns import Table
from fieldapp.packs.entities import lists_asked, read_lists, standing_columns
from fieldapp.packs.expressions import Cell, Expression, is_reference, walk
from fieldapp.packs.findings import NEAR, Findings, did_you_mean, meant, shown
from fieldapp.packs.survey import Question, Survey

_SHAPE: Final = ("root", "item")
_REMEDY: Final = "instance('목록')/root/item[name=${문항}]/속성으로 적으세요."
#: Columns that pyxform gives the rows of a choice list.
_OF_CHOICES: Final = frozenset({"name", "label", "itextId"})


@dataclass(frozen=True, slots=True)
class Lookups:
    """What expressions may look things up in."""

    choices: Mapping[str, frozenset[str]]
    has_translations: bool
    asked: frozenset[str]
    known: frozenset[str]
    saved: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, survey: Survey, tables: Mapping[str, Table]) -> Lookups:
        """The lists of a workbook."""
        table = tables["choices"]
        extra = {column.meaning.removeprefix("=") for column in table.columns}
        written = read_lists(tables["entities"], survey)
        return cls(
            dict.fromkeys(survey.lists, frozenset(extra | _OF_CHOICES)),
            bool(table.languages),
            frozenset(lists_asked(survey)),
            entity_lists(tables["entities"]) | reference_lists(tables["pack"]),
            {one.name: standing_columns(one) for one in written if one.properties},
        )

    def check(self, expression: Expression, cell: Cell, findings: Findings) -> None:
        """Every look-up of the expression."""
        for path, name in _instances(expression.tree):
            problem = self._problem_of(name) or self._shape_problem(path, name)
            if problem is not None:
                findings.add(cell.sheet, cell.row, cell.column, *problem)
                continue
            for column in _columns(path):
                self._check_column(name, column, cell, findings)

    def check_filter(
        self, question: Question, expression: Expression, cell: Cell, findings: Findings
    ) -> None:
        """The columns that a `choice_filter` asks of the question's own choices."""
        name = question.kind.list_asked or question.kind.choices
        if name in self.choices or name in self.asked:
            for column, _ in expression.bare:
                self._check_column(name, column, cell, findings)

    def _problem_of(self, name: str) -> tuple[str, str] | None:
        if name in self.choices or name in self.asked:
            return None
        if name in self.known:
            # A row whose list is misspelt, and told, may well be the one that is missed here.
            if self.asked - self.known:
                return None
            return (
                f"'{shown(name)}' 목록을 부르지 않는 서식입니다.",
                f"survey 시트에 type이 csv-external, name이 {name}인 행을 넣으세요.",
            )
        return (
            f"'{shown(name)}'이라는 목록이 없습니다.",
            did_you_mean(
                name,
                frozenset(self.choices) | self.known,
                "choices 시트의 목록이나 대상 목록의 이름으로 고치세요.",
            ),
        )

    @staticmethod
    def _shape_problem(path: ast.Path, name: str) -> tuple[str, str] | None:
        steps = tuple(
            step.test.local
            for step in path.steps[:2]
            if isinstance(step.test, ast.NameTest) and step.axis == "child"
        )
        if steps == _SHAPE:
            return None
        return f"instance('{shown(name)}') 뒤를 읽을 수 없습니다.", _REMEDY

    def _check_column(self, name: str, column: str, cell: Cell, findings: Findings) -> None:
        known = self.choices.get(name)
        if known is None:
            self._note_column(name, column, cell, findings)
        elif column not in known:
            findings.add(
                cell.sheet,
                cell.row,
                cell.column,
                f"'{shown(name)}' 목록에 '{shown(column)}'이라는 열이 없습니다.",
                did_you_mean(column, known, "choices 시트의 머리글에 있는 이름으로 고치세요."),
            )
        elif column == "label" and self.has_translations:
            findings.add(
                cell.sheet,
                cell.row,
                cell.column,
                "번역이 있는 보기에서는 label을 이렇게 가져올 수 없습니다.",
                "jr:choice-name(${문항}, '${문항}')을 쓰거나, 언어를 붙이지 않은 열을 "
                "choices 시트에 만들어 가져오세요.",
            )

    def _note_column(self, name: str, column: str, cell: Cell, findings: Findings) -> None:
        """Another workbook may save the property: only what looks like a slip is mentioned."""
        saved = self.saved.get(name, frozenset())
        near = meant(column, saved, cutoff=NEAR)
        if column in saved or near is None:
            return
        findings.note(
            cell.sheet,
            cell.row,
            cell.column,
            f"이 서식은 '{shown(name)}' 대상에 '{shown(column)}'을(를) 남기지 않습니다. "
            f"'{near}'을(를) 뜻한 것인지 보세요.",
        )


def _instances(tree: ast.Expr) -> Iterator[tuple[ast.Path, str]]:
    for node, _ in walk(tree):
        if isinstance(node, ast.Path) and isinstance(node.start, ast.Call):
            name = node.start.arguments[0] if node.start.arguments else None
            if node.start.name == "instance" and isinstance(name, ast.StringLiteral):
                yield node, name.value


def _columns(path: ast.Path) -> Iterator[str]:
    """The column that a look-up ends in, and those that its predicates test."""
    if len(path.steps) > len(_SHAPE):
        yield from _first_names(path.steps[len(_SHAPE) :])
    for step in path.steps:
        for predicate in step.predicates:
            for node, is_deeper in walk(predicate):
                if isinstance(node, ast.Path) and node.start == "context" and not is_deeper:
                    yield from _first_names(node.steps)


def _first_names(steps: tuple[Any, ...]) -> Iterator[str]:
    step = steps[0] if steps else None
    if step is not None and step.axis == "child" and isinstance(step.test, ast.NameTest):
        name = step.test.local
        if name != "*" and not is_reference(step.test):
            yield name
