"""`make run`: two minutes in 가상구, played through real windows, a real server and real files.

First what had been written before is written again, by laptops of its own; then the story; then
the counts are read back from PostgreSQL and from the files, and told in Korean.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fieldapp.clock import SystemClock
from fieldapp.demo import cast
from fieldapp.demo.account import read_back
from fieldapp.demo.district import District, opened_district
from fieldapp.demo.history import History
from fieldapp.demo.people import people
from fieldapp.demo.story import Stage, play_story
from fieldapp.packs import PackWorker, read_pack
from fieldapp.settings import Settings, read_settings
from fieldapp.start import stay_open
from fieldapp.ui.application import build_application, has_display


def play(out: Path, *, opens_app: bool = True, scale: int = 1) -> int:
    """Play the story, print its account, then open the app where there is a display.

    scale: so many times 300 households and their contacts; 67 makes 20,000, for speed tests.

    Returns 1 when something read back differs from what was written. `DEMO=once` stops after it.
    """
    application = build_application(sys.argv[:1], read_settings().fonts)
    began = time.monotonic()
    fresh(out)
    with staged(out, scale=scale) as set_up:
        play_story(set_up.stage)
        set_up.stage.shut_all()
        account = read_back(
            set_up.district,
            out,
            crash_reports=set_up.stage.folder_of(cast.WELFARE).parent / "crashes",
            scale=scale,
        )
        print(account.as_text(seconds=time.monotonic() - began))
        application.processEvents()
        if account.problems():
            return 1
        if opens_app and has_display() and os.environ.get("DEMO") != "once":
            print(f"\n앱을 엽니다. 비밀번호: {cast.LAPTOP_PASSWORD}")
            settings = replace(set_up.stage.settings, profiles=set_up.stage.folder_of(cast.WELFARE))
            return stay_open(application, settings, set_up.stage.clock)
    return 0


def fresh(out: Path) -> None:
    """An empty `out/` with its folder of pictures; only what the story makes is taken away."""
    (out / "screens").mkdir(parents=True, exist_ok=True)
    for pattern in ("*.pdf", "*.hwpx", "*.xlsx", "screens/*.png"):
        for old in out.glob(pattern):
            old.unlink()


@dataclass(slots=True)
class SetUp:
    """A district with its past, and where the story is going to play."""

    district: District
    stage: Stage


@contextmanager
def staged(out: Path, *, scale: int = 1) -> Iterator[SetUp]:
    """The district as it stands on 30 November 2026 at 13:55; gone afterwards."""
    settings = read_settings()
    with tempfile.TemporaryDirectory(prefix="fieldapp-demo-") as name:
        folder = Path(name)
        # As root, the embedded PostgreSQL works as a user of its own, who must pass through here.
        folder.chmod(0o711)
        packs = compiled(settings, folder / "packs")
        with opened_district(folder / "postgres", packs, SystemClock()) as district:
            history = History(district, folder / "laptops", district.switch_on())
            everybody = people(scale)
            history.write_towns(everybody)
            planned = history.write_monitoring()
            history.send_back(everybody)
            history.write_telephones(everybody)
            yield SetUp(
                district,
                Stage(
                    settings=replace(settings, packs=packs),
                    out=out,
                    folder_of=history.profile_of,
                    planned=planned,
                ),
            )


def compiled(settings: Settings, folder: Path) -> Path:
    """The shipped workbooks compiled once, for the server and every laptop. Raises PackRefused."""
    folder.mkdir()
    with PackWorker() as converter:
        for workbook in sorted(settings.packs.glob("*.xlsx")):
            pack = read_pack(workbook.read_bytes(), workbook.name, converter=converter)
            (folder / f"{workbook.stem}.pack").write_bytes(pack.to_stored())
    return folder
