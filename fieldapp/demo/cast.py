"""Who plays in 가상구 (ux §8): nobody exists, and every name says so."""

from __future__ import annotations

from typing import Final

from fieldapp.demo.people import HAETSAL, MULGYEOL, SOLBARAM
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId

#: The monitoring team, its secretariat and the offices that answer.
TEAM: Final = ScopeId("가상-현장모니터링단")
#: The demo sets both passwords; in an office the server's and the laptop's are separate (F11).
SERVER_PASSWORD: Final = "gasang-server-2026"  # noqa: S105 - printed in the demo's own account
LAPTOP_PASSWORD: Final = "gasang-laptop-2026"  # noqa: S105
#: What 윤솔 presses to sign on another's laptop.
SECOND_PIN: Final = "2917"


def _worker(name: str, role: str, scope: str) -> Worker:
    return Worker(UserId(name), name, frozenset({role}), ScopeId(scope))


WELFARE: Final = _worker("가상-이담당", "dong_welfare", HAETSAL)
NURSE: Final = _worker("가상-박간호", "dong_nurse", HAETSAL)
LEAD: Final = _worker("가상-최팀장", "team_lead", HAETSAL)
FIRST_MONITOR: Final = _worker("가상-한바다", "monitor", TEAM)
SECOND_MONITOR: Final = _worker("가상-윤솔", "monitor", TEAM)
SECRETARY: Final = _worker("가상-오사무", "secretariat", TEAM)
OFFICER: Final = _worker("가상-정부서", "dept_officer", TEAM)
#: Who wrote what the other towns had written before.
OTHER_TOWNS: Final = (
    _worker("가상-서담당", "dong_welfare", SOLBARAM),
    _worker("가상-문담당", "dong_welfare", MULGYEOL),
)
EVERYBODY: Final = (
    WELFARE, NURSE, LEAD, FIRST_MONITOR, SECOND_MONITOR, SECRETARY, OFFICER, *OTHER_TOWNS,
)  # fmt: skip


def scopes_of(worker: Worker) -> tuple[str, ...]:
    """The scopes an account belongs to: the team leader sees the town and the team."""
    return (worker.scope, TEAM) if worker == LEAD else (worker.scope,)
