"""A small disk of its own for a test: one that fills up, or that is made read-only."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Two megabytes of disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    if mounted:
        mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
        mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    if not mounted:
        pytest.skip("NOT RUN: a disk of its own wants root, Linux and the right to mount a tmpfs")
    yield folder
    # Lazily: a test that failed has left its store open.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(disk: Path, how: str) -> None:
    """Make it read-only ("ro") or writable again ("rw"); no file may be open on it for writing."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)
