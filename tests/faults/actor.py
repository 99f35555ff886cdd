"""A process that works as a laptop does until a failpoint kills it: `python -m tests.faults.actor`.

It prints one line after each thing that was acknowledged to the worker, so that the test which
started it knows what may not be lost.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fieldapp.usecases import filling
from tests.laptops import ANSWERS, AppLaptop, open_laptop


def main(action: str, folder: str, packs: str) -> None:
    """Do one thing over and over until something kills this process."""
    laptop = open_laptop(Path(folder), Path(packs))
    {"draft": keep_drafts, "save": save_surveys}[action](laptop)
    laptop.close()


def keep_drafts(laptop: AppLaptop) -> None:
    """Type a survey, keeping the draft at every question."""
    form = filling.open_new(laptop.session, "P13e")
    for path, text in ANSWERS.items():
        form.filling.answer(path, text)
        filling.keep_draft(laptop.session, form.snapshot(path))
        print(path, flush=True)


def save_surveys(laptop: AppLaptop) -> None:
    """Finish surveys one after another."""
    for serial in range(1, 100):
        print(laptop.record_survey(serial=str(serial)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
