"""A working day at the real window, by keys, until it is cut off in the middle of a word.

`python -m tests.faults.working_day PACKS PICTURE EXPORTS`, with the folders of a laptop in the
environment. What is written carries `CANARIES`: words that are found nowhere else, so that one of
them in any file of the laptop is a leak.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from fieldapp.clock import KOREA, StillClock
from fieldapp.demo.screens_by_keys import choose_summary, export_all
from fieldapp.demo.surveys import PaperSurvey
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.settings import read_settings
from fieldapp.ui.application import build_application, open_window

PASSWORD = "Kestrelquaver-7193-gasang"
MISTYPED = "Wrongpuffin-7193-gasang"
NAME, ADDRESS, PHONE = "가상-까치내댁", "가상물총새로 7193", "010-0000-7193"
CHILD = "가상-뻐꾹이"
SAID, SAID_LATIN = "두루미처럼 무릎이 시리다고 하심", "Capercaillie Zqx"
GOOD, WISH = "왜가리만큼 조용해서 편하다", "Nightjarvox please"
LOOKED_FOR = "동고비네"
LEFT_OPEN, LEFT_LATIN = "개똥지빠귀 소리", "Dotterelquip"
COMPOSING = "쏙독새"
CRASHED = "크낙새 Jacanazq"
#: Every word that belongs to somebody, or opens what does.
CANARIES = (
    PASSWORD, MISTYPED, NAME, ADDRESS, PHONE, CHILD, SAID, SAID_LATIN, GOOD, WISH, LOOKED_FOR,
    LEFT_OPEN, LEFT_LATIN, COMPOSING, CRASHED,
)  # fmt: skip
MORNING = datetime(2026, 11, 30, 9, 5, tzinfo=KOREA)


def main(packs: str, picture: str, exports: str) -> None:
    """Live through the day."""
    written = folders_written_to()
    settings = replace(read_settings(), packs=Path(packs))
    application = build_application(["fieldapp"], settings.fonts)
    window = open_window(
        settings,
        StillClock(MORNING),
        choose_folder=lambda _: Path(exports),
        choose_picture=lambda _: Path(picture),
    )
    worker = Worker(
        UserId("gasang-ilgun"), "가상-일꾼", frozenset({"dong_welfare"}), ScopeId("가상-햇살동")
    )
    at = WorkerAtLaptop(window, worker)
    at.make_profile(PASSWORD)
    for deed in (register, visit, survey, print_month, look_up, copy_for_another_program):
        deed(at)
        print(deed.__name__, flush=True)
    leave_open(at)
    come_back(at)
    defect(at)
    print(json.dumps(sorted(written)), flush=True)
    print("cut off", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
    application.quit()


def folders_written_to() -> set[str]:
    """The folders in which Python opens a file to write, from now on: short-lived ones as well."""
    written: set[str] = set()

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[2], int):
            path, _, flags = arguments
            if flags & (os.O_WRONLY | os.O_RDWR) and isinstance(path, (str, bytes)):
                written.add(str(Path(os.fsdecode(path)).resolve().parent))

    sys.addaudithook(hear)
    return written


def register(at: WorkerAtLaptop) -> None:
    """대상, Ctrl+N: a household, its address and phone, and a child."""
    hands = at.hands
    at.show("households")
    hands.press("Ctrl+N")
    for words in (NAME, "19520220", ADDRESS):
        hands.write(words)
        hands.press("Return")
    hands.press("Ctrl+Return")
    at.wait_for_screen("filling")
    hands.write("5통")
    at.go_to("where/phone")
    hands.write(PHONE)
    at.go_to("family/hh_size")
    hands.write("2")
    at.go_to("family/traits")
    hands.press("1", "Return")
    at.go_to("family/safety")
    hands.press("Ctrl+Down", "Ctrl+I")
    hands.write(CHILD)
    hands.press("Return")
    hands.write("자녀")
    hands.press("Return")
    at.finish()


def visit(at: WorkerAtLaptop) -> None:
    """대상, the household, Enter: a visit with words and a picture."""
    hands = at.hands
    at.show("households")
    hands.write(NAME)
    at.rest()
    hands.press("Return")
    hands.wait_until(at.desk().households.is_detail, "the page of the household")
    at.rest()
    hands.press("Return")
    at.wait_for_screen("filling")
    at.go_back_to("kind")
    hands.press("2")
    at.go_to("result")
    hands.press("1")
    at.answer_rest(
        dict.fromkeys(("m_safety", "m_health", "m_care", "m_social", "m_service"), "1")
        | {"m_link": "1", "inside_seen": "1", "hazard": "0", "said": f"{SAID} {SAID_LATIN}"},
        until="did",
    )
    hands.press("1", "Return")
    at.go_to("pictures/photo")
    hands.press("F3")
    pictures = at.desk().filling.pictures
    hands.wait_until(lambda: not pictures.is_busy(), "the picture")
    at.rest()
    at.finish()


def survey(at: WorkerAtLaptop) -> None:
    """One paper survey with its written words."""
    at.key_survey(PaperSurvey(7, "4545444", "1", "2", good=GOOD, wish=WISH))


def print_month(at: WorkerAtLaptop) -> None:
    """통계·출력: the page is looked at, and three files go where the worker says."""
    choose_summary(at, "P13e", is_whole=False)
    export_all(at)


def look_up(at: WorkerAtLaptop) -> None:
    """찾기: one who is there, and one who is not."""
    hands = at.hands
    for words in (NAME, LOOKED_FOR):
        hands.press("Ctrl+K")
        hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "찾기")
        hands.write(words)
        at.rest()
        hands.press("Escape")
        at.rest()


def copy_for_another_program(at: WorkerAtLaptop) -> None:
    """하루 마치기: the text of the visit is copied."""
    at.hands.press("Ctrl+Shift+E")
    at.rest()
    at.hands.press("Ctrl+Shift+C")
    at.rest()
    print("copied", SAID in QGuiApplication.clipboard().text(), flush=True)


def leave_open(at: WorkerAtLaptop) -> None:
    """A survey is begun, and the laptop is locked in the middle of a syllable."""
    at.open_survey()
    at.hands.write(LEFT_OPEN)
    at.hands.preedit("새")
    at.hands.press("Ctrl+L")
    at.hands.wait_until(at.window.jobs.is_idle, "the store to close")
    print("locked", at.window.screen_name(), bool(QGuiApplication.clipboard().text()), flush=True)


def come_back(at: WorkerAtLaptop) -> None:
    """A wrong password, the right one, and the same page: the draft goes on."""
    hands = at.hands
    hands.wait_until(at.window.unlock.password.hasFocus, "the password box")
    hands.type_text(MISTYPED)
    hands.press("Return")
    hands.wait_until(lambda: bool(at.window.unlock.banner.words()), "the refusal")
    hands.wait_until(at.window.unlock.password.isEnabled, "another try")
    at.unlock(PASSWORD)
    at.wait_for_screen("filling")
    at.rest()
    hands.press("End")  # the page comes back with its words chosen
    hands.write(LEFT_LATIN)
    at.wait_until_kept("batch", f"{LEFT_OPEN}새{LEFT_LATIN}")
    print("unlocked", flush=True)


def defect(at: WorkerAtLaptop) -> None:
    """Two defects of our own, off the UI thread and on it, with somebody's words in them."""

    def fail() -> None:
        raise LookupError(CRASHED)

    crashes = read_settings().profiles.parent / "crashes"
    at.window.jobs.start(fail, owner=at.window)
    at.rest()
    QTimer.singleShot(0, fail)
    at.hands.compose(COMPOSING)
    at.rest()
    (report,) = crashes.iterdir()
    print("reported", report.read_text(encoding="utf-8").count("LookupError"), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
