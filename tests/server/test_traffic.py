"""What devices of every version said once is answered by this server as it was then."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from fieldapp.sync import protocol
from tests.contracts.record import TAPES, staged
from tests.contracts.tape import FOLDER, Player
from tests.servers import Server


def play(server: Server, said: list[dict[str, Any]]) -> list[str]:
    """Every difference of a tape played to this server in a town of its own."""
    stage = staged(server, "")
    player = Player({name: value for value, name in stage.recorder.known.items()})
    with httpx.Client(base_url=server.base_url, timeout=60, trust_env=False) as http:
        found: list[str] = []
        for one in said:
            method, path, headers, body = player.request(one)
            reply = http.request(method, path, headers=headers, content=body)
            answer = reply.json()
            if path == protocol.CATALOGUE:
                # Other tests publish to everybody who is on this server.
                named = [item["id"] for item in one["reply"]["items"]]
                answer["items"] = [item for item in answer["items"] if item["id"] in named]
            differences = player.differences(one, reply.status_code, answer)
            found += [f"{one['why']} ({one['path']}): {each}" for each in differences]
    return found


@pytest.mark.parametrize("tape", sorted(FOLDER.parent.glob("*/*.json")), ids=lambda tape: tape.stem)
def test_a_tape_is_answered_as_it_was_when_it_was_recorded(server: Server, tape: Path) -> None:
    said = json.loads(tape.read_text(encoding="utf-8"))["said"]

    assert play(server, said) == []


def test_every_tape_that_can_be_recorded_stands() -> None:
    assert {tape.stem for tape in FOLDER.glob("*.json")} == TAPES.keys()


@pytest.mark.parametrize("tape", sorted(FOLDER.glob("*.json")), ids=lambda tape: tape.stem)
def test_a_tape_carries_nothing_of_the_run_that_recorded_it(tape: Path) -> None:
    text = tape.read_text(encoding="utf-8")

    assert "127.0.0.1" not in text
    assert not re.search("가상-동-[0-9]|가상-직원", text)
    assert set(re.findall(r"Bearer (\S{6})", text)) == {"{text:"}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        (("reply", "results", 0, "status"), "merged"),
        (("reply", "results", 0, "rev"), 2),
        (("reply", "results", 0, "op_id"), "{id:99}"),
        (("reply", "applied_seq"), True),
        (("status",), 201),
    ],
    ids=str,
)
def test_an_answer_that_changed_is_noticed(
    server: Server, pointer: tuple[str | int, ...], value: Any
) -> None:
    said = json.loads((FOLDER / "records.json").read_text(encoding="utf-8"))["said"]
    upto = next(n for n, one in enumerate(said) if one["why"] == "a finished survey")
    place: Any = said[upto]
    for step in pointer[:-1]:
        place = place[step]
    assert place[pointer[-1]] != value or isinstance(value, bool)
    place[pointer[-1]] = value

    assert play(server, said[: upto + 1]) != []
