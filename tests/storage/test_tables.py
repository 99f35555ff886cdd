"""Tables: what SQL counts by column and row is what a hand counts."""

from __future__ import annotations

import pytest

from fieldapp.domain.plans import (
    AnswerOf,
    Comparison,
    Constant,
    Grouping,
    SummaryColumn,
    SummaryPlan,
    SummaryRow,
    TableColumn,
)
from fieldapp.storage import answers
from fieldapp.storage.database import Store
from fieldapp.storage.figures import figures, months
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b
from tests.storage import entity_building as e
from tests.storage.table_building import (
    NOVEMBER,
    cells,
    counted,
    households,
    is_,
    plan,
    projections,
    visits,
)

METHODS = Grouping("answer", "method", (("visit", "방문"), ("phone", "전화")))


def test_rows_of_a_question_have_its_words_and_the_total_comes_first(store: Store) -> None:
    visits(
        store,
        [
            {"date": "2026-11-02", "method": "visit", "minutes": "30"},
            {"date": "2026-11-30", "method": "visit", "minutes": "31.5"},
            {"date": "2026-11-03", "method": "phone"},
            {"date": "2026-10-31", "method": "phone"},
            {"date": "2026-11-03", "method": "fax"},
            {"date": "2026-11-03"},
        ],
    )

    section = counted(
        store,
        plan(
            METHODS,
            TableColumn("건수", "count"),
            TableColumn("시간", "sum", path="minutes", decimals=1),
            TableColumn("평균", "mean", path="minutes", decimals=2),
        ),
    )

    assert [row.label for row in section.rows] == ["합계", "방문", "전화"]
    assert cells(section) == {
        "합계": ["3", "61.5", "30.75"],
        "방문": ["2", "61.5", "30.75"],
        "전화": ["1", "0.0", None],
    }
    assert section.records == 5
    with store.reading() as db:
        assert months(db, plan(METHODS)) == {(2026, 10), (2026, 11)}


def test_visits_are_parted_by_a_property_of_whom_they_are_about(store: Store) -> None:
    """Natural order; an alias counts with what it turned out to be; who is unknown is not lost."""
    ten, two = households(store, {"tong": "10통"}, {"tong": "2통"})
    twin = b.new_uuid()
    StoreReplica(store, projections).accept_rows(
        b.page(e.put_entity(twin, 1, {"tong": "9통"}, merged_into=two, scope_seq=50))
    )
    visits(
        store,
        [
            {"date": "2026-11-02", "method": "visit", "subject": ten},
            {"date": "2026-11-02", "method": "phone", "subject": two},
            {"date": "2026-11-02", "method": "visit", "subject": twin},
            {"date": "2026-11-02", "method": "visit"},
        ],
    )

    section = counted(
        store,
        plan(
            Grouping("subject", "tong"),
            TableColumn("대상", "count", source="list", name=e.LIST),
            TableColumn("방문", "count", where=is_("method", "visit")),
            TableColumn("전화", "count", where=is_("method", "phone")),
            TableColumn("방문율%", "rate", over=("방문",), under=("방문", "전화"), decimals=1),
        ),
    )

    assert cells(section) == {
        "합계": ["2", "3", "1", "75.0"],
        "2통": ["1", "1", "1", "50.0"],
        "10통": ["1", "1", "0", "100.0"],
        "미상": ["0", "1", "0", "100.0"],
    }


def test_rows_of_repeats_are_counted_within_the_records_of_the_period(store: Store) -> None:
    first, second = b.new_uuid(), b.new_uuid()
    visits(
        store,
        [
            {
                "date": "2026-11-02",
                "method": "visit",
                f"links[{first}]/service": "case",
                f"links[{second}]/service": "meal",
            },
            {"date": "2026-10-02", "method": "visit", f"links[{first}]/service": "case"},
        ],
    )

    section = counted(
        store,
        plan(
            METHODS,
            TableColumn("연계", "count", source="repeat", name="links"),
            TableColumn(
                "의뢰", "count", source="repeat", name="links", where=is_("links/service", "case")
            ),
            TableColumn("종류", "distinct", source="repeat", name="links", path="links/service"),
        ),
    )

    assert cells(section)["방문"] == ["2", "1", "2"]
    assert cells(section)["전화"] == ["0", "0", "0"]


def test_inner_repeat_asks_answers_of_the_repeat_and_the_record_around_it(store: Store) -> None:
    visits(
        store,
        [
            {
                "date": "2026-11-02",
                "programme": "care",
                "areas[n1]/area": "안전",
                "areas[n1]/mean": "4.5",
                "areas[n1]/items[n1]/score": "4",
                "areas[n1]/items[n2]/score": "5",
                "areas[n2]/area": "급식",
                "areas[n2]/mean": "2",
                "areas[n2]/items[n1]/score": "na",
            },
            {
                "date": "2026-11-03",
                "programme": "tool",
                "areas[n1]/area": "안전",
                "areas[n1]/items[n1]/score": "1",
            },
        ],
    )
    items = {"source": "repeat", "name": "areas/items"}

    by_area = counted(
        store,
        plan(
            Grouping("answer", "areas/area"),
            TableColumn("곳", "count", source="repeat", name="areas"),
            TableColumn(
                "평균", "mean", source="repeat", name="areas", path="areas/mean", decimals=2
            ),
            TableColumn(
                "점수",
                "mean",
                source="repeat",
                name="areas/items",
                path="areas/items/score",
                values=("1", "2", "3", "4", "5"),
                decimals=2,
            ),
            source="repeat",
            name="areas",
            where=is_("programme", "care"),
        ),
    )
    everything = counted(
        store,
        plan(
            Grouping("all", label="모두"),
            TableColumn("문항", "count", **items),  # type: ignore[arg-type]
            TableColumn("안전", "count", where=is_("areas/area", "안전"), **items),  # type: ignore[arg-type]
            TableColumn("돌봄", "count", where=is_("programme", "care"), **items),  # type: ignore[arg-type]
        ),
    )

    assert cells(by_area) == {
        "합계": ["2", "3.25", "4.50"],
        "급식": ["1", "2.00", None],
        "안전": ["1", "4.50", "4.50"],
    }
    assert by_area.records == 1
    assert cells(everything) == {"모두": ["4", "3", "3"]}


def test_distribution_pools_the_answers_of_every_instance_of_a_repeat(store: Store) -> None:
    """4, 5, 5 in the instances of two records: a mean of 14/3; another programme is left out."""
    visits(
        store,
        [
            {
                "date": "2026-11-02",
                "programme": "care",
                "areas[n1]/items[n1]/score": "4",
                "areas[n2]/items[n1]/score": "5",
            },
            {"date": "2026-11-03", "programme": "care", "areas[n1]/items[n1]/score": "5"},
            {"date": "2026-11-03", "programme": "tool", "areas[n1]/items[n1]/score": "1"},
        ],
    )
    scores = ("1", "2", "3", "4", "5")
    with store.reading() as db:
        section = figures(
            db,
            SummaryPlan(
                id="scores",
                form_id="P13e",
                caption="점수",
                unit="점",
                row_head="문항",
                rows=(SummaryRow("모든 문항", ("areas/items/score",)),),
                columns=(
                    SummaryColumn("응답", "count", scores),
                    SummaryColumn("평균", "mean", scores, decimals=2),
                ),
                period_path="date",
                where=is_("programme", "care"),
            ),
            period=NOVEMBER,
            scope=None,
            counted_at=b.NOON,
        )

    assert cells(section) == {"모든 문항": ["3", "4.67"]}
    assert section.records == 2


def test_reflection_and_achievement_are_those_that_the_office_printed(store: Store) -> None:
    """반영 12/15 → 80.0; 달성률 80/60 → 133.3 (성남, tables/README.md R1, R4)."""
    decisions = ["adopt"] * 12 + ["reject", "later", ""]
    households(
        store,
        *({"decision": decision, "state": "접수"} if decision else {} for decision in decisions),
        {"decision": "adopt", "state": "원본 삭제"},
        list_name="improvement",
    )
    target = {"indicator": "improvement_adopted", "value": "60"}
    households(
        store, target | {"year": "2026"}, target | {"year": "2025", "value": "50"},
        list_name="target",
    )  # fmt: skip

    section = counted(
        store,
        plan(
            Grouping("all", label="현장모니터링 반영률(%)"),
            TableColumn("접수", "count", source="list", name="improvement"),
            TableColumn(
                "반영", "count", source="list", name="improvement", where=is_("decision", "adopt")
            ),
            TableColumn("목표", "target", source="list", name="target", path="improvement_adopted"),
            TableColumn("실적%", "rate", over=("반영",), under=("접수",), decimals=1),
            TableColumn("달성률%", "rate", over=("실적%",), under=("목표",), decimals=1),
            source="list",
            name="improvement",
            period_path="",
            total_method="none",
        ),
    )

    assert cells(section) == {"현장모니터링 반영률(%)": ["15", "12", "60", "80.0", "133.3"]}
    assert section.records == 15


def test_list_by_a_property_has_its_words_and_created_counts_the_period(store: Store) -> None:
    households(
        store,
        {"programme": "care", "route": "tong"},
        {"programme": "care", "on": "2026-10-31"},
        {"programme": "tool", "on": "2026-11-30", "route": "self"},
        {"on": "2026-11-01"},
    )

    section = counted(
        store,
        plan(
            Grouping("property", "programme", (("care", "돌봄센터"), ("re100", "자원순환"))),
            TableColumn("있음", "count", source="list", name=e.LIST),
            TableColumn("새로", "count", source="created", name=e.LIST),
            TableColumn(
                "발굴",
                "count",
                source="created",
                name=e.LIST,
                where=Comparison("!=", AnswerOf("route"), Constant("")),
            ),
            source="list",
            name=e.LIST,
        ),
    )

    assert cells(section) == {
        "합계": ["3", "2", "1"],
        "돌봄센터": ["2", "1", "1"],
        "자원순환": ["0", "0", "0"],
        "미상": ["1", "1", "0"],
    }


def test_row_has_its_own_target_and_the_total_that_of_everything(store: Store) -> None:
    households(store, {"programme": "care"}, {"programme": "tool"}, list_name="improvement")
    target = {"indicator": "x", "year": "2026"}
    households(
        store,
        target | {"value": "10", "programme": "care"},
        target | {"value": "62.5"},
        list_name="target",
    )

    section = counted(
        store,
        plan(
            Grouping("property", "programme"),
            TableColumn("건수", "count", source="list", name="improvement"),
            TableColumn("목표", "target", source="list", name="target", path="x"),
            source="list",
            name="improvement",
        ),
    )

    assert cells(section) == {
        "합계": ["2", "62.5"],
        "care": ["1", "10"],
        "tool": ["1", None],
    }


def test_other_scopes_count_only_when_every_scope_is_asked(store: Store) -> None:
    visits(store, [{"date": "2026-11-02", "method": "visit"}], scope="가상-달빛동")
    households(store, {"tong": "1통"})
    table = plan(
        Grouping("all", label="모두"),
        TableColumn("방문", "count"),
        TableColumn("대상", "count", source="list", name=e.LIST),
    )

    assert cells(counted(store, table))["모두"] == ["0", "1"]
    assert cells(counted(store, table, scope=None))["모두"] == ["1", "1"]
    assert cells(counted(store, table, scope="가상-달빛동"))["모두"] == ["1", "0"]


def test_form_that_was_never_filled_has_a_table_of_nothing(store: Store) -> None:
    section = counted(
        store,
        plan(
            METHODS,
            TableColumn("건수", "count"),
            TableColumn("율%", "rate", over=("건수",), under=("건수",), decimals=1),
        ),
    )

    assert cells(section) == {label: ["0", None] for label in ("합계", "방문", "전화")}
    assert section.records == 0


def test_amended_and_deleted_records_leave_nothing_in_the_tables_of_repeats(store: Store) -> None:
    key = b.new_uuid()
    table = plan(
        Grouping("all", label="모두"), TableColumn("연계", "count", source="repeat", name="links")
    )
    visits(store, [{"date": "2026-11-02", f"links[{key}]/service": "meal"}])
    with store.reading() as db:
        record = db.value("SELECT id FROM record")
    assert cells(counted(store, table))["모두"] == ["1"]

    replica = StoreReplica(store, projections)
    replica.accept_rows(b.page(b.put(record, 2, {"date": "2026-11-02"}, scope_seq=9)))
    answers.project_due(store, projections, 10)
    assert cells(counted(store, table))["모두"] == ["0"]

    replica.accept_rows(
        b.page(b.put(record, 3, {"date": "2026-11-02", "links[n1]/x": "1"}, scope_seq=10))
    )
    answers.project_due(store, projections, 10)
    assert cells(counted(store, table))["모두"] == ["1"]

    replica.accept_rows(b.page(b.row("del", record, 4, scope_seq=11)))
    with store.reading() as db:
        assert db.count("SELECT count(*) FROM answer_P13e__links") == 0


@pytest.mark.parametrize(
    ("method", "expected"), [("pooled", "50.0"), ("mean_of_printed_rates", "68.8")]
)
def test_total_rate_is_made_by_the_method_its_workbook_names(
    store: Store, method: str, expected: str
) -> None:
    """a: 2 of 2 said yes, 100.0; b: 3 of 8, 37.5. Pooled 5/10 = 50.0; mean 68.75 → 68.8."""
    given = {"a": "11", "b": "11100000"}
    visits(
        store,
        [
            {"date": "2026-11-02", "programme": name, "method": value}
            for name, values in given.items()
            for value in values
        ],
    )

    section = counted(
        store,
        plan(
            Grouping("answer", "programme"),
            TableColumn("예", "count", where=is_("method", "1")),
            TableColumn("모두", "count"),
            TableColumn("율%", "rate", over=("예",), under=("모두",), decimals=1),
            total_method=method,
        ),
    )

    assert cells(section)["합계"][2] == expected
