"""A full disk: the worker is told, nothing is half written, and saving goes on with room."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from fieldapp.errors import StoreFull
from fieldapp.usecases import filling, finishing, records
from tests.laptops import ANSWERS, new_laptop


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

    assert [row.record_id for row in records.records_page(laptop.session).rows] == [
        form.record_id,
        saved,
    ]
    ballast.unlink()
    finishing.finish(laptop.session, form.snapshot("good"))
    assert laptop.answers(form.record_id)["good"].startswith("가상-길게")
    laptop.close()
