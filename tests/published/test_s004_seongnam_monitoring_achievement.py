"""S004 성남, PART Ⅰ-4: 현장모니터링 반영률 12/15 = 80 %, 목표 60, 달성률 133.3 % (R1, R4).

Fifteen improvements are written into checklists by two monitors, passed on by the secretariat and
answered by the department: twelve are adopted.
"""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from fieldapp.clock import today
from fieldapp.domain.figures import Period
from fieldapp.domain.operation import Subject
from fieldapp.usecases import filling, finishing, lists, monitoring
from tests.laptops import AppLaptop
from tests.published.printed import captioned, cells, heads, tables
from tests.servers import Server
from tests.usecases.monitors import (
    AREAS,
    Team,
    begin,
    enrolled,
    improve,
    monitoring_team,
    score,
    sign_both,
)

RECEIVED, ADOPTED, TARGET = 15, 12, "60"


def checklist_with(team: Team, contents: list[str]) -> None:
    """The first monitor writes it, both sign."""
    form = filling.open_record(team.first.session, team.record)
    begin(form.filling)
    for area in range(1, AREAS + 1):
        score(form.filling, area)
    for content in contents:
        improve(form.filling, content)
    finishing.finish(team.first.session, form.snapshot(None))
    team.exchange_all(1)
    sign_both(team)
    team.exchange_all(1)


def step(laptop: AppLaptop, entity_id: str, **answers: str) -> None:
    """One step of an improvement, through its form; answers by name."""
    form = filling.open_new(
        laptop.session, "P12", subject=Subject(list="improvement", id=entity_id)
    )
    for name, value in answers.items():
        form.filling.answer(form.filling.definition.paths[name], value)
    finishing.finish(laptop.session, form.snapshot(None))


def test_the_published_rate_and_achievement_come_out_of_fifteen_improvements(
    server: Server, tmp_path: Path
) -> None:
    team = monitoring_team(server, tmp_path)
    scope = team.secretariat.session.worker.scope
    department = enrolled(server, tmp_path / "d", scope, "dept_officer")
    day = today(team.first.session.clock)
    with team.secretariat.session.store.writing() as db:
        lists.register(
            team.secretariat.session,
            db,
            "target",
            str(uuid4()),
            label="현장모니터링 반영률",
            props={"indicator": "improvement_adopted", "year": str(day.year), "value": TARGET},
        )
    checklist_with(team, [f"가상-개선사항 {number}" for number in range(1, RECEIVED + 1)])

    board = monitoring.improvements(team.secretariat.session)
    for row in board:
        step(team.secretariat, row.entity_id, step="forward", dept="가상-돌봄팀")
    team.secretariat.exchange()
    department.exchange()
    for number, row in enumerate(monitoring.improvements(department.session)):
        if number < ADOPTED:
            step(
                department,
                row.entity_id,
                step="answer",
                decision="adopt",
                plan="가상-다음 달에 고친다",
                plan_due=day.isoformat(),
            )
        else:
            step(
                department,
                row.entity_id,
                step="answer",
                decision="reject",
                reason="가상-소관 법령이 바뀌어야 함",
            )
    department.exchange()
    team.exchange_all(1)

    assert [row.number for row in board] == [f"{day.year}-{n}" for n in range(1, RECEIVED + 1)]
    found = tables(team.secretariat, "P12", Period.month(day.year, day.month))
    adoption = captioned(found, "반영률")
    assert heads(adoption) == ("접수", "반영", "반영률")
    assert cells(adoption)["합계"] == ("15", "12", "80.0")
    achievement = captioned(found, "달성도")
    assert heads(achievement) == ("접수", "반영", "목표", "실적", "달성률")
    (row_cells,) = cells(achievement).values()
    assert row_cells == ("15", "12", "60", "80.0", "133.3")
    department.close()
    team.close()
