"""Whatever somebody does to a workbook: it opens, or its mistakes are named. Nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeAlias

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from fieldapp.errors import PackRefused
from fieldapp.packs import copy_blocks, open_form
from tests.packs import small
from tests.packs.test_p13e import SURROUNDINGS
from tests.packs.workbooks import P13E, problems_of, read_here

Book: TypeAlias = dict[str, list[list[object]]]
Mutation: TypeAlias = Callable[[Book], None]

SHEETS = ("survey", "choices", "settings", "pack", "workflow", "summary")
#: What people and accidents write, and what has hurt readers before.
WORDS = (
    "", "yes", "no", "text", "note", "calculate", "select_one", "select_one agree",
    "select_multiple yn", "select_one ${q1}", "begin_group", "end_group", "begin_repeat",
    "end_repeat", "begin_loop over yn", "today", "audit", "range", "rank agree", "osm", "q1",
    "items", "meta", "__x", "1", "0", "-1", "2026-12-01", "${q1}", "${", "${q1", "${nope}",
    "${last-saved#q1}", ". >= 1", "1 + + )", "'open", "foo(1)", "count(${q1})", "today()",
    "instance('agree')/root/item[name=${q1}]/label", "/data/q1", "//*", "../*", "$q1", "once(1)",
    "a" * 300, "((((((((((", "가나다", "‘’", "&lt;<a>", "\u00a0", "로 끝나는 말", "_x000D_",
    "record", "완료", "team_lead", "lock", "open P12", "number", "likert", "rate(예, 아니오)",
    "rate(", "count", "전체", "전체: again", "q1: q2", "a: b: c", "·", " · ", "1 · 2", "1 (평균 9)",
    "month by today", "month by q1", "half_up", "ask", "union", "rows=3", "TRUE", "label::x (x)",
    "=1+1", "#REF!", "server", "selected(${_signed}, 'monitor1')", "entities", "number x",
    "select_one_from_file site.csv", "csv-external", "household", "household#x", "monitor1",
    "instance('household')/root/item[name=${how}]/grade", "pulldata('a','b','c','d')", "table",
    "repeat items", "list improvement", "by area_name", "subject grade", "all 전체", "half_year",
    "건 = count()", "건 = count(", "= count()", "율% = rate(건, 건)", "평균 = mean(score)",
    "할 일 = rows(todos, ${what}='')\n대상 = list(household, ${grade}='risk')", "${grade}='risk'",
)  # fmt: skip
CELLS = (
    st.sampled_from(WORDS)
    | st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
)
HEADS = st.sampled_from(
    ("", "type", "name", "label", "merge", "part", "merge_group", "relevant", "required",
     "calculation", "default", "trigger", "parameters", "choice_filter", "repeat_count", "where",
     "bind::foo", "instance::tag", "media::image", "hint::English (en)", "label:한국어 (ko)",
     "save_to", "update_if", "every", "max_chars")
)  # fmt: skip


def original() -> Book:
    book = load_workbook(P13E)
    return {
        name: [[cell.value for cell in row] for row in book[name].iter_rows()] for name in SHEETS
    }


ORIGINAL = original()
#: Every sheet, where the shipped survey has six.
SMALL: Book = {name: [list(row) for row in rows] for name, rows in small.SHEETS.items()}


def written(book: Book) -> bytes:
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, {"strings_to_formulas": False}) as workbook:
        for name, rows in book.items():
            sheet = workbook.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    if isinstance(value, bool):
                        sheet.write_boolean(y, x, value)
                    elif isinstance(value, int | float):
                        sheet.write_number(y, x, value)
                    elif value is not None:
                        sheet.write_string(y, x, str(value))
    return saved.getvalue()


@st.composite
def mutations(draw: st.DrawFn, book: Book) -> Mutation:
    sheet = draw(st.sampled_from(tuple(book)))
    rows = book[sheet]
    y, x = draw(st.integers(1, len(rows) - 1)), draw(st.integers(0, len(rows[0]) - 1))
    kind = draw(st.sampled_from(("cell", "cell", "cell", "head", "column", "delete", "twice")))
    value = draw(HEADS if kind in {"head", "column"} else CELLS)

    def mutate(book: Book) -> None:
        page = book[sheet]
        row = page[min(y, len(page) - 1)]
        row += [None] * (x + 1 - len(row))
        if kind == "cell":
            row[x] = value
        elif kind == "head":
            page[0][x] = value
        elif kind == "column":
            for line in page:
                line.append(None)
            page[0][-1], row[-1] = value, draw_cell
        elif kind == "delete" and len(page) > 1:
            page.remove(row)
        elif kind == "twice":
            page.append(list(row))

    draw_cell = draw(CELLS) if kind == "column" else None
    return mutate


def opens_or_is_told(book: Book, changes: list[Mutation]) -> None:
    mutated = {name: [list(row) for row in rows] for name, rows in book.items()}
    for change in changes:
        change(mutated)
    try:
        pack = read_here(written(mutated))
    except PackRefused as refused:
        problems = refused.facts["problems"]
        assert isinstance(problems, tuple)
        assert problems
        assert all(found.sheet and found.problem and found.remedy for found in problems)
    else:
        filling = open_form(pack, SURROUNDINGS)
        assert filling.answers()
        assert len(copy_blocks(pack, filling)) == len(pack.plans.copies)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(mutations(ORIGINAL), min_size=1, max_size=3))
def test_a_mutated_workbook_opens_or_its_mistakes_are_named(changes: list[Mutation]) -> None:
    opens_or_is_told(ORIGINAL, changes)


@settings(max_examples=35, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(mutations(SMALL), min_size=1, max_size=3))
def test_a_mutated_workbook_with_every_sheet_opens_or_is_told(changes: list[Mutation]) -> None:
    opens_or_is_told(SMALL, changes)


def test_the_workbook_as_it_is_passes_the_same_way() -> None:
    assert problems_of(written(ORIGINAL)) == ()


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_workbook_without_a_sheet_opens_or_names_it(sheet: str) -> None:
    problems = problems_of(written({name: ORIGINAL[name] for name in SHEETS if name != sheet}))

    # Tables may be left out; nothing else can.
    assert bool(problems) == (sheet != "summary")
