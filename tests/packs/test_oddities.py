"""What the engine finds odd in a workbook that is taken in all the same: told as 알림."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from fieldapp.packs.cli import check
from tests.packs import small
from tests.packs.small import SHEETS, SURVEY, Rows, small_pack, with_row

#: The row that is added to the survey sheet.
ADDED = len(SURVEY) + 1


def notes_of(sheets: Mapping[str, Rows]) -> list[str]:
    """What is told beyond what the small workbook is told anyway."""
    usual = small_pack().warnings
    return [note for note in small_pack(sheets).warnings if note not in usual]


def with_bind(column: str, text: str) -> dict[str, Rows]:
    """The sheets with a question and a column of its own."""
    head, *rows = with_row("survey", type="text", name="again", label="다시")["survey"]
    padded = [(*row, *[""] * (len(head) - len(row))) for row in rows]
    last = (*padded.pop(), text)
    return {**SHEETS, "survey": ((*head, column), *padded, last)}


def test_a_file_that_nobody_brings_is_told_where_it_is_looked_into() -> None:
    looked = "pulldata('tariff', 'price', 'how', ${how})"

    (note,) = notes_of(with_row("survey", type="calculate", name="price", calculation=looked))

    problem, remedy = note.split(" → ")
    assert problem == (
        f"survey {ADDED}행: 'price': 'tariff.csv' 파일은 서식에 딸려 오지 않아 "
        "거기서 찾는 값이 늘 비어 있습니다."
    )
    assert remedy == "값을 choices 시트의 목록이나 대상 목록에 두고 거기서 찾으세요."


def test_a_file_that_nothing_looks_into_is_told_at_its_own_row() -> None:
    (note,) = notes_of(with_row("survey", type="xml-external", name="tariff"))

    assert note.startswith(f"survey {ADDED}행: 'tariff': 'tariff.xml' 파일은")


def test_lists_of_entities_are_never_missed() -> None:
    asked = {question.name for question in small_pack().plans.entities}

    assert asked >= {"household", "person", "monitor"}
    assert all("딸려 오지" not in note for note in small_pack().warnings)
    assert notes_of(with_row("survey", type="csv-external", name="site")) == []


def test_sound_that_is_not_recorded_is_told_at_its_row() -> None:
    (note,) = notes_of(with_row("survey", type="background-audio", name="sound"))

    assert note.startswith(f"survey {ADDED}행: 'sound': 'recordaudio'은(는) 이 앱이 하지 못해")
    assert note.endswith("→ 그 행을 지우거나 다른 종류의 문항으로 물으세요.")


def test_a_type_that_nobody_knows_is_told_and_taken_as_text() -> None:
    (note,) = notes_of(with_bind("bind::type", "hologram"))

    assert note.startswith(f"survey {ADDED}행: 'again': 'hologram'이라는 자료형을 모릅니다. → 글로")


def test_an_unknown_list_is_refused_once_and_not_told_again() -> None:
    sheets = with_row(
        "survey", type="calculate", name="x", calculation="count(instance('nope')/root/item)"
    )

    (problem,) = small.problems_in(sheets)

    assert problem.problem == "'nope'이라는 목록이 없습니다."


def test_pack_check_shows_what_is_odd_as_a_notice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "SMALL.xlsx"
    file.write_bytes(small.written(with_row("survey", type="xml-external", name="tariff")))

    assert check(file) == 0

    told = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"알림: survey {ADDED}행: 'tariff': ") for line in told)
