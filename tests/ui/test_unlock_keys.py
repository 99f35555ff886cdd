"""The data key changed in the first window, and a profile opened as the computer remembers it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from fieldapp.ui.hands import Hands
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.unlock.presenter import UnlockPresenter
from fieldapp.ui.unlock.view import UnlockView
from fieldapp.usecases import profiles, records
from fieldapp.usecases.profiles import ProfileInfo
from fieldapp.usecases.session import Session
from tests.laptops import PASSWORD, cheap_laptop
from tests.servers import PACKS
from tests.storage.test_os_keyring import WITH_KEYRING, needs_keyring
from tests.ui.looking import cut, outside
from tests.ui.samples import NOON, StillClock

AtWork = tuple[MainWindow, Hands]
Page = tuple[UnlockView, Jobs, UnlockPresenter, Hands]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, compiled_packs: Path) -> Path:
    """The profiles of a laptop with one survey."""
    folder = tmp_path_factory.mktemp("laptop") / "profiles"
    laptop = cheap_laptop(folder, compiled_packs, StillClock(NOON))
    laptop.record_survey()
    laptop.close()
    return folder


@pytest.fixture(autouse=True)
def profile(written: Path, tmp_path: Path) -> ProfileInfo:
    """The profile, in the place where the window will look."""
    shutil.copytree(written, tmp_path / "profiles")
    (info,) = profiles.list_profiles(tmp_path / "profiles")
    return info


@pytest.fixture
def page(
    hands_on: Callable[[QWidget], Hands], tmp_path: Path, compiled_packs: Path
) -> Iterator[Page]:
    """The unlock page without its window, its profile closed."""
    made = _page(hands_on, tmp_path / "profiles", compiled_packs)
    yield made
    made[1].shut_down()


def _page(hands_on: Callable[[QWidget], Hands], folder: Path, packs: Path) -> Page:
    def unexpected(error: BaseException) -> None:
        raise error

    view, jobs = UnlockView(()), Jobs(unexpected=unexpected)
    presenter = UnlockPresenter(
        view,
        jobs,
        profiles=folder,
        packs=packs,
        clock=StillClock(NOON),
        choose_folder=lambda _: None,
    )
    return view, jobs, presenter, hands_on(view)


def _rest(window: MainWindow, hands: Hands) -> None:
    hands.settle()
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")


def _open(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(window.unlock.password.hasFocus, "the password box")
    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.desk is not None and window.jobs.is_idle(), "the desk")


# 암호화 키 바꾸기


def test_new_key_opens_the_profile_with_everything_in_it_and_the_old_key_no_more(
    window: AtWork, profile: ProfileInfo
) -> None:
    opened, hands = window
    _open(opened, hands)
    assert opened.desk is not None
    before = opened.desk.session.store.data_key()
    page = opened.unlock.work

    # As 관리 does, once it has the password.
    opened.desk.rotation_wanted.emit(PASSWORD)
    assert not opened.unlock.enter.isEnabled()
    hands.wait_until(page.is_working, "the work")
    assert page.progress.words().startswith("바꾸는 중")
    assert not cut(opened.unlock)
    _rest(opened, hands)
    assert page.title.words() == "암호화 키를 바꾸었습니다"
    assert not cut(opened.unlock)
    assert not outside(opened.unlock)

    hands.press("Return")
    hands.wait_until(lambda: opened.desk is not None and opened.jobs.is_idle(), "the desk")
    assert opened.desk.session.store.data_key() != before
    assert len(records.records_page(opened.desk.session).rows) == 1


def test_change_of_the_key_that_is_stopped_changes_nothing(
    page: Page, profile: ProfileInfo
) -> None:
    view, jobs, presenter, hands = page
    before = {file: file.read_bytes() for file in profile.folder.glob("*.*")}
    goes_on = threading.Event()

    presenter.rotate(profile.id, PASSWORD)
    jobs.start(lambda: goes_on.wait(60), owner=view)
    hands.wait_until(view.work.is_working, "the page")
    hands.press("Escape")
    goes_on.set()
    hands.wait_until(jobs.is_idle, "the end of it")

    assert view.work.title.words() == "암호화 키를 바꾸지 않았습니다"
    assert before.keys() <= set(profile.folder.iterdir())
    assert all(
        file.read_bytes() == content for file, content in before.items() if file.suffix != ".lock"
    )
    hands.press("Escape")
    assert view.password.hasFocus()


def test_wrong_password_for_a_new_key_is_refused_where_passwords_are_typed(
    page: Page, profile: ProfileInfo
) -> None:
    view, jobs, presenter, hands = page

    presenter.rotate(profile.id, "not-it-at-all")
    hands.wait_until(lambda: bool(view.banner.words()) and jobs.is_idle(), "the refusal")

    assert "비밀번호가 맞지 않습니다" in view.banner.words()
    assert view.password.hasFocus()


def test_workbook_that_must_be_read_anew_is_said_while_the_profile_opens(
    hands_on: Callable[[QWidget], Hands], tmp_path: Path
) -> None:
    packs, folder = tmp_path / "packs", tmp_path / "without packs"
    packs.mkdir()
    cheap_laptop(folder, packs, StillClock(NOON)).close()
    shutil.copy(PACKS / "P13e.xlsx", packs)
    view, jobs, presenter, hands = _page(hands_on, folder, packs)
    opened: list[Session] = []
    presenter.unlocked.connect(opened.append)
    presenter.begin()
    hands.wait_until(lambda: view.password.hasFocus() and jobs.is_idle(), "the password box")

    hands.type_text(PASSWORD)
    hands.press("Return")

    hands.wait_until(lambda: view.doing.words() == "서식을 준비하는 중 1/1", "what takes so long")
    hands.wait_until(lambda: bool(opened), "the store to open")
    assert view.doing.isHidden()
    opened[0].store.close()
    jobs.shut_down()


# 기억된 열쇠로 열기

#: Runs in a session with a bus and a keyring of its own; sys.argv: the profile's folder, packs.
DEED = f"""
import sys
from pathlib import Path
from fieldapp.settings import Settings, read_settings
from fieldapp.storage import os_keyring
from fieldapp.storage.profile import Profile
from fieldapp.ui.application import build_application, open_window
from fieldapp.ui.hands import Hands
from tests.ui.samples import NOON, StillClock
folder, packs = map(Path, sys.argv[1:])
fonts = read_settings().fonts
application = build_application(["fieldapp"], fonts)
def window():
    settings = Settings(profiles=folder.parent, packs=packs, fonts=fonts)
    opened = open_window(settings, StillClock(NOON), lambda _: None)
    hands = Hands(opened)
    hands.wait_until(lambda: opened.jobs.is_idle() and opened.unlock.password.hasFocus())
    return opened, hands

os_keyring.remember(Profile(folder), {PASSWORD!r})
opened, hands = window()
print(opened.unlock.remembered.isVisible())
hands.press("Return")
hands.wait_until(lambda: opened.desk is not None and opened.jobs.is_idle())
print(opened.desk.session.worker.user)

hands.press("Ctrl+L")
hands.wait_until(lambda: opened.desk is None and opened.jobs.is_idle())
print(opened.unlock.remembered.isVisible())
hands.press("Return")
print(opened.jobs.is_idle(), opened.desk)
opened.close()

store = folder / "store.db"
whole = store.read_bytes()
store.write_bytes(whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:])
opened, hands = window()
hands.press("Return")
hands.wait_until(opened.jobs.is_idle)
print(opened.unlock.banner.words().split("\\n")[1].replace(" ", "_"))
opened.close()
store.write_bytes(whole)

os_keyring._remove(folder.name)
opened, hands = window()
hands.press("Return")
hands.wait_until(opened.jobs.is_idle)
print(opened.unlock.banner.words().replace(" ", "_"))
print(opened.unlock.password.hasFocus())
opened.close()
"""


@needs_keyring
def test_remembered_profile_opens_by_enter_at_the_start_and_by_its_password_after_a_lock(
    profile: ProfileInfo, compiled_packs: Path
) -> None:
    home = profile.folder.parent.parent / "home"
    home.mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    places = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    done = subprocess.run(
        [*WITH_KEYRING, sys.executable, "-c", DEED, str(profile.folder), str(compiled_packs)],
        env={**kept, **places, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    printed = done.stdout.split()
    assert printed[:2] == ["True", "가상-오사무"]
    assert printed[2:5] == ["False", "True", "None"], "after the lock"
    assert printed[5] == "비밀번호를_적으시면_예비본으로_되살릴_수_있습니다.", "damaged"
    assert printed[6:] == [
        "이_컴퓨터가_기억한_열쇠로_열리지_않았습니다._비밀번호를_적어_주세요.",
        "True",
    ]
