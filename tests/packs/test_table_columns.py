"""Whatever columns a table may have: what is written in the cell is what the plan says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.domain.plans import (
    AllOf,
    AnswerOf,
    Comparison,
    Condition,
    Constant,
    Not,
    Selected,
    TableColumn,
    TablePlan,
)
from fieldapp.packs.findings import Findings
from fieldapp.packs.plans import read_plans
from fieldapp.packs.sheets import read_workbook
from tests.packs.small import changed, row_number, written


@dataclass(frozen=True)
class Line:
    """One line of the cell, and the column that it makes."""

    text: str
    column: TableColumn


LABELS = st.text("가나다 건수(율)·", min_size=1, max_size=6).map(
    lambda text: " ".join(text.split()) or "가"
)
VALUES = st.text("ab가9", min_size=1, max_size=3)


def conditions(names: dict[str, str]) -> st.SearchStrategy[tuple[str, Condition]]:
    """A condition as written and as a tree; names: question or property → path."""

    def of(name: str, operator: str, value: str) -> tuple[str, Condition]:
        path = AnswerOf(names[name])
        if operator == "selected":
            return f"selected(${{{name}}}, '{value}')", Selected(path, value)
        return f"${{{name}}} {operator} '{value}'", Comparison(operator, path, Constant(value))  # type: ignore[arg-type]

    single = st.builds(
        of, st.sampled_from(sorted(names)), st.sampled_from(("=", "!=", "selected")), VALUES
    )
    return single | st.tuples(single, single).map(
        lambda two: (f"{two[0][0]} and not({two[1][0]})", AllOf((two[0][1], Not(two[1][1]))))
    )


ANSWERS = conditions({"how": "how", "seen": "seen"})
TODOS = conditions({"what": "todos/what", "how": "how"})
PROPERTIES = conditions({"grade": "grade", "어느속성": "어느속성"})


#: What stands before a condition → the column that it counts into.
COUNTED: dict[str, tuple[st.SearchStrategy[tuple[str, Condition]], dict[str, Any]]] = {
    "count(": (ANSWERS, {}),
    "rows(todos": (TODOS, {"source": "repeat", "name": "todos"}),
    "list(household": (PROPERTIES, {"source": "list", "name": "household"}),
    "created(household": (PROPERTIES, {"source": "created", "name": "household"}),
}


@st.composite
def counted(draw: st.DrawFn, label: str) -> Line:
    """A column that counts records, instances or entities."""
    begin = draw(st.sampled_from(sorted(COUNTED)))
    strategy, place = COUNTED[begin]
    text, where = draw(st.none() | strategy) or ("", None)
    comma = ", " if text and not begin.endswith("(") else ""
    column = replace(TableColumn(label, "count", where=where), **place)
    return Line(f"{label} = {begin}{comma}{text})", column)


@st.composite
def lines(draw: st.DrawFn) -> tuple[Line, ...]:
    """Lines in which a rate stands only below the columns it divides."""
    made: list[Line] = []
    for label in draw(st.lists(LABELS, min_size=1, max_size=6, unique=True)):
        kind = draw(st.sampled_from(("counted", "counted", "sum", "target", "rate")))
        if kind == "sum":
            column = TableColumn(label, "sum", path="area_count")
            made.append(Line(f"{label} = sum(area_count)", column))
        elif kind == "target":
            column = TableColumn(label, "target", "list", "target", "x")
            made.append(Line(f"{label}=target( x )", column))
        elif kind == "rate" and made:
            over = tuple(line.column.label for line in made[:2])
            under = (made[-1].column.label,)
            column = TableColumn(label, "rate", over=over, under=under, decimals=1)
            made.append(Line(f"{label} = rate({' + '.join(over)}, {under[0]})", column))
        else:
            made.append(draw(counted(label)))
    return tuple(made)


@settings(max_examples=40, deadline=None)
@given(lines=lines())
def test_what_is_written_is_what_the_plan_says(lines: tuple[Line, ...]) -> None:
    row = row_number("summary", "id", "visits")
    sheets = changed("summary", row, "columns", "\n".join(line.text for line in lines))
    sheets["summary"] = tuple(
        tuple(cell.replace("등급별 방문 (단위: %, 건)", "등급별 방문") for cell in cells)
        for cells in sheets["summary"]
    )
    findings = Findings()

    plans = read_plans(read_workbook(written(sheets), findings), findings).plans

    assert [found.as_text() for found in findings.in_order()] == []
    table = plans.summaries[0]
    assert isinstance(table, TablePlan)
    assert table.columns == tuple(line.column for line in lines)
