"""What goes wrong in the field, met at the real window: a clear sentence, and nothing lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from fieldapp.clock import KOREA, StillClock
from fieldapp.demo.surveys import TWELVE
from fieldapp.demo.worker import WorkerAtLaptop, survey_answers
from fieldapp.usecases.records import records_page, status
from tests.journeys.conftest import LAPTOP_PASSWORD, AtLaptop, worker_of
from tests.servers import PASSWORD as SERVER_PASSWORD
from tests.servers import Server

SECRETARY = worker_of("가상-오사무", "가상-햇살동")
AFTER_FIVE = datetime(2026, 11, 30, 17, 30, tzinfo=KOREA)


def said(laptop: WorkerAtLaptop) -> str:
    """What the banner of the page in front says, once it says something."""
    window = laptop.window
    banner = window.unlock.banner if window.desk is None else None
    if window.desk is not None:
        banner = getattr(window.desk, window.screen_name()).banner
    assert banner is not None
    laptop.hands.wait_until(lambda: bool(banner.words()), "a banner")
    return banner.words()


@pytest.mark.parametrize(
    ("failpoint", "done"), [("draft.before_commit:4", 0), ("save.before_commit:2", 1)]
)
def test_killed_at_the_keyboard_the_window_opens_again_with_what_was_kept(
    at_laptop: AtLaptop, compiled_packs: Path, tmp_path: Path, failpoint: str, done: int
) -> None:
    folder = tmp_path / "laptop"
    killed = subprocess.run(
        [sys.executable, "-m", "tests.journeys.typing_actor", str(folder), str(compiled_packs)],
        env={**os.environ, "FIELDAPP_FAILPOINT": failpoint},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=180,
    )
    assert killed.returncode == -signal.SIGKILL
    told = [line.split(" ") for line in killed.stdout.splitlines()]
    serial = done + 1
    kept = [path for number, path in told if int(number) == serial]

    laptop = at_laptop(folder, SECRETARY)
    laptop.unlock(LAPTOP_PASSWORD)
    laptop.show("records")
    laptop.hands.wait_until(laptop.window.jobs.is_idle)

    rows = records_page(laptop.session()).rows
    assert sum(not row.is_draft for row in rows) == done
    assert [row.is_draft for row in rows][:1] == [True]
    laptop.open_chosen_record()
    typed = survey_answers(TWELVE[done])
    open_form = laptop.filling()
    # The last answer told to the worker may be up to two seconds ahead of the draft.
    for path in kept[:-1]:
        assert open_form.value(path) != "" or not typed[path]


def test_a_wrong_password_is_said_and_the_next_one_opens(
    at_laptop: AtLaptop, tmp_path: Path
) -> None:
    laptop = at_laptop(tmp_path / "laptop", SECRETARY)
    laptop.make_profile(LAPTOP_PASSWORD)
    laptop.hands.press("Ctrl+L")
    laptop.hands.wait_until(laptop.window.unlock.password.hasFocus, "the lock")
    laptop.hands.wait_until(laptop.window.jobs.is_idle)

    laptop.hands.type_text("gasang-teullim-2026")
    laptop.hands.press("Return")

    assert "비밀번호가 맞지 않습니다" in said(laptop)
    assert "기록은 그대로 있습니다" in said(laptop)
    laptop.unlock(LAPTOP_PASSWORD)


def test_without_a_server_the_worker_may_go_on_and_everything_waits(
    at_laptop: AtLaptop, server: Server, tmp_path: Path
) -> None:
    scope = server.new_scope()
    worker = worker_of(server.new_user(scope), scope)
    laptop = at_laptop(tmp_path / "laptop", worker)
    laptop.make_profile(LAPTOP_PASSWORD)
    laptop.key_survey(TWELVE[0])
    doomed = server.another(failpoint="push.after_commit:1")
    laptop.sign_in(doomed.base_url, SERVER_PASSWORD, server.invite(worker.user, scope))

    laptop.exchange()

    assert "서버에 연결되지 않아 보내지 못했습니다" in said(laptop)
    assert "기록 1건은 이 노트북에 암호화되어 있습니다" in said(laptop)
    assert status(laptop.session()).unsent == 1
    port = int(doomed.base_url.rpartition(":")[2])
    doomed.wait()
    with server.another(port=port):
        laptop.exchange()
        assert status(laptop.session()).unsent == 0
    assert server.sql("select count(*) from fieldapp.record_version where scope = %s", [scope]) == [
        (1,)
    ]


def test_a_full_disk_is_said_and_saving_goes_on_once_there_is_room(
    at_laptop: AtLaptop, small_disk: Path
) -> None:
    laptop = at_laptop(small_disk, SECRETARY)
    laptop.make_profile(LAPTOP_PASSWORD)
    laptop.open_survey()
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError:
            pass

    laptop.answer(survey_answers(TWELVE[5]) | {"wish": ""})
    laptop.hands.wait_until(laptop.window.jobs.is_idle)

    assert "저장 공간이 가득 차" in said(laptop)
    assert "이 창을 닫지 말고" in said(laptop)
    ballast.unlink()
    laptop.finish()
    (row,) = records_page(laptop.session()).rows
    assert not row.is_draft


def test_a_broken_pack_is_named_at_the_start_and_the_good_one_is_filled(
    at_laptop: AtLaptop, compiled_packs: Path, tmp_path: Path
) -> None:
    packs = tmp_path / "packs"
    shutil.copytree(compiled_packs, packs)
    (packs / "broken.xlsx").write_bytes(b"PK not a workbook")

    # After five the end of the day is offered on the page that is shown first, but not over this.
    laptop = at_laptop(tmp_path / "laptop", SECRETARY, packs, StillClock(AFTER_FIVE))
    laptop.make_profile(LAPTOP_PASSWORD)

    assert "broken.xlsx" in said(laptop)
    assert "지금 쓰고 있는 서식과 기록은 그대로입니다" in said(laptop)
    laptop.key_survey(TWELVE[0])
    (row,) = records_page(laptop.session()).rows
    assert not row.is_draft
