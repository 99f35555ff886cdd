"""A worker who types at the real window until this process is killed.

`python -m tests.journeys.typing_actor FOLDER PACKS` with FIELDAPP_FAILPOINT set.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from fieldapp.clock import SystemClock
from fieldapp.demo.surveys import TWELVE
from fieldapp.demo.worker import WorkerAtLaptop, survey_answers
from fieldapp.settings import read_settings
from fieldapp.start import open_laptop
from fieldapp.ui.application import build_application
from tests.journeys.conftest import LAPTOP_PASSWORD, worker_of


def main(folder: str, packs: str) -> None:
    """Make a profile, then key one survey after another."""
    settings = replace(read_settings(), packs=Path(packs))
    application = build_application(["fieldapp"], settings.fonts)
    window = open_laptop(settings, Path(folder), SystemClock(), Path(folder))
    typing = WorkerAtLaptop(window, worker_of("가상-오사무", "가상-햇살동"))
    typing.make_profile(LAPTOP_PASSWORD)
    for survey in TWELVE:
        typing.open_survey()
        for path, text in survey_answers(survey).items():
            typing.answer({path: text})
            typing.hands.wait_until(window.jobs.is_idle, "the draft to be kept")
            print(survey.serial, path, flush=True)
        typing.finish()
        print(survey.serial, "완료", flush=True)
    application.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
