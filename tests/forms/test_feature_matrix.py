"""What docs/forms.md says the engine can do, a test of its own holds."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from fieldapp.forms.xpath.functions import FUNCTIONS
from tests.conformance.form_deviations import SCENARIOS, SESSIONS
from tests.conformance.xpath_deviations import DATA_MODEL, REASONS

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = (_ROOT / "docs" / "forms.md").read_text("utf-8")
_DEVIATIONS = " ".join((_ROOT / "docs" / "forms-deviations.md").read_text("utf-8").split())
_ROW = re.compile(
    r"^\| (?P<feature>.+) \| `(?P<file>tests/[\w/]+\.py)` (?P<test>test_\w+) \|$", re.MULTILINE
)


@cache
def promised_in(file: str) -> frozenset[str]:
    tree = ast.parse((_ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(
    ("file", "test"), sorted({(row["file"], row["test"]) for row in _ROW.finditer(_PAGE)})
)
def test_a_row_of_the_matrix_names_a_test_that_exists(file: str, test: str) -> None:
    assert test in promised_in(file)


def test_only_what_is_ignored_on_purpose_has_no_test() -> None:
    rows = [line for line in _PAGE.splitlines() if line.startswith("| ") and line.endswith(" - |")]

    assert rows
    assert all("| ignored: " in row for row in rows)


def test_the_matrix_names_every_function_and_no_other() -> None:
    table = _PAGE.partition("### XPath")[2].partition("## Beside")[0]
    lines = [line for line in table.splitlines() if re.match(r"\| `\w+\.py` \|", line)]
    named = [name for line in lines for name in re.findall(r"`([^`]+)`", line)[1:]]

    assert sorted(named) == sorted(FUNCTIONS)


@pytest.mark.parametrize(
    "reason", sorted({*SCENARIOS.values(), *SESSIONS.values(), *REASONS, DATA_MODEL})
)
def test_every_deviation_from_what_was_recorded_stands_in_its_page(reason: str) -> None:
    assert reason in _DEVIATIONS
