"""다른 동으로 보내기 and 함께 보기 with real laptops over a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from fieldapp.domain.ids import new_record_id
from fieldapp.domain.operation import Subject
from fieldapp.errors import (
    Cancelled,
    EntityMissing,
    ReasonMissing,
    RecordMissing,
    TransitionRefused,
)
from fieldapp.server import accounts
from fieldapp.storage import entities, records
from fieldapp.usecases import exchange, filling, finishing, households, lists, moving, sharing
from fieldapp.usecases.session import Session
from tests.laptops import AppLaptop, new_laptop
from tests.servers import Server
from tests.ui.neighbourhood import HOUSEHOLDS
from tests.ui.samples import NOON

NAME = "가상-김하나"


@dataclass
class Towns:
    """Two towns of one district with a laptop each, and a household of the first."""

    here: str
    there: str
    mine: AppLaptop
    yours: AppLaptop
    house: str


def add_office(server: Server, label: str, kind: str = "town") -> str:
    scope = f"가상-{new_record_id(NOON)}"
    with accounts.owner_connection(server.postgres.owner_url) as owner:
        accounts.add_scope(owner, scope, kind=kind, label=label)
    return scope


def laptop_of(server: Server, folder: Path, *scopes: str) -> AppLaptop:
    """A town officer's laptop, at work in the first of the scopes."""
    user = server.new_user(*scopes, roles=("dong_welfare",))
    laptop = new_laptop(
        folder, server.packs, user=user, scope=scopes[0], roles=frozenset({"dong_welfare"})
    )
    laptop.enrol(server)
    return laptop


def settle(session: Session) -> str:
    """A household as the form makes it, and a person of it."""
    opened = filling.open_new(session, "household", preset=HOUSEHOLDS[0])
    finishing.finish(session, opened.snapshot(None))
    (row,) = households.households(session).rows
    with session.store.writing() as db:
        lists.register(
            session,
            db,
            "person",
            str(new_record_id(session.clock.now())),
            label="가상-김둘",
            props={"household": row.entity_id},
        )
    return row.entity_id


def names(laptop: AppLaptop) -> list[str]:
    return [row.name for row in households.households(laptop.session).rows]


def address_of(session: Session, house: str) -> str | None:
    facts = households.household(session, house).facts
    return next((fact.value for fact in facts if fact.label == "가는 곳"), None)


def persons(laptop: AppLaptop, house: str) -> int:
    with laptop.session.store.reading() as db:
        return len(entities.where(db, "person", "household", house))


@pytest.fixture
def towns(tmp_path: Path, server: Server) -> Iterator[Towns]:
    here, there = add_office(server, "가상-햇살동"), add_office(server, "가상-솔바람동")
    mine = laptop_of(server, tmp_path / "a", here)
    yours = laptop_of(server, tmp_path / "b", there)
    house = settle(mine.session)
    mine.exchange()
    yours.exchange()
    yield Towns(here, there, mine, yours, house)
    mine.close()
    yours.close()


def test_a_household_sent_away_leaves_the_list_at_once_and_the_laptop_with_the_answer(
    towns: Towns,
) -> None:
    plan = moving.move_plan(towns.mine.session, towns.house)
    assert (plan.name, plan.here, plan.refusal) == (NAME, "가상-햇살동", "")
    there = next(one for one in plan.offices if one.scope == towns.there)
    assert there.name == "가상-솔바람동"
    assert "가구와 가구원 1명이 함께 갑니다." in plan.goes
    assert "이 동에서 적은 기록 1건은 이 동에 남습니다." in plan.stays

    changes = moving.send(towns.mine.session, towns.house, towns.there, "  이사  ")

    assert changes.entities == {towns.house}
    assert names(towns.mine) == []
    told = households.household(towns.mine.session, towns.house).away
    assert told.startswith("가상-솔바람동으로 보냈습니다.")
    towns.mine.exchange()
    with pytest.raises(EntityMissing):
        households.household(towns.mine.session, towns.house)
    towns.yours.exchange()
    assert names(towns.yours) == [NAME]
    assert persons(towns.yours, towns.house) == 1
    (line,) = households.household(towns.yours.session, towns.house).passed_on
    assert line.endswith("관할을 옮김 (이사)")
    with towns.mine.session.store.reading() as db:
        assert len(records.of_subject(db, "household", towns.house)) <= 1


@pytest.mark.parametrize("is_told", [False, True])
def test_a_sending_is_taken_back_before_the_answer_has_come(towns: Towns, is_told: bool) -> None:
    mine = towns.mine
    moving.send(mine.session, towns.house, towns.there, "이사")
    if is_told:
        # Pushed and answered, and the line broke before anything was pulled.
        _push_only(mine)

    moving.take_back(mine.session, towns.house)

    assert names(mine) == [NAME]
    assert households.household(mine.session, towns.house).away == ""
    outcome = mine.exchange()
    assert outcome.rejected == 0
    assert names(mine) == [NAME]
    assert persons(mine, towns.house) == 1
    towns.yours.exchange()
    assert names(towns.yours) == []


def _push_only(laptop: AppLaptop) -> None:
    def stop() -> bool:
        with laptop.session.store.reading() as db:
            return bool(db.value("SELECT op_state = 'acked' FROM operation WHERE kind = 'move'"))

    with pytest.raises(Cancelled):
        exchange.exchange(laptop.session, progress=lambda _: None, cancelled=stop)


def test_sending_asks_for_a_reason_a_known_town_and_the_right_hands(towns: Towns) -> None:
    session = towns.mine.session
    with pytest.raises(ReasonMissing):
        moving.send(session, towns.house, towns.there, "  ")
    for office in ("가상-어디에도-없음", towns.here):
        with pytest.raises(TransitionRefused):
            moving.send(session, towns.house, office, "이사")
    visitor = replace(session, worker=replace(session.worker, roles=frozenset({"monitor"})))
    with pytest.raises(TransitionRefused):
        moving.send(visitor, towns.house, towns.there, "이사")
    assert "동 담당자나 팀장" in moving.move_plan(visitor, towns.house).refusal
    with pytest.raises(TransitionRefused):
        moving.take_back(session, towns.house)

    assert names(towns.mine) == [NAME]
    assert towns.mine.exchange().sent == 0


def test_before_the_first_greeting_there_is_nowhere_to_send_to(
    tmp_path: Path, compiled_packs: Path
) -> None:
    laptop = new_laptop(tmp_path / "alone", compiled_packs, roles=frozenset({"dong_welfare"}))
    house = settle(laptop.session)

    assert moving.move_plan(laptop.session, house).offices == ()
    assert sharing.share_plan(laptop.session, house).offices == ()
    laptop.close()


def test_a_shared_household_is_seen_there_changed_there_and_taken_back(towns: Towns) -> None:
    mine, yours = towns.mine.session, towns.yours.session
    sharing.share(mine, towns.house, towns.there, "card")
    (row,) = sharing.share_plan(mine, towns.house).rows
    assert (row.name, row.view, row.is_sent) == ("가상-솔바람동", "card", False)
    towns.mine.exchange()
    towns.yours.exchange()
    assert address_of(yours, towns.house) is None
    for plan in (moving.move_plan(yours, towns.house), sharing.share_plan(yours, towns.house)):
        assert "함께 보는 대상" in plan.refusal

    sharing.share(mine, towns.house, towns.there, "full", before="card")
    towns.mine.exchange()
    towns.yours.exchange()
    assert address_of(yours, towns.house) == HOUSEHOLDS[0]["where/address"]
    assert moving.move_plan(yours, towns.house).refusal == ""
    assert "함께 보는 대상" in moving.home_refusal(yours, towns.house)
    assert "함께 보는 대상" in sharing.who_sees(yours, towns.house).refusal
    assert moving.home_refusal(mine, towns.house) == ""
    plan = sharing.who_sees(mine, towns.house)
    assert [(row.scope, row.view, row.is_sent) for row in plan.rows] == [
        (towns.there, "full", True)
    ]
    assert plan.is_whole

    sharing.end_share(mine, towns.house, towns.there, "full")
    assert sharing.who_sees(mine, towns.house).rows == ()
    towns.mine.exchange()
    towns.yours.exchange()
    assert names(towns.yours) == []
    assert names(towns.mine) == [NAME]
    lines = households.household(mine, towns.house).passed_on
    assert [line.rpartition(" ")[2] for line in lines] == ["바꿈", "바꿈", "바꿈"]


def test_without_a_line_this_laptops_own_shares_are_shown_and_said_to_be_no_more(
    towns: Towns,
) -> None:
    sharing.share(towns.mine.session, towns.house, towns.there, "full")
    towns.mine.exchange()
    with towns.mine.session.store.writing() as db:
        db.execute("DELETE FROM meta WHERE key = 'tokens'")

    plan = sharing.who_sees(towns.mine.session, towns.house)

    assert not plan.is_whole
    assert [(row.name, row.is_sent) for row in plan.rows] == [("가상-솔바람동", True)]


def test_a_record_about_somebody_restricted_is_written_into_their_circle(
    tmp_path: Path, server: Server
) -> None:
    town = add_office(server, "가상-햇살동")
    circle = add_office(server, "가상-사건", kind="private")
    named = laptop_of(server, tmp_path / "a", town, circle)
    keeper = laptop_of(server, tmp_path / "k", circle)
    leader = laptop_of(server, tmp_path / "b", town)
    house = settle(keeper.session)
    keeper.exchange()
    named.exchange()

    subject = Subject(list="household", id=house)
    with named.session.store.writing() as db:
        visit = finishing.open_planned(
            named.session, db, "P03", subject=subject, origin=new_record_id(NOON)
        )
    assert visit is not None
    named.exchange()
    keeper.exchange()
    leader.exchange()

    for laptop in (named, keeper):
        with laptop.session.store.reading() as db:
            assert records.find(db, visit).doc.scope == circle
    with leader.session.store.reading() as db, pytest.raises(RecordMissing):
        records.find(db, visit)
    assert names(leader) == []
    for laptop in (named, keeper, leader):
        laptop.close()
