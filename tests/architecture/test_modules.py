"""Modules stay small, named and explained."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import our_modules, our_texts

_MAX_LINES = 500
_MAX_METHODS = 25
#: Names under which anything could be put, and soon is.
_EMPTY_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "manager"}


def test_no_module_is_longer_than_five_hundred_lines() -> None:
    lengths = {name: len(our_texts()[name].splitlines()) for name in our_modules()}

    assert {name: lines for name, lines in lengths.items() if lines > _MAX_LINES} == {}


def test_no_class_has_more_than_twenty_five_methods() -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    counts = {
        f"{name}:{node.name}": sum(isinstance(part, functions) for part in node.body)
        for name, tree in our_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }

    assert {name: count for name, count in counts.items() if count > _MAX_METHODS} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        name
        for name in our_modules()
        if _EMPTY_NAMES & {*PurePosixPath(name).with_suffix("").parts}
    ] == []


def test_every_module_of_the_app_says_what_it_is_for() -> None:
    silent = [
        name
        for name, tree in our_modules().items()
        if name.startswith(("fieldapp/", "bench/")) and not ast.get_docstring(tree)
    ]

    assert silent == []


def test_every_test_folder_is_a_package_so_that_names_may_repeat() -> None:
    folders = {PurePosixPath(name).parent for name in our_modules() if name.startswith("tests/")}

    assert sorted(str(f) for f in folders if f"{f}/__init__.py" not in our_modules()) == []


@pytest.mark.parametrize("silencer", ["type: ignore\n", "noqa\n", "nosec\n"])
def test_no_check_is_silenced_without_naming_which(silencer: str) -> None:
    # Written apart, so that this line is not found itself.
    mark = "# " + silencer

    assert [name for name in our_modules() if mark in our_texts()[name]] == []
