"""pyxform runs in a process of its own: what ends that process is told, and ends nothing else."""

from __future__ import annotations

import multiprocessing
import threading
from functools import partial

import pytest

from fieldapp.errors import PackRefused
from fieldapp.packs import read_pack
from fieldapp.packs.conversion import Converted, Stopped, convert
from fieldapp.packs.worker import PackWorker, convert_apart
from tests.packs.workbooks import P13E, edited, p13e, put


def test_the_worker_answers_as_pyxform_does_here() -> None:
    content = P13E.read_bytes()

    assert convert_apart(content) == convert(content)


def test_the_worker_hands_back_what_pyxform_refuses() -> None:
    content = edited(put("survey", "name", "serial", "type", "no such type"))

    answer = convert_apart(content)

    assert isinstance(answer, Converted)
    assert "no such type" in answer.refusal
    assert answer.xform == ""


def test_a_workbook_that_takes_too_long_is_refused() -> None:
    # No process can read this form in so little of the processor's time.
    slow = partial(convert_apart, time_limit_s=0.001)

    with pytest.raises(PackRefused) as refused:
        read_pack(P13E.read_bytes(), P13E.name, converter=slow)

    assert "너무 오래 걸려" in str(refused.value.facts["first"])


def test_a_workbook_that_takes_too_much_memory_is_refused() -> None:
    pytest.importorskip("resource", reason="no memory limits on this system")
    # Less than the process has before it begins: whatever it asks for more is refused.
    small = partial(convert_apart, memory_limit_bytes=16 * 1024**2)

    with pytest.raises(PackRefused) as refused:
        read_pack(P13E.read_bytes(), P13E.name, converter=small)

    assert "중간에 멈추었습니다" in str(refused.value.facts["first"])


def test_a_worker_that_is_killed_leaves_a_sentence_and_no_process() -> None:
    answers: list[Converted | Stopped] = []
    asking = threading.Thread(target=lambda: answers.append(convert_apart(P13E.read_bytes())))
    asking.start()
    while not (workers := multiprocessing.active_children()):
        assert asking.is_alive()
    for worker in workers:
        worker.kill()
    asking.join()

    assert answers == [Stopped(is_late=False)]
    assert multiprocessing.active_children() == []


def test_one_worker_reads_several_workbooks_in_one_process() -> None:
    with PackWorker() as worker:
        assert multiprocessing.active_children() == []
        first = read_pack(P13E.read_bytes(), P13E.name, converter=worker)
        process = multiprocessing.active_children()
        second = read_pack(edited(), P13E.name, converter=worker)
        assert multiprocessing.active_children() == process
        assert len(process) == 1

    assert first.plans == second.plans == p13e().plans
    assert multiprocessing.active_children() == []


def test_a_workbook_that_ends_the_worker_does_not_keep_the_next_from_being_read() -> None:
    with PackWorker() as worker:
        worker(P13E.read_bytes())
        for process in multiprocessing.active_children():
            process.kill()
            process.join()

        assert worker(P13E.read_bytes()) == Stopped(is_late=False)
        assert worker(P13E.read_bytes()) == convert(P13E.read_bytes())
