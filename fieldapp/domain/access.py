"""Who works here and in which role (roles-and-flows.md §1)."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.ids import ScopeId, UserId


@dataclass(frozen=True, slots=True)
class Worker:
    """The one who is signed in on this device, with the home scope of what they write."""

    user: UserId
    name: str
    roles: frozenset[str]
    scope: ScopeId
