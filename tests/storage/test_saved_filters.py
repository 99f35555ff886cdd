"""Filters of a list under a name: kept, found in Korean order, renamed, forgotten."""

from __future__ import annotations

import pytest

from fieldapp.errors import FilterNameTaken
from fieldapp.storage import saved_filters
from fieldapp.storage.database import Store
from fieldapp.storage.saved_filters import SavedFilter

RISK = {"text": "", "grade": "risk", "area": "3통"}


def names(store: Store, screen: str = "households") -> list[str]:
    with store.reading() as db:
        return [one.name for one in saved_filters.of_screen(db, screen)]


def test_filters_come_back_in_korean_order_each_list_its_own(store: Store) -> None:
    with store.writing() as db:
        for name in ("Kim", "10통", "하늘", "2통", "가람"):
            saved_filters.put(db, "households", SavedFilter(name, RISK))
        saved_filters.put(db, "records", SavedFilter("가람", {"form": "P01"}))

    assert names(store) == ["가람", "하늘", "Kim", "2통", "10통"]
    with store.reading() as db:
        assert saved_filters.of_screen(db, "records") == (SavedFilter("가람", {"form": "P01"}),)


def test_filter_of_a_name_that_stands_replaces_it_whatever_its_case(store: Store) -> None:
    with store.writing() as db:
        saved_filters.put(db, "households", SavedFilter("Risk", {"grade": "watch"}))
        saved_filters.put(db, "households", SavedFilter("risk", RISK))

    with store.reading() as db:
        assert saved_filters.of_screen(db, "households") == (SavedFilter("risk", RISK),)


def test_renamed_filter_keeps_what_it_chose_and_takes_no_name_of_another(store: Store) -> None:
    with store.writing() as db:
        saved_filters.put(db, "households", SavedFilter("가람", RISK))
        saved_filters.put(db, "households", SavedFilter("Nari", {}))

    with store.writing() as db:
        saved_filters.rename(db, "households", "가람", "가람 둘")
    with pytest.raises(FilterNameTaken), store.writing() as db:
        saved_filters.rename(db, "households", "가람 둘", "nari")

    with store.reading() as db:
        assert saved_filters.of_screen(db, "households")[0] == SavedFilter("가람 둘", RISK)
    assert names(store) == ["가람 둘", "Nari"]


def test_filter_may_be_renamed_to_another_case_of_its_own_name(store: Store) -> None:
    with store.writing() as db:
        saved_filters.put(db, "households", SavedFilter("nari", RISK))
        saved_filters.rename(db, "households", "nari", "Nari")

    assert names(store) == ["Nari"]


def test_forgotten_filter_is_gone_and_forgetting_it_twice_is_nothing(store: Store) -> None:
    with store.writing() as db:
        saved_filters.put(db, "households", SavedFilter("가람", RISK))
        saved_filters.remove(db, "households", "가람")
        saved_filters.remove(db, "households", "가람")
        saved_filters.rename(db, "households", "가람", "나리")

    assert names(store) == []
