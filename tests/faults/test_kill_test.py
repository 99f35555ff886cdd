"""The short run of `make kill-test`: what its three figures say after thirty kills."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

GENEROUS_S = 300

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX")


def test_thirty_kills_corrupt_nothing_and_lose_nothing_acknowledged() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill_test", "--kills", "30"],
        capture_output=True,
        text=True,
        check=False,
        timeout=GENEROUS_S,
        cwd=Path(__file__).parents[2],
    )

    assert done.returncode == 0, done.stdout + done.stderr
    *_, kills, corrupt, lost, _loss = done.stdout.splitlines()
    assert kills.startswith("30 kills in ")
    assert corrupt == "corrupt stores: 0"
    assert lost == "acknowledged rows lost: 0"
