"""`fieldapp pack check FILE` says what the window would say."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.packs.cli import check
from tests.packs import small
from tests.packs.workbooks import P13E, edited, problems_of, put


def test_a_sound_workbook_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(P13E) == 0

    told = capsys.readouterr().out.splitlines()
    assert told == [
        "P13e.xlsx: 고칠 곳이 없습니다.",
        "가사서비스 이용만족도 (P13e, 2026120101판): 질문 16, 선택목록 5, 단계 1, 표 3",
    ]


def test_what_a_workbook_does_beside_asking_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tmp_path / "SMALL.xlsx"
    whole.write_bytes(small.written(small.SHEETS))

    assert check(whole) == 0

    *told, advised = capsys.readouterr().out.splitlines()
    assert advised.startswith("알림: survey 14행: 사진이 커서 보내는 데 오래 걸릴 수 있습니다.")
    assert told[2:] == [
        "대상: household (기록마다 하나)",
        "남기는 대상: household(속성 3)",
        "찾아보는 대상: person, monitor",
        "나누어 쓰는 묶음: first(monitor1)",
        "상담주기: 7일에 한 번, 한 달에 한 번 방문, 이 기록도 상담으로 셈",
        "옮길 글: 방법, 내용",
    ]


def test_a_broken_workbook_is_told_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = edited(
        put("survey", "name", "serial", "type", "intger"),
        put("summary", "id", "dist", "rounding", "up"),
    )
    broken = tmp_path / "고친 서식.xlsx"
    broken.write_bytes(content)

    assert check(broken) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == [problem.as_text() for problem in problems_of(content)]
    assert lines[0].startswith("survey 5행 type: 'intger'")
    assert lines[-1] == "고칠 곳 2군데. 이 파일은 들이지 않습니다."


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path / "없는 파일.xlsx") == 1

    assert "'없는 파일.xlsx'을(를) 열 수 없습니다" in capsys.readouterr().out
