"""The first window of the day, when the password is wrong or forgotten: by real keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.ui.hands import Hands
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.unlock.presenter import UnlockPresenter
from fieldapp.ui.unlock.view import UnlockView
from fieldapp.usecases import profiles, recovery
from fieldapp.usecases.session import Session
from tests.laptops import new_laptop
from tests.ui.samples import NOON, PASSWORD, StillClock, begin_work

HandsOn = Callable[[QWidget], Hands]
ROLES = [("dong_welfare", "동 복지담당"), ("secretariat", "사무국")]
PASSPHRASE = "gasang-samusil-2026"
NEW = "gasang-saeroun-2027"


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    """The lanes of a window that consists of the unlock page alone."""

    def unexpected(error: BaseException) -> None:
        raise error

    made = Jobs(unexpected=unexpected)
    yield made
    made.shut_down()


def _try(window: MainWindow, hands: Hands, password: str) -> None:
    hands.wait_until(lambda: window.unlock.password.hasFocus() and window.jobs.is_idle(), "the box")
    hands.type_text(password)
    hands.press("Return")
    hands.wait_until(lambda: window.jobs.is_idle() and not window.unlock.password.text(), "refusal")


def test_third_wrong_password_makes_wait_and_enter_does_nothing_meanwhile(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands)
    hands.press("Ctrl+L")
    for _ in range(2):
        _try(opened, hands, "not-it")
        assert opened.unlock.wait.isHidden()

    _try(opened, hands, "not-it")

    assert "초 뒤에 다시 해 보세요." in opened.unlock.wait.words()
    assert not opened.unlock.enter.isEnabled()
    hands.type_text(PASSWORD)
    hands.press("Return")
    assert opened.jobs.is_idle()
    assert opened.desk is None
    hands.wait_until(opened.unlock.enter.isEnabled, "the end of the wait")
    assert opened.unlock.wait.isHidden()
    assert opened.unlock.password.text() == PASSWORD

    # The window only tells of the wait: the clock of the laptop stood still, so the store refuses.
    hands.press("Return")
    hands.wait_until(lambda: "기다려야" in opened.unlock.banner.words(), "the refusal")
    assert not opened.unlock.enter.isEnabled()


def test_wait_is_told_second_by_second_and_only_for_its_profile(hands_on: HandsOn) -> None:
    view = UnlockView(ROLES)
    asked: list[tuple[str, str]] = []
    view.unlock_requested.connect(lambda *given: asked.append(given))
    hands = hands_on(view)
    view.show_profiles([("p1", "가상-오사무"), ("p2", "가상-이담당")])
    hands.settle()

    view.show_wait("p1", 62)
    first = view.wait.words()
    assert first == "1분 2초 뒤에 다시 해 보세요."
    hands.wait_until(lambda: view.wait.words() not in ("", first), "a second to pass")
    hands.type_text("secret words")
    hands.press("Return")
    assert asked == []

    hands.press("Shift+Tab", "Down", "Tab")
    assert view.wait.isHidden()
    hands.press("Return")
    assert asked == [("p2", "secret words")]


def test_forgotten_password_is_replaced_with_the_office_code_by_keys_alone(
    hands_on: HandsOn, jobs: Jobs, tmp_path: Path, compiled_packs: Path
) -> None:
    laptop = new_laptop(tmp_path / "laptop", compiled_packs)
    laptop.close()
    (profile,) = profiles.list_profiles(laptop.folder)
    office, out = tmp_path / "office.json", tmp_path / "out"
    out.mkdir()
    recovery.write_office_key(office, PASSPHRASE, cost=FAST_FOR_TESTS)
    public = tmp_path / "packs"
    public.mkdir()
    (public / profiles.OFFICE_KEY_FILE).write_bytes((tmp_path / "office.json.pub").read_bytes())
    recovery.add_recovery(profile, PASSWORD, profiles.office_key(public) or b"")
    view = UnlockView(ROLES)
    hands = hands_on(view)
    presenter = UnlockPresenter(
        view,
        jobs,
        profiles=laptop.folder,
        packs=compiled_packs,
        clock=StillClock(NOON),
        choose_folder=lambda _: out,
    )
    opened: list[Session] = []
    presenter.unlocked.connect(opened.append)
    presenter.begin()
    hands.wait_until(lambda: view.password.hasFocus() and jobs.is_idle(), "the password box")

    hands.click(view.forgot)
    hands.click(view.forgotten.request)
    hands.wait_until(lambda: "복구요청-" in view.forgotten.told.words(), "the request")
    (request,) = out.iterdir()
    code = recovery.read_out(request, office, PASSPHRASE)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    hands.type_text(wrong.lower())
    for text in (NEW, NEW):
        hands.press("Return")
        hands.type_text(text)
    hands.press("Return")
    hands.wait_until(lambda: "복구코드의 글자" in view.banner.words(), "the refusal")
    assert view.forgotten.code.hasFocus()
    hands.press("Ctrl+A")
    hands.type_text(code.lower())
    hands.press("Return")
    hands.wait_until(lambda: bool(opened), "the store to open")

    assert opened[0].worker.name == laptop.session.worker.name
    opened[0].store.close()
    assert view.forgotten.new_password.text() == view.forgotten.code.text() == ""
    profiles.unlock(profile, NEW, StillClock(NOON), compiled_packs).store.close()


def test_escape_from_the_forgotten_page_leads_back_and_keeps_nothing_typed(
    hands_on: HandsOn,
) -> None:
    view = UnlockView(ROLES)
    hands = hands_on(view)
    view.show_profiles([("p1", "가상-오사무")])
    hands.settle()
    hands.click(view.forgot)
    hands.type_text("abcde")

    hands.press("Escape")

    assert view.password.hasFocus()
    assert view.forgotten.code.text() == ""
