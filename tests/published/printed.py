"""A document's tables as the page shows them."""

from __future__ import annotations

from fieldapp.domain.figures import Period
from fieldapp.reports.document import Table, printed
from fieldapp.usecases import summaries
from fieldapp.usecases.summaries import PageChoices
from tests.laptops import AppLaptop


def tables(laptop: AppLaptop, form_id: str, period: Period) -> tuple[Table, ...]:
    """The tables that this laptop prints for a form, of every office it holds."""
    output = summaries.build_summary(
        laptop.session, form_id, period, choices=PageChoices(scope=None)
    )
    return output.document.tables


def captioned(found: tuple[Table, ...], caption: str) -> Table:
    """The one table whose caption says that."""
    (table,) = [table for table in found if caption in table.caption]
    return table


def cells(table: Table) -> dict[str, tuple[str, ...]]:
    """Row label → the other cells, as printed."""
    return {
        printed(row.cells[0]): tuple(printed(cell) for cell in row.cells[1:]) for row in table.rows
    }


def heads(table: Table) -> tuple[str, ...]:
    """The heads of the figures."""
    return tuple(column.head for column in table.columns[1:])
