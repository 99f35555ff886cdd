"""Who works here and in which role (roles-and-flows.md §1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.domain.ids import ScopeId, UserId


@dataclass(frozen=True, slots=True)
class Worker:
    """The one who is signed in on this device, with the home scope of what they write."""

    user: UserId
    name: str
    roles: frozenset[str]
    scope: ScopeId


#: Who sends a household to another office or lets one see it, and who assigns a site (roles §1).
#: Not whoever visits for them, answers for a department or only counts.
_PASSING_ON = frozenset(
    {"dong_welfare", "dong_nurse", "case_manager", "team_lead", "gu_hope", "secretariat"}
)


def may_pass_on(roles: Iterable[str]) -> bool:
    """Whether somebody with these roles may move an entity or share it (formats F8)."""
    return not _PASSING_ON.isdisjoint(roles)
