"""A disk that fails at the n-th write or flush: what was acknowledged is there, whatever n is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.storage.database import Store
from tests.storage import building as b

GENEROUS_S = 120
SHIM = Path(__file__).with_name("failing_disk.c")
#: Saves big enough that the log is folded into the file between them; every error is one that the
#: worker is told, and the next save is tried all the same.
PROGRAM = """
import ctypes, sys
from pathlib import Path
from fieldapp.errors import StoreTrouble
from fieldapp.storage.database import Store
from tests.storage import building as b
shim = ctypes.CDLL(sys.argv[3])
store = Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
with store.writing() as db:
    db.execute("PRAGMA wal_autocheckpoint = 40")
shim.failing_disk_begin()
for number in range(1, 13):
    try:
        print("saved", b.create(store, {"serial": str(number), "good": "가" * 4000}), flush=True)
    except StoreTrouble as trouble:
        print("told", type(trouble).__name__, flush=True)
print("calls", shim.failing_disk_calls(), flush=True)
try:
    store.close()
except StoreTrouble as trouble:
    print("told", type(trouble).__name__, flush=True)
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The failing disk, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("NOT RUN: a failing disk wants Linux and a C compiler")
    made = tmp_path_factory.mktemp("shim") / "failing_disk.so"
    asked = [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(SHIM), "-ldl"]
    subprocess.run(asked, check=True, capture_output=True)
    return made


def saves(shim: Path, path: Path, key: bytes, first: int, many: int) -> list[list[str]]:
    """Save on a disk that fails; what the worker was told, a line each."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), key.hex(), str(shim)],
        env={
            **os.environ,
            "LD_PRELOAD": str(shim),
            "FAILING_DISK": str(first),
            "FAILING_DISK_FOR": str(many),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=GENEROUS_S,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


@pytest.mark.parametrize("many", [1, 5])
def test_every_save_acknowledged_on_a_failing_disk_is_there_afterwards(
    shim: Path, tmp_path: Path, many: int
) -> None:
    key = new_data_key()
    template = tmp_path / "template" / "store.db"
    template.parent.mkdir()
    Store.create(template, key, identity=b.IDENTITY, created_at=b.NOON).close()
    sound = Path(shutil.copytree(template.parent, tmp_path / "sound")) / "store.db"
    calls = next(int(n) for what, n in saves(shim, sound, key, 10**9, 1) if what == "calls")
    assert calls > 100
    refused = 0

    for first in range(1, calls + 1, max(1, calls // 7)):
        folder = Path(shutil.copytree(template.parent, tmp_path / f"{first}"))
        heard = saves(shim, folder / "store.db", key, first, many)
        acknowledged = [record for what, record in heard if what == "saved"]
        refused += 12 - len(acknowledged)
        store = Store.open(folder / "store.db", key)
        assert [b.answers_of(store, record)["good"] for record in acknowledged] == [
            "가" * 4000 for _ in acknowledged
        ]
        store.check()
        store.close()

    assert refused
