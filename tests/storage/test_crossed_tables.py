"""Crossed tables: the first column parted by an answer, and 계 of all of it."""

from __future__ import annotations

from fieldapp.domain.plans import Grouping, TableColumn
from fieldapp.storage.database import Store
from tests.storage import building as b
from tests.storage import entity_building as e
from tests.storage.table_building import cells, counted, households, is_, plan, visits

METHODS = Grouping("answer", "method", (("visit", "방문"), ("phone", "전화")))


def test_crossed_table_parts_its_first_column_and_leaves_the_others_whole(store: Store) -> None:
    """A grade that nobody has words for, and none at all, are 미상: 계 loses nobody."""
    one, two = households(store, {"tong": "1통"}, {"tong": "2통"})
    visits(
        store,
        [
            {"date": "2026-11-02", "method": "visit", "subject": one, "programme": "risk"},
            {"date": "2026-11-03", "method": "visit", "subject": one, "programme": "watch"},
            {"date": "2026-11-03", "method": "visit", "subject": one, "programme": "old"},
            {"date": "2026-11-04", "method": "phone", "subject": one, "programme": "risk"},
            {"date": "2026-11-04", "method": "visit", "subject": two, "programme": "risk"},
            {"date": "2026-11-04", "method": "visit"},
            {"date": "2026-10-04", "method": "visit", "subject": two, "programme": "risk"},
        ],
    )
    grades = (("risk", "위험"), ("caution", "주의"), ("watch", "관심"))

    section = counted(
        store,
        plan(
            Grouping("subject", "tong"),
            TableColumn("방문", "count", where=is_("method", "visit")),
            TableColumn("전화", "count", where=is_("method", "phone")),
            TableColumn("전화율%", "rate", over=("전화",), under=("방문", "전화"), decimals=1),
            across=Grouping("answer", "programme", grades),
        ),
    )

    assert section.columns == ("위험", "주의", "관심", "미상", "계", "전화", "전화율%")
    assert cells(section) == {
        "합계": ["2", "0", "1", "2", "5", "1", "16.7"],
        "1통": ["1", "0", "1", "1", "3", "1", "25.0"],
        "2통": ["1", "0", "0", "0", "1", "0", "0.0"],
        "미상": ["0", "0", "0", "1", "1", "0", "0.0"],
    }


def test_crossed_means_and_distinct_values_are_of_all_parts_together(store: Store) -> None:
    """계 of a mean is the mean of every answer, not of the means: (10 + 20 + 60) / 3 = 30."""
    visits(
        store,
        [
            {"date": "2026-11-02", "method": "visit", "minutes": "10", "programme": "나"},
            {"date": "2026-11-02", "method": "visit", "minutes": "20", "programme": "가"},
            {"date": "2026-11-02", "method": "visit", "minutes": "60", "programme": "가"},
            {"date": "2026-11-02", "method": "visit", "programme": "다"},
        ],
    )
    across = Grouping("answer", "programme")

    mean = counted(
        store,
        plan(METHODS, TableColumn("평균", "mean", path="minutes", decimals=1), across=across),
    )
    distinct = counted(
        store,
        plan(Grouping("all", label="모두"), TableColumn("종", "distinct", path="method"),
             across=across),
    )  # fmt: skip

    assert mean.columns == ("가", "나", "계")
    assert cells(mean)["방문"] == ["40.0", "10.0", "30.0"]
    assert cells(mean)["전화"] == [None, None, None]
    assert cells(distinct) == {"모두": ["1", "1", "1", "1"]}


def test_crossed_list_and_crossed_repeat_are_counted_like_records(store: Store) -> None:
    one, two = households(
        store, {"tong": "1통", "grade": "risk"}, {"tong": "1통", "grade": "watch"}
    )
    key = b.new_uuid()
    visits(
        store,
        [
            {"date": "2026-11-02", "subject": one, f"links[{key}]/service": "case"},
            {"date": "2026-11-02", "subject": two, f"links[{key}]/service": "meal"},
            {"date": "2026-11-03", "subject": two, f"links[{key}]/service": "meal"},
        ],
    )
    tongs, grades = Grouping("subject", "tong"), Grouping("subject", "grade")

    listed = counted(
        store, plan(tongs, TableColumn("대상", "count", "list", e.LIST), across=grades)
    )
    linked = counted(
        store,
        plan(
            tongs,
            TableColumn("연계", "count", "repeat", "links"),
            across=Grouping("answer", "links/service"),
        ),
    )
    by_grade = counted(
        store, plan(tongs, TableColumn("연계", "count", "repeat", "links"), across=grades)
    )

    assert (listed.columns, cells(listed)["1통"]) == (("risk", "watch", "계"), ["1", "1", "2"])
    assert (linked.columns, cells(linked)["1통"]) == (("case", "meal", "계"), ["1", "2", "3"])
    assert (by_grade.columns, cells(by_grade)["1통"]) == (
        ("risk", "watch", "계"), ["1", "2", "3"],
    )  # fmt: skip


def test_crossed_table_of_a_form_never_filled_has_its_columns_all_the_same(store: Store) -> None:
    section = counted(
        store,
        plan(METHODS, TableColumn("건수", "count"), across=Grouping("answer", "x", (("a", "가"),))),
    )

    assert section.columns == ("가", "계")
    assert cells(section) == {label: ["0", "0"] for label in ("합계", "방문", "전화")}
