"""Figures: what SQL counts is what a hand, or plain Python, counts over the records."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from math import isnan, nan

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.figures import Figures, Period
from fieldapp.domain.ids import ScopeId
from fieldapp.domain.plans import (
    AllOf,
    AnswerOf,
    AnyOf,
    Comparison,
    Condition,
    Constant,
    Not,
    Projection,
    Selected,
    SummaryColumn,
    SummaryPlan,
    SummaryRow,
)
from fieldapp.storage import answers, records
from fieldapp.storage.database import Store
from fieldapp.storage.figures import figures, months
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b

DECEMBER = Period.month(2026, 12)
AGREE = ("1", "2", "3", "4", "5")
DIST = SummaryPlan(
    id="dist",
    form_id="P13e",
    caption="평가요소별 응답 분포",
    unit="%, 명",
    row_head="평가요소",
    rows=(
        SummaryRow("태도", ("items/q1", "items/q2")),
        SummaryRow("첫 문항", ("items/q1",)),
    ),
    columns=(
        *(SummaryColumn(value, "share", (value,), of=AGREE, decimals=1) for value in AGREE),
        SummaryColumn("응답수", "count", AGREE),
        SummaryColumn("평균", "mean", AGREE, decimals=2),
    ),
    period_path="today",
)
MODE = SummaryPlan(
    id="mode",
    form_id="P13e",
    caption="작성 방법별 부수",
    unit="부",
    row_head="방법",
    rows=(
        SummaryRow("본인", ("mode",), only="self"),
        SummaryRow("종이", ("mode",), only="paper"),
        SummaryRow("면접", ("mode",), only="interview"),
    ),
    columns=(SummaryColumn("부수", "count", ("self", "helped", "interview", "paper")),),
    period_path="today",
)


def survey(q1: str, q2: str, mode: str = "paper", today: str = "2026-12-01") -> dict[str, str]:
    return {"today": today, "mode": mode, "items/q1": q1, "items/q2": q2}


def save(store: Store, document: Mapping[str, str]) -> str:
    record = b.create(store, document)
    with store.writing() as db:
        answers.project(db, records.find(db, record), b.PROJECTION)
    return record


def counted(
    store: Store, plan: SummaryPlan, period: Period = DECEMBER, scope: str | None = b.SCOPE
) -> Figures:
    with store.reading() as db:
        return figures(
            db,
            plan,
            period=period,
            scope=None if scope is None else ScopeId(scope),
            counted_at=b.NOON,
        )


def cells(section: Figures) -> dict[str, list[str | None]]:
    return {
        row.label: [None if cell.value is None else str(cell.value) for cell in row.cells]
        for row in section.rows
    }


def test_distribution_is_what_a_hand_computes(store: Store) -> None:
    """q1: 4 5 9 5; q2: 4 3 5 1. Pooled valid: 1, 3, 4, 4, 5, 5, 5 = 7 answers, sum 27.

    Shares of 7: 1 → 14.28…, 3 → 14.28…, 4 → 28.57…, 5 → 42.85…; mean 27/7 = 3.857….
    First question alone: 4, 5, 5 = 3 answers, mean 14/3 = 4.666…; 9 is no answer.
    """
    for q1, q2 in (("4", "4"), ("5", "3"), ("9", "5"), ("5", "1")):
        save(store, survey(q1, q2))

    section = counted(store, DIST)

    assert cells(section) == {
        "태도": ["14.3", "0.0", "14.3", "28.6", "42.9", "7", "3.86"],
        "첫 문항": ["0.0", "0.0", "0.0", "33.3", "66.7", "3", "4.67"],
    }
    assert section.records == 4
    assert section.unprojected == 0
    assert section.columns == ("1", "2", "3", "4", "5", "응답수", "평균")
    assert section.counted_at == b.NOON


def test_rows_of_one_choice_count_that_choice_alone(store: Store) -> None:
    for mode in ("paper", "paper", "self"):
        save(store, survey("4", "4", mode))

    assert cells(counted(store, MODE)) == {"본인": ["1"], "종이": ["2"], "면접": ["0"]}


def test_nothing_counted_has_no_rates_and_no_error(store: Store) -> None:
    section = counted(store, DIST)

    assert cells(section)["태도"] == [None] * 5 + ["0", None]
    assert section.records == 0


def test_only_the_period_the_home_scope_and_what_is_not_deleted_are_counted(
    store: Store, replica: StoreReplica
) -> None:
    elsewhere, deleted = b.record_id_at(1), b.record_id_at(2)
    for today in ("2026-11-30", "2026-12-01", "2026-12-31", "2027-01-01"):
        save(store, survey("4", "4", today=today))
    replica.accept_rows(
        b.page(
            b.put(elsewhere, 1, survey("1", "1"), scope="가상-달빛동"),
            b.put(deleted, 1, survey("2", "2"), scope_seq=2),
        )
    )
    answers.project_due(store, b.projections, 10)
    replica.accept_rows(b.page(b.row("del", deleted, 2, scope_seq=3)))

    assert counted(store, DIST).records == 2
    assert counted(store, DIST, scope=None).records == 3
    assert counted(store, DIST, Period(date(2026, 11, 30), date(2026, 12, 1))).records == 2
    with store.reading() as db:
        assert months(db, DIST) == {(2026, 11), (2026, 12), (2027, 1)}


def test_records_that_wait_for_projection_are_said_and_not_counted(
    store: Store, replica: StoreReplica
) -> None:
    save(store, survey("4", "4"))
    replica.accept_rows(b.page(b.put(b.record_id_at(1), 1, survey("5", "5"))))

    section = counted(store, DIST)

    assert (section.records, section.unprojected) == (1, 1)


def test_amended_answer_is_counted_once_with_its_new_value(store: Store) -> None:
    record = save(store, survey("4", "4"))
    b.amend(store, record, {"items/q1": "5"})
    with store.writing() as db:
        answers.project(db, records.find(db, record), b.PROJECTION)

    assert cells(counted(store, DIST))["첫 문항"] == [
        "0.0", "0.0", "0.0", "0.0", "100.0", "1", "5.00",
    ]  # fmt: skip


def test_answers_of_both_types_of_a_path_are_pooled(store: Store) -> None:
    first, later = b.create(store, survey("4", "4")), b.create(store, survey("5", "5"))
    for record, kind in ((first, "integer"), (later, "text")):
        projection = Projection("P13e", (("today", "date"), ("items/q1", kind)))  # type: ignore[arg-type]
        with store.writing() as db:
            answers.project(db, records.find(db, record), projection)

    assert cells(counted(store, DIST))["첫 문항"][3:6] == ["50.0", "50.0", "2"]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("pooled", ["57.1", "7"]),
        ("mean_of_printed_rates", ["58.4", "7"]),
    ],
)
def test_total_row_is_made_by_the_method_its_workbook_names(
    store: Store, method: str, expected: list[str]
) -> None:
    """q1: 2 of 3 said yes, 66.7; q2: 2 of 4, 50.0. Pooled 4/7 = 57.1; mean 58.35 → 58.4."""
    for q1, q2 in (("1", "1"), ("1", "1"), ("2", "2"), ("9", "2")):
        save(store, survey(q1, q2))
    plan = SummaryPlan(
        id="rate",
        form_id="P13e",
        caption="",
        unit="%",
        row_head="",
        rows=(SummaryRow("a", ("items/q1",)), SummaryRow("b", ("items/q2",))),
        columns=(
            SummaryColumn("예(%)", "share", ("1",), of=("1", "2"), decimals=1),
            SummaryColumn("응답", "count", ("1", "2")),
        ),
        period_path="today",
        total_method=method,  # type: ignore[arg-type]
    )

    printed = cells(counted(store, plan))

    assert printed["a"] == ["66.7", "3"]
    assert printed["b"] == ["50.0", "4"]
    assert printed["계"] == expected


# Any records, any condition

CHOICES = st.sampled_from(["1", "2", "3", "9", "a b", "b", "", "-2.5", " 7 ", "일"])
PATHS = st.sampled_from(["items/q1", "items/q2", "mode", "never/asked"])
OPERANDS = st.one_of(
    PATHS.map(AnswerOf),
    CHOICES.map(Constant),
    st.sampled_from([1.0, 2.0, -2.5, 0.0, nan]).map(Constant),
)
ATOMS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), OPERANDS, OPERANDS),
    st.builds(Selected, PATHS.map(AnswerOf), st.sampled_from(["a", "b", "1"])),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
ROWS = st.fixed_dictionaries(
    {"today": st.sampled_from(["2026-12-01", "2026-12-31", "2027-01-01"])},
    optional={
        "items/q1": CHOICES.filter(bool),
        "items/q2": CHOICES.filter(bool),
        "mode": CHOICES.filter(bool),
    },
)


def number(text: str) -> float:
    """XPath 1.0 number(), written apart from the store's."""
    trimmed = text.strip(" \t\r\n")
    whole, _, rest = trimmed.removeprefix("-").partition(".")
    if not (whole + rest) or not all(c in "0123456789" for c in whole + rest):
        return nan
    return float(trimmed)


def holds(condition: Condition, document: Mapping[str, str]) -> bool:
    """XPath 1.0 over one set of answers, in plain Python."""
    match condition:
        case Comparison():
            return compares(condition, document)
        case Selected(answer, choice):
            return choice in document.get(answer.path, "").split(" ")
        case Not(operand):
            return not holds(operand, document)
        case AllOf(operands):
            return all(holds(operand, document) for operand in operands)
        case AnyOf(operands):
            return any(holds(operand, document) for operand in operands)


def compares(comparison: Comparison, document: Mapping[str, str]) -> bool:
    sides = [
        document.get(side.path, "") if isinstance(side, AnswerOf) else side.value
        for side in (comparison.left, comparison.right)
    ]
    asked = comparison.operator
    if asked in ("=", "!=") and all(isinstance(side, str) for side in sides):
        return (sides[0] == sides[1]) == (asked == "=")
    one, other = (number(side) if isinstance(side, str) else side for side in sides)
    if isnan(one) or isnan(other):
        return asked == "!="
    return COMPARISONS[asked](one, other)


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@pytest.fixture
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.create(
        tmp_path_factory.mktemp("reused") / "store.db",
        new_data_key(),
        identity=b.IDENTITY,
        created_at=b.NOON,
    )
    yield store
    store.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents=st.lists(ROWS, min_size=1, max_size=8), where=CONDITIONS)
def test_any_condition_counts_in_sql_what_it_counts_in_plain_python(
    reused: Store, documents: list[dict[str, str]], where: Condition
) -> None:
    with reused.writing() as db:
        db.execute("DELETE FROM record")
        for (table,) in db.rows("SELECT table_name FROM projected_table"):
            db.execute(f'DELETE FROM "{table}"')  # noqa: S608
    replica = StoreReplica(reused, b.projections)
    rows = [
        b.put(b.record_id_at(n), 1, document, scope_seq=n + 1)
        for n, document in enumerate(documents)
    ]
    replica.accept_rows(b.page(*rows))
    answers.project_due(reused, b.projections, 100)
    plan = SummaryPlan(
        id="any",
        form_id="P13e",
        caption="",
        unit="",
        row_head="",
        rows=(SummaryRow("q1", ("items/q1",)),),
        columns=(SummaryColumn("1 or 9", "count", ("1", "9")),),
        period_path="today",
        where=where,
    )

    section = counted(reused, plan)

    chosen = [d for d in documents if d["today"] < "2027" and holds(where, d)]
    assert section.records == len(chosen)
    assert section.rows[0].cells[0].value == Decimal(
        sum(d.get("items/q1") in ("1", "9") for d in chosen)
    )
