"""bandit over the app: whatever it finds is answered where it stands, in words.

ruff asks the same questions (its rules S…) and is given the reason on the line; bandit reads the
code by itself, so that neither tool's blind spot goes unseen. Settings: pyproject, [tool.bandit].
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("bandit", reason="bandit is not installed here")

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_finding_of_bandit_has_its_reason_on_the_line() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bandit",
            "-q",
            "-c",
            "pyproject.toml",
            "-f",
            "json",
            "-r",
            "fieldapp",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)

    assert report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 10_000
    assert [_place(found) for found in report["results"] if not _is_answered(found)] == []


def _is_answered(found: dict[str, object]) -> bool:
    """Whether a line of the statement says `noqa: S…` with bandit's own number, and why."""
    lines = (ROOT / str(found["filename"])).read_text(encoding="utf-8").splitlines()
    span = found["line_range"]
    assert isinstance(span, list)
    asked = f"noqa: {str(found['test_id']).replace('B', 'S')}"
    # The closing line of a long statement is where ruff wants its answer.
    return any(asked in line for line in lines[min(span) - 1 : max(span) + 1])


def _place(found: dict[str, object]) -> str:
    return f"{found['filename']}:{found['line_number']} {found['test_id']} {found['issue_text']}"
