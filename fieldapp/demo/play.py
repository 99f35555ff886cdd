"""`make run`: the first errand, played through real windows, a real server and real files.

A keys twelve surveys offline, the server is switched on, A exchanges, B pulls and prints; then the
counts are read back from PostgreSQL, from B's store and from the files, and told in Korean.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from fieldapp.clock import SystemClock
from fieldapp.demo.account import Account, read_back
from fieldapp.demo.district import (
    LAPTOP_PASSWORD,
    SECRETARY,
    SERVER_PASSWORD,
    WELFARE,
    District,
    opened_district,
)
from fieldapp.demo.surveys import TWELVE
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.access import Worker
from fieldapp.settings import Settings, read_settings
from fieldapp.start import open_laptop, stay_open
from fieldapp.ui.application import build_application, has_display

#: What a 1366×768 panel leaves for a window.
WINDOW_PX = (1366, 688)


def play(out: Path, *, opens_app: bool = True) -> int:
    """Play the errand, print its account, then open the app where there is a display.

    Returns 1 when a count read back differs from what was written. `DEMO=once` stops after it.
    """
    settings = read_settings()
    application = build_application(sys.argv[:1], settings.fonts)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fieldapp-demo-") as name:
        folder = Path(name)
        # As root, the embedded PostgreSQL works as a user of its own, who must pass through here.
        folder.chmod(0o711)
        fresh(out)
        with opened_district(folder / "postgres", settings, SystemClock()) as district:
            account = _errand(district, settings, folder, out)
            print(account.as_text(seconds=time.monotonic() - began))
            if account.problems():
                return 1
            application.processEvents()
            if opens_app and has_display() and os.environ.get("DEMO") != "once":
                print(f"\n앱을 엽니다. 비밀번호: {LAPTOP_PASSWORD}")
                return stay_open(application, replace(settings, profiles=folder / "b"))
    return 0


def fresh(out: Path) -> None:
    """An empty `out/` with its folder of pictures; only what this errand makes is taken away."""
    (out / "screens").mkdir(parents=True, exist_ok=True)
    for pattern in ("*.pdf", "*.xlsx", "screens/*.png"):
        for old in out.glob(pattern):
            old.unlink()


def _errand(district: District, settings: Settings, folder: Path, out: Path) -> Account:
    first = _at_laptop(settings, folder / "a", SECRETARY, out)
    first.make_profile(LAPTOP_PASSWORD)
    for survey in TWELVE:
        first.key_survey(survey, pictures=out / "screens" if survey.serial == 1 else None)
    first.picture(out / "screens" / "05-records.png")

    address = district.switch_on()
    first.sign_in(address, SERVER_PASSWORD, district.codes[SECRETARY.user])
    first.exchange()
    first.picture(out / "screens" / "06-exchanged.png")

    second = _at_laptop(settings, folder / "b", WELFARE, out)
    second.make_profile(LAPTOP_PASSWORD)
    second.sign_in(address, SERVER_PASSWORD, district.codes[WELFARE.user])
    second.exchange()
    second.show("records")
    second.picture(out / "screens" / "07-second-laptop.png")
    second.print_summary(picture=out / "screens" / "08-summary.png")

    account = read_back(district, first.session(), second.session(), out)
    first.window.close()
    second.window.close()
    return account


def _at_laptop(settings: Settings, profiles: Path, worker: Worker, out: Path) -> WorkerAtLaptop:
    window = open_laptop(settings, profiles, SystemClock(), out)
    window.resize(*WINDOW_PX)
    return WorkerAtLaptop(window, worker)
