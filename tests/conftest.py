"""What must stand before any test: Qt without a screen, a private runtime folder, hypothesis.

Qt aborts the whole process where there is no screen and nobody said so; the embedded PostgreSQL
warns, and a warning is an error, where there is no XDG_RUNTIME_DIR. Workers of xdist inherit both.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from tests.disks import small_disk

if TYPE_CHECKING:
    from fieldapp.server.embedded import EmbeddedPostgres

__all__ = ["small_disk"]

ROOT = Path(__file__).resolve().parent.parent


def _make_runtime_folder() -> None:
    """A folder that is gone with the process that made it, and no other."""
    if Path(os.environ.get("XDG_RUNTIME_DIR") or ROOT / "missing").is_dir():
        return
    folder = tempfile.mkdtemp(prefix="fieldapp-tests-")
    os.environ["XDG_RUNTIME_DIR"] = folder
    maker = os.getpid()

    def remove() -> None:
        if os.getpid() == maker:  # children made by fork inherit this exit handler
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


def _share_compiled_code() -> None:
    """Where the environment forbids `__pycache__`, hundreds of child processes would each compile
    the whole app, and each run rewrite every test: half of what they cost. `.run` is ours.
    """
    if sys.dont_write_bytecode:
        sys.dont_write_bytecode = False
        sys.pycache_prefix = str(ROOT / ".run" / "pycache")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix


os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_make_runtime_folder()
_share_compiled_code()

# Shared cores make deadlines lie. A failure prints the blob that replays it, so nothing is kept.
set_hypothesis_home_dir(ROOT / ".run" / "hypothesis")
hypothesis.settings.register_profile(
    "fieldapp", deadline=None, max_examples=60, print_blob=True, database=None
)
hypothesis.settings.load_profile("fieldapp")


@pytest.fixture(scope="session")
def cluster() -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL a process; each folder of tests gets a database of its own in it. Tests kill
    processes and no machine, so that it may leave the flushing of its disk to the system.
    """
    from tests.servers import embedded_postgres, without_flushing

    with embedded_postgres() as running:
        without_flushing(running)
        yield running


#: From those that take longest to those that are over at once, whatever folder comes between.
_LONG, _SHORT = ("journeys", "faults", "ui", "usecases"), ("domain", "crypto", "contracts")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: looking for garbage in it costs a twentieth of a run."""
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest errands first, so that no worker is left alone with one at the end."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """A folder in the tree of tests is run before those of a higher number."""
    if item.path.stem == "test_story":
        return 0
    folder = item.path.relative_to(ROOT / "tests").parts[0]
    if folder in _LONG:
        return 1 + _LONG.index(folder)
    return 2 + len(_LONG) + (folder in _SHORT)
