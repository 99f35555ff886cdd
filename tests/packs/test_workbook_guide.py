"""The guide for officers holds what it says: its examples are one workbook, its lists are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fieldapp.domain.plans import Part
from fieldapp.domain.workflow import seats_to_sign
from fieldapp.packs.about import CORE_LISTS, KINDS, ROLES
from fieldapp.packs.columns import SHEETS, STANDARD
from fieldapp.packs.seats import SEATS
from tests.packs.small import Rows, small_pack

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "workbooks.md").read_text("utf-8")
_EXAMPLE = re.compile(r"^본보기 `(\w+)`.*\n\n((?:\|.*\n)+)", re.MULTILINE)


def examples() -> dict[str, Rows]:
    """The example tables of the guide, sheet by sheet; `<br>` is a line break in a cell."""
    sheets: dict[str, Rows] = {}
    for sheet, table in _EXAMPLE.findall(GUIDE):
        head, _, *rows = (
            tuple(cell.strip().replace("<br>", "\n") for cell in line.strip().strip("|").split("|"))
            for line in table.splitlines()
        )
        sheets[sheet] = (head, *rows)
    return sheets


def test_the_examples_of_the_guide_are_a_workbook_without_a_mistake() -> None:
    sheets = examples()

    pack = small_pack(sheets)

    assert sheets.keys() == SHEETS.keys()
    assert pack.warnings == ()
    assert pack.plans.parts == (Part("talk", "welfare"), Part("health", "nurse"))
    assert seats_to_sign(pack.plans.workflow) == ("welfare", "nurse")
    assert [plan.id for plan in pack.plans.summaries] == [
        "visits", "by_grade", "promises", "ways",
    ]  # fmt: skip


@pytest.mark.parametrize("sheet", sorted(SHEETS.keys() - STANDARD))
def test_the_guide_explains_every_column_of_our_sheets(sheet: str) -> None:
    section = GUIDE.partition(f"\n## {sheet}:")[2].partition("\n## ")[0]
    explained = set(re.findall(r"`([a-z_]+)`", section))

    assert SHEETS[sheet].columns - {"note"} - explained == set()


def test_the_guide_names_every_role_kind_list_and_seat() -> None:
    words = set(re.findall(r"[a-z][a-z0-9_]*", GUIDE))

    assert {*ROLES, *KINDS, *CORE_LISTS, *SEATS} - words == set()
