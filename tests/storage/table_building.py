"""What the tests of tables are made of: pulled visits and households, a plan, cells as texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fieldapp.domain.figures import Figures, Period
from fieldapp.domain.ids import ScopeId
from fieldapp.domain.plans import (
    AnswerOf,
    Comparison,
    Constant,
    Grouping,
    Projection,
    TableColumn,
    TablePlan,
)
from fieldapp.storage import answers
from fieldapp.storage.database import Store
from fieldapp.storage.figures import figures
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b
from tests.storage import entity_building as e

NOVEMBER = Period.month(2026, 11)
VISIT = Projection(
    "P13e",
    (("date", "date"), ("method", "text"), ("programme", "text"), ("minutes", "decimal")),
    {
        "links": (("links/service", "text"),),
        "areas": (("areas/area", "text"), ("areas/mean", "decimal")),
        "areas/items": (("areas/items/score", "text"),),
    },
)


def is_(path: str, value: str) -> Comparison:
    return Comparison("=", AnswerOf(path), Constant(value))


def plan(rows: Grouping, *columns: TableColumn, **facts: object) -> TablePlan:
    return TablePlan(
        **{  # type: ignore[arg-type]
            "id": "t",
            "form_id": "P13e",
            "caption": "표",
            "unit": "건",
            "row_head": "행",
            "rows": rows,
            "columns": columns,
            "period_path": "date",
            "total_method": "pooled",
            **facts,
        }
    )


def projections(form_id: str, _version: str) -> Projection | None:
    return VISIT


def visits(
    store: Store, documents: Sequence[Mapping[str, str]], *, first: int = 0, **facts: object
) -> None:
    """Pulled visits, projected; `first` sets their ids apart from those of another call."""
    replica = StoreReplica(store, projections)
    rows = [
        b.put(
            b.record_id_at(first + n),
            1,
            {path: text for path, text in document.items() if path != "subject"},
            scope_seq=n + 1,
            **(
                {"subject": {"list": e.LIST, "id": document["subject"]}}
                if "subject" in document
                else {}
            ),
            **facts,
        )
        for n, document in enumerate(documents)
    ]
    replica.accept_rows(b.page(*rows))
    while answers.project_due(store, projections, 100):
        pass


def households(store: Store, *props: Mapping[str, str], list_name: str = e.LIST) -> list[str]:
    """Pulled entities, made on 2026-11-15 unless `on` says otherwise."""
    ids = [b.new_uuid() for _ in props]
    replica = StoreReplica(store, projections)
    rows = []
    for n, (entity_id, values) in enumerate(zip(ids, props, strict=True)):
        day = date.fromisoformat(values.get("on", "2026-11-15"))
        at = b.NOON + timedelta(days=(day - b.NOON.date()).days)
        rows.append(
            e.put_entity(
                entity_id,
                1,
                {name: value for name, value in values.items() if name != "on"},
                list_name=list_name,
                scope_seq=n + 1,
                history=(e.header(1, at=at),),
            )
        )
    replica.accept_rows(b.page(*rows))
    return ids


def counted(
    store: Store, table: TablePlan, period: Period = NOVEMBER, scope: str | None = b.SCOPE
) -> Figures:
    with store.reading() as db:
        return figures(
            db,
            table,
            period=period,
            scope=None if scope is None else ScopeId(scope),
            counted_at=b.NOON,
        )


def cells(section: Figures) -> dict[str, list[str | None]]:
    return {
        row.label: [None if cell.value is None else str(cell.value) for cell in row.cells]
        for row in section.rows
    }
