"""Workbooks that break pyxform instead of being refused: the cell that did it is found and told."""

from __future__ import annotations

import pytest

from fieldapp.packs.conversion import Converted, convert
from fieldapp.packs.culprits import Culprit, Sheets, culprit_of
from fieldapp.packs.findings import in_english
from tests.packs.sources import told_of, xlsx

SURVEY = ("type | name | label | {head}", "text | a | 가", "text | b | 나 | {cell}")
GROUP = (
    "type | name | label | {head}",
    "begin_group | g | 묶음 | {cell}",
    "note | a | 가",
    "end_group",
)
LIST = ("list_name | name | label | {head}", "yn | yes | 예", "yn | no | 아니오 | {cell}")

#: Sheets with the head and cell that break pyxform 4.5, and what the remedy says.
CRASHES: dict[str, tuple[str, tuple[str, ...], str, int, str]] = {
    "a group's attribute named tag": ("survey", GROUP, "instance::tag", 2, "다른이름"),
    "a bind's attribute named tag": ("survey", SURVEY, "bind::tag", 3, "다른이름"),
    "a bind's attribute named nodeset": ("survey", SURVEY, "bind::nodeset", 3, "다른이름"),
    "a bind without an attribute": ("survey", SURVEY, "bind", 3, "bind::이름"),
    "a body without an attribute": ("survey", SURVEY, "body", 3, "body::이름"),
    "a control without an attribute": ("survey", SURVEY, "control", 3, "control::이름"),
    "an instance without an attribute": ("survey", SURVEY, "instance", 3, "instance::이름"),
    "a choice's media without a kind": ("choices", LIST, "media", 3, "media::이름"),
    "a type in a language": ("survey", SURVEY, "type::Korean", 3, "그 칸을 비우거나"),
    "parameters in a language": ("survey", SURVEY, "parameters::Korean", 3, "그 칸을 비우거나"),
    "a default in a language": ("survey", SURVEY, "default::Korean", 3, "그 칸을 비우거나"),
    "children in settings": ("settings", ("form_id | {head}", "a | {cell}"), "children", 2, "칸을"),
    "a bind in settings": ("settings", ("form_id | {head}", "a | {cell}"), "bind", 2, "bind::"),
    "an entity version in settings": (
        "settings", ("form_id | {head}", "a | {cell}"), "entity_version", 2, "칸을"
    ),
}  # fmt: skip


def broken(sheet: str, rows: tuple[str, ...], head: str) -> dict[str, tuple[str, ...]]:
    """A sound workbook with one column that breaks pyxform."""
    survey = ("type | name | label", "select_one yn | a | 가")
    choices = ("list_name | name | label", "yn | yes | 예", "yn | no | 아니오")
    changed = tuple(row.format(head=head, cell="x") for row in rows)
    return {"survey": survey, "choices": choices, sheet: changed}


@pytest.mark.parametrize(
    ("sheet", "rows", "head", "row", "remedy"), CRASHES.values(), ids=CRASHES.keys()
)
def test_the_cell_that_breaks_pyxform_is_named(
    sheet: str, rows: tuple[str, ...], head: str, row: int, remedy: str
) -> None:
    sheets = broken(sheet, rows, head)
    assert convert(xlsx(sheets)).is_crash

    (problem,) = told_of(sheets)

    assert (problem.sheet, problem.row, problem.column) == (sheet, row, head)
    assert remedy in problem.remedy
    assert in_english(problem) is not None


def test_groups_in_groups_beyond_all_depth_are_told_as_that() -> None:
    deep = 3_000
    rows = (
        "type | name | label",
        *(f"begin_group | g{place} | 묶음" for place in range(deep)),
        *("end_group",) * deep,
    )

    (problem,) = told_of({"survey": rows})

    assert "너무 깊이" in problem.problem


def test_the_text_of_an_exception_is_never_told() -> None:
    answer = convert(xlsx(broken("survey", SURVEY, "type::가상-비밀")))

    assert isinstance(answer, Converted)
    assert answer.refusal in {"TypeError", "AttributeError", "KeyError"}


def test_a_crash_that_no_column_explains_names_no_wrong_one() -> None:
    sheets: Sheets = {"survey": [{"type": "text", "name": "a", "x": "1"}]}

    assert culprit_of(sheets, lambda _: True) is None


def test_of_many_cells_in_a_column_the_one_that_breaks_is_found() -> None:
    rows = [{"type": "text", "name": f"q{place}", "x": str(place)} for place in range(500)]
    tries: list[Sheets] = []

    def breaks(sheets: Sheets) -> bool:
        tries.append(sheets)
        return any(row.get("x") == "377" for row in sheets["survey"])

    assert culprit_of({"survey": rows}, breaks) == Culprit("survey", 379, "x")
    assert len(tries) < 15


def test_of_two_columns_that_each_break_it_the_last_is_named() -> None:
    rows = [{"type": "text", "name": "a", "x": "1", "y": "1", "z": ""}]

    found = culprit_of(
        {"survey": rows}, lambda sheets: bool({"x", "y"} & sheets["survey"][0].keys())
    )

    assert found == Culprit("survey", 2, "y")


def test_two_cells_that_break_only_together_are_told_as_their_column() -> None:
    rows = [{"type": "text", "name": f"q{place}", "x": str(place)} for place in range(8)]

    def breaks(sheets: Sheets) -> bool:
        cells = [row.get("x") for row in sheets["survey"]]
        return "1" in cells and "6" in cells

    found = culprit_of({"survey": rows}, breaks)

    assert found is not None
    assert (found.sheet, found.column) == ("survey", "x")


def test_the_search_ends_when_its_time_is_over() -> None:
    sheets: Sheets = {"survey": [{"type": "text", "name": "a", "x": "1"}]}

    assert culprit_of(sheets, lambda _: False, limit_s=0) is None
