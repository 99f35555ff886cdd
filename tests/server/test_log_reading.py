"""`fieldapp server log`: whoever answers for the access log reads it, narrowed to what they ask."""

from __future__ import annotations

from uuid import uuid4

import pytest
from msgspec.structs import replace

from fieldapp.__main__ import main
from tests.server.test_log import bring, chain
from tests.servers import Laptop, Server

HANA = "01930000-0000-7000-8000-0000000000aa"


class Officer:
    """Runs the command; each line of the table as its cells."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def reads(self, *asked: str) -> list[list[str]]:
        head, *lines = self.says(*asked)
        assert head.split("\t")[:3] == ["때", "누가", "무엇을"]
        return [line.split("\t") for line in lines if "\t" in line]

    def says(self, *asked: str) -> list[str]:
        self._capsys.readouterr()
        assert main(["server", "log", *asked]) == 0
        return self._capsys.readouterr().out.splitlines()


@pytest.fixture
def officer(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Officer:
    monkeypatch.setenv("FIELDAPP_OWNER_URL", server.postgres.owner_url)
    return Officer(capsys)


def test_officer_reads_who_did_what_to_whom_and_when_on_which_device(
    laptop: Laptop, officer: Officer
) -> None:
    bring(laptop, chain(laptop, 1))

    ((at, who, deed, whom, record, form, detail, device),) = officer.reads("--user", laptop.user)

    assert (at, who, deed) == ("2026-12-01 09:14:03", laptop.user, "봄")
    assert (whom, record, form) == (f"household/{HANA}", "-", "-")
    assert (detail, device) == ("count=1", laptop.replica)


def test_officer_narrows_by_person_device_and_day(
    server: Server, laptop: Laptop, officer: Officer
) -> None:
    other = server.new_laptop()
    looked_at = str(uuid4())
    days = [f"2026-12-0{day}T23:59:59+09:00" for day in (1, 2, 3)]
    lines = chain(laptop, 1, at=days[0])
    lines += chain(laptop, 1, lines, at=days[1], subjects=(("person", looked_at),))
    lines += chain(laptop, 1, lines, at=days[2])
    bring(laptop, lines)
    bring(other, chain(other, 2, at=days[1]))

    of_person = officer.reads("--of", looked_at)
    of_device = officer.reads("--replica", other.replica)
    of_day = officer.reads("--user", laptop.user, "--day", "2026-12-02")
    since = officer.reads("--user", laptop.user, "--since", "2026-12-02")

    assert [cells[3] for cells in of_person] == [f"person/{looked_at}"]
    assert [cells[1] for cells in of_device] == [other.user] * 2
    assert [cells[0] for cells in of_day] == ["2026-12-02 23:59:59"]
    assert [cells[0][:10] for cells in since] == ["2026-12-02", "2026-12-03"]


def test_officer_is_told_of_lines_that_break_the_chain_and_of_older_ones(
    laptop: Laptop, officer: Officer
) -> None:
    first, second = chain(laptop, 2)
    bring(laptop, [first, replace(second, deed="print")])

    told = officer.says("--user", laptop.user)
    newest = officer.says("--user", laptop.user, "--limit", "1")

    assert "[사슬 끊김]" in told[-2]
    assert told[-1] == "2줄, 사슬이 끊긴 줄 1줄"
    assert newest[-1].startswith("더 오래된 것이 있습니다.")
    assert len(newest) == 4


def test_words_of_a_hostile_device_steer_no_screen(laptop: Laptop, officer: Officer) -> None:
    bring(
        laptop, chain(laptop, 1, detail={"\x1b[2J\tname": "\x00\u202e"}, object_id="\x1b]0;x\x07")
    )

    (cells,) = officer.reads("--user", laptop.user)

    assert len(cells) == 8
    assert all(letter.isprintable() for cell in cells for letter in cell)
