"""The places of the rail: which stand there for whom, in their order (ux §4)."""

from __future__ import annotations

from fieldapp.ui.widgets.rail import Tile

_TILES = (
    Tile("today", "오늘", "today"),
    Tile("households", "대상", "households"),
    Tile("records", "기록", "records"),
    Tile("monitoring", "점검·설문", "monitoring"),
    Tile("review", "확인", "review"),
    Tile("summaries", "통계·출력", "summaries"),
    Tile("syncing", "주고받기", "syncing"),
    Tile("admin", "관리", "admin"),
)
_TOWN = {"today", "households", "records", "summaries", "syncing"}
#: What each role works with; several roles of one person add up.
_BY_ROLE: dict[str, set[str]] = {
    "dong_welfare": _TOWN,
    "dong_nurse": _TOWN,
    "case_manager": _TOWN,
    "team_lead": _TOWN | {"monitoring", "review"},
    "monitor": {"today", "monitoring", "syncing"},
    "secretariat": {"today", "records", "monitoring", "review", "summaries", "syncing"},
    "dept_officer": {"today", "monitoring", "summaries", "syncing"},
}
_ANYONE = {"today", "records", "syncing"}
#: Whatever their role: the safety of a laptop is the business of whoever works on it.
_EVERYONE = {"admin"}


def rail_of(roles: frozenset[str]) -> tuple[Tile, ...]:
    """The tiles of somebody with these roles."""
    allowed = _EVERYONE.union(*(_BY_ROLE.get(role, _ANYONE) for role in roles))
    return tuple(tile for tile in _TILES if tile.name in allowed)
