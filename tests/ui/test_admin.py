"""관리, by keys alone: backups made and tried out, the second place, locks, the month's log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fieldapp.errors import KeyringMissing
from fieldapp.messages import Message, message_for
from fieldapp.settings import Settings, read_settings
from fieldapp.storage.key import add_keyring, has_keyring
from fieldapp.storage.profile import Profile
from fieldapp.ui.admin.view import BACKUPS, LOCKING, LOG
from fieldapp.ui.application import open_window
from fieldapp.ui.hands import Hands
from fieldapp.ui.idle import IdleWatch
from fieldapp.ui.jobs import Lane
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases import backup_places
from fieldapp.usecases.filling import open_new
from fieldapp.usecases.preferences import preferences
from fieldapp.usecases.session import lock
from tests.laptops import PASSWORD, cheap_laptop
from tests.ui.conftest import SMALL, AtWork
from tests.ui.looking import cut, outside
from tests.ui.samples import NOON, StillClock, go

MINUTE_MS = 60_000
NEW_PASSWORD = "gasang-saeroun-2026"


def _rest(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()


@pytest.fixture
def at_admin(qtbot: QtBot, tmp_path: Path, compiled_packs: Path) -> Iterator[AtWork]:
    """A secretary on her first day before 관리; the day's backup is made."""
    clock = StillClock(NOON)
    lock(cheap_laptop(tmp_path / "profiles", compiled_packs, clock).session)
    settings = Settings(
        profiles=tmp_path / "profiles", packs=compiled_packs, fonts=read_settings().fonts
    )
    window = open_window(settings, clock, lambda _: tmp_path)
    window.resize(*SMALL)
    hands = Hands(window)
    _unlock(window, hands, PASSWORD)
    go(window, hands, "admin")
    _rest(window, hands)
    assert window.desk is not None
    yield window, hands, window.desk
    window.close()
    window.deleteLater()


def _unlock(window: MainWindow, hands: Hands, password: str) -> None:
    hands.wait_until(window.unlock.password.hasFocus, "the password box")
    _rest(window, hands)
    hands.type_text(password)
    hands.press("Return")
    hands.wait_until(lambda: window.desk is not None and window.jobs.is_idle(), "the desk")


def _to(hands: Hands, button: QWidget) -> None:
    """Tab until the button has the keys, from wherever they are in its area."""
    for _ in range(30):
        if button.hasFocus():
            return
        hands.press("Tab")
    raise AssertionError(button.accessibleName())


def _type_passwords(hands: Hands, *given: str) -> None:
    """One after the other into the boxes, Enter behind each; empty: what stands there stays."""
    for password in given:
        hands.type_text(password)
        hands.press("Return")


def _remarks(within: QWidget) -> list[str]:
    return [text.words() for text in within.findChildren(Text) if text.isVisible()]


def _as_banner(message: Message) -> str:
    return f"{message.happened}\n{message.safe} {message.next}"


def test_backup_is_made_by_a_key_and_stands_in_the_list(at_admin: AtWork) -> None:
    window, hands, desk = at_admin
    pane = desk.admin.backups
    before = len(pane.table.cells())

    hands.press("Ctrl+Return")
    hands.wait_until(lambda: len(pane.table.cells()) > before, "the backup in the list")
    _rest(window, hands)

    assert "만들고" in desk.admin.banner.words()
    newest = pane.table.cells()[0]
    assert newest[0].startswith("2026. 11. 30.")
    assert newest[1:3] == ("직접 만듦", "이 노트북")


def test_backup_is_tried_out_by_a_key_and_the_day_is_kept(at_admin: AtWork) -> None:
    window, hands, desk = at_admin
    assert "아직" in desk.admin.backups.tried.words()

    hands.press("F7")
    hands.wait_until(lambda: bool(desk.admin.banner.words()), "the outcome")
    _rest(window, hands)

    assert "되살릴 수 있습니다" in desk.admin.banner.words()
    assert "2026. 11. 30." in desk.admin.backups.tried.words()


def test_damaged_backup_is_found_out_by_its_trial(at_admin: AtWork) -> None:
    window, hands, desk = at_admin
    (kept,) = backup_places.kept_backups(desk.session)
    content = bytearray(kept.backup.path.read_bytes())
    content[1000] ^= 1
    kept.backup.path.write_bytes(content)

    hands.press("F7")
    hands.wait_until(lambda: bool(desk.admin.banner.words()), "the outcome")
    _rest(window, hands)

    assert "온전하지 않" in desk.admin.banner.words()
    assert "아직" in desk.admin.backups.tried.words()
    assert desk.admin.backups.make.isEnabled()


def test_second_place_gets_a_backup_at_once_and_says_so(at_admin: AtWork, tmp_path: Path) -> None:
    window, hands, desk = at_admin
    pane = desk.admin.backups

    hands.press("F6", "F6")
    _to(hands, pane.choose)
    hands.press("Return")
    hands.wait_until(lambda: "둘째 곳" in {cells[2] for cells in pane.table.cells()}, "its backup")
    _rest(window, hands)

    assert pane.place.words() == str(tmp_path)
    assert "두었습니다" in pane.told.words()
    assert list((tmp_path / desk.session.profile_id).glob("*.db"))


def test_second_place_that_is_away_is_said_and_keeps_nobody_from_the_first(
    at_admin: AtWork, tmp_path: Path
) -> None:
    window, hands, desk = at_admin
    backup_places.choose_second_place(desk.session, tmp_path / "pulled-out")
    before = len(backup_places.kept_backups(desk.session))

    hands.press("Ctrl+Return")
    hands.wait_until(lambda: bool(desk.admin.banner.words()), "the outcome")
    _rest(window, hands)

    assert len(backup_places.kept_backups(desk.session)) == before + 1
    assert not (tmp_path / "pulled-out").exists()
    assert "꽂아" in desk.admin.banner.words()
    assert "꽂아" in desk.admin.backups.told.words()
    _to(hands, desk.admin.backups.drop)
    hands.press("Return")
    _rest(window, hands)
    assert preferences(desk.session).second_place is None
    assert "아직" in desk.admin.backups.place.words()


def test_minutes_to_the_lock_are_chosen_by_keys_and_stand_after_a_lock(at_admin: AtWork) -> None:
    window, hands, desk = at_admin
    watch = window.findChild(IdleWatch)
    assert watch is not None
    hands.press("Ctrl+PgDown")
    _rest(window, hands)
    assert desk.admin.tab() == LOCKING

    hands.press("Down", "Down", "Down")
    _rest(window, hands)

    assert preferences(desk.session).lock_minutes == 3
    assert preferences(desk.session).lock_visit_minutes is None
    assert watch.locking.interval() == 3 * MINUTE_MS
    assert watch.locking.isActive()
    assert desk.admin.locking.visit_minutes.currentText() == "정해진 대로(5분)"

    hands.press("Ctrl+L")
    _unlock(window, hands, PASSWORD)
    assert watch.locking.interval() == 3 * MINUTE_MS


def test_size_of_new_pictures_is_chosen_by_keys_and_holds_for_the_next_form(
    at_admin: AtWork,
) -> None:
    window, hands, desk = at_admin
    hands.press("Ctrl+PgDown")
    _rest(window, hands)
    _to(hands, desk.admin.locking.picture)

    hands.press("Down", "Down")
    _rest(window, hands)

    assert preferences(desk.session).picture_px == 800
    assert open_new(desk.session, "P13e").picture_px == 800
    assert desk.admin.locking.picture.currentText() == "긴 변 800 픽셀"
    assert cut(window) == []
    assert outside(window) == []


def test_making_is_stopped_by_escape_and_leaves_what_stood(at_admin: AtWork) -> None:
    window, hands, desk = at_admin
    standing = backup_places.kept_backups(desk.session)
    busy = Event()
    window.jobs.start(busy.wait, owner=desk, lane=Lane.NETWORK)

    hands.press("Ctrl+Return")
    assert not desk.admin.backups.make.isEnabled()
    hands.press("Escape")
    busy.set()
    _rest(window, hands)

    assert "멈추었습니다" in desk.admin.banner.words()
    assert backup_places.kept_backups(desk.session) == standing
    assert desk.admin.backups.make.isEnabled()
    assert desk.admin.backups.table.hasFocus()


def test_password_is_changed_by_keys_and_the_new_one_opens(at_admin: AtWork) -> None:
    window, hands, desk = at_admin
    hands.press("Ctrl+PgDown", "F6")
    changing = desk.admin.locking.changing
    assert changing.old.hasFocus()

    _type_passwords(hands, "not-the-old-one", NEW_PASSWORD, NEW_PASSWORD)
    hands.wait_until(changing.button.isEnabled, "the refusal")
    assert "비밀번호가 맞지 않습니다." in _remarks(changing)
    assert changing.old.hasFocus()
    assert changing.new.text() == NEW_PASSWORD

    _type_passwords(hands, PASSWORD, "")
    hands.wait_until(lambda: bool(desk.admin.banner.words()), "the new password")
    assert "새 비밀번호로 여세요" in desk.admin.banner.words()
    assert {changing.old.text(), changing.new.text(), changing.again.text()} == {""}

    hands.press("Ctrl+L")
    _unlock(window, hands, NEW_PASSWORD)


def test_weak_password_is_refused_with_its_rule_and_another_one_asked(at_admin: AtWork) -> None:
    _, hands, desk = at_admin
    hands.press("Ctrl+PgDown", "F6")
    changing = desk.admin.locking.changing

    _type_passwords(hands, PASSWORD, NEW_PASSWORD, "another one")
    assert "두 비밀번호가 서로 다릅니다." in _remarks(changing)
    hands.press("Ctrl+A", "Delete", "Shift+Tab", "Ctrl+A")
    hands.type_text("12345678")
    hands.press("Return")
    hands.type_text("12345678")
    hands.press("Return")
    hands.wait_until(changing.button.isEnabled, "the refusal")

    assert any(said.startswith("이 비밀번호는 쓸 수 없습니다.") for said in _remarks(changing))
    assert changing.new.hasFocus()
    assert changing.old.text() == PASSWORD


def test_key_is_not_remembered_where_there_is_no_keyring_and_forgotten_where_it_was(
    at_admin: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    window, hands, desk = at_admin
    pane = desk.admin.locking
    hands.press("Ctrl+PgDown")
    _rest(window, hands)
    _to(hands, pane.remember)
    hands.press("Return")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "the question")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: bool(desk.admin.banner.words()), "the answer")
    _rest(window, hands)
    assert desk.admin.banner.words() == _as_banner(message_for(KeyringMissing()))

    key_path = Profile(desk.session.store.path.parent).key_path
    add_keyring(key_path, PASSWORD, bytes(32))
    hands.press("Ctrl+PgUp", "Ctrl+PgDown")
    _rest(window, hands)
    assert "기억하고 있어" in pane.remembered.words()
    _to(hands, pane.remember)
    hands.press("Return")
    hands.wait_until(lambda: bool(desk.admin.banner.words()), "the answer")
    _rest(window, hands)

    assert not has_keyring(key_path)
    assert "혼자 쓰는 컴퓨터" in pane.remembered.words()


def test_change_of_the_key_locks_with_the_password_that_was_given(at_admin: AtWork) -> None:
    window, hands, desk = at_admin
    wanted: list[str] = []
    desk.rotation_wanted.connect(wanted.append)
    hands.press("Ctrl+PgDown")
    _rest(window, hands)

    _to(hands, desk.admin.locking.rotate)
    hands.press("Return")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "the question")
    hands.press("Escape")
    assert wanted == []
    _to(hands, desk.admin.locking.rotate)
    hands.press("Return")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "the question")
    hands.type_text(PASSWORD)
    hands.press("Return")

    assert wanted == [PASSWORD]
    assert window.session() is None
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")


def test_month_of_the_log_is_said_in_words_and_counted_in_a_table(in_town: AtWork) -> None:
    window, hands, desk = in_town
    go(window, hands, "admin")
    hands.press("Ctrl+PgUp")
    _rest(window, hands)
    assert desk.admin.tab() == LOG
    pane = desk.admin.log

    assert pane.month.currentText() == "2026년 11월"
    assert "온전합니다" in pane.chain.words()
    assert "gasang-osamu" in pane.words.words()
    assert "가상-김하나" not in pane.words.words()
    # Once to register the households, once through the window.
    assert ("열고 들어옴", "2") in pane.deeds.cells()

    hands.press("Down")
    _rest(window, hands)

    assert pane.month.currentText() == "2026년 10월"
    assert pane.words.words() == "이 달에는 한 일이 없습니다."
    assert pane.deeds.cells() == ()


def test_broken_log_is_said_first(at_admin: AtWork) -> None:
    window, hands, desk = at_admin
    with desk.session.store.writing() as db:
        for (trigger,) in db.rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'access_log'"
        ):
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute("UPDATE access_log SET user = 'gasang-other' WHERE log_seq = 1")

    hands.press("Ctrl+PgUp")
    _rest(window, hands)

    assert desk.admin.log.chain.words().startswith("▲ 접속기록 1번째 줄부터")


@pytest.mark.parametrize("width", [1093, 683])
def test_no_tab_is_cut_at_the_size_to_design_for_nor_in_a_narrow_window(
    at_admin: AtWork, width: int
) -> None:
    window, hands, desk = at_admin
    window.resize(width, 534)
    hands.settle()
    for tab in (BACKUPS, LOCKING, LOG):
        assert desk.admin.tab() == tab
        assert cut(desk.admin) == []
        assert outside(window) == []
        hands.press("Ctrl+PgDown")
        _rest(window, hands)
