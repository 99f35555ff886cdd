"""정정 요청 (F7): what reaches a locked record waits beside it for whoever may lock it."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.exchange import ConflictDoc
from fieldapp.domain.operation import ObjectRef, Operation
from tests.server.errands import Town, conflicts_of, new_town, record_of, said, visited
from tests.server.workbooks import VISIT
from tests.servers import Laptop, Server


@pytest.fixture
def town(server: Server) -> Town:
    return new_town(server)


def confirmed(worker: Laptop) -> str:
    """A visit that the server confirmed, and so locked, in its second revision."""
    clean = visited(worker, found="good")
    assert worker.receipt(clean).rev == 2
    return clean.object.id


def amended(laptop: Laptop, record: str, base: int, text: str, **facts: Any) -> Operation:
    return laptop.change(record, base, [("note", None, text)], form=VISIT, **facts)


def settled(laptop: Laptop, record: str, base: int, text: str, reason: str | None) -> Operation:
    return amended(laptop, record, base, text, kind="resolve", reason=reason)


def asked(laptop: Laptop, record: str) -> list[ConflictDoc]:
    laptop.cursors = {}
    return conflicts_of(laptop.pull(), ObjectRef(type="record", id=record))


def answers(laptop: Laptop, record: str) -> dict[str, str]:
    laptop.cursors = {}
    return record_of(laptop.pull(), record).answers


def test_a_change_of_a_locked_record_changes_nothing_and_reaches_everybody_with_its_text(
    town: Town,
) -> None:
    worker, lead = town.laptop("secretariat"), town.laptop("team_lead")
    record = confirmed(worker)

    receipt = worker.receipt(amended(worker, record, 1, "가상-빠뜨린 말", reason="가상-까닭"))

    assert (said(receipt), receipt.rev) == (("conflict", "locked"), 3)
    assert receipt.conflict is not None
    assert receipt.conflict.paths == ("note",)
    for laptop in (worker, lead):
        assert "note" not in answers(laptop, record)
        (correction,) = asked(laptop, record)
        assert [(line.path, line.ours, line.theirs) for line in correction.lines] == [
            ("note", None, "가상-빠뜨린 말")
        ]
        assert (correction.theirs_author, correction.decided_by) == (worker.user, None)


def test_whoever_may_lock_takes_a_correction_in_as_a_revision_with_its_reason(town: Town) -> None:
    worker, lead = town.laptop("secretariat"), town.laptop("team_lead")
    record = confirmed(worker)
    worker.push(amended(worker, record, 1, "가상-빠뜨린 말"))

    receipt = lead.receipt(settled(lead, record, 3, "가상-빠뜨린 말", "가상-확인함"))

    assert said(receipt) == ("applied", None)
    lead.cursors = {}
    doc = record_of(lead.pull(), record)
    assert (doc.state, doc.answers["note"]) == ("확인", "가상-빠뜨린 말")
    assert (doc.history[0].who, doc.history[0].reason) == (lead.user, "가상-확인함")
    (correction,) = asked(worker, record)
    assert correction.decided_by == lead.user


@pytest.mark.parametrize(("role", "reason"), [("secretariat", "가상-확인함"), ("team_lead", None)])
def test_nobody_else_takes_a_correction_in_and_nobody_without_a_reason(
    town: Town, role: str, reason: str | None
) -> None:
    worker, other = town.laptop("secretariat"), town.laptop(role)
    record = confirmed(worker)
    worker.push(amended(worker, record, 1, "가상-빠뜨린 말"))

    receipt = other.receipt(settled(other, record, 3, "가상-빠뜨린 말", reason))

    assert said(receipt) == ("conflict", "locked")
    assert "note" not in answers(other, record)


def test_a_correction_brought_again_asks_once(town: Town) -> None:
    worker = town.laptop("secretariat")
    record = confirmed(worker)
    late = amended(worker, record, 1, "가상-빠뜨린 말")
    worker.push(late)

    assert worker.receipt(late).status == "duplicate"

    assert len(asked(worker, record)) == 1


def test_what_says_nothing_new_asks_for_nothing(town: Town) -> None:
    worker = town.laptop("secretariat")
    record = confirmed(worker)

    again = worker.change(record, 1, [("found", None, "good")], form=VISIT)

    assert worker.receipt(again).code is None
