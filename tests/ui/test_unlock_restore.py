"""A damaged store is put back from its backup in the first window of the day: by real keys."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from fieldapp.ui.hands import Hands
from fieldapp.ui.jobs import Lane
from fieldapp.ui.main_window import MainWindow
from fieldapp.usecases import backups, filling, profiles, records
from tests.laptops import PASSWORD, cheap_laptop
from tests.ui.looking import cut, outside
from tests.ui.samples import NOON, StillClock

AtWork = tuple[MainWindow, Hands]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, compiled_packs: Path) -> Path:
    """The profiles of a laptop: a backup, one survey finished since and one left open."""
    folder = tmp_path_factory.mktemp("laptop") / "profiles"
    laptop = cheap_laptop(folder, compiled_packs, StillClock(NOON))
    session = laptop.session
    backups.back_up_if_due(session, (backups.default_place(session.store.path.parent),))
    laptop.record_survey()
    left = filling.open_new(session, "P13e")
    left.filling.answer(left.filling.definition.paths["batch"], "가상-솔바람동")
    filling.put_away(session, left.snapshot(None))
    laptop.close()
    return folder


@pytest.fixture(autouse=True)
def profile(written: Path, tmp_path: Path) -> Path:
    """The profile's folder, in the place where the window will look."""
    shutil.copytree(written, tmp_path / "profiles")
    (info,) = profiles.list_profiles(tmp_path / "profiles")
    return info.folder


def _rest(window: MainWindow, hands: Hands) -> None:
    hands.settle()
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")


def _lock(window: MainWindow, hands: Hands) -> None:
    hands.press("Ctrl+L")
    hands.wait_until(lambda: window.desk is None and window.jobs.is_idle(), "the lock")


def _flip(file: Path, at: int = 1000) -> None:
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


def _type_password(window: MainWindow, hands: Hands, password: str = PASSWORD) -> None:
    hands.wait_until(window.unlock.password.hasFocus, "the password box")
    hands.type_text(password)
    hands.press("Return")
    _rest(window, hands)


def _is_all_there(window: MainWindow) -> bool:
    """The finished survey and the one that was left open."""
    assert window.desk is not None
    rows = records.records_page(window.desk.session).rows
    return sorted(row.is_draft for row in rows) == [False, True]


def _fits(view: QWidget) -> bool:
    return not cut(view) and not outside(view)


def test_damaged_store_is_restored_by_four_enters_with_all_that_was_written_since_the_backup(
    window: AtWork, profile: Path
) -> None:
    opened, hands = window
    _flip(profile / "store.db")
    page = opened.unlock.work

    _type_password(opened, hands)
    assert page.title.words() == "기록 파일이 상했습니다"
    assert dict(page.facts.facts())["예비본"] == "2026. 11. 30.(월) 13:55, 매주"
    assert dict(page.facts.facts())["담긴 것"] == "기록 0건, 작성 중 0건"
    assert _fits(opened.unlock)

    hands.press("Return")
    assert "되살리시겠습니까?" in page.title.words()
    assert _fits(opened.unlock)
    hands.press("Return")
    hands.wait_until(lambda: page.title.words() == "예비본으로 되살렸습니다", "the outcome")
    facts = dict(page.facts.facts())
    assert facts["예비본"] == "2026. 11. 30.(월) 13:55"
    assert facts["옮겨 담음"] == "예비본 뒤의 변경 1건"
    assert facts["작성 중"] == "1건을 되살림"
    assert facts["못 읽음"] == "-"
    assert not opened.desk

    hands.press("Return")
    hands.wait_until(lambda: opened.desk is not None and opened.jobs.is_idle(), "the desk")
    assert _is_all_there(opened)
    assert list(profile.glob("damaged-*.db"))


def test_way_back_leads_from_the_question_to_the_offer_and_from_there_to_the_password(
    window: AtWork, profile: Path
) -> None:
    opened, hands = window
    store = profile / "store.db"
    _flip(store)
    damaged = store.read_bytes()
    _type_password(opened, hands)

    hands.press("Return", "Escape")
    assert opened.unlock.work.title.words() == "기록 파일이 상했습니다"
    while not opened.unlock.work.back.hasFocus():
        hands.press("Tab")
    hands.press("Return")

    assert opened.unlock.password.hasFocus()
    assert opened.unlock.password.text() == ""
    assert store.read_bytes() == damaged


def test_restore_that_is_stopped_leaves_the_file_as_it_was_and_offers_the_backup_again(
    window: AtWork, profile: Path
) -> None:
    opened, hands = window
    store = profile / "store.db"
    _flip(store)
    damaged = store.read_bytes()
    _type_password(opened, hands)
    hands.press("Return")

    goes_on = threading.Event()
    opened.jobs.start(lambda: goes_on.wait(60), owner=opened, lane=Lane.STORAGE)
    hands.press("Return")
    assert opened.unlock.work.progress.words().startswith("되살리는 중")
    assert _fits(opened.unlock)
    hands.press("Escape")
    goes_on.set()
    _rest(opened, hands)

    assert opened.unlock.work.title.words() == "기록 파일이 상했습니다"
    assert store.read_bytes() == damaged


@pytest.mark.parametrize(
    ("kept_bytes", "happened"),
    [(40, "열쇠 파일이 상했습니다"), (None, "기록 파일을 열 수 없습니다")],
)
def test_key_file_comes_back_from_the_backup_and_a_wrong_password_is_refused_on_the_way(
    window: AtWork, profile: Path, kept_bytes: int | None, happened: str
) -> None:
    opened, hands = window
    key_file = profile / "key.json"
    if kept_bytes is None:
        key_file.unlink()
    else:
        key_file.write_bytes(key_file.read_bytes()[:kept_bytes])

    _type_password(opened, hands, "not-it-at-all")
    assert opened.unlock.work.title.words() == happened
    hands.press("Return", "Return")
    _rest(opened, hands)
    assert "비밀번호가 맞지 않습니다" in opened.unlock.banner.words()

    _type_password(opened, hands)
    hands.press("Return", "Return")
    hands.wait_until(lambda: "되살렸습니다" in opened.unlock.work.title.words(), "the outcome")
    hands.press("Return")
    hands.wait_until(lambda: opened.desk is not None and opened.jobs.is_idle(), "the desk")
    assert _is_all_there(opened)


def test_backup_on_another_disk_is_found_where_the_laptop_has_none(
    window: AtWork, profile: Path, tmp_path: Path
) -> None:
    opened, hands = window
    # The window's folder chooser answers with tmp_path, as the worker's other disk.
    (profile.parent / "backups" / profile.name).rename(tmp_path / profile.name)
    _flip(profile / "store.db")
    page = opened.unlock.work

    _type_password(opened, hands)
    assert "이 노트북에는 예비본이 없습니다" in page.told.words()
    assert _fits(opened.unlock)
    hands.press("Return")
    _rest(opened, hands)
    assert "예비본" in dict(page.facts.facts())

    hands.press("Return", "Return")
    hands.wait_until(lambda: "되살렸습니다" in page.title.words(), "the outcome")
    hands.press("Return")
    hands.wait_until(lambda: opened.desk is not None and opened.jobs.is_idle(), "the desk")
    assert _is_all_there(opened)


def test_store_that_is_gone_may_be_put_back_where_it_was_or_restored(
    window: AtWork, profile: Path
) -> None:
    opened, hands = window
    (profile / "store.db").rename(profile / "elsewhere.db")
    page = opened.unlock.work

    _type_password(opened, hands)
    assert "되돌린 뒤 다시 여세요" in page.told.words()
    assert _fits(opened.unlock)
    hands.press("Return", "Escape", "Escape")
    assert opened.unlock.password.hasFocus()
    (profile / "elsewhere.db").rename(profile / "store.db")
    _type_password(opened, hands)

    assert opened.desk is not None
    assert _is_all_there(opened)


def test_store_that_is_gone_for_good_comes_back_as_the_backup_has_it_and_that_is_said(
    window: AtWork, profile: Path
) -> None:
    opened, hands = window
    (profile / "store.db").unlink()
    page = opened.unlock.work

    _type_password(opened, hands)
    hands.press("Return", "Return")
    hands.wait_until(lambda: page.title.words() == "예비본으로 되살렸습니다", "the outcome")

    assert page.remark.words() == "기록 파일이 없어 예비본에 담긴 것만 되살렸습니다."
    assert dict(page.facts.facts())["옮겨 담음"] == "예비본 뒤의 변경 0건"


def test_damage_met_while_the_store_is_open_is_offered_at_the_next_password(
    window: AtWork, profile: Path
) -> None:
    opened, hands = window
    _type_password(opened, hands)
    hands.wait_until(lambda: opened.desk is not None and opened.jobs.is_idle(), "the desk")
    assert opened.desk is not None
    file = profile / "store.db"
    _flip(file, file.stat().st_size - 2000)
    opened.jobs.start(opened.desk.session.store.check, owner=opened)
    _rest(opened, hands)
    assert "되살릴 수 있습니다" in opened.desk.today.banner.words()

    _lock(opened, hands)
    _type_password(opened, hands)

    assert opened.unlock.work.title.words() == "기록 파일이 상했습니다"
