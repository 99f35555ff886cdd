"""Two people, one checklist (formats F6): nothing doubled, nothing lost, both sign."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.errors import NotToSignYet, PinMissing, WrongPin
from fieldapp.usecases import conflicts, filling, finishing, monitoring, records, signing
from tests.servers import Server
from tests.usecases.monitors import (
    AREAS,
    STATEMENTS,
    Team,
    answers_of,
    area_names,
    begin,
    improve,
    improvements_of,
    monitoring_team,
    saved_part,
    score,
    sign_both,
)


@pytest.fixture
def team(server: Server, tmp_path: Path) -> Iterator[Team]:
    """A planned checklist on three laptops."""
    made = monitoring_team(server, tmp_path)
    yield made
    made.close()


def test_both_monitors_open_the_checklist_that_was_planned(team: Team) -> None:
    for laptop in (team.first, team.second):
        (row,) = monitoring.rounds(laptop.session)
        assert row.record_id == team.record
        assert (row.state, row.site, row.round) == (
            "예정", "가상-햇살 다함께돌봄센터", "현장모니터링 2차",
        )  # fmt: skip
        form = filling.open_record(laptop.session, team.record)
        assert form.planned
        begin(form.filling)
        assert len(area_names(form.filling)) == AREAS
    assert filling.open_record(team.first.session, team.record).seat == "monitor1"
    assert filling.open_record(team.second.session, team.record).seat == "monitor2"


def test_areas_and_improvements_of_two_offline_laptops_come_together(team: Team) -> None:
    first = filling.open_record(team.first.session, team.record)
    begin(first.filling)
    for area in (1, 2, 3):
        score(first.filling, area)
    improve(first.filling, "가상-비상구 앞 물건을 치운다")
    finishing.save_part(team.first.session, first.snapshot(None))
    second = filling.open_record(team.second.session, team.record)
    begin(second.filling)
    for area in (4, 5):
        score(second.filling, area, "5")
    improve(second.filling, "가상-식단표를 문 앞에 붙인다")
    improve(second.filling, "가상-대기 순번을 알린다")
    finishing.save_part(team.second.session, second.snapshot(None))

    team.exchange_all()

    together = answers_of(team.first, team.record)
    assert together == answers_of(team.second, team.record)
    assert sum(path.endswith("/score") for path in together) == STATEMENTS
    assert sum(path.endswith("/content") for path in together) == 3
    for laptop in team.laptops:
        assert conflicts.open_conflicts(laptop.session) == ()


def test_one_score_that_both_changed_is_settled_with_names_and_values(team: Team) -> None:
    saved_part(team.first, team.record, a1="4")
    saved_part(team.second, team.record, a1="2")

    team.exchange_all()

    found = conflicts.open_conflicts(team.first.session)
    lines = [line for conflict in found for line in conflict.lines]
    scores = [line for line in lines if line.path.endswith("/score")]
    assert len(scores) == 4
    assert {(line.ours, line.theirs) for line in scores} == {("그렇다", "그렇지 않다")}
    assert {(one.ours_author, one.theirs_author) for one in found} == {
        (team.first.session.worker.name, team.second.session.worker.name)
    }
    for conflict in found:
        conflicts.settle(
            team.first.session,
            conflict.conflict_id,
            {line.path: "theirs" for line in conflict.lines},
            "가상-다시 보고 정함",
        )
    team.exchange_all()
    for laptop in team.laptops:
        assert conflicts.open_conflicts(laptop.session) == ()
    assert answers_of(team.first, team.record) == answers_of(team.second, team.record)


def test_each_is_told_how_many_answers_the_colleague_gave_otherwise(team: Team) -> None:
    saved_part(team.first, team.record, a1="4", a2="4")
    saved_part(team.second, team.record, a1="2", a2="4")
    team.exchange_all()

    for laptop, colleague in ((team.first, team.second), (team.second, team.first)):
        found = [
            line for conflict in conflicts.open_conflicts(laptop.session) for line in conflict.lines
        ]
        form = filling.open_record(laptop.session, team.record)
        assert form.differing == {colleague.session.worker.name: len(found)}
        assert found

    for conflict in conflicts.open_conflicts(team.first.session):
        sides = {line.path: "theirs" for line in conflict.lines}
        conflicts.settle(team.first.session, conflict.conflict_id, sides, "가상-다시 봄")  # type: ignore[arg-type]

    assert filling.open_record(team.first.session, team.record).differing == {}


def _finished(team: Team) -> None:
    """The first monitor fills everything and finishes; everybody has it."""
    form = filling.open_record(team.first.session, team.record)
    begin(form.filling)
    for area in range(1, AREAS + 1):
        score(form.filling, area)
    improve(form.filling, "가상-소화기 앞을 비운다")
    assert form.filling.violations() == ()
    finishing.finish(team.first.session, form.snapshot(None))
    team.exchange_all()


def test_a_checklist_is_complete_when_both_have_signed_on_their_own_laptops(team: Team) -> None:
    with pytest.raises(NotToSignYet):
        signing.sign(team.first.session, team.record, "monitor1")
    _finished(team)

    sign_both(team)
    team.exchange_all()

    for laptop in team.laptops:
        (row,) = monitoring.rounds(laptop.session)
        assert row.state == "완료"
        assert len(row.signed) == 2
        assert improvements_of(laptop) == ["가상-소화기 앞을 비운다"]
    (improvement,) = monitoring.improvements(team.second.session)
    assert improvement.state == "접수"
    assert improvement.number == "2026-1"


def test_an_edit_after_signing_voids_what_was_signed(team: Team) -> None:
    _finished(team)
    sign_both(team)
    team.exchange_all()

    form = filling.open_record(team.second.session, team.record)
    improve(form.filling, "가상-모서리를 감싼다")
    finishing.finish(team.second.session, form.snapshot(None), reason="가상-빠뜨림")
    (here,) = monitoring.rounds(team.second.session)
    assert (here.state, here.signed) == ("서명 전", ())
    team.exchange_all()

    for laptop in team.laptops:
        (row,) = monitoring.rounds(laptop.session)
        assert (row.state, row.signed) == ("서명 전", ())
        assert improvements_of(laptop) == ["가상-모서리를 감싼다", "가상-소화기 앞을 비운다"]


def test_the_second_monitor_signs_on_the_first_ones_laptop_by_four_digits(team: Team) -> None:
    signing.set_pin(team.second.session, "2917")
    team.exchange_all()
    _finished(team)
    session = team.first.session

    signing.sign(session, team.record, "monitor1")
    with pytest.raises(WrongPin):
        signing.sign(session, team.record, "monitor2", pin="0000")
    with pytest.raises(WrongPin):
        signing.sign(session, team.record, "monitor2")
    signing.sign(session, team.record, "monitor2", pin="2917")
    team.exchange_all()

    (row,) = monitoring.rounds(team.secretariat.session)
    assert row.state == "완료"
    seats = signing.signing(team.secretariat.session, team.record).seats
    assert [seat.same_device for seat in seats] == [False, True]


def test_nobody_signs_for_both_seats(team: Team) -> None:
    _finished(team)
    form = filling.open_record(team.first.session, team.record)
    # Somebody put the same monitor into both seats by hand: the form refuses it first.
    form.filling.answer("monitor2", form.filling.value("monitor1"))
    assert [violation.path for violation in form.filling.violations()] == ["monitor2"]

    signing.sign(team.first.session, team.record, "monitor1")
    with pytest.raises(PinMissing):
        signing.sign(team.first.session, team.record, "monitor2", pin="1234")


def test_what_waits_is_told_truthfully(team: Team) -> None:
    assert records.status(team.first.session).unsent == 0
    saved_part(team.first, team.record, a1="4")
    assert records.status(team.first.session).unsent == 1
