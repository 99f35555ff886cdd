"""`fieldapp pack check --english`: what pyxform found, once more in English below each line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.__main__ import main
from tests.packs import small
from tests.packs.workbooks import edited, new_column


def checked(
    file: Path, content: bytes, capsys: pytest.CaptureFixture[str], *options: str
) -> list[str]:
    """The lines that the command prints for this workbook."""
    file.write_bytes(content)
    main(["pack", "check", str(file), *options])
    return capsys.readouterr().out.splitlines()


def test_a_refusal_is_followed_by_its_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = edited(new_column("survey", "parameters", "name", "serial", "rows = = 3"))

    korean, english, _ = checked(tmp_path / "a.xlsx", content, capsys, "--english")

    assert korean.startswith("survey 5행 parameters: ")
    assert english.strip().startswith("survey row 5, parameters: ")
    assert " → " in english


def test_without_the_option_there_is_korean_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = edited(new_column("survey", "parameters", "name", "serial", "rows = = 3"))

    told = checked(tmp_path / "a.xlsx", content, capsys)

    assert len(told) == 2
    assert " row " not in told[0]


def test_advice_is_followed_by_its_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = small.written(small.SHEETS)

    *_, korean, english = checked(tmp_path / "a.xlsx", content, capsys, "--english")

    assert korean.startswith("알림: survey 14행: ")
    assert english.strip().startswith("survey row 14: ")
