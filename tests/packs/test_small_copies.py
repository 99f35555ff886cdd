"""A small workbook with every sheet, broken in one cell: the mistake is named, and only that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

import pytest

from tests.packs.small import SHEETS, Rows, changed, problems_in, row_number, with_row

Case: TypeAlias = tuple[Mapping[str, Rows], tuple[str, int, str, str, str]]


def cell(  # noqa: PLR0917 - a line of the tables below
    sheet: str, key: tuple[str, str], column: str, text: str, problem: str, remedy: str
) -> Case:
    """In the row whose `key` column says so, write another text; told at that very cell."""
    row = row_number(sheet, *key)
    return changed(sheet, row, column, text), (sheet, row, column, problem, remedy)


def added(sheet: str, column: str, problem: str, remedy: str, **cells: str) -> Case:
    """A row more at the end of the sheet."""
    return with_row(sheet, **cells), (sheet, len(SHEETS[sheet]) + 1, column, problem, remedy)


def asked(calculation: str, problem: str, remedy: str) -> Case:
    """A calculate more, at the end of the survey."""
    return added(
        "survey", "calculation", problem, remedy,
        type="calculate", name="more", calculation=calculation,
    )  # fmt: skip


def columns(text: str, problem: str, remedy: str, section: str = "visits") -> Case:
    """Other columns of a table."""
    return cell("summary", ("id", section), "columns", text, problem, remedy)


def crossed(
    across: str,
    problem: str,
    remedy: str,
    section: str = "visits",
    *,
    at: str = "across",
    **cells: str,
) -> Case:
    """A table whose first column is parted."""
    row = row_number("summary", "id", section)
    sheets = {**SHEETS, "summary": with_cells(SHEETS["summary"], row, across=across, **cells)}
    return sheets, ("summary", row, at, problem, remedy)


def with_cells(rows: Rows, number: int, **cells: str) -> Rows:
    """A row, numbered as Excel shows it, with other cells; the sheet gets the columns it lacks."""
    head = (*rows[0], *(column for column in cells if column not in rows[0]))
    of_row = dict(zip(head, (*rows[number - 1], *[""] * len(head)), strict=False)) | cells
    changed_row = tuple(of_row[column] for column in head)
    return (head, *rows[1 : number - 1], changed_row, *rows[number:])


STEP = {"object": "record", "from": "완료", "to": "끝", "label": "끝내기", "roles": "team_lead"}
GOES_ON = {"object": "record", "from": "서명 전", "to": "완료", "label": "가기"}
LISTS: dict[str, Case] = {
    "list that nobody knows": cell(
        "survey", ("name", "household"), "type", "select_one_from_file houshold.csv",
        "'houshold'이라는 대상 목록", "'household'",
    ),
    "list of rows that nobody knows": cell(
        "survey", ("name", "person"), "name", "persn", "'persn'이라는 대상 목록", "'person'"
    ),
    "list that the form does not ask": asked(
        "instance('site')/root/item[name=${household}]/x", "'site' 목록을 부르지 않는",
        "csv-external",
    ),
    "look-up in a list that is not there": asked(
        "instance('areas')/root/item[no='1']/words", "'areas'이라는 목록", "'area'"
    ),
    "look-up of a column that is not there": asked(
        "instance('area')/root/item[no='1']/word", "'word'이라는 열", "'words'"
    ),
    "look-up by a column that is not there": asked(
        "instance('area')/root/item[number='1']/words", "'number'이라는 열", "고치세요"
    ),
    "look-up without rows": asked(
        "instance('area')/item[no='1']/words", "뒤를 읽을 수 없습니다", "root/item"
    ),
    "filter by a column that is not there": cell(
        "survey", ("name", "how"), "choice_filter", "kind=${seen}", "'kind'이라는 열",
        "choices 시트",
    ),
    "function of another tool": asked(
        "difference-in-months('2026-01-01', today())", "CHT에만 있는 함수", "div 30.4375"
    ),
    "login outside once": asked(
        "concat(once(${me}), ' ', ${me})", "작성자를 다시 계산", "once("
    ),
    "property of a list that is not written": cell(
        "survey", ("name", "on"), "save_to", "site#on", "'site'은(는) entities 시트에 없는",
        "list_name",
    ),
    "property that the server gives": cell(
        "survey", ("name", "on"), "save_to", "no", "서버가 매깁니다", "number"
    ),
    "property with a reserved name": cell(
        "survey", ("name", "on"), "save_to", "name", "'name'은(는) 속성 이름", "label"
    ),
    "property saved twice": cell(
        "survey", ("name", "how"), "save_to", "last_on", "10행에서 이미", "하나로 합쳐"
    ),
    "property of a group": cell(
        "survey", ("name", "first"), "save_to", "first", "답이 없는 행", "비우고"
    ),
    "update of nobody": cell(
        "entities", ("list_name", "household"), "entity_id", "", "어느 대상을 고치는지",
        "'${문항이름}'",
    ),
    "entity of an untouched instance": (
        {
            **with_row("entities", list_name="improvement", label="${what}"),
            "survey": changed(
                "survey", row_number("survey", "name", "what"), "save_to", "improvement#content"
            )["survey"],
        },
        ("entities", 3, "create_if", "비어 있어도 대상을 만듭니다", "언제 만드는지"),
    ),
    "two lists, and neither named": (
        with_row("entities", list_name="improvement", label="${note}"),
        ("survey", 10, "save_to", "어느 목록인지 알 수 없습니다", "household#last_on"),
    ),
    "subject without its question": cell(
        "pack", ("key", "subject"), "value", "target", "'target'이(가) 반복 밖에 없습니다",
        "select_one_from_file target.csv",
    ),
}  # fmt: skip
PARTS: dict[str, Case] = {
    "part of a repeat": cell(
        "survey", ("name", "areas"), "part", "monitor2", "begin_group", "옮기세요"
    ),
    "part of a seat that is not there": cell(
        "survey", ("name", "first"), "part", "monitor3", "'monitor3'이라는 자리", "'monitor"
    ),
    "part of a seat without a question": cell(
        "survey", ("name", "first"), "part", "nurse", "'nurse' 자리에 누가", "문항을 만드세요"
    ),
    "merge group across repeats": cell(
        "survey", ("name", "hours"), "merge_group", "met", "같은 반복 안에 있지", "같은 반복"
    ),
}
STEPS: dict[str, Case] = {
    "server beside a person": cell(
        "workflow", ("label", "공동 확인"), "roles", "server, monitor", "사람의 역할도", "따로"
    ),
    "server that gives a reason": cell(
        "workflow", ("label", "공동 확인"), "reason", "yes", "서버가 하는 단계", "비우세요"
    ),
    "server that begins a record": added(
        "workflow", "roles", "이미 있는 기록만", "from에 상태",
        object="record", to="완료", label="시작", roles="server",
    ),
    "server in a circle": added(
        "workflow", "to", "물고 돕니다", "사람의 역할",
        **STEP | {"to": "서명 전", "roles": "server"},
    ),
    "signature of a seat that is not there": cell(
        "workflow", ("label", "공동 확인"), "guard", "selected(${_signed}, 'monitor9')",
        "'monitor9'이라는 자리", "'monitor",
    ),
    "signature of no seat": cell(
        "workflow", ("label", "공동 확인"), "guard", "${_signed} != ''", "서명한 자리들",
        "selected(${_signed}, 'monitor1')",
    ),
    "signature of an entity": cell(
        "workflow", ("label", "등록"), "guard", "${_signed} = 'monitor1'",
        "'${_signed}'이라는 문항이 없습니다", "고치세요",
    ),
    "step that another always comes before": added(
        "workflow", "", "3행이 늘 먼저 맞아", "3행 위로",
        **GOES_ON | {"from": "", "to": "서명 전", "roles": "monitor"},
        guard="${how}='phone'", guard_message="전화만",
    ),
    "step of a list that is not written": added(
        "workflow", "object", "'site' 대상을 고치지", "entities 시트", **STEP | {"object": "site"}
    ),
    "number of a record": cell(
        "workflow", ("label", "취합"), "effect", "number record", "대상의 단계에만", "대상 목록"
    ),
    "record opened by an entity": cell(
        "workflow", ("label", "등록"), "effect", "open P03", "기록의 단계에만", "record"
    ),
    "form that cannot be opened": cell(
        "workflow", ("label", "취합"), "effect", "open 3번", "서식 이름이 아닙니다", "open P03"
    ),
    "somebody unknown told": cell(
        "workflow", ("label", "취합"), "effect", "notify team_led", "'team_led'", "'team_lead'"
    ),
}  # fmt: skip
WEEKLY = ("label", "7일에 한 번")
SCHEDULE: dict[str, Case] = {
    "rule without words": cell("schedule", WEEKLY, "label", "", "비어 있습니다", "화면에 보일 말"),
    "no whole number": cell("schedule", WEEKLY, "every", "1.5", "횟수가 아닙니다", "수를 적으세요"),
    "unknown unit": cell("schedule", WEEKLY, "unit", "days", "'days'", "'day'"),
    "unknown method": cell("schedule", WEEKLY, "method", "vist", "'vist'", "'visit'"),
    "unknown rule of holidays": cell(
        "schedule", WEEKLY, "holiday_rule", "befor", "'befor'", "'before'"
    ),
    "neither yes nor no": cell(
        "schedule", WEEKLY, "confirmed_only", "아마", "'아마'", "yes 또는 no"
    ),
    "rule outside the subset": cell(
        "schedule", WEEKLY, "applies_when", "count(${grade}) > 1", "쓸 수 없는 식", "비교"
    ),
    "contact that is half said": (
        {**SHEETS, "pack": SHEETS["pack"][:-1]},
        ("pack", 0, "key", "'contact_confirmed'가 없습니다", "모두 지우세요"),
    ),
    "cycle of nobody": (
        {**SHEETS, "pack": (*SHEETS["pack"][:4], *SHEETS["pack"][5:])},
        ("pack", 0, "value", "누구의 상담주기인지", "subject"),
    ),
    "contact by an unknown question": cell(
        "pack", ("key", "contact_date"), "value", "onn", "'onn'", "'on'"
    ),
    "contact on no day": cell(
        "pack", ("key", "contact_date"), "value", "how", "날짜 문항이 아닙니다", "date"
    ),
    "contact that is never a visit": cell(
        "pack", ("key", "contact_method"), "value", "seen", "방문(visit)이 없습니다", "'visit'"
    ),
    "contact that confirms nobody": cell(
        "pack", ("key", "contact_confirmed"), "value", "how", "yes가 없습니다", "'yes'"
    ),
}
TABLES: dict[str, Case] = {
    "measure of a column": cell(
        "summary", ("id", "spread"), "measure", "mean", "표의 열에 적습니다",
        "'열 이름 = mean(문항)'",
    ),
    "source of what counts choices": cell(
        "summary", ("id", "spread"), "source", "repeat items", "아직 집계하지", "table"
    ),
    "unknown source": cell(
        "summary", ("id", "scores"), "source", "repeats items", "'repeats items'", "'repeat"
    ),
    "unknown repeat": cell(
        "summary", ("id", "scores"), "source", "repeat item", "'item'이라는 반복", "'items'"
    ),
    "unknown list": cell(
        "summary", ("id", "adopted"), "source", "list improvment", "'improvment'", "'improvement'"
    ),
    "rows of a question in a repeat": cell(
        "summary", ("id", "visits"), "rows", "by area_name", "반복 'areas' 안", "'repeat areas'"
    ),
    "rows of several choices": cell(
        "summary", ("id", "visits"), "rows", "by signs", "행 이름이 될 수 없습니다", "calculate"
    ),
    "rows of a text": cell(
        "summary", ("id", "scores"), "rows", "area_name", "하나를 고르는", "'by area_name'"
    ),
    "rows of a list": cell(
        "summary", ("id", "adopted"), "rows", "programme", "읽을 수 없습니다", "'by 속성'"
    ),
    "columns of several choices": crossed(
        "by signs", "열 이름이 될 수 없습니다", "열 이름이 될 말을 담은 calculate"
    ),
    "columns of a text": crossed("grade_now", "하나를 고르는", "한 열이면 'by grade_now'"),
    "columns of nobody": crossed("how_", "'how_'이라는 문항이 없습니다", "'how'"),
    "one column of all": crossed("all 모두", "'all 모두'이라는 문항이 없습니다", "name"),
    "columns of a list": crossed("seen", "읽을 수 없습니다", "'by 속성'", "adopted"),
    "columns where choices are counted": crossed("how", "table이 아닌", "비우세요", "spread"),
    "entities parted by an answer": crossed(
        "how", "'household'을(를) 이 표의 열로 나눌", "'subject 속성'", at="columns"
    ),
    "parted rate": crossed(
        "how", "'목표' 열은 나누어 찍을 수 없습니다", "맨 위에", at="columns",
        columns="목표 = target(adopted)\n건수 = count()",
    ),
    "column named as a part": crossed(
        "how", "'방문'이라는 열이 across로 나눈 열에도", "이름을 고치세요", at="columns",
        columns="건수 = count()\n방문 = count()",
    ),
    "column named as the whole": crossed(
        "how", "'계'이라는 열이", "이름을 고치세요", at="columns",
        columns="건수 = count()\n계 = count()",
    ),
    "line that is no column": columns("방문 건수", "'방문 건수'을(를) 읽을", "한 줄에 열 하나"),
    "unknown word": columns("방문 = cuont()", "읽을 수 없습니다", "'count'"),
    "column named twice": columns("방문 = count()\n방문 = count()", "두 번", "이름을"),
    "rate of a column below": columns(
        "율% = rate(방문, 방문)\n방문 = count()", "'방문'이라는 열이 위에 없습니다", "위에 있는"
    ),
    "rate of one thing": columns("방문 = count()\n율% = rate(방문)", "나눌 수 없습니다", "쉼표"),
    "mean of words": columns("평균 = mean(how)", "값이 수가 아닙니다", "수를 적는"),
    "mean inside a repeat": columns("평균 = mean(hours)", "반복 'todos' 안", "'repeat todos'"),
    "rows of what is no repeat": columns(
        "할 일 = rows(todo)", "'todo'이라는 반복이 없습니다", "'todos'"
    ),
    "entities among rows of answers": columns(
        "가구 = list(monitor)", "'monitor'을(를) 이 표의 행으로 나눌", "'all 행 이름'"
    ),
    "condition of a column in a repeat": columns(
        "방문 = count(${what}='')", "반복 안의 문항", "calculate"
    ),
    "target without a name": columns("목표 = target()", "지표 이름이 아닙니다", "indicator"),
    "cap": added(
        "summary", "period", "비어 있습니다", "month by today",
        id="more", caption="표", rows="all 모두", columns="건 = count()", measure="table",
    ),
}  # fmt: skip
COPIES: dict[str, Case] = {
    "text that goes nowhere": cell(
        "copy", ("label", "방법"), "target", "", "비어 있습니다", "행복이음"
    ),
    "no number of characters": cell(
        "copy", ("label", "방법"), "max_chars", "많이", "글자 수가 아닙니다", "비우세요"
    ),
    "text of an unknown question": cell(
        "copy", ("label", "방법"), "expression", "${hwo}", "'${hwo}'", "'how'"
    ),
}
CASES = {**LISTS, **PARTS, **STEPS, **SCHEDULE, **TABLES, **COPIES}
#: Told with what follows from it in other rows or columns.
WITH_OTHERS = {
    "cycle of nobody", "entity of an untouched instance", "server in a circle",
    "signature of an entity", "subject without its question", "two lists, and neither named",
}  # fmt: skip


def test_the_small_workbook_is_sound() -> None:
    assert problems_in(SHEETS) == ()


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_named_with_its_place_and_its_remedy(name: str) -> None:
    sheets, (sheet, row, column, problem, remedy) = CASES[name]

    problems = problems_in(sheets)

    told = [found.as_text() for found in problems]
    at_place = [
        found
        for found in problems
        if (found.sheet, found.row, found.column) == (sheet, row, column)
    ]
    assert len(at_place) == 1 or name in WITH_OTHERS, told
    assert problem in at_place[0].problem, told
    assert remedy in at_place[0].remedy, told
    assert re.search("[가-힣]", at_place[0].remedy)
    assert len(problems) == 1 or name in WITH_OTHERS, told


def saving(**saved: str) -> Mapping[str, Rows]:
    """A second list beside household; `saved` says which questions its properties come from."""
    sheets = with_row("entities", list_name="improvement", label="${what}", create_if="true()")
    head, *rows = (list(cells) + [""] * 11 for cells in SHEETS["survey"])
    name, place = head.index("name"), head.index("save_to")
    for cells in rows:
        if cells[place]:
            cells[place] = f"household#{cells[place]}"
        cells[place] = saved.get(cells[name], cells[place])
    return {**sheets, "survey": (tuple(head), *(tuple(cells) for cells in rows))}


@pytest.mark.parametrize(
    ("sheets", "sheet", "problem", "remedy"),
    [
        (
            saving(what="improvement#what", score="improvement#score"),
            "survey",
            "서로 다른 반복에 흩어져",
            "calculate",
        ),
        (
            {
                **saving(signs="improvement#signs"),
                "entities": (
                    *SHEETS["entities"],
                    ("improvement", "", "", "true()", "${note}"),
                ),
            },
            "entities",
            "대상 목록 하나만",
            "서로 다른 묶음",
        ),
    ],
)
def test_entities_that_pyxform_cannot_place_are_told_in_our_words(
    sheets: Mapping[str, Rows], sheet: str, problem: str, remedy: str
) -> None:
    problems = problems_in(sheets)

    assert [found.sheet for found in problems] == [sheet]
    assert problem in problems[0].problem
    assert remedy in problems[0].remedy


def test_two_lists_in_their_own_places_are_sound() -> None:
    assert problems_in(saving(what="improvement#what", hours="improvement#hours")) == ()
