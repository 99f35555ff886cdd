"""확인 beside what was looked at last, by whichever team leader, and without a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldapp.clock import instant_text
from fieldapp.domain.history import PastRevision
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import PatchLine
from fieldapp.domain.workflow import SERVER
from fieldapp.storage import entities, records
from fieldapp.usecases import conflicts, filling, finishing, review, sending_again
from fieldapp.usecases.records import status as record_status
from fieldapp.usecases.reviewed import answers_at, seen_revision
from tests.laptops import AppLaptop
from tests.servers import Server
from tests.storage.building import NOON
from tests.ui.neighbourhood import household_named, move_in, write
from tests.usecases.monitors import enrolled

NOTE = "next/grade_reason"
NEXT = "next/next_date"


@dataclass
class Town:
    """An officer and two team leaders, each at a laptop of their own."""

    officer: AppLaptop
    lead: AppLaptop
    other_lead: AppLaptop

    def visit(self, note: str) -> RecordId:
        """A call that asks for another grade, and so for a second look; not yet sent."""
        write(
            self.officer.session,
            "P01",
            household_named(self.officer.session, "가상-김하나"),
            method="phone",
            result="self",
            cared__voice="same",
            next__grade_change="down",
            next__grade_new="watch",
            next__grade_reason=note,
        )
        with self.officer.session.store.reading() as db:
            (row,) = records.of_form(db, "P01", limit=10)
        return RecordId(row.record_id)

    def mend(self, record_id: RecordId, note: str, **others: str) -> None:
        """The officer amends what was sent back."""
        form = filling.open_record(self.officer.session, record_id)
        for path, value in {NOTE: note, **others}.items():
            form.filling.answer(path, value)
        finishing.finish(self.officer.session, form.snapshot(None), reason="가상-보완")


@pytest.fixture
def town(server: Server, tmp_path: Path) -> Iterator[Town]:
    """A household moved in."""
    scope = server.new_scope()
    made = Town(
        enrolled(server, tmp_path / "officer", scope, "dong_welfare"),
        enrolled(server, tmp_path / "lead", scope, "team_lead"),
        enrolled(server, tmp_path / "other", scope, "team_lead"),
    )
    move_in(made.officer.session)
    yield made
    for laptop in (made.officer, made.lead, made.other_lead):
        laptop.close()


def compared(laptop: AppLaptop, record_id: RecordId) -> tuple[str | None, str | None, bool]:
    """The note: before, now, whether it is marked as changed."""
    lines = review.review(laptop.session, record_id).lines
    (line,) = [line for line in lines if line.path == NOTE]
    return line.before, line.now, line.is_changed


def test_what_one_leader_sent_back_another_sees_beside_its_amendment(town: Town) -> None:
    record_id = town.visit("가상-혼자 지내지 않음")
    town.officer.exchange()
    town.lead.exchange()
    review.take_step(town.lead.session, record_id, "보완 요청", reason="가상-누구와 지내는지")
    town.lead.exchange()
    town.officer.exchange()
    town.mend(record_id, "가상-딸과 함께 지냄")
    town.officer.exchange()

    town.other_lead.exchange()  # the first time that this laptop hears of it
    town.lead.exchange()

    for lead in (town.other_lead, town.lead):
        assert compared(lead, record_id) == ("가상-혼자 지내지 않음", "가상-딸과 함께 지냄", True)


def test_a_record_that_nobody_looked_at_stands_beside_nothing(town: Town) -> None:
    record_id = town.visit("가상-혼자 지내지 않음")
    town.officer.exchange()
    town.lead.exchange()

    assert compared(town.lead, record_id) == (None, "가상-혼자 지내지 않음", False)


def test_what_reaches_a_confirmed_visit_waits_for_the_leader_who_takes_it_in(town: Town) -> None:
    record_id = town.visit("가상-혼자 지냄")
    town.officer.exchange()
    town.lead.exchange()
    review.take_step(town.lead.session, record_id, "확인")
    town.lead.exchange()
    # Written before the officer hears that it was confirmed, and so locked.
    town.mend(record_id, "가상-딸과 함께 지냄")

    outcome = town.officer.exchange()
    town.lead.exchange()

    assert (outcome.conflicts, outcome.corrections) == (0, 1)
    assert town.officer.exchange().corrections == 0
    (told,) = sending_again.notices(town.officer.session)
    assert (told.standing, told.code) == ("partly", "locked")
    assert conflicts.open_conflicts(town.officer.session) == ()
    assert record_status(town.officer.session).open_conflicts == 0
    (asked,) = conflicts.open_conflicts(town.lead.session)
    assert asked.is_correction
    assert [(line.path, line.theirs) for line in asked.lines] == [(NOTE, "가상-딸과 함께 지냄")]
    assert answer(town.lead, record_id) == answer(town.officer, record_id) == "가상-혼자 지냄"

    conflicts.settle(town.lead.session, asked.conflict_id, {NOTE: "theirs"}, "가상-전화로 확인")
    town.lead.exchange()
    town.officer.exchange()

    assert conflicts.open_conflicts(town.lead.session) == ()
    for laptop in (town.lead, town.officer):
        assert answer(laptop, record_id) == "가상-딸과 함께 지냄"
        with laptop.session.store.reading() as db:
            doc = records.find(db, record_id).doc
        assert (doc.state, doc.history[0].reason) == ("확인", "가상-전화로 확인")


def test_a_correction_changes_the_household_when_it_is_taken_in_and_not_before(
    town: Town,
) -> None:
    record_id = town.visit("가상-혼자 지냄")
    town.officer.exchange()
    town.lead.exchange()
    review.take_step(town.lead.session, record_id, "확인")
    town.lead.exchange()
    agreed = next_contact(town.lead)
    town.mend(record_id, "가상-혼자 지냄", **{NEXT: "2027-01-15"})
    town.officer.exchange()
    town.lead.exchange()
    assert next_contact(town.lead) == next_contact(town.officer) == agreed != "2027-01-15"

    (asked,) = conflicts.open_conflicts(town.lead.session)
    conflicts.settle(town.lead.session, asked.conflict_id, {NEXT: "theirs"}, "가상-전화로 확인")
    assert next_contact(town.lead) == "2027-01-15"
    town.lead.exchange()
    town.officer.exchange()

    assert next_contact(town.lead) == next_contact(town.officer) == "2027-01-15"
    assert town.lead.exchange().held == 0


def next_contact(laptop: AppLaptop) -> str | None:
    """When the household is to be met next, as this laptop has it."""
    subject = household_named(laptop.session, "가상-김하나")
    with laptop.session.store.reading() as db:
        return entities.find(db, subject.list, subject.id).props.get("next_date")


def answer(laptop: AppLaptop, record_id: RecordId) -> str | None:
    """The note as this laptop has it."""
    with laptop.session.store.reading() as db:
        return records.find(db, record_id).doc.answers.get(NOTE)


def _past(
    rev: int, who: str, state: str, *lines: tuple[str, str | None, str | None]
) -> PastRevision:
    changed = tuple(PatchLine(path=path, old=old, new=new) for path, old, new in lines)
    return PastRevision(
        rev=rev, who=who, when=instant_text(NOON), state=state, lines=changed, paths=()
    )


def test_the_answers_of_a_revision_are_the_present_ones_with_all_later_changes_undone() -> None:
    held = '{"note":"가상","score":"4"}'
    known = (
        _past(4, "가상-갑", "완료", ("areas[n1]", held, None), ("new", None, "1")),
        _past(
            3, "가상-갑", "작성 중", ("a", "1", "2"), ("gone", "x", None), ("@subject", None, "l/i")
        ),
        _past(2, "가상-을", "보완 요청"),
    )

    at = answers_at({"a": "2", "new": "1"}, known, rev=2, newest=4)

    assert at == {"a": "1", "gone": "x", "areas[n1]/note": "가상", "areas[n1]/score": "4"}
    assert answers_at({}, known[1:], rev=2, newest=4) is None  # revision 4 is not here


def test_a_look_is_a_step_of_somebody_else_and_of_no_rule() -> None:
    made = _past(1, "가상-갑", "완료")
    by_rule = _past(2, SERVER, "확인")
    amended_by_another = _past(3, "가상-을", "확인", ("a", "1", "2"))
    looked_at = _past(4, "가상-을", "보완 요청")

    assert seen_revision((amended_by_another, by_rule, made), "가상-갑") is None
    assert seen_revision((looked_at, amended_by_another, by_rule, made), "가상-갑") == 4
    assert seen_revision((looked_at,), "가상-갑") is None  # what stood before is not known
