"""No workbook takes the app with it: too long, too much, stopped by hand, or too many."""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import threading
import zipfile

import pytest

from fieldapp.errors import PackRefused
from fieldapp.packs import read_pack, worker
from fieldapp.packs.conversion import Converted, Stopped, convert
from fieldapp.packs.worker import PackWorker, convert_apart
from tests.packs.sources import xlsx
from tests.packs.workbooks import P13E

#: A form in pyxform's plain notation that converts at once.
SMALL = b"| survey |\n| | type | name | label |\n| | text | a | A |\n"


def endless() -> bytes:
    """A form whose conversion takes minutes."""
    choices = "".join(f"| | a | c{number} | C |\n" for number in range(1_000_000))
    survey = "| survey |\n| | type | name | label |\n| | select_one a | q | Q |\n"
    return f"{survey}| choices |\n| | list_name | name | label |\n{choices}".encode()


def memory_bomb() -> bytes:
    """A workbook of 40 kB with one cell of 40 MB."""
    packed = io.BytesIO()
    whole = io.BytesIO(xlsx({"survey": ("type | name | label", "text | a | here")}))
    with (
        zipfile.ZipFile(whole) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            body = before.read(entry)
            after.writestr(entry, body.replace(b">here<", b">" + b"a" * (40 << 20) + b"<"))
    return packed.getvalue()


def test_a_form_that_takes_minutes_is_ended_by_the_work_it_makes() -> None:
    assert convert_apart(endless(), ".md", time_limit_s=1) == Stopped(is_late=True)


def held_up(one: PackWorker) -> int:
    """The id of its process, which gets no processor, as on a laptop busy with other things."""
    one.warm()
    (process,) = multiprocessing.active_children()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    return process.pid


def test_a_worker_that_waits_for_a_processor_is_not_taken_for_one_that_loops() -> None:
    pytest.importorskip("resource", reason="no processes that can be held up on this system")
    limit_s = 0.5
    with PackWorker(time_limit_s=limit_s) as one:
        pid = held_up(one)
        let_go = threading.Timer(2 * limit_s, os.kill, (pid, signal.SIGCONT))
        let_go.start()

        assert one(SMALL, ".md") == convert(SMALL, ".md")


def test_a_worker_that_never_answers_is_ended_by_the_clock() -> None:
    pytest.importorskip("resource", reason="no processes that can be held up on this system")
    with PackWorker(wait_limit_s=0.1) as one:
        held_up(one)

        assert one(SMALL, ".md") == Stopped(is_late=True)


def test_a_workbook_that_swallows_memory_ends_its_process_and_not_the_next_workbook() -> None:
    pytest.importorskip("resource", reason="no memory limits on this system")
    with PackWorker(memory_limit_bytes=200 * 1024**2) as one:
        assert one(memory_bomb()) == Stopped(is_full=True)

        assert one(SMALL, ".md") == convert(SMALL, ".md")


def stopped_by_hand(one: PackWorker) -> Stopped | Converted:
    """What the one who waits for an endless form gets when another thread stops it."""
    answers: list[Converted | Stopped] = []
    one.warm()
    waiting = threading.Thread(target=lambda: answers.append(one(endless(), ".md")))
    waiting.start()
    one.cancel()
    waiting.join()
    return answers[0]


def test_a_conversion_is_stopped_by_hand_at_once() -> None:
    with PackWorker(time_limit_s=600) as one:
        assert stopped_by_hand(one) == Stopped(is_cancelled=True)
        assert multiprocessing.active_children() == []


def test_after_a_stop_nothing_is_converted_until_the_worker_is_closed() -> None:
    with PackWorker() as one:
        one.cancel()
        assert one(SMALL, ".md") == Stopped(is_cancelled=True)
        assert one(SMALL, ".md") == Stopped(is_cancelled=True)

        one.close()

        assert isinstance(one(SMALL, ".md"), Converted)


def test_a_stop_is_told_as_one() -> None:
    with PackWorker() as one:
        one.cancel()
        with pytest.raises(PackRefused) as refused:
            read_pack(P13E.read_bytes(), P13E.name, converter=one)

    assert "멈추었습니다" in str(refused.value.facts["first"])


def test_a_worker_warmed_up_converts_in_the_process_it_has() -> None:
    with PackWorker() as one:
        one.warm()
        (process,) = multiprocessing.active_children()

        assert isinstance(one(SMALL, ".md"), Converted)

        assert multiprocessing.active_children() == [process]


def test_a_process_that_has_converted_enough_makes_room_for_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "MOST_WORKBOOKS", 2)
    with PackWorker() as one:
        answers = [one(SMALL, ".md") for _ in range(2)]
        assert multiprocessing.active_children() == []
        answers.append(one(SMALL, ".md"))

        assert answers == [convert(SMALL, ".md")] * 3
        assert len(multiprocessing.active_children()) == 1


def test_a_sentence_that_quotes_a_whole_cell_is_cut_before_it_travels() -> None:
    source = f"| survey |\n| | type | name | label |\n| | select_one {'x' * 1_000_000} | a | A |\n"

    answer = convert(source.encode(), ".md")

    assert 0 < len(answer.refusal) < 10_000
