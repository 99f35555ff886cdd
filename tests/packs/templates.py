"""Every sentence the installed pyxform can say, read from its own source.

A sentence is written there as text, as an f-string, by `+`, `%` or `.format`, or is held in a
variable first. Each is rendered with a word in place of what it fills in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from inspect import getmodule, getsource, isfunction
from itertools import product
from pathlib import Path
from string import Formatter
from textwrap import dedent
from types import ModuleType
from typing import Final

import pyxform
from pyxform.errors import Detail, ErrorCode

#: Modules that the conversion of a workbook does not enter, and why.
OUT_OF_USE: Final = {
    "instance.py": "answers of a form",
    "xform_instance_parser.py": "answers of a form",
    "xform2json.py": "the way back, from XForm to JSON",
    "validators/updater.py": "downloads validators",
    "validators/util.py": "runs validators",
    "validators/error_cleaner.py": "runs validators",
    "validators/odk_validate/__init__.py": "runs Java; we convert with validate=False",
    "validators/enketo_validate/__init__.py": "runs Node; we convert with enketo=False",
}
#: What stands for anything filled in: a number, for most are rows or are read back as text.
FILLED: Final = "7"
_SPEAKERS: Final = ("PyXFormError", "PyXFormReadError", "ValidationError")
#: The lists in which sentences are collected to be joined.
_COLLECTING: Final = ("errors.append", "lang_msgs.append")


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the line of pyxform that says it."""

    text: str
    where: str


def coded() -> Iterator[tuple[str, str]]:
    """pyxform's own catalogue: the code, and its sentence filled in."""
    for code in ErrorCode:
        yield code.name, filled(code.value.msg)


def filled(template: str) -> str:
    """The template of `str.format` with FILLED in every place."""
    names = {name for _, name, _, _ in Formatter().parse(template) if name}
    return template.format(**dict.fromkeys(names, FILLED))


@lru_cache
def written() -> tuple[Sentence, ...]:
    """The sentences that stand in its code beside that catalogue."""
    return tuple(_written())


def _written() -> Iterator[Sentence]:
    root = Path(pyxform.__file__).parent
    for file in sorted(root.rglob("*.py")):
        name = file.relative_to(root).as_posix()
        if name in OUT_OF_USE or name == "errors.py":
            continue
        module = import_module(".".join(("pyxform", *file.relative_to(root).with_suffix("").parts)))
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for line, text in _Reader(function, module).sentences():
                    # Not what is only the beginning of one.
                    if re.search("[A-Za-z]{2} ", text.removeprefix(f"[row : {FILLED}]")):
                        yield Sentence(text, f"{name}:{line}")


@dataclass(frozen=True)
class _Reader:
    """Reads the sentences of one function."""

    function: ast.FunctionDef
    module: ModuleType

    def sentences(self) -> Iterator[tuple[int, str]]:
        for call in ast.walk(self.function):
            if isinstance(call, ast.Call) and call.args:
                speaker = ast.unparse(call.func)
                if speaker in _SPEAKERS or speaker == "warnings.append":
                    for text in dict.fromkeys(self.texts(call.args[0], frozenset())):
                        yield call.lineno, text

    def texts(self, node: ast.expr, seen: frozenset[str]) -> Iterator[str]:
        """What the expression may be, with FILLED for what only a run knows."""

        def inner(part: ast.expr) -> list[str]:
            return list(self.texts(part, seen))

        if isinstance(node, ast.FormattedValue):
            yield from inner(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from map("".join, product(*map(inner, node.values)))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from map("".join, product(inner(node.left), inner(node.right)))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            yield from (text.replace("%s", FILLED) for text in inner(node.left))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from self._called(node.func, seen)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _returned(vars(self.module).get(node.func.id))
        elif isinstance(node, ast.Name) and node.id not in vars(self.module):
            yield from self._held(node.id, seen)
        else:
            value = self._value(node)
            text = value.msg if isinstance(value, Detail) else value
            yield text if isinstance(text, str) else FILLED

    def _called(self, method: ast.Attribute, seen: frozenset[str]) -> Iterator[str]:
        if method.attr == "format":
            yield from map(filled, self.texts(method.value, seen))
        elif ast.unparse(method) == r"'\n'.join":
            # Sentences collected in a list: they are looked for where they are appended.
            for appended in ast.walk(self.function):
                if isinstance(appended, ast.Call) and ast.unparse(appended.func) in _COLLECTING:
                    yield from self.texts(appended.args[0], seen)
        else:
            yield FILLED

    def _held(self, name: str, seen: frozenset[str]) -> Iterator[str]:
        """A variable: each thing that is assigned to it, but what is made of itself."""
        if name in seen:
            return
        values = self._assigned(name)
        for value in values:
            yield from self.texts(value, seen | {name})
        if not values:
            yield FILLED

    def _assigned(self, name: str) -> list[ast.expr]:
        values: list[ast.expr] = []
        added: list[ast.expr] = []
        for statement in ast.walk(self.function):
            if isinstance(statement, ast.Assign):
                if any(isinstance(it, ast.Name) and it.id == name for it in statement.targets):
                    values.append(statement.value)
            elif isinstance(statement, ast.AugAssign) and ast.unparse(statement.target) == name:
                added.append(statement.value)
        together = (ast.BinOp(before, ast.Add(), more) for before in values for more in added)
        return [*values, *together]

    def _value(self, node: ast.expr) -> object:
        """A constant, a name of the module, an attribute of one; None for what only a run knows."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name) and node.id in vars(self.module):
            return vars(self.module)[node.id]
        if isinstance(node, ast.Name):
            values = (self._value(value) for value in self._assigned(node.id))
            return next((value for value in values if value is not None), None)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            held = self._assigned(node.value.id) or [node.value]
            owners = (self._value(value) for value in held)
            return next(filter(None, (getattr(it, node.attr, None) for it in owners)), None)
        if isinstance(node, ast.Attribute):
            return getattr(self._value(node.value), node.attr, None)
        return None


def _returned(function: object) -> Iterator[str]:
    """What a function of pyxform hands back to be said."""
    module = getmodule(function)
    if not isfunction(function) or module is None or not module.__name__.startswith("pyxform"):
        yield FILLED
        return
    (definition,) = ast.parse(dedent(getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    reader = _Reader(definition, module)
    for statement in ast.walk(definition):
        if not isinstance(statement, ast.Return) or statement.value is None:
            continue
        if ast.unparse(statement.value) != "None":
            yield from reader.texts(statement.value, frozenset())
