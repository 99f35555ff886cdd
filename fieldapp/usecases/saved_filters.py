"""저장한 조건: what is looked for again and again in 대상 and 기록, under the worker's own names.

They stand in the encrypted store, since a name or a street may be among what was typed, and on this
laptop alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fieldapp.storage import saved_filters
from fieldapp.storage.composed import composed, composed_values
from fieldapp.storage.saved_filters import SavedFilter
from fieldapp.usecases.session import Session

#: Whose filters: the lists that have some.
FilteredScreen = Literal["households", "records"]
#: Longer names would be cut off wherever they are shown.
MOST_LETTERS = 40


def filters_of(session: Session, screen: FilteredScreen) -> tuple[SavedFilter, ...]:
    """The filters of a list, in the order of their names."""
    with session.store.reading() as db:
        return saved_filters.of_screen(db, screen)


def keep_filter(
    session: Session, screen: FilteredScreen, name: str, chosen: Mapping[str, str]
) -> SavedFilter:
    """Keep what is chosen under a name; one that has this name already is replaced.

    Raises ValueError for a name without a letter, StoreFull.
    """
    kept = SavedFilter(_tidy(name), composed_values(chosen))
    with session.store.writing() as db:
        saved_filters.put(db, screen, kept)
    return kept


def rename_filter(session: Session, screen: FilteredScreen, name: str, new_name: str) -> str:
    """Call a filter something else; returns the name as it is kept.

    Raises FilterNameTaken, ValueError for a name without a letter, StoreFull.
    """
    tidy = _tidy(new_name)
    with session.store.writing() as db:
        saved_filters.rename(db, screen, name, tidy)
    return tidy


def remove_filter(session: Session, screen: FilteredScreen, name: str) -> None:
    """Forget a filter; one that is gone already is nothing."""
    with session.store.writing() as db:
        saved_filters.remove(db, screen, name)


def _tidy(name: str) -> str:
    tidy = " ".join(composed(name).split())[:MOST_LETTERS].rstrip()
    if not tidy:
        raise ValueError("a filter needs a name")
    return tidy


__all__ = [
    "MOST_LETTERS", "FilteredScreen", "SavedFilter", "filters_of", "keep_filter", "remove_filter",
    "rename_filter",
]  # fmt: skip
