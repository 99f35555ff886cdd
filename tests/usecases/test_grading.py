"""등급 변경 제안: asked for in a contact, decided with 확인, and the same on every laptop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldapp.clock import today
from fieldapp.domain.ids import RecordId
from fieldapp.storage import entities, records
from fieldapp.usecases import review
from tests.laptops import AppLaptop
from tests.servers import Server
from tests.ui.neighbourhood import household_named, move_in, write
from tests.usecases.monitors import enrolled

HANA = "가상-김하나"


@dataclass
class Town:
    """An officer and her team leader, each at a laptop of their own."""

    officer: AppLaptop
    lead: AppLaptop

    def exchange(self) -> None:
        """Both have what the other wrote."""
        for laptop in (self.officer, self.lead, self.officer):
            laptop.exchange()

    def asks_for(self, grade: str) -> RecordId:
        """A call of the officer that proposes another grade; the lead has it."""
        before = self._written()
        write(
            self.officer.session,
            "P01",
            household_named(self.officer.session, HANA),
            method="phone",
            result="self",
            cared__voice="same",
            next__grade_change="down",
            next__grade_new=grade,
            next__grade_reason="가상-혼자 지내지 않게 됨",
        )
        (new,) = self._written() - before
        self.exchange()
        return new

    def props(self, laptop: AppLaptop) -> Mapping[str, str]:
        """What a laptop knows of the household."""
        with laptop.session.store.reading() as db:
            of = household_named(laptop.session, HANA)
            return entities.find(db, of.list, of.id).doc.props

    def _written(self) -> set[RecordId]:
        with self.officer.session.store.reading() as db:
            return {RecordId(row.record_id) for row in records.of_form(db, "P01", limit=100)}


@pytest.fixture
def town(server: Server, tmp_path: Path) -> Iterator[Town]:
    """Two households moved in, and both laptops have them."""
    scope = server.new_scope()
    made = Town(
        enrolled(server, tmp_path / "officer", scope, "dong_welfare"),
        enrolled(server, tmp_path / "lead", scope, "team_lead"),
    )
    move_in(made.officer.session)
    made.exchange()
    yield made
    made.officer.close()
    made.lead.close()


def test_grade_that_was_asked_for_stands_once_the_team_lead_confirmed_it(town: Town) -> None:
    before = town.props(town.officer)["grade"]
    record = town.asks_for("watch")
    waiting = town.props(town.lead)
    assert (waiting["grade"], waiting["grade_wanted"]) == (before, "watch")
    proposal = review.review(town.lead.session, record).proposal
    assert proposal is not None
    assert (proposal.name, proposal.wanted) == (HANA, "관심")
    assert proposal.reason == "가상-혼자 지내지 않게 됨"

    review.take_step(town.lead.session, record, "확인", accepts_grade=True)
    town.exchange()

    for laptop in (town.officer, town.lead):
        known = town.props(laptop)
        assert known["grade"] == "watch"
        assert known["grade_since"] == today(laptop.session.clock).isoformat()
        assert "grade_wanted" not in known


def test_contact_confirmed_without_its_grade_leaves_the_household_as_it_was(town: Town) -> None:
    before = town.props(town.officer)
    record = town.asks_for("watch")

    review.take_step(town.lead.session, record, "확인")
    town.exchange()

    for laptop in (town.officer, town.lead):
        known = town.props(laptop)
        assert (known["grade"], known["grade_since"]) == (before["grade"], before["grade_since"])
        assert "grade_wanted" not in known


def test_grade_that_a_later_contact_asks_for_is_the_one_to_be_decided(town: Town) -> None:
    older = town.asks_for("watch")
    newer = town.asks_for("caution")

    assert review.review(town.lead.session, older).proposal is None
    proposal = review.review(town.lead.session, newer).proposal

    assert proposal is not None
    assert proposal.wanted == "주의"


def test_contact_that_is_sent_back_keeps_its_proposal_waiting(town: Town) -> None:
    record = town.asks_for("watch")

    review.take_step(town.lead.session, record, "보완 요청", reason="가상-까닭을 더 적어 주세요")
    town.exchange()

    assert town.props(town.officer)["grade_wanted"] == "watch"


def test_who_does_not_confirm_is_asked_for_no_decision(town: Town) -> None:
    record = town.asks_for("watch")

    assert review.review(town.officer.session, record).proposal is None
