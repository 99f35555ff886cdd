"""Nothing that was typed in a working day stands readable in any file that the laptop keeps.

The day is lived in a process of its own whose every folder is known: profiles, temporary files,
caches, settings, runtime files, what it printed. It ends by SIGKILL, so the write-ahead log and
whatever else a tidy close would take away are still there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from PySide6.QtGui import QColor, QImage

from fieldapp.clock import StillClock
from fieldapp.usecases import files, filling, households, profiles, records, session
from tests.faults import working_day as day

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_S = 300
#: How any file begins that a laptop may not keep in the clear: stores, prints, sheets, pictures.
OPEN_KINDS = (b"SQLite format 3", b"%PDF", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG", b"\x1f\x8b")
CHANGE_KEY = """
import sys
from pathlib import Path
from fieldapp.clock import SystemClock
from fieldapp.usecases import keys, profiles
(profile,) = profiles.list_profiles(Path(sys.argv[1]))
keys.rotate(profile, sys.argv[2], SystemClock())
"""


@dataclass(frozen=True)
class Day:
    """A laptop at the end of its day: all its own folders under one, and where the prints went."""

    laptop: Path
    exports: Path
    ended_by: int

    @property
    def told(self) -> list[str]:
        """What the day said of its progress, line by line."""
        return (self.laptop / "stdout").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, compiled_packs: Path) -> Day:
    """The day, lived once."""
    outside, laptop = tmp_path_factory.mktemp("outside"), tmp_path_factory.mktemp("laptop")
    exports, picture = outside / "exports", outside / "picture.png"
    image = QImage(320, 240, QImage.Format.Format_RGB32)
    image.fill(QColor("darkgreen"))
    image.save(str(picture))
    folders = {
        "HOME": "home",
        "TMPDIR": "temporary",
        "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_STATE_HOME": "state",
        "XDG_RUNTIME_DIR": "runtime",
        "FIELDAPP_HOME": "fieldapp/profiles",
    }
    for folder in (exports, *(laptop / name for name in folders.values())):
        folder.mkdir(parents=True, mode=0o700)
    placed = {variable: str(laptop / name) for variable, name in folders.items()}
    arguments = [str(compiled_packs), str(picture), str(exports)]
    with (laptop / "stdout").open("wb") as out, (laptop / "stderr").open("wb") as errors:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.working_day", *arguments],
            cwd=ROOT,
            env={**os.environ, **placed},
            stdout=out,
            stderr=errors,
            check=False,
            timeout=LIMIT_S,
        )
    return Day(laptop, exports, done.returncode)


def spellings(words: str) -> set[bytes]:
    """How words may stand in a file: encodings, composed or not, escaped for JSON or an address."""
    found = {words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "cp949")}
    apart = unicodedata.normalize("NFD", words)
    found |= {apart.encode(code) for code in ("utf-8", "utf-16-le")}
    return found | {words.encode("ascii", "backslashreplace"), quote(words).encode()}


def leaks(folder: Path) -> Iterator[str]:
    """Every file below that says a canary in its content or its name, with the canary."""
    for file in folder.rglob("*"):
        content = os.fsencode(file.name)
        if file.is_file():
            content += b"\n" + file.read_bytes()
        for canary in day.CANARIES:
            if any(spelling in content for spelling in spellings(canary)):
                yield f"{file.relative_to(folder)}: {canary}"


def test_the_day_was_lived_to_its_sudden_end(lived: Day) -> None:
    assert lived.ended_by == -signal.SIGKILL, (lived.laptop / "stderr").read_text()
    assert [*lived.told[:-2], lived.told[-1]] == [
        "register", "visit", "survey", "print_month", "look_up",
        "copied True", "copy_for_another_program", "locked unlock False", "unlocked",
        "reported 2", "cut off",
    ]  # fmt: skip
    assert {file.suffix for file in lived.exports.iterdir()} == {".pdf", ".hwpx", ".xlsx"}


def test_no_file_of_the_laptop_says_what_was_typed(lived: Day) -> None:
    assert list(leaks(lived.laptop)) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX")
@pytest.mark.parametrize("place", ["rekey.before_switch", "rekey.before_sweep"])
def test_change_of_key_says_nothing_either_wherever_it_is_cut_off(
    lived: Day, tmp_path: Path, place: str
) -> None:
    laptop = tmp_path / "laptop"
    shutil.copytree(lived.laptop / "fieldapp", laptop / "fieldapp")
    (laptop / "temporary").mkdir()
    variables = {"FIELDAPP_FAILPOINT": place, "TMPDIR": str(laptop / "temporary")}

    done = subprocess.run(
        [sys.executable, "-c", CHANGE_KEY, str(laptop / "fieldapp" / "profiles"), day.PASSWORD],
        cwd=ROOT,
        env={**os.environ, **variables},
        check=False,
        timeout=LIMIT_S,
    )

    assert done.returncode == -signal.SIGKILL
    assert any(file.name.endswith((".rekeyed", ".old")) for file in laptop.rglob("*"))
    assert list(leaks(laptop)) == []


def test_nothing_was_written_elsewhere_and_taken_away_again(lived: Day) -> None:
    folders = {Path(name) for name in json.loads(lived.told[-2])}

    own = lived.laptop / "fieldapp"
    assert {lived.exports, own / "crashes"} < folders
    inside = {folder for folder in folders if folder.is_relative_to(own / "profiles")}
    assert folders == inside | {lived.exports, own / "crashes"}


def test_no_file_of_the_laptop_is_of_a_kind_that_anybody_can_open(lived: Day) -> None:
    files = [file for file in lived.laptop.rglob("*") if file.is_file()]
    opened = [file.name for file in files if file.read_bytes().startswith(OPEN_KINDS)]

    assert opened == []
    # What a tidy close takes away was there to be searched.
    assert any(file.name.endswith("-wal") and file.stat().st_size for file in files)
    assert any(file.parent.name == "crashes" for file in files)


@pytest.mark.parametrize("canary", day.CANARIES)
def test_search_finds_a_canary_that_is_there(tmp_path: Path, canary: str) -> None:
    for number, spelling in enumerate(sorted(spellings(canary))):
        planted = tmp_path / f"{number}" / "deep" / "planted.bin"
        planted.parent.mkdir(parents=True)
        planted.write_bytes(os.urandom(64) + spelling + os.urandom(64))
        assert list(leaks(tmp_path / f"{number}")) == [f"deep/planted.bin: {canary}"]
    (tmp_path / "named" / canary).mkdir(parents=True)
    assert list(leaks(tmp_path / "named")) == [f"{canary}: {canary}"]


def test_everything_typed_is_in_the_store_for_whoever_has_the_password(
    lived: Day, compiled_packs: Path
) -> None:
    (profile,) = profiles.list_profiles(lived.laptop / "fieldapp" / "profiles")
    opened = profiles.unlock(profile, day.PASSWORD, StillClock(day.MORNING), compiled_packs)
    try:
        (row,) = households.households(opened).rows
        assert (row.name, row.area) == (day.NAME, "5통")
        rows = records.records_page(opened).rows
        (draft,) = (one for one in rows if one.is_draft)
        answers = filling.open_draft(opened, draft.record_id).filling.draft_answers()
        assert answers["batch"].startswith(f"{day.LEFT_OPEN}새{day.LEFT_LATIN}")
        (visit,) = (one for one in rows if one.form_title.startswith("방문"))
        answers = filling.open_record(opened, visit.record_id).filling.answers()
        assert answers["talk/said"] == f"{day.SAID} {day.SAID_LATIN}"
        picture = QImage.fromData(files.read_file(opened, answers["pictures/photo"]))
        assert (picture.width(), picture.height()) == (320, 240)
    finally:
        session.lock(opened)
