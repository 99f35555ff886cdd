"""Filters of a list under a name: what was chosen, kept for the next time; this laptop's alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from fieldapp.errors import FilterNameTaken
from fieldapp.storage.collation import folded, sort_key
from fieldapp.storage.sqlite import Database


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """chosen: what stands in each part of the list's filter, by the part's name."""

    name: str
    chosen: Mapping[str, str]


def of_screen(db: Database, screen: str) -> tuple[SavedFilter, ...]:
    """The filters of a list, in the order of their names as 가나다 has it."""
    rows = db.rows("SELECT name, chosen FROM saved_filter WHERE screen = ?", (screen,))
    found = [
        SavedFilter(name, msgspec.json.decode(chosen, type=dict[str, str])) for name, chosen in rows
    ]
    return tuple(sorted(found, key=lambda one: (sort_key(one.name), one.name)))


def put(db: Database, screen: str, saved: SavedFilter) -> None:
    """Keep a filter; one of the same name is replaced, whatever its case was."""
    _clear(db, screen, saved.name)
    db.execute(
        "INSERT INTO saved_filter (screen, name, chosen) VALUES (?, ?, ?)",
        (screen, saved.name, msgspec.json.encode(dict(saved.chosen)).decode()),
    )


def rename(db: Database, screen: str, name: str, new_name: str) -> None:
    """Call a filter something else; one that is gone stays so. Raises FilterNameTaken."""
    found = next((one for one in of_screen(db, screen) if one.name == name), None)
    if found is None:
        return
    taken = {folded(one.name) for one in of_screen(db, screen) if one.name != name}
    if folded(new_name) in taken:
        raise FilterNameTaken(name=new_name)
    remove(db, screen, name)
    put(db, screen, SavedFilter(new_name, found.chosen))


def remove(db: Database, screen: str, name: str) -> None:
    """Forget a filter; one that is gone already is nothing."""
    db.execute("DELETE FROM saved_filter WHERE screen = ? AND name = ?", (screen, name))


def _clear(db: Database, screen: str, name: str) -> None:
    for standing in of_screen(db, screen):
        if folded(standing.name) == folded(name):
            remove(db, screen, standing.name)
