"""What docs/security.md claims, a test of its own holds."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = (_ROOT / "docs" / "security.md").read_text("utf-8")
_CLAIM = re.compile(
    r"^\| (?P<claim>.+) \| `(?P<file>tests/[\w/]+\.py)` (?P<test>test_\w+) \|$", re.MULTILINE
)


@cache
def promised_in(file: str) -> frozenset[str]:
    tree = ast.parse((_ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(
    ("file", "test"), sorted({(row["file"], row["test"]) for row in _CLAIM.finditer(_PAGE)})
)
def test_a_claim_about_security_names_a_test_that_exists(file: str, test: str) -> None:
    assert test in promised_in(file)


def test_every_row_of_the_page_is_a_claim_with_a_test() -> None:
    rows = [
        line
        for line in _PAGE.splitlines()
        if line.startswith("| ") and not line.startswith(("| what ", "| --"))
    ]

    assert len(rows) > 20
    assert all(_CLAIM.match(row) for row in rows)
