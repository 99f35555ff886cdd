"""Work leaves the UI thread and comes home to it, or to nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from fieldapp.errors import StoreFull
from fieldapp.messages import Message
from fieldapp.ui.jobs import Job, Jobs, Lane

LIMIT_MS = 60_000


@pytest.fixture
def unexpected() -> list[BaseException]:
    return []


@pytest.fixture
def jobs(qapp: QApplication, unexpected: list[BaseException]) -> Iterator[Jobs]:
    runner = Jobs(unexpected=unexpected.append)
    yield runner
    runner.shut_down()


def test_work_runs_elsewhere_and_its_result_arrives_on_the_ui_thread(
    jobs: Jobs, qtbot: QtBot
) -> None:
    seen: list[tuple[int, bool]] = []
    here = threading.get_ident()

    def done(worked_in: int) -> None:
        seen.append((worked_in, QThread.currentThread() is jobs.thread()))

    jobs.start(threading.get_ident, owner=jobs, on_done=done)

    qtbot.waitUntil(lambda: bool(seen), timeout=LIMIT_MS)
    assert seen[0][0] != here
    assert seen[0][1]


def test_lane_does_one_thing_after_another_on_one_thread(jobs: Jobs, qtbot: QtBot) -> None:
    order: list[tuple[int, int]] = []

    def work(number: int) -> None:
        order.append((number, threading.get_ident()))

    for number in range(50):
        jobs.start(lambda number=number: work(number), owner=jobs)  # type: ignore[misc]

    qtbot.waitUntil(jobs.is_idle, timeout=LIMIT_MS)
    assert [number for number, _ in order] == list(range(50))
    assert len({thread for _, thread in order}) == 1


def test_network_does_not_wait_for_storage(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    jobs.start(gate.wait, owner=jobs)
    arrived: list[bool] = []

    jobs.start(lambda: True, owner=jobs, on_done=arrived.append, lane=Lane.NETWORK)

    qtbot.waitUntil(lambda: arrived == [True], timeout=LIMIT_MS)
    gate.set()


def test_result_is_dropped_when_its_owner_is_gone_but_the_work_is_done(
    jobs: Jobs, qtbot: QtBot
) -> None:
    owner, gate = QObject(), threading.Event()
    did: list[str] = []

    def work() -> None:
        gate.wait()
        did.append("worked")

    jobs.start(work, owner=owner, on_done=lambda _: did.append("told"))
    delete(owner)
    gate.set()

    qtbot.waitUntil(jobs.is_idle, timeout=LIMIT_MS)
    assert did == ["worked"]


def test_error_goes_to_its_owner_when_he_takes_it(jobs: Jobs, qtbot: QtBot) -> None:
    taken: list[object] = []

    def fail() -> None:
        raise StoreFull

    jobs.start(fail, owner=jobs, on_error=taken.append)

    qtbot.waitUntil(lambda: bool(taken), timeout=LIMIT_MS)
    assert isinstance(taken[0], StoreFull)


def test_error_that_nobody_takes_is_told_in_three_sentences(jobs: Jobs, qtbot: QtBot) -> None:
    told: list[Message] = []
    jobs.trouble.connect(lambda _, message: told.append(message))

    def fail() -> None:
        raise StoreFull

    jobs.start(fail, owner=jobs)

    qtbot.waitUntil(lambda: bool(told), timeout=LIMIT_MS)
    assert "가득" in told[0].happened


def test_defect_goes_to_the_crash_desk(
    jobs: Jobs, qtbot: QtBot, unexpected: list[BaseException]
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    jobs.start(fail, owner=jobs)

    qtbot.waitUntil(lambda: bool(unexpected), timeout=LIMIT_MS)
    assert isinstance(unexpected[0], ZeroDivisionError)


def test_news_from_a_lane_arrive_in_order(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[int] = []
    tell = jobs.reporter(jobs, heard.append)

    def work() -> None:
        for number in range(100):
            tell(number)

    jobs.start(work, owner=jobs)

    qtbot.waitUntil(lambda: len(heard) == 100, timeout=LIMIT_MS)
    assert heard == list(range(100))


def test_work_is_told_that_it_may_stop(jobs: Jobs, qtbot: QtBot) -> None:
    job = Job()
    stopped: list[bool] = []
    started = threading.Event()

    def work() -> bool:
        started.set()
        while not job.is_cancelled():
            pass
        return True

    jobs.start(work, owner=jobs, on_done=stopped.append)
    started.wait()
    job.cancel()

    qtbot.waitUntil(lambda: stopped == [True], timeout=LIMIT_MS)
