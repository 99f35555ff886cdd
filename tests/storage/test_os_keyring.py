"""The operating system's keyring opens a profile where there is one, and is missed nowhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.storage import key, os_keyring
from fieldapp.storage.profile import Profile

PASSWORD = "가상-비밀번호-1"
TOOLS = ("dbus-run-session", "gnome-keyring-daemon")
needs_keyring = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)),
    reason="NOT TESTED: no gnome-keyring here (apt-get install gnome-keyring dbus)",
)
#: Unlocks the session's keyring, then runs its arguments.
WITH_KEYRING = (
    "dbus-run-session", "--", "sh", "-c",
    'printf "pw\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null; "$@"', "sh",
)  # fmt: skip
WITH_LOCKED_KEYRING = ("dbus-run-session", "--")
DEED = """
import sys
from pathlib import Path
from fieldapp.errors import WrongPassword
from fieldapp.storage import os_keyring
from fieldapp.storage.profile import Profile
profile = Profile(Path(sys.argv[1]))
def opened():
    key = os_keyring.open_remembered(profile)
    return key.hex() if key else "-"
"""
PLUG_IN = """
from keyring.backend import KeyringBackend
class InClear(KeyringBackend):
    priority = 1000
    kept = {}
    def set_password(self, service, username, password): self.kept[username] = password
    def get_password(self, service, username): return self.kept.get(username)
    def delete_password(self, service, username): self.kept.clear()
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A folder with a key file; there is no need of a store."""
    made = Profile(tmp_path / "p1")
    made.folder.mkdir()
    key.create_key_file(made.key_path, PASSWORD, cost=FAST_FOR_TESTS)
    return made


def run(profile: Profile, *lines: str, inside: Sequence[str] = (), **variables: str) -> list[str]:
    """What a process of its own prints, in a home of its own and without our session's bus."""
    home = profile.folder.parent / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment = {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), **variables}
    done = subprocess.run(
        [*inside, sys.executable, "-c", DEED + "\n".join(lines), str(profile.folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.split()


@needs_keyring
def test_keyring_opens_what_it_remembers_until_it_forgets(profile: Profile) -> None:
    data_key = key.open_key_file(profile.key_path, PASSWORD).hex()

    printed = run(
        profile,
        f"print(opened(), os_keyring.remember(profile, {PASSWORD!r}), opened())",
        "kept = profile.key_path.read_bytes()",
        "os_keyring.forget(profile)",
        "print(opened())",
        "profile.key_path.write_bytes(kept)",
        "print(opened())",
        inside=WITH_KEYRING,
    )

    assert printed == ["-", "True", data_key, "-", "-"]


@needs_keyring
def test_wrong_password_is_remembered_nowhere(profile: Profile) -> None:
    before = profile.key_path.read_bytes()

    printed = run(
        profile,
        "try: os_keyring.remember(profile, 'wrong')",
        "except WrongPassword: print('refused')",
        "print(os_keyring._get(profile.id))",
        inside=WITH_KEYRING,
    )

    assert printed == ["refused", "None"]
    assert profile.key_path.read_bytes() == before


@needs_keyring
def test_wrong_password_leaves_what_was_remembered(profile: Profile) -> None:
    data_key = key.open_key_file(profile.key_path, PASSWORD).hex()

    printed = run(
        profile,
        f"os_keyring.remember(profile, {PASSWORD!r})",
        "try: os_keyring.remember(profile, 'wrong')",
        "except WrongPassword: print('refused', opened())",
        inside=WITH_KEYRING,
    )

    assert printed == ["refused", data_key]


@needs_keyring
def test_keyring_that_stays_locked_is_none(profile: Profile) -> None:
    before = profile.key_path.read_bytes()

    printed = run(
        profile,
        f"print(os_keyring.remember(profile, {PASSWORD!r}), opened())",
        inside=WITH_LOCKED_KEYRING,
    )

    assert printed == ["False", "-"]
    assert profile.key_path.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the keyring is always there")
@pytest.mark.parametrize("bus", ["", "unix:path=/nowhere/bus"])
def test_without_a_bus_nothing_is_remembered_and_no_plug_in_takes_its_place(
    profile: Profile, bus: str
) -> None:
    before = profile.key_path.read_bytes()

    printed = run(
        profile,
        PLUG_IN,
        f"print(os_keyring.remember(profile, {PASSWORD!r}), opened(), len(InClear.kept))",
        **({"DBUS_SESSION_BUS_ADDRESS": bus} if bus else {}),
    )

    assert printed == ["False", "-", "0"]
    assert profile.key_path.read_bytes() == before


def test_forgetting_needs_no_keyring(profile: Profile) -> None:
    key.add_keyring(profile.key_path, PASSWORD, b"s" * 32)

    printed = run(profile, "os_keyring.forget(profile)", "print(opened())")

    assert printed == ["-"]
    assert key.open_with_secret(profile.key_path, b"s" * 32) is None


def test_keyring_that_never_answers_is_given_up() -> None:
    assert os_keyring._within_limit(threading.Event().wait) is None
