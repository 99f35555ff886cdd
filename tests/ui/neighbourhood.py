"""People, sites and records in the store of an unlocked window, written through the forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fieldapp.domain.operation import Subject
from fieldapp.usecases.filling import open_new, open_record
from fieldapp.usecases.finishing import finish
from fieldapp.usecases.households import households
from fieldapp.usecases.lists import register
from fieldapp.usecases.monitoring import plan, plan_choices, rounds
from fieldapp.usecases.session import Session

HOUSEHOLDS: tuple[Mapping[str, str], ...] = (
    {
        "who/name": "가상-김하나",
        "who/birth": "1948-03-02",
        "where/tong": "3통",
        "where/address": "가상로 12 지하 1층",
        "where/phone": "010-0000-0101",
        "family/hh_size": "1",
        "family/traits": "elder_alone",
        "family/safety": "2인 방문 권고: 큰 개",
    },
    {
        "who/name": "가상-박두리",
        "who/birth": "1960-05-20",
        "where/tong": "5통",
        "where/address": "가상로 40",
        "where/phone": "010-0000-0102",
        "family/hh_size": "1",
        "family/traits": "aftercare",
    },
)


def as_colleague(session: Session, name: str, role: str) -> Session:
    """The same store in other hands: what a colleague's laptop would have sent."""
    return replace(session, worker=replace(session.worker, name=name, roles=frozenset({role})))


def write(session: Session, form_id: str, subject: Subject | None, **answers: str) -> None:
    """One record of a form; `__` in a name stands for the group's slash."""
    given = {name.replace("__", "/"): value for name, value in answers.items()}
    opened = open_new(session, form_id, subject=subject, preset=given)
    violations = opened.filling.violations()
    assert violations == (), violations
    finish(session, opened.snapshot(None))


def move_in(session: Session) -> None:
    """Register the households as the form does."""
    for answers in HOUSEHOLDS:
        opened = open_new(session, "household", preset=answers)
        assert opened.filling.violations() == ()
        finish(session, opened.snapshot(None))


def household_named(session: Session, name: str) -> Subject:
    """Whom a visit is about."""
    (row,) = (row for row in households(session).rows if row.name == name)
    return Subject(list="household", id=row.entity_id)


def open_sites(session: Session) -> None:
    """Two sites and those who look at them; `user` is who they sign in as."""
    entities = (
        ("site", "11111111-1111-4111-8111-111111111111", "가상-햇살 돌봄센터", "programme", "care"),
        ("site", "22222222-2222-4222-8222-222222222222", "가상-되살림 가게", "programme", "re100"),
        ("monitor", "33333333-3333-4333-8333-333333333333", "가상-한바다", "user", "가상-한바다"),
        ("monitor", "44444444-4444-4444-8444-444444444444", "가상-윤솔", "user", "가상-윤솔"),
        ("monitor", "55555555-5555-4555-8555-555555555555", "가상-오사무", "user", "가상-오사무"),
    )
    with session.store.writing() as db:
        for list_name, entity_id, label, name, value in entities:
            register(session, db, list_name, entity_id, label=label, props={name: value})


def fill_round(session: Session) -> None:
    """A checklist of the worker and 가상-윤솔, filled and waiting for both signatures."""
    office = as_colleague(session, "가상-사무국", "secretariat")
    people = {label: key for key, label in plan_choices(office).monitors}
    plan(
        office,
        programme="care",
        site="11111111-1111-4111-8111-111111111111",
        round="onsite",
        round_no=2,
        monitors=(people[session.worker.name], people["가상-윤솔"]),
        visit_date=session.clock.now().date(),
    )
    (row,) = rounds(session)
    opened = open_record(session, row.record_id)
    for path, value in (("visit_state", "done"), ("conflict_free", "yes")):
        opened.filling.answer(path, value)
    while violations := opened.filling.violations():
        for missing in violations:
            opened.filling.answer(missing.path, "4")
    finish(session, opened.snapshot(None))
