"""Monitors see the sites that are planned for their team, and no others (issue 6, F8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest

from fieldapp.domain.ids import ScopeId
from fieldapp.errors import TransitionRefused
from fieldapp.server import accounts
from fieldapp.storage import entities
from fieldapp.usecases import lists, monitoring
from tests.laptops import AppLaptop, new_laptop
from tests.servers import Server
from tests.usecases.monitors import VISITED


@dataclass
class Office:
    """A secretariat that sends two teams; sites and monitors by name."""

    secretariat: AppLaptop
    teams: dict[str, AppLaptop]
    sites: dict[str, str]
    monitors: dict[str, str]

    def plan(self, site: str, *monitors: str) -> None:
        first, second = (self.monitors[name] for name in monitors)
        monitoring.plan(
            self.secretariat.session,
            programme="care",
            site=self.sites[site],
            round="spot",
            round_no=1,
            monitors=(first, second),
            visit_date=VISITED,
        )

    def exchange(self) -> None:
        for laptop in (self.secretariat, *self.teams.values()):
            laptop.exchange()

    def seen_by(self, team: str) -> tuple[list[str], int]:
        session = self.teams[team].session
        with session.store.reading() as db:
            sites = [site.label for site in entities.page(db, "site")]
        return sites, len(monitoring.rounds(session))


def register(laptop: AppLaptop, scope: str, list_name: str, label: str, **props: str) -> str:
    session = laptop.session
    there = replace(session, worker=replace(session.worker, scope=ScopeId(scope)))
    entity_id = str(uuid4())
    with session.store.writing() as db:
        lists.register(there, db, list_name, entity_id, label=label, props=props)
    return entity_id


@pytest.fixture
def office(server: Server, tmp_path: Path) -> Iterator[Office]:
    hall, *teams = (f"가상-{uuid4()}" for _ in range(3))
    with accounts.owner_connection(server.postgres.owner_url) as owner:
        accounts.add_scope(owner, hall, label="가상-사무국")
        for team in teams:
            accounts.add_scope(owner, team, kind="org", label="가상-조사단", parent=hall)
    with ExitStack() as stack:
        laptops = []
        for name, scopes, role in (
            ("s", (hall, *teams), "secretariat"),
            ("a", teams[:1], "monitor"),
            ("b", teams[1:], "monitor"),
        ):
            laptop = new_laptop(
                tmp_path / name,
                server.packs,
                user=server.new_user(*scopes, roles=(role,)),
                scope=scopes[0],
                roles=frozenset({role}),
            )
            laptops.append(stack.enter_context(closing(laptop)))
            laptop.enrol(server)
        secretariat, *others = laptops
        secretariat.exchange()
        yield Office(
            secretariat,
            dict(zip("ab", others, strict=True)),
            {
                name: register(secretariat, hall, "site", name, programme="care")
                for name in ("가상-하나센터", "가상-두리센터")
            },
            {
                name: register(secretariat, team, "monitor", name, user=name)
                for team, names in zip(teams, (("하나", "둘"), ("셋", "넷")), strict=True)
                for name in names
            },
        )


def test_a_team_sees_the_site_that_is_planned_for_it_and_no_other(office: Office) -> None:
    office.exchange()
    assert [office.seen_by(team) for team in "ab"] == [([], 0), ([], 0)]

    office.plan("가상-하나센터", "하나", "둘")
    office.exchange()

    assert [office.seen_by(team) for team in "ab"] == [(["가상-하나센터"], 1), ([], 0)]
    (row,) = monitoring.rounds(office.teams["a"].session)
    assert (row.site, row.state) == ("가상-하나센터", "예정")

    office.plan("가상-하나센터", "둘", "하나")
    office.plan("가상-두리센터", "셋", "넷")
    office.exchange()

    assert [office.seen_by(team) for team in "ab"] == [
        (["가상-하나센터"], 2),
        (["가상-두리센터"], 1),
    ]
    assert office.secretariat.exchange().rejected == 0


def test_two_monitors_of_different_teams_are_given_no_checklist_that_one_could_not_open(
    office: Office,
) -> None:
    with pytest.raises(TransitionRefused):
        office.plan("가상-하나센터", "하나", "셋")

    office.exchange()
    assert [office.seen_by(team) for team in "ab"] == [([], 0), ([], 0)]
