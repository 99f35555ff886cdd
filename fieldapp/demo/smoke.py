"""`fieldapp smoke`: does this installation work here? One survey by keys, one page printed.

What comes in late is asked for too: a folder that lacks a part shows it here, not in an office.

Needs no server and no network; what it writes stays in the folder it was given.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from fieldapp.clock import SystemClock
from fieldapp.demo.screens_by_keys import choose_summary, export_all
from fieldapp.demo.surveys import TWELVE
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.reports.preview import page_count, page_text
from fieldapp.settings import read_settings
from fieldapp.start import open_laptop
from fieldapp.ui.application import build_application
from fieldapp.usecases.workdays import is_workday

_WORKER = Worker(
    UserId("가상-오사무"), "가상-오사무", frozenset({"secretariat"}), ScopeId("가상-햇살동")
)
#: A Thursday of a year that only the library knows which travels with the app.
_NEW_YEAR = date(2032, 1, 1)
_PASSWORD = "gasang-laptop-2026"  # noqa: S105 - of a profile that holds one invented survey


def smoke(out: Path) -> int:
    """Make a profile in `out`, key a survey, print its summary; returns 0 when the page says so.

    Raises FileExistsError for a folder that holds anything.
    """
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise FileExistsError("the folder must be empty")
    profiles = out / "profiles"
    settings = replace(read_settings(), profiles=profiles)
    application = build_application(sys.argv[:1], settings.fonts)
    window = open_laptop(settings, profiles, SystemClock(), out)
    worker = WorkerAtLaptop(window, _WORKER)
    worker.make_profile(_PASSWORD)
    worker.key_survey(TWELVE[0])
    choose_summary(worker, "P13e", is_whole=False)
    export_all(worker)
    window.close()
    application.processEvents()
    return _told(out)


def _told(out: Path) -> int:
    if is_workday(_NEW_YEAR):
        print("공휴일을 알지 못합니다.", file=sys.stderr)
        return 1
    printed = [file.read_bytes() for file in sorted(out.glob("*.pdf"))]
    if len(printed) != 1 or "검산코드" not in page_text(printed[0], page_count(printed[0]) - 1):
        print("인쇄한 문서가 없거나 온전하지 않습니다.", file=sys.stderr)
        return 1
    print(f"설문 1부를 적고 {page_count(printed[0])}쪽을 인쇄했습니다: {out}")
    return 0
