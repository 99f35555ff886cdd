"""The two-minute story of ux §8, step by step through real windows: keys in, pictures out.

Every step ends in something that `account` reads back from the server and the files.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fieldapp.clock import KOREA
from fieldapp.demo import cast
from fieldapp.demo.history import NINTH_SHEET, marks_of
from fieldapp.demo.passing import RunningClock
from fieldapp.demo.screens_by_keys import (
    choose_round,
    choose_row,
    choose_summary,
    export_all,
    key_area,
    open_improvement,
    open_round,
)
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import RecordId
from fieldapp.settings import Settings
from fieldapp.start import open_laptop
from fieldapp.ui.application import build_application

#: What a 1366×768 panel leaves for a window.
WINDOW_PX = (1366, 688)
BEGINS = datetime(2026, 11, 30, 13, 55, tzinfo=KOREA)
SAID = "무릎이 아파 병원에 다니신다고 함"
SECOND_SENTENCE = "딸이 주말에 온다고"
IMPROVEMENT = "가상-식재료 라벨에 날짜 적기"


@dataclass(slots=True)
class Stage:
    """Where the story plays: whose profile lies where, and where pictures and files go."""

    settings: Settings
    out: Path
    folder_of: Callable[[Worker], Path]
    planned: RecordId
    clock: RunningClock = field(default_factory=lambda: RunningClock(BEGINS))
    open: dict[str, WorkerAtLaptop] = field(default_factory=dict)

    def laptop(self, worker: Worker) -> WorkerAtLaptop:
        """Somebody's laptop, unlocked; the same window while it is open."""
        if worker.name not in self.open:
            made = _at_laptop(self.settings, self.folder_of(worker), worker, self.clock, self.out)
            made.unlock(cast.LAPTOP_PASSWORD)
            self.open[worker.name] = made
        return self.open[worker.name]

    def shut(self, worker: Worker) -> None:
        """Close somebody's window."""
        self.open.pop(worker.name).window.close()

    def shut_all(self) -> None:
        """Close every window."""
        for at in self.open.values():
            at.window.close()
        self.open.clear()

    def picture(self, at: WorkerAtLaptop, name: str) -> None:
        """What a window shows now."""
        at.picture(self.out / "screens" / f"{name}.png")


def play_story(stage: Stage) -> None:
    """All of it, in the order of the table."""
    visit_until_killed(stage)
    finish_the_visit(stage)
    call_without_answer(stage)
    hand_over_the_survey(stage)
    inspect_the_centre(stage)
    see_it_otherwise(stage)
    exchange_everything(stage)
    confirm_together(stage)
    answer_the_improvement(stage)
    print_the_month(stage)
    look_after_the_laptop(stage)


def visit_until_killed(stage: Stage) -> None:
    """0:00-0:25: 오늘, the visit, one sentence; then the process dies within the second.

    The worker of this part is a process of its own, since it is to die.
    """
    context = multiprocessing.get_context("spawn")
    process = context.Process(
        target=_typing_until_killed,
        args=(
            stage.settings,
            stage.folder_of(cast.WELFARE),
            stage.out,
            stage.clock.now(),
        ),
    )
    process.start()
    process.join()
    if process.exitcode != -getattr(signal, "SIGKILL", signal.SIGTERM):
        raise RuntimeError("the worker who was to be killed ended otherwise")


def _typing_until_killed(settings: Settings, profiles: Path, out: Path, now: datetime) -> None:
    application = build_application(sys.argv[:1], settings.fonts)
    at = _at_laptop(settings, profiles, cast.WELFARE, RunningClock(now), out)
    at.unlock(cast.LAPTOP_PASSWORD)
    at.show("today")
    at.picture(out / "screens" / "01-today.png")
    at.hands.press("Return")
    at.wait_for_screen("filling")
    at.picture(out / "screens" / "02-visit.png")
    # 방문, 간호직 동행, 본인 확인, 살핀 것 지난번과 같음, 들어가서 봄, 위험 없음.
    at.go_back_to("companion")
    at.hands.press("1", "Return")
    at.go_to("result")
    at.hands.press("1")
    at.go_to("cared/m_safety")
    at.hands.press("Shift+F4")
    at.go_to("home/inside_seen")
    at.hands.press("1", "0", "Return")
    at.go_to("talk/seen")
    at.hands.write(SAID)
    at.picture(out / "screens" / "03-sentence.png")
    at.hands.write(". " + SECOND_SENTENCE)
    at.wait_until_kept("talk/seen", f"{SAID}. {SECOND_SENTENCE}")
    application.processEvents()
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def finish_the_visit(stage: Stage) -> None:
    """0:25-0:40: opened again, nothing is lost; rice handed over, promises kept, the next date."""
    at = stage.laptop(cast.WELFARE)
    at.show("records")
    at.open_chosen_record()
    stage.picture(at, "04-recovered")
    at.go_to("talk/did")
    at.hands.press("1", "4", "Return")  # 상담, 물품 전달
    at.go_to("items[+]")
    at.hands.press("Ctrl+I")
    at.hands.write("쌀")
    at.hands.press("Return")
    at.hands.write("1")
    at.hands.press("Return")
    at.hands.write("10kg")
    at.hands.press("Return")
    at.answer_rest({"received_by": "1", "kept": "1"}, until="grade_change")
    at.hands.press("Ctrl+Return")
    stage.picture(at, "05-read-back")
    at.hands.press("Ctrl+Return")
    at.wait_until_closed()


def call_without_answer(stage: Stage) -> None:
    """0:40: nobody answers; the app proposes 대응 시작, and a planned record stands in 챙길 것."""
    at = stage.laptop(cast.WELFARE)
    at.show("today")
    choose_row(at, "가상-박두리")
    at.hands.press("F7")
    at.wait_for_screen("filling")
    at.go_to("result")
    at.hands.press("3")  # 전화 안 받음
    at.go_to("absence/noncontact")
    stage.picture(at, "06-no-answer")
    at.hands.press("1")
    at.finish()
    at.show("today")
    at.hands.press("Ctrl+PgDown", "Ctrl+PgDown")
    stage.picture(at, "07-chores")


def hand_over_the_survey(stage: Stage) -> None:
    """0:50: the ninth respondent answers in large type; the page blanks itself at the end."""
    at = stage.laptop(cast.WELFARE)
    at.open_form("보호작업장")
    at.answer({"batch": "2026-2 가상-보호작업장", "serial": "9", "mode": "1"})
    at.hands.press("Ctrl+Shift+K")
    stage.picture(at, "08-respondent")
    for mark in marks_of(NINTH_SHEET).values():
        at.hands.press(mark)
    at.hands.press("Tab", "Tab")  # 좋았던 점, 바라는 점
    stage.picture(at, "09-thanks")
    at.hands.press("Esc")
    at.wait_until_closed()


def inspect_the_centre(stage: Stage) -> None:
    """1:00: twenty statements by digits; a 2 asks for its evidence, Ctrl+I makes no. 15."""
    at = stage.laptop(cast.FIRST_MONITOR)
    open_round(at, stage.planned)
    at.go_to("visit_state")
    at.hands.press("1")
    at.go_to("conflict_free")
    at.hands.press("1")
    key_area(at, 1, "4444")
    key_area(at, 2, "42", evidence="냉장고 라벨에 날짜가 없음")
    stage.picture(at, "10-grid")
    at.hands.press("Ctrl+I")
    at.hands.write(IMPROVEMENT)
    stage.picture(at, "11-improvement")
    at.answer_rest({"urgency": "1"}, until="score")  # and back to the statement it came from
    at.hands.press("4", "4")
    for number, digits in ((3, "4444"), (4, "4444"), (5, "4445")):
        key_area(at, number, digits)
    at.finish()


def see_it_otherwise(stage: Stage) -> None:
    """1:15: the second monitor scored one statement otherwise on her own laptop; each keeps it."""
    at = stage.laptop(cast.SECOND_MONITOR)
    open_round(at, stage.planned)
    at.go_to("visit_state")
    at.hands.press("1")
    at.go_to("conflict_free")
    at.hands.press("1")
    key_area(at, 1, "3")
    at.hands.press("Ctrl+S")
    at.wait_until_closed()


def exchange_everything(stage: Stage) -> None:
    """1:15: 주고받기; one telephone number stands side by side with two names, and is settled."""
    at = stage.laptop(cast.WELFARE)
    at.exchange()
    stage.picture(at, "12-exchanged")
    at.settle_conflict("3", "본인에게 직접 확인함")
    stage.picture(at, "13-settled")
    at.exchange()
    stage.laptop(cast.FIRST_MONITOR).exchange()


def confirm_together(stage: Stage) -> None:
    """1:30: the one differing answer is settled, and both sign on one laptop, each themselves."""
    second = stage.laptop(cast.SECOND_MONITOR)
    second.exchange()
    stage.picture(second, "14-differing")
    second.settle_conflict("2", "다시 보고 함께 정함")
    second.exchange()
    first = stage.laptop(cast.FIRST_MONITOR)
    first.exchange()
    choose_round(first, stage.planned)
    first.hands.press("F7")
    first.rest()
    first.hands.press("Return")
    first.rest()
    first.hands.type_text(cast.SECOND_PIN)
    first.hands.press("Return")
    first.rest()
    stage.picture(first, "15-signed")
    first.exchange()
    first.show("monitoring")
    first.hands.press("Esc")
    stage.picture(first, "16-complete")


def answer_the_improvement(stage: Stage) -> None:
    """1:30: the secretariat passes no. 15 on, the department answers 반영."""
    at = stage.laptop(cast.SECRETARY)
    at.exchange()
    open_improvement(at, IMPROVEMENT)
    at.go_to("forwarding/dept")
    at.hands.write("가상-돌봄팀")
    at.hands.press("Return")
    at.finish()
    at.exchange()
    at = stage.laptop(cast.OFFICER)
    at.exchange()
    open_improvement(at, IMPROVEMENT)
    at.go_to("answering/decision")
    at.hands.press("1")
    at.go_to("answering/plan")
    at.hands.write("라벨 인쇄기를 들여 날짜를 붙임")
    at.hands.press("Tab")
    at.hands.type_text("20261231")
    at.hands.press("Return")
    at.finish()
    at.exchange()
    at.show("monitoring")
    stage.picture(at, "17-board")


def print_the_month(stage: Stage) -> None:
    """1:40: November adds up, 80.0 and 133.3, the ninth sheet; PDF, 한글 and 엑셀 of each."""
    at = stage.laptop(cast.LEAD)
    at.exchange()
    for number, (form_id, is_whole) in enumerate(
        (("P01", False), ("P12", True), ("P13a", False)), start=18
    ):
        choose_summary(at, form_id, is_whole=is_whole, is_signed=form_id == "P01")
        stage.picture(at, f"{number}-{form_id}")
        export_all(at)


def look_after_the_laptop(stage: Stage) -> None:
    """1:50: today's backup stands; a second one by hand; what locks when; who looked at whom."""
    at = stage.laptop(cast.LEAD)
    at.show("admin")
    at.hands.press("Ctrl+Return")
    stage.picture(at, "21-backups")
    at.hands.press("Ctrl+PgDown")
    stage.picture(at, "22-locking")
    at.hands.press("Ctrl+PgDown")
    stage.picture(at, "23-access-log")
    at.hands.press("Ctrl+L")
    at.wait_for_screen("unlock")
    stage.picture(at, "24-locked")


def _at_laptop(
    settings: Settings, profiles: Path, worker: Worker, clock: RunningClock, out: Path
) -> WorkerAtLaptop:
    window = open_laptop(settings, profiles, clock, out)
    window.resize(*WINDOW_PX)
    return WorkerAtLaptop(window, worker)
