"""A full disk: the worker is told, nothing is half written, and saving goes on with room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fieldapp.errors import StoreFull
from fieldapp.usecases import filling, finishing, records
from tests.laptops import ANSWERS, new_laptop


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a tmpfs takes root: the full disk was NOT tried")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no tmpfs: the full disk was NOT tried")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_loses_nothing_that_was_typed(small_disk: Path, compiled_packs: Path) -> None:
    laptop = new_laptop(small_disk, compiled_packs)
    saved = laptop.record_survey(serial="1")
    form = filling.open_new(laptop.session, "P13e")
    for path, text in ANSWERS.items():
        form.filling.answer(path, text)
    filling.keep_draft(laptop.session, form.snapshot("damage"))
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(4096)):
            pass
    form.filling.answer("good", "가상-" + "길게 적은 글 " * 4000)

    with pytest.raises(StoreFull):
        filling.keep_draft(laptop.session, form.snapshot("good"))
    with pytest.raises(StoreFull):
        finishing.finish(laptop.session, form.snapshot("good"))

    assert [row.record_id for row in records.records_and_drafts(laptop.session)] == [
        form.record_id,
        saved,
    ]
    ballast.unlink()
    finishing.finish(laptop.session, form.snapshot("good"))
    assert laptop.answers(form.record_id)["good"].startswith("가상-길게")
    laptop.close()
