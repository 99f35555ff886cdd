"""A file is written whole or not at all."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.errors import FileNotWritten, FileReason
from fieldapp.messages import FILE_REASONS, message_for
from fieldapp.reports.files import write_file


@pytest.fixture
def files_of_at_most_a_kilobyte() -> Iterator[None]:
    """The kernel refuses to let a file grow further, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_file_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "20261130_가상-햇살동_만족도_v1.pdf"

    assert write_file(target, b"one") == target
    write_file(target, b"two")

    assert target.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [target]


def test_an_earlier_file_stands_untouched_when_the_disk_is_full(
    tmp_path: Path, files_of_at_most_a_kilobyte: None
) -> None:
    target = tmp_path / "표.xlsx"
    write_file(target, b"earlier")

    with pytest.raises(FileNotWritten) as caught:
        write_file(target, b"x" * 5000)

    assert caught.value.facts == {"reason": FileReason.FULL}
    assert "저장 공간" in message_for(caught.value).happened
    assert target.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("없는 폴더/표.pdf", FileReason.NO_FOLDER),
        ("파일/표.pdf", FileReason.NO_FOLDER),
        ("폴더", FileReason.IS_FOLDER),
        ("가" * 200 + ".pdf", FileReason.LONG_NAME),
    ],
)
def test_a_place_that_cannot_take_the_file_is_named(
    tmp_path: Path, name: str, reason: FileReason
) -> None:
    (tmp_path / "파일").write_bytes(b"kept")
    (tmp_path / "폴더").mkdir()
    before = sorted(tmp_path.iterdir())

    with pytest.raises(FileNotWritten) as caught:
        write_file(tmp_path / name, b"content")

    assert caught.value.facts == {"reason": reason}
    assert sorted(tmp_path.iterdir()) == before


def test_the_longest_name_that_a_report_can_have_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("가" * 76 + ".pdf")

    write_file(target, b"content")

    assert target.read_bytes() == b"content"


def test_every_reason_has_a_phrase() -> None:
    assert set(FILE_REASONS) == set(FileReason)
