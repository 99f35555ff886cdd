"""Two monitors, one checklist: apart on two laptops, or together on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

import pytest

from fieldapp.demo.screens_by_keys import choose_round, key_area, open_round
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.ids import RecordId
from fieldapp.storage import records
from fieldapp.usecases.conflicts import open_conflicts
from fieldapp.usecases.lists import register
from fieldapp.usecases.monitoring import improvements, rounds
from tests.journeys.conftest import Enrolled
from tests.servers import Server

PIN = "2917"
STATEMENTS = 20
IMPROVEMENTS = ("가-비상구 앞을 비운다", "나-식단표를 문 앞에 붙인다")


@dataclass
class Team:
    """The secretariat and two monitors; `record` is the checklist that was planned by keys."""

    office: WorkerAtLaptop
    first: WorkerAtLaptop
    second: WorkerAtLaptop
    record: RecordId

    def exchange(self, *laptops: WorkerAtLaptop) -> None:
        """Each exchanges, in this order; everybody twice when nobody is named."""
        everybody = (self.office, self.first, self.second)
        for laptop in laptops or (*everybody, *everybody):
            laptop.exchange()

    def answers(self, laptop: WorkerAtLaptop) -> Mapping[str, str]:
        """What a laptop keeps of the checklist."""
        with laptop.session().store.reading() as db:
            return records.find(db, self.record).doc.answers


@pytest.fixture
def team(server: Server, enrolled: Enrolled) -> Team:
    """Ctrl+N on 점검·설문: programme, site and round stand there, and the two monitors."""
    scope = server.new_scope()
    office = enrolled(scope, "secretariat")
    first, second = enrolled(scope, "monitor"), enrolled(scope, "monitor")
    session = office.session()
    with session.store.writing() as db:
        register(
            session, db, "site", str(uuid4()), label="가상-햇살 다함께돌봄센터",
            props={"programme": "care"},
        )  # fmt: skip
        for monitor in (first.worker, second.worker):
            register(
                session, db, "monitor", str(uuid4()), label=monitor.name,
                props={"user": monitor.user},
            )  # fmt: skip
    office.show("monitoring")
    office.rest()
    office.hands.press("Ctrl+N")
    office.rest()
    office.hands.press("Ctrl+Return")
    office.rest()
    (planned,) = rounds(session)
    made = Team(office, first, second, planned.record_id)
    made.exchange(office, first, second)
    return made


def begin(team: Team, laptop: WorkerAtLaptop) -> None:
    """Open the planned checklist; it was inspected, and nobody is partial."""
    open_round(laptop, team.record)
    laptop.go_to("visit_state")
    laptop.hands.press("1")
    laptop.go_to("conflict_free")
    laptop.hands.press("1")


def improve(laptop: WorkerAtLaptop, content: str) -> None:
    """Ctrl+I at a statement, and back to it."""
    laptop.hands.press("Ctrl+I")
    laptop.hands.write(content)
    laptop.answer_rest({"urgency": "2"}, until="score")


def keep_part(laptop: WorkerAtLaptop) -> None:
    """Ctrl+S: my part is kept, whatever is missing."""
    laptop.hands.press("Ctrl+S")
    laptop.wait_until_closed()


def test_areas_and_improvements_of_two_laptops_come_together_and_both_sign(team: Team) -> None:
    first, second = team.first, team.second
    begin(team, first)
    key_area(first, 1, "4444")
    key_area(first, 2, "4444")
    improve(first, IMPROVEMENTS[0])
    keep_part(first)
    begin(team, second)
    key_area(second, 1, "4443")
    key_area(second, 3, "5555")
    improve(second, IMPROVEMENTS[1])
    for area in (4, 5):
        key_area(second, area, "5555")
    keep_part(second)
    team.exchange()

    together = team.answers(first)
    assert together == team.answers(second)
    assert sum(path.endswith("/score") for path in together) == STATEMENTS
    (conflict,) = open_conflicts(second.session())
    assert {line.path for line in conflict.lines} == {"areas[n1]/items[n4]/score"}
    second.settle_conflict("2", "가상-다시 보고 함께 정함")
    team.exchange()

    open_round(first, team.record)
    first.finish()
    team.exchange()
    for laptop in (first, second):
        choose_round(laptop, team.record)
        laptop.hands.press("F7")
        laptop.rest()
        laptop.hands.press("Return")
        laptop.rest()
        laptop.hands.press("Esc")
        team.exchange(laptop)
    team.exchange()

    for laptop in (team.office, first, second):
        (row,) = rounds(laptop.session())
        assert (row.state, len(row.signed)) == ("완료", 2)
        assert open_conflicts(laptop.session()) == ()
        found = sorted(improvements(laptop.session()), key=lambda one: one.content)
        assert tuple(one.content for one in found) == IMPROVEMENTS
        assert sorted(one.number.rpartition("-")[2] for one in found) == ["1", "2"]


def test_second_monitor_signs_on_the_first_ones_laptop_by_four_digits(team: Team) -> None:
    first, second = team.first, team.second
    choose_round(second, team.record)
    second.hands.press("F7")
    second.rest()
    signing = second.desk().monitoring.signing
    second.hands.press("Tab")
    assert signing.own_pin.hasFocus()
    second.hands.type_text(PIN)
    second.hands.press("Return")
    second.rest()
    assert "네 자리 숫자를 정했습니다" in signing.banner.words()
    team.exchange(second, first)

    begin(team, first)
    for area in range(1, 6):
        key_area(first, area, "4444")
    first.finish()
    choose_round(first, team.record)
    first.hands.press("F7")
    first.rest()
    first.hands.press("Return")
    first.rest()
    first.hands.type_text("0000")
    first.hands.press("Return")
    first.rest()
    assert first.desk().monitoring.signing.banner.words()
    first.hands.type_text(PIN)
    first.hands.press("Return")
    first.rest()
    team.exchange()

    with team.office.session().store.reading() as db:
        checklist = records.find(db, team.record).doc
    assert checklist.state == "완료"
    assert [one.same_device for one in sorted(checklist.signatures, key=lambda s: s.part)] == [
        False, True,
    ]  # fmt: skip
