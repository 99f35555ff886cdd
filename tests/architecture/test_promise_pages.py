"""What docs/security.md and docs/reliability.md claim, a test of its own holds."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_PAGES = {
    name: (_ROOT / "docs" / name).read_text("utf-8") for name in ("reliability.md", "security.md")
}
_CLAIM = re.compile(
    r"^\| (?P<claim>.+) \| `(?P<file>tests/[\w/]+\.py)` (?P<test>test_\w+) \|$", re.MULTILINE
)


@cache
def promised_in(file: str) -> frozenset[str]:
    tree = ast.parse((_ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(
    ("file", "test"),
    sorted(
        {(row["file"], row["test"]) for page in _PAGES.values() for row in _CLAIM.finditer(page)}
    ),
)
def test_a_claim_of_a_page_names_a_test_that_exists(file: str, test: str) -> None:
    assert test in promised_in(file)


@pytest.mark.parametrize("page", _PAGES)
def test_every_row_of_a_page_is_a_claim_with_a_test(page: str) -> None:
    rows = [
        line
        for line in _PAGES[page].splitlines()
        if line.startswith("| ") and not line.startswith(("| what ", "| --"))
    ]

    assert len(rows) > 20
    assert all(_CLAIM.match(row) for row in rows)
