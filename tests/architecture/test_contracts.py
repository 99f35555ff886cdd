"""The import contracts leave no room and no library of a single room unguarded.

`make test` runs lint-imports itself; here stands that the contracts cannot be hollowed out.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

from tests.architecture.tree import ROOT, our_modules, our_texts

#: Rooms that every other may import.
_OPEN = {"errors", "messages", "failpoints"}
#: Libraries that cross rooms on purpose: wire shapes, XML.
_SHARED = {"msgspec", "lxml"}


def _contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads(our_texts()["pyproject.toml"])["tool"]["importlinter"]
    contracts: list[dict[str, Any]] = settings["contracts"]
    return contracts


def _protected() -> set[str]:
    return {module for one in _contracts() for module in one.get("protected_modules", [])}


def _rooms() -> set[str]:
    children = (ROOT / "fieldapp").iterdir()
    return {
        child.stem
        for child in children
        if (child / "__init__.py").is_file() or (child.suffix == ".py" and child.stem != "__init__")
    }


def _imported(tree: ast.Module) -> Iterator[str]:
    """Names of the top-level packages a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _mentioned(tree: ast.Module) -> Iterator[str]:
    """Every name and attribute a module uses, and the names it imports from elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name


def test_every_room_says_who_may_import_it() -> None:
    # The three that build things stand on top of the layers, where nothing can import them.
    closed = _rooms() - _OPEN - {"__main__", "start", "demo"}

    assert {f"fieldapp.{room}" for room in closed} == {
        module for module in _protected() if module.startswith("fieldapp.")
    }


def test_no_contract_looks_away() -> None:
    assert [one["id"] for one in _contracts() if any("ignore" in key for key in one)] == []
    assert [one["exhaustive"] for one in _contracts() if one["type"] == "layers"] == [True]


def test_every_library_is_known_to_the_rooms_its_contract_names() -> None:
    ours = {"fieldapp", *sys.stdlib_module_names}
    used = {
        library
        for name, tree in our_modules().items()
        if name.startswith("fieldapp/")
        for library in _imported(tree)
    }

    assert used - ours - _SHARED <= _protected()


def test_rooms_are_not_reached_by_a_name_in_a_string() -> None:
    hidden = [
        name
        for name, tree in our_modules().items()
        if name.startswith("fieldapp/") and {"import_module", "__import__"} & {*_mentioned(tree)}
    ]

    assert hidden == []
