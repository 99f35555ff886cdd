"""합치기: a household that was written twice becomes one, and is parted again (F9)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.domain.ids import new_record_id
from fieldapp.domain.operation import Subject
from fieldapp.errors import TransitionRefused
from fieldapp.usecases import filling, finishing, households, lists, merging, moving
from fieldapp.usecases.session import Session
from tests.laptops import AppLaptop, new_laptop
from tests.servers import Server
from tests.ui.neighbourhood import HOUSEHOLDS
from tests.ui.samples import NOON


def settle(session: Session, **changed: str) -> str:
    """A household as the form makes it; its id."""
    before = {row.entity_id for row in households.households(session).rows}
    given = {**HOUSEHOLDS[0], **{f"where/{name}": text for name, text in changed.items()}}
    opened = filling.open_new(session, "household", preset=given)
    finishing.finish(session, opened.snapshot(None))
    (made,) = {row.entity_id for row in households.households(session).rows} - before
    return made


def add_person(session: Session, house: str) -> None:
    with session.store.writing() as db:
        person = str(new_record_id(NOON))
        lists.register(session, db, "person", person, label="가상-김둘", props={"household": house})


def add_record(session: Session, house: str) -> None:
    subject = Subject(list="household", id=house)
    with session.store.writing() as db:
        finishing.open_planned(session, db, "P03", subject=subject, origin=new_record_id(NOON))


def shown(laptop: AppLaptop) -> list[str]:
    return [row.entity_id for row in households.households(laptop.session).rows]


@pytest.fixture
def laptops(tmp_path: Path, server: Server) -> Iterator[tuple[AppLaptop, AppLaptop]]:
    """Two officers of one town."""
    scope = server.new_scope()
    made = []
    for name in "ab":
        user = server.new_user(scope, roles=("dong_welfare",))
        laptop = new_laptop(
            tmp_path / name,
            server.packs,
            user=user,
            scope=scope,
            roles=frozenset({"dong_welfare"}),
        )
        laptop.enrol(server)
        made.append(laptop)
    first, second = made
    with closing(first), closing(second):
        yield first, second


def test_a_household_that_was_written_twice_is_one_on_every_laptop_and_is_parted_again(
    laptops: tuple[AppLaptop, AppLaptop],
) -> None:
    mine, yours = laptops
    standing, twin = settle(mine.session), settle(mine.session, address="가상로 12")
    for house in (standing, twin):
        add_person(mine.session, house)
        add_record(mine.session, house)
    plan = merging.join_plan(mine.session, twin)
    assert [one.entity_id for one in plan.alike] == [standing]
    assert dict(plan.alike[0].facts)["기록"] == "2건, 가구원 1명"
    assert (plan.refusal, plan.joined) == ("", ())

    merging.join(mine.session, twin, standing)
    mine.exchange()
    yours.exchange()

    for laptop in laptops:
        assert shown(laptop) == [standing]
        for asked in (standing, twin):
            detail = households.household(laptop.session, asked)
            assert detail.row.entity_id == standing
            assert (len(detail.persons), len(detail.timeline)) == (2, 4)
            assert detail.joined == (HOUSEHOLDS[0]["who/name"],)
    (joined,) = merging.join_plan(yours.session, standing).joined
    assert joined.entity_id == twin

    merging.part(yours.session, twin)
    yours.exchange()
    mine.exchange()

    for laptop in laptops:
        assert sorted(shown(laptop)) == sorted((standing, twin))
        detail = households.household(laptop.session, twin)
        assert (len(detail.persons), len(detail.timeline)) == (1, 2)


def test_what_was_joined_before_goes_along_and_nothing_is_joined_in_a_ring(
    laptops: tuple[AppLaptop, AppLaptop],
) -> None:
    mine, yours = laptops
    first, second, third = (settle(mine.session, address=f"가상로 {n}") for n in (1, 2, 3))

    merging.join(mine.session, first, second)
    merging.join(mine.session, second, third)
    with pytest.raises(TransitionRefused):
        merging.join(mine.session, third, first)

    assert mine.exchange().rejected == 0
    yours.exchange()
    for laptop in laptops:
        assert shown(laptop) == [third]
    assert len(merging.join_plan(yours.session, third).joined) == 2


def test_persons_of_both_names_are_told_where_the_household_is_sent_or_joined(
    laptops: tuple[AppLaptop, AppLaptop],
) -> None:
    session = laptops[0].session
    standing, twin = settle(session), settle(session)
    for house in (standing, twin):
        add_person(session, house)

    merging.join(session, twin, standing)

    assert "가구와 가구원 2명이 함께 갑니다." in moving.move_plan(session, standing).goes
    facts = dict(merging.join_plan(session, standing).household.facts)
    assert facts["기록"].endswith("가구원 2명")


def test_whoever_only_visits_joins_nothing(laptops: tuple[AppLaptop, AppLaptop]) -> None:
    session = laptops[0].session
    standing, twin = settle(session), settle(session)
    visitor = replace(session, worker=replace(session.worker, roles=frozenset({"monitor"})))

    with pytest.raises(TransitionRefused):
        merging.join(visitor, twin, standing)
    with pytest.raises(TransitionRefused):
        merging.part(session, twin)

    assert "동 담당자나 팀장" in merging.join_plan(visitor, twin).refusal
    assert len(shown(laptops[0])) == 2
