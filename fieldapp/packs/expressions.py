"""Expressions in cells: `${name}`, XPath, and what each refers to.

An expression is read by the form engine's own parser and compiler, so what passes here opens
there. `${name}` is first blanked to a name of the same length, which keeps every caret in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from fieldapp.errors import ExpressionRefused, FormReason, UnknownPath
from fieldapp.forms import FormDefinition
from fieldapp.forms.xpath import ast, compile_tree, parse
from fieldapp.forms.xpath.functions import FUNCTIONS
from fieldapp.forms.xpath.functions.foreign import INSTEAD
from fieldapp.messages import FORM_REASONS
from fieldapp.packs.findings import Findings, meant, shown

#: A letter that no question name begins with; it marks what stood in `${…}`.
_MARK: Final = "ᚠ"
_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"[^\W\d][\w.\-]*")
#: Excel turns straight quotes into these; pyxform turns them back, and so does this module.
_CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of the workbook that parsed.

    references: names in `${…}`; bare: single names outside predicates, with their 0-based column;
    names: every name it tests.
    """

    text: str
    tree: ast.Expr
    references: tuple[str, ...]
    bare: tuple[tuple[str, int], ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where an expression stands."""

    sheet: str
    row: int
    column: str


def references_in(text: str) -> tuple[str, ...]:
    """The names in `${…}`, in order, each once."""
    return tuple(dict.fromkeys(match[1] for match in _REFERENCE.finditer(text)))


def read_expression(text: str, cell: Cell, findings: Findings) -> Expression | None:
    """The expression, or None with the problem in findings (kind, place in the text, remedy)."""
    straight = text.translate(_CURLY)
    if not _references_are_sound(straight, cell, findings):
        return None
    blanked = _REFERENCE.sub(lambda match: f" {_MARK}{match[1]} ", straight)
    try:
        tree = parse(blanked)
        compile_tree(tree, blanked)
    except ExpressionRefused as error:
        _tell(error, text, cell, findings)
        return None
    bare: list[tuple[str, int]] = []
    names: set[str] = set()
    for node, is_inside_predicate in walk(tree):
        if isinstance(node, ast.NameTest):
            names.add(node.local)
        elif isinstance(node, ast.Path) and not is_inside_predicate:
            test = _bare_name(node)
            if test is not None:
                bare.append((test.local, test.column))
    return Expression(
        straight,
        tree,
        references_in(straight),
        tuple(bare),
        frozenset(name for name in names if not name.startswith(_MARK)),
    )


def as_xpath(text: str, definition: FormDefinition) -> str:
    """The expression with each `${name}` as the path that pyxform writes for it.

    A question inside a repeat is then all its answers, for `join` and `sum`. Raises UnknownPath.
    """

    def path(match: re.Match[str]) -> str:
        if match[1] not in definition.paths:
            raise UnknownPath(path=match[1])
        return f" /{definition.root.local}/{definition.paths[match[1]]} "

    return _REFERENCE.sub(path, text.translate(_CURLY))


def referred(path: ast.Expr) -> str | None:
    """The question that a tree names when it is nothing but `${name}`."""
    if isinstance(path, ast.Path) and path.start == "context" and len(path.steps) == 1:
        test = path.steps[0].test
        if isinstance(test, ast.NameTest) and test.local.startswith(_MARK):
            return test.local.removeprefix(_MARK) if not path.steps[0].predicates else None
    return None


def _references_are_sound(text: str, cell: Cell, findings: Findings) -> bool:
    """Every `${` has its `}` and a name between."""
    for match in re.finditer(r"\$\{", text):
        whole = _REFERENCE.match(text, match.start())
        if whole is None:
            problem = f"{match.start() + 1}번째 글자의 '${{'가 닫히지 않았습니다."
            remedy = "문항 이름 뒤에 '}'를 붙이세요."
        elif whole[1].startswith("last-saved#"):
            problem = f"'{shown(whole[0])}': 앞서 낸 기록의 답은 아직 가져올 수 없습니다."
            remedy = "그 식을 지우거나 이 기록의 문항으로 고치세요."
        elif not _NAME.fullmatch(whole[1]):
            problem = f"'{shown(whole[0])}' 안에 문항 이름이 아닌 것이 있습니다."
            remedy = "'${문항이름}'처럼 빈칸 없이 이름만 적으세요."
        else:
            continue
        findings.add(cell.sheet, cell.row, cell.column, problem, remedy)
        return False
    return True


def _bare_name(path: ast.Path) -> ast.NameTest | None:
    if path.start != "context" or not path.steps:
        return None
    step = path.steps[0]
    if step.axis != "child" or not isinstance(step.test, ast.NameTest):
        return None
    if step.test.local.startswith(_MARK) or step.test.local == "*":
        return None
    return step.test


def is_reference(test: ast.NameTest) -> bool:
    """Whether a name stood in `${…}`."""
    return test.local.startswith(_MARK)


def outside_once(tree: ast.Expr) -> frozenset[str]:
    """The questions that an expression asks anew each time: those that `once()` does not keep."""
    found: set[str] = set()
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting += node
        elif isinstance(node, ast.NameTest) and is_reference(node):
            found.add(node.local.removeprefix(_MARK))
        elif is_dataclass(node) and not (isinstance(node, ast.Call) and node.name == "once"):
            waiting += (getattr(node, part.name) for part in fields(node))
    return frozenset(found)


def unlike(tree: ast.Expr) -> frozenset[str]:
    """The questions that an expression finds unlike some word (`!=`), and never asks for empty.

    An unanswered question is unlike every word, which is seldom what was meant.
    """
    words: dict[str, set[str]] = {}
    unequal: set[str] = set()
    for node, _ in walk(tree):
        if isinstance(node, ast.Binary) and node.operator in {"=", "!="}:
            for side, other in ((node.left, node.right), (node.right, node.left)):
                name = referred(side)
                if name is not None and isinstance(other, ast.StringLiteral):
                    words.setdefault(name, set()).add(other.value)
                    unequal |= {name} if node.operator == "!=" else set()
    return frozenset(name for name in unequal if "" not in words[name])


def walk(tree: Any, *, inside: bool = False) -> Iterator[tuple[Any, bool]]:
    """Every node of a tree, and whether it is in a predicate. No recursion: chains are long."""
    waiting: list[tuple[Any, bool]] = [(tree, inside)]
    while waiting:
        node, is_inside = waiting.pop()
        if isinstance(node, tuple):
            waiting += ((item, is_inside) for item in reversed(node))
        elif is_dataclass(node):
            yield node, is_inside
            waiting += (
                (getattr(node, part.name), is_inside or part.name == "predicates")
                for part in reversed(fields(node))
            )


_REMEDIES: Final[dict[FormReason, str]] = {
    FormReason.OPEN_QUOTE: "글자를 감싼 따옴표를 닫으세요. 예: ${mode}='helped'",
    FormReason.ENDS_EARLY: "끝에 남은 연산자를 지우거나 그 뒤에 값을 적고, 여는 괄호는 닫으세요.",
    FormReason.UNEXPECTED: "그 자리 앞뒤에 빠진 값이나 연산자, 남는 괄호가 없는지 보세요.",
    FormReason.UNKNOWN_CHARACTER: "지우세요. 곱셈은 *, 나눗셈은 div, 같지 않음은 !=로 적습니다.",
    FormReason.VARIABLE: "문항은 '${문항이름}'으로 적습니다.",
    FormReason.ARGUMENT_COUNT: "함수에 주는 값의 개수를 맞추세요.",
    FormReason.TOO_DEEP: "식을 여러 calculate 문항으로 나누세요.",
    FormReason.TOO_LARGE: "식을 여러 calculate 문항으로 나누세요.",
    FormReason.EMPTY: "식을 적으세요.",
}


def _tell(error: ExpressionRefused, text: str, cell: Cell, findings: Findings) -> None:
    facts = error.facts
    reason = facts["reason"]
    assert isinstance(reason, FormReason)  # noqa: S101 - what the engine promises
    name = str(facts.get("name", ""))
    name = re.sub(rf"{_MARK}([\w.\-]+)", r"${\1}", name)
    column = facts.get("column")
    sentence = FORM_REASONS[reason].format(name=shown(name))
    place = f"{column + 1}번째 글자: " if isinstance(column, int) and column < len(text) else ""
    remedy = _REMEDIES.get(reason, "식을 고치세요.")
    if reason is FormReason.UNKNOWN_FUNCTION:
        near = meant(name, frozenset(FUNCTIONS))
        remedy = f"'{near}'(으)로 고치세요." if near else "쓸 수 있는 함수 이름으로 고치세요."
    if reason is FormReason.FOREIGN_FUNCTION:
        instead = INSTEAD.get(name)
        remedy = f"'{instead}'(으)로 고치세요." if instead else "ODK 함수로 고쳐 쓰세요."
    findings.add(
        cell.sheet, cell.row, cell.column, f"{place}{sentence}. 식: {shown(text, 80)}", remedy
    )
