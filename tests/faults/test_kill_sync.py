"""The short run of `make fault-test`; and no place to die at is forgotten by the kill tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.server.embedded import EmbeddedPostgres
from tests.faults import kill_backups, kill_desk, kill_profiles, kill_rekey, sync_places

GENEROUS_S = 600
ROOT = Path(__file__).parents[2]
#: Wherever a place stands, one of these dies there.
TABLES = {
    *kill_desk.PLACES,
    *kill_backups.PLACES,
    *kill_profiles.PLACES,
    *kill_rekey.PLACES,
    *sync_places.ON_ANY_COMMAND,
    *sync_places.ELSEWHERE,
    *(place.name for place in sync_places.PLACES),
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX")


def test_a_death_at_every_place_of_an_exchange_loses_nothing_and_doubles_nothing(
    postgres: EmbeddedPostgres,
) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.faults.kill_sync"),
            *("--cluster", postgres.owner_url, postgres.sync_url),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=GENEROUS_S,
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-2:] == ["places never passed: 0", "promises broken: 0"]


def test_every_place_in_the_code_stands_in_the_table_of_a_kill_test() -> None:
    places = {
        name
        for file in (ROOT / "fieldapp").rglob("*.py")
        for name in re.findall(r"\breach\(\s*[\"']([a-z_.]+)[\"']", file.read_text())
    }

    assert len(places) > 30
    assert places == TABLES
    for name, test in sync_places.ELSEWHERE.items():
        assert name in (ROOT / test).read_text()
