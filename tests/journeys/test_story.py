"""`make run`: the two-minute story of 가상구, from the first key to the account at its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_LIMIT_S = 600


@pytest.fixture
def told(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """The story played once in a process of its own, without opening the app."""
    environment = {**os.environ, "DEMO": "once", "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-m", "fieldapp", "demo", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        env=environment,
        check=False,
    )


def test_the_story_ends_with_everything_where_it_was_to_arrive(
    told: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    assert told.returncode == 0, told.stderr[-2_000:]
    lines = told.stdout.splitlines()
    assert "현장에서 한 번만 적었습니다." in lines
    assert not [line for line in lines if line.startswith("  ! ")]
    out = tmp_path / "out"
    for kind in ("pdf", "hwpx", "xlsx"):
        assert len(list(out.glob(f"*.{kind}"))) == 3
    assert len(list((out / "screens").glob("*.png"))) == 24
