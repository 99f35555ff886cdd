"""A site is assigned to a monitoring team by the plan of its checklist, and by nothing else (F8).

The team's own scope is where its monitors stand in the list. Planning makes the checklist there and
lets that scope see the site; a team sees the sites of its plans and no others, and no household.
"""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.domain.access import may_pass_on
from fieldapp.errors import TransitionRefused
from fieldapp.storage import entities, passing, places
from fieldapp.storage.database import Database
from fieldapp.storage.entities import StoredEntity
from fieldapp.usecases.homes import is_own
from fieldapp.usecases.seats import MONITORS
from fieldapp.usecases.session import Session
from fieldapp.usecases.sharing import share_in

DEED = "점검 계획"


def team_of(session: Session, db: Database, monitors: Iterable[str]) -> str:
    """The scope of the team to which these monitors belong: where its checklists are at home.

    Raises TransitionRefused for monitors of two teams, and for a team that this worker is no member
    of: nobody but its members would see the checklist.
    """
    found = [entities.find_or_none(db, MONITORS, person) for person in monitors]
    teams = {one.scope for one in found if one is not None}
    if len(teams) > 1:
        raise TransitionRefused(label=DEED, reason="두 조사원이 같은 조사단이어야 합니다.")
    team = next(iter(teams), session.worker.scope)
    if not is_own(session, places.known(db), team):
        raise TransitionRefused(label=DEED, reason="이 조사단의 점검은 그 사무국이 계획합니다.")
    return team


def assign(session: Session, db: Database, site: StoredEntity, team: str) -> bool:
    """Let a team see a site, in the caller's transaction; whether it had to be said.

    What is at home elsewhere and only shared with this worker's own scope is not theirs to pass on.
    """
    is_seen = site.scope == team or passing.own_shares(db, site.list, site.entity_id).get(team)
    if is_seen or not may_pass_on(session.worker.roles):
        return False
    if not is_own(session, places.known(db), site.scope):
        return False
    share_in(session, db, site, team, before=None, view="full")
    return True
