"""A disk that fails at the n-th write or flush, or turns read-only: what was acknowledged stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.storage import drafts
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
#: A worker types on while the disk is read-only, and saves when it takes writes again.
READ_ONLY = """
import ctypes, sys
from pathlib import Path
from fieldapp.errors import StoreTrouble
from fieldapp.storage import drafts
from fieldapp.storage.database import Store
from tests.storage import building as b
shim = ctypes.CDLL(sys.argv[3])
store = Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
draft = b.record_id_at()
def keep(text):
    with store.writing() as db:
        drafts.keep(db, b.draft(draft, {"good": text}))
first = b.create(store, {"serial": "1"})
keep("앞서")
shim.failing_disk_begin()
for work in (lambda: keep("나중"), lambda: b.create(store, {"serial": "2"})) * 3:
    try:
        work()
        print("saved", "-", flush=True)
    except StoreTrouble as trouble:
        print("told", type(trouble).__name__, flush=True)
with store.reading() as db:
    print("read", db.count("SELECT count(*) FROM record"), flush=True)
    print("draft", drafts.all_drafts(db)[0].answers["good"], flush=True)
if sys.argv[4] == "mended":
    shim.failing_disk_mend()
    keep("마지막")
    print("saved", b.create(store, {"serial": "3"}), flush=True)
store.close()
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
    disk = {"FAILING_DISK": str(first), "FAILING_DISK_FOR": str(many)}
    return told([PROGRAM, str(path), key.hex(), str(shim)], disk)


def told(program: list[str], disk: dict[str, str]) -> list[list[str]]:
    """Run a program on a disk that fails, the shim its third argument; what it said, by lines."""
    done = subprocess.run(
        [sys.executable, "-c", *program],
        env={**os.environ, "LD_PRELOAD": program[3], **disk},
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
        assert {error for what, error in heard if what == "told"} <= {"StoreUnwritable"}
        store = Store.open(folder / "store.db", key)
        assert [b.answers_of(store, record)["good"] for record in acknowledged] == [
            "가" * 4000 for _ in acknowledged
        ]
        store.check()
        store.close()

    assert refused


@pytest.mark.parametrize("end", ["mended", "closed"])
def test_disk_that_turns_read_only_refuses_every_save_in_words_and_loses_nothing(
    shim: Path, tmp_path: Path, end: str
) -> None:
    key, path = new_data_key(), tmp_path / "store.db"
    Store.create(path, key, identity=b.IDENTITY, created_at=b.NOON).close()
    disk = {"FAILING_DISK": "1", "FAILING_DISK_FOR": str(10**9), "FAILING_DISK_WITH": "EROFS"}

    heard = told([READ_ONLY, str(path), key.hex(), str(shim), end], disk)

    assert heard[:8] == [["told", "StoreUnwritable"]] * 6 + [["read", "1"], ["draft", "앞서"]]
    store = Store.open(path, key)
    with store.reading() as db:
        kept = drafts.all_drafts(db)[0].answers["good"]
        count = db.count("SELECT count(*) FROM record")
    assert (count, kept) == ((2, "마지막") if end == "mended" else (1, "앞서"))
    store.check()
    store.close()
