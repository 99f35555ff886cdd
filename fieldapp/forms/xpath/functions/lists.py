"""Looking things up in a list: ODK XForms, pulldata()."""

from __future__ import annotations

import re

from fieldapp.forms.xpath.evaluation import Context
from fieldapp.forms.xpath.functions.registry import function
from fieldapp.forms.xpath.nodes import Node

_COLUMN = re.compile(r"[^\W\d][\w.\-]*\Z")
_ITEMS = ("root", "item")


@function("pulldata string string string string", gives="string", context=True)
def pulldata(context: Context, name: str, wanted: str, column: str, value: str) -> str:
    """ODK XForms, string functions: `instance(name)/root/item[column = value]/wanted`, its first.

    The value is a text, so it is looked up in the list's index and no row is walked over. A
    column may be an attribute (`@id`), a file may be named with or without its `.csv`.
    """
    list_name = name.removesuffix(".csv")
    if _COLUMN.match(column):
        rows = context.world.rows(list_name, column, value)
    else:
        rows = [row for row in _rows(context, list_name) if _cell(row, column) == value]
    cells = (_cell(row, wanted) for row in rows)
    return next((cell for cell in cells if cell is not None), "")


def _rows(context: Context, name: str) -> list[Node]:
    nodes = [found] if (found := context.world.instance(name)) is not None else []
    for step in _ITEMS:
        nodes = [child for node in nodes for child in node.named(step)]
    return nodes


def _cell(row: Node, column: str) -> str | None:
    if column.startswith("@"):
        cells = [a for a in row.attributes if a.name == column[1:]]
    else:
        cells = row.named(column)
    return cells[0].text() if cells else None
