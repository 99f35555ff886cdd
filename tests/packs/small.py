"""A small workbook with every sheet, and copies of it with cells changed.

It registers the visits to a household: two people fill it, it keeps the household up to date, says
how often to come, counts, and writes a text to be copied.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TypeAlias

import xlsxwriter

from fieldapp.domain.plans import PackProblem
from fieldapp.errors import PackRefused
from fieldapp.packs import Pack
from tests.packs.workbooks import read_here

#: Rows of a sheet, the head first.
Rows: TypeAlias = tuple[tuple[str, ...], ...]

SURVEY: Rows = (
    ("type", "name", "label", "calculation", "choice_filter", "repeat_count", "relevant",
     "save_to", "merge", "merge_group", "part", "card"),
    ("username", "me"),
    ("today", "today"),
    ("calculate", "writer", "", "once(${me})"),
    ("select_one_from_file household.csv", "household", "가구"),
    ("csv-external", "person"),
    ("select_one_from_file monitor.csv", "monitor1", "조사원 1"),
    ("select_one_from_file monitor.csv", "monitor2", "조사원 2"),
    ("calculate", "grade_now", "", "instance('household')/root/item[name=${household}]/grade"),
    ("date", "on", "방문일", "", "", "", "", "last_on", "max"),
    ("select_one how", "how", "방법", "", "", "", "", "last_how", "", "met"),
    ("select_one yn", "seen", "만났습니까", "", "", "", "", "", "", "met"),
    ("select_multiple signs", "signs", "본 것", "", "", "", "", "", "union"),
    ("image", "photo", "사진 찍기"),
    ("begin_group", "first", "조사원 1의 몫", "", "", "", "", "", "", "", "monitor1"),
    ("text", "note", "덧붙임", "", "", "", "", "", "append"),
    ("end_group", ""),
    ("calculate", "area_count", "", "2"),
    ("begin_repeat", "areas", "영역", "", "", "${area_count}"),
    ("calculate", "area_no", "", "position(..)"),
    ("calculate", "area_name", "", "instance('area')/root/item[no=${area_no}]/words"),
    ("begin_repeat", "items", "지표", "", "", "2"),
    ("select_one score", "score", "${area_name}의 점수"),
    ("end_repeat", ""),
    ("end_repeat", ""),
    ("begin_repeat", "todos", "할 일"),
    ("text", "what", "무엇을", "", "", "", "", ""),
    ("integer", "hours", "몇 시간"),
    ("end_repeat", ""),
    ("calculate", "state", "", "if(${seen}='yes','만남','못 만남')", "", "", "", "state"),
)  # fmt: skip
CHOICES: Rows = (
    ("list_name", "name", "label", "no", "words"),
    ("how", "visit", "방문"),
    ("how", "phone", "전화"),
    ("yn", "yes", "예"),
    ("yn", "no", "아니오"),
    ("signs", "mail", "우편물"),
    ("signs", "smell", "악취"),
    ("score", "2", "좋음"),
    ("score", "1", "나쁨"),
    ("score", "na", "해당없음"),
    ("area", "a", "안전", "1", "안전"),
    ("area", "b", "급식", "2", "급식"),
    ("grade", "risk", "위험"),
    ("grade", "watch", "관심"),
)
SETTINGS: Rows = (("form_title", "form_id", "version"), ("가상 방문", "SMALL", "1"))
ENTITIES: Rows = (
    ("list_name", "entity_id", "update_if", "create_if", "label"),
    ("household", "${household}", "${household}!=''"),
)
PACK: Rows = (
    ("key", "value"),
    ("id", "SMALL"),
    ("title", "가상 방문"),
    ("kind", "visit"),
    ("subject", "household"),
    ("contact_date", "on"),
    ("contact_method", "how"),
    ("contact_confirmed", "seen"),
)
WORKFLOW: Rows = (
    ("object", "from", "to", "label", "roles", "guard", "guard_message", "reason", "needs_seen",
     "effect"),
    ("record", "", "서명 전", "마치기", "monitor", "${how}='visit'", "방문만", "", "",
     "entities, open P03"),
    ("record", "", "서명 전", "마치기", "monitor", "", "", "", "", "entities"),
    ("record", "서명 전", "완료", "공동 확인", "server",
     "selected(${_signed},'monitor1') and selected(${_signed},'monitor2')", "서명이 모자랍니다"),
    ("record", "완료", "취합", "취합", "secretariat", "", "", "", "yes", "lock"),
    ("household", "", "만남", "등록", "monitor", "", "", "", "", "number household"),
    ("household", "만남", "못 만남", "못 만남", "monitor"),
)  # fmt: skip
SCHEDULE: Rows = (
    ("label", "applies_when", "every", "unit", "method", "minimum", "confirmed_only",
     "holiday_rule"),
    ("7일에 한 번", "${grade}='risk'", "7", "day"),
    ("한 달에 한 번 방문", "${grade}='risk' or ${grade}='watch'", "1", "month", "visit", "2", "no",
     "before"),
)  # fmt: skip
OF_VISITS = """대상 = list(household)
방문 = count(${how}='visit')
부재 = count(${seen}='no')
부재율% = rate(부재, 방문+부재)
할 일 = rows(todos, ${what}!='')
발굴 = created(household, ${route}!='')"""
OF_IMPROVEMENTS = """접수 = count()
반영 = count(${state}='반영')
목표 = target(adopted)
실적% = rate(반영, 접수)
달성률% = rate(실적, 목표)"""
OF_SCORES = """점수 = count()
평균 = mean(score)"""
SUMMARY: Rows = (
    ("id", "source", "caption", "where", "rows", "columns", "measure", "missing", "period",
     "total_method", "decimals", "empty"),
    ("visits", "", "등급별 방문 (단위: %, 건)", "${how}!=''", "subject grade", OF_VISITS, "table",
     "", "month by on", "pooled", "1"),
    ("scores", "repeat items", "영역별 점수", "", "by area_name", OF_SCORES, "table",
     "", "month by on", "", "2"),
    ("adopted", "list improvement", "반영", "", "all 반영률", OF_IMPROVEMENTS, "table",
     "", "", "none", "1"),
    ("spread", "", "점수 분포 (단위: 명)", "", "점수: score", "2 · 1 · 응답수 · 평균", "likert",
     "na", "month by on", "", "0 (평균 1)"),
)  # fmt: skip
COPY: Rows = (
    ("target", "label", "expression", "max_chars"),
    ("상담내역", "방법", "jr:choice-name(${how}, '${how}')", "20"),
    ("상담내역", "내용", "concat(${note}, '  ', join(', ', ${what}))", "10"),
)
SHEETS: Mapping[str, Rows] = {
    "survey": SURVEY, "choices": CHOICES, "settings": SETTINGS, "entities": ENTITIES, "pack": PACK,
    "workflow": WORKFLOW, "schedule": SCHEDULE, "summary": SUMMARY, "copy": COPY,
}  # fmt: skip


def written(sheets: Mapping[str, Rows]) -> bytes:
    """The sheets as an .xlsx; empty cells stay empty."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, text in enumerate(row):
                    if text:
                        sheet.write_string(y, x, text)
    return saved.getvalue()


def changed(sheet: str, row: int, column: str, text: str) -> dict[str, Rows]:
    """The sheets with one cell changed; the row is numbered as Excel shows it."""
    rows = [list(cells) for cells in SHEETS[sheet]]
    place = rows[0].index(column)
    cells = rows[row - 1]
    cells += [""] * (place + 1 - len(cells))
    cells[place] = text
    return {**SHEETS, sheet: tuple(tuple(cells) for cells in rows)}


def with_row(sheet: str, **cells: str) -> dict[str, Rows]:
    """The sheets with a row more at the end of one of them."""
    head = SHEETS[sheet][0]
    assert set(cells) <= set(head)
    row = tuple(cells.get(column, "") for column in head)
    return {**SHEETS, sheet: (*SHEETS[sheet], row)}


def small_pack(sheets: Mapping[str, Rows] = SHEETS) -> Pack:
    """The workbook read, with pyxform in this process."""
    return read_here(written(sheets), "SMALL.xlsx")


def problems_in(sheets: Mapping[str, Rows]) -> tuple[PackProblem, ...]:
    """What the sheets are refused for; () when they are not."""
    try:
        small_pack(sheets)
    except PackRefused as refused:
        problems = refused.facts["problems"]
        assert isinstance(problems, tuple)
        return problems
    return ()


def row_number(sheet: str, column: str, text: str) -> int:
    """The Excel row of the first row with this text in this column."""
    place = SHEETS[sheet][0].index(column)
    return next(
        number
        for number, cells in enumerate(SHEETS[sheet], start=1)
        if number > 1 and len(cells) > place and cells[place] == text
    )
