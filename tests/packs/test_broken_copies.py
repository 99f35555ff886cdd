"""A broken copy of the workbook is refused with sheet, row, column and what to do, in Korean."""

from __future__ import annotations

import re

import pytest
from openpyxl import Workbook

from fieldapp.errors import PackRefused
from fieldapp.messages import message_for
from tests.packs.workbooks import (
    Edit,
    edited,
    new_column,
    new_row,
    problems_of,
    put,
    read_here,
)

KO = "label::한국어 (ko)"
EN = "label::English (en)"


def rename_sheet(before: str, after: str) -> Edit:
    def edit(book: Workbook) -> None:
        book[before].title = after

    return edit


def drop_sheet(name: str) -> Edit:
    def edit(book: Workbook) -> None:
        del book[name]

    return edit


def rename_column(sheet: str, before: str, after: str) -> Edit:
    def edit(book: Workbook) -> None:
        for cell in book[sheet][1]:
            if cell.value == before:
                cell.value = after

    return edit


def both(first: Edit, second: Edit) -> Edit:
    def edit(book: Workbook) -> None:
        first(book)
        second(book)

    return edit


def drop_row(sheet: str, number: int) -> Edit:
    def edit(book: Workbook) -> None:
        book[sheet].delete_rows(number)

    return edit


# (what was done, sheet, row, column, a piece of the problem, a piece of the remedy)
CASES = {
    "wrong type": (
        put("survey", "name", "serial", "type", "intger"),
        ("survey", 5, "type", "'intger'", "'integer'"),
    ),
    "select without its list": (
        put("survey", "name", "mode", "type", "select_one"),
        ("survey", 6, "type", "목록 이름이 없습니다", "choices"),
    ),
    "missing list": (
        put("survey", "name", "mode", "type", "select_one modes"),
        ("survey", 6, "type", "'modes' 목록이", "'mode'"),
    ),
    "unknown column": (
        new_column("survey", "relevent", "name", "good", "1"),
        ("survey", 1, "relevent", "'relevent'", "'relevant'"),
    ),
    "unknown column of choices": (
        rename_column("choices", EN, "lable::English (en)"),
        ("choices", 1, "lable::English (en)", "모르고", "'label'"),
    ),
    "unknown column of workflow": (
        rename_column("workflow", "needs_seen", "need_seen"),
        ("workflow", 1, "need_seen", "모릅니다", "'needs_seen'"),
    ),
    "unknown sheet": (
        rename_sheet("summary", "sumary"),
        ("sumary", 0, "", "'sumary'", "'summary'"),
    ),
    "open quote": (
        put("survey", "name", "helper", "relevant", "${mode}='helped"),
        ("survey", 7, "relevant", "9번째 글자: 따옴표가 닫히지", "따옴표를 닫으세요"),
    ),
    "unknown function": (
        put("survey", "name", "answered", "calculation", "cuont(${q1})"),
        ("survey", 18, "calculation", "1번째 글자: 'cuont'", "'count'"),
    ),
    "dangling operator": (
        put("survey", "name", "answered", "calculation", "${q1} +"),
        ("survey", 18, "calculation", "끝나지 않았습니다", "연산자"),
    ),
    "operator before a bracket": (
        put("survey", "name", "answered", "calculation", "(1 + + )"),
        ("survey", 18, "calculation", "6번째 글자", "괄호"),
    ),
    "unknown name in relevant": (
        put("survey", "name", "helper", "relevant", "${moed}='helped'"),
        ("survey", 7, "relevant", "'${moed}'", "'mode'"),
    ),
    "unknown name in a label": (
        put("survey", "name", "good", KO, "좋았던 점 ${serail}"),
        ("survey", 23, KO, "'${serail}'", "'serial'"),
    ),
    "unknown name in instance_name": (
        put("settings", "form_id", "P13e", "instance_name", "${seriel}"),
        ("settings", 2, "instance_name", "'${seriel}'", "'serial'"),
    ),
    "unknown name in guard": (
        put("workflow", "to", "완료", "guard", "${anwered} > 0"),
        ("workflow", 2, "guard", "'${anwered}'", "'answered'"),
    ),
    "guard outside the subset": (
        put("workflow", "to", "완료", "guard", "count(${answered}) > 0"),
        ("workflow", 2, "guard", "쓸 수 없는 식", "calculate"),
    ),
    "name without ${}": (
        put("survey", "name", "helper", "relevant", "mode='helped'"),
        ("survey", 7, "relevant", "1번째 글자: 'mode'", "'${mode}'"),
    ),
    "unclosed ${": (
        put("survey", "name", "helper", "relevant", "${mode='helped'"),
        ("survey", 7, "relevant", "닫히지", "'}'"),
    ),
    "duplicate name": (
        put("survey", "name", "wish", "name", "good"),
        ("survey", 24, "name", "23행에 이미", "이름을 고치세요"),
    ),
    "duplicate choice": (
        put("choices", KO, "보통이다", "name", "2"),
        ("choices", 4, "name", "3행에 같은 값", "고치세요"),
    ),
    "missing translation": (
        put("survey", "name", "q3", EN, None),
        ("survey", 12, EN, "번역이 비어", "English (en)"),
    ),
    "missing translation of a choice": (
        put("choices", KO, "자원봉사자", EN, None),
        ("choices", 24, EN, "번역이 비어", "English (en)"),
    ),
    "group never closed": (
        drop_row("survey", 17),
        ("survey", 9, "type", "닫히지 않았습니다", "end_group"),
    ),
    "login calculated again and again": (
        both(
            new_row("survey", "username", "me"),
            put("survey", "name", "answered", "calculation", "string-length(${me})"),
        ),
        ("survey", 18, "calculation", "작성자를 다시", "once("),
    ),
    "merge rule that does not exist": (
        new_column("survey", "merge", "name", "good", "apend"),
        ("survey", 23, "merge", "'apend'", "'append'"),
    ),
    "merge rule of another type": (
        new_column("survey", "merge", "name", "good", "union"),
        ("survey", 23, "merge", "union", "ask나 last"),
    ),
    "merge of a calculate": (
        new_column("survey", "merge", "name", "mean5", "last"),
        ("survey", 19, "merge", "충돌하지 않습니다", "비우세요"),
    ),
    "merge group of one": (
        new_column("survey", "merge_group", "name", "good", "words"),
        ("survey", 23, "merge_group", "하나뿐", "같은 이름"),
    ),
    "part of a question": (
        new_column("survey", "part", "name", "good", "nurse"),
        ("survey", 23, "part", "begin_group", "옮기세요"),
    ),
    "unknown seat": (
        new_column("survey", "part", "name", "items", "nurce"),
        ("survey", 9, "part", "'nurce'", "'nurse'"),
    ),
    "state that nothing leads to": (
        new_row("workflow", "record", "완뇨", "승인", "승인", "team_lead"),
        ("workflow", 3, "from", "'완뇨' 상태에 이르는 길", "'완료'"),
    ),
    "no initial row": (
        put("workflow", "to", "완료", "from", "작성"),
        ("workflow", 0, "from", "처음 갖는 상태", "from을 비운 행"),
    ),
    "unknown role": (
        put("workflow", "to", "완료", "roles", "secretary"),
        ("workflow", 2, "roles", "'secretary'", "'secretariat'"),
    ),
    "unknown effect": (
        put("workflow", "to", "완료", "effect", "lokc"),
        ("workflow", 2, "effect", "'lokc'", "'lock'"),
    ),
    "unknown object": (
        put("workflow", "to", "완료", "object", "recrod"),
        ("workflow", 2, "object", "'recrod'", "'record'"),
    ),
    "unknown flag": (
        put("workflow", "to", "완료", "needs_seen", "maybe"),
        ("workflow", 2, "needs_seen", "'maybe'", "yes 또는 no"),
    ),
    "guard without its sentence": (
        put("workflow", "to", "완료", "guard_message", None),
        ("workflow", 2, "guard_message", "보일 말이 없습니다", "한 문장"),
    ),
    "summary that names no question": (
        put("summary", "id", "dist", "rows", "시간준수: q11 · 청소상태: q2"),
        ("summary", 2, "rows", "'q11'이라는 문항이 없습니다", "'q1'"),
    ),
    "summary row without a question": (
        put("summary", "id", "again", "id", "agane"),
        ("summary", 3, "rows", "'전체'", "'전체: 문항이름'"),
    ),
    "choice that does not exist": (
        put("summary", "id", "again", "columns", "예 · 아니요 · 예(%)"),
        ("summary", 3, "columns", "'아니요'", "'아니오'"),
    ),
    "rate of a choice that does not exist": (
        put("summary", "id", "again", "measure", "rate(네, 예+아니오)"),
        ("summary", 3, "measure", "'네'", "예"),
    ),
    "unknown measure": (
        put("summary", "id", "dist", "measure", "likret"),
        ("summary", 2, "measure", "'likret'", "'likert'"),
    ),
    "bad rounding": (
        put("summary", "id", "dist", "rounding", "halfup"),
        ("summary", 2, "rounding", "'halfup'", "'half_up'"),
    ),
    "bad total method": (
        put("summary", "id", "dist", "total_method", "sum"),
        ("summary", 2, "total_method", "'sum'", "pooled"),
    ),
    "bad decimals": (
        put("summary", "id", "dist", "decimals", "한 자리"),
        ("summary", 2, "decimals", "'한 자리'", "1 (평균 2)"),
    ),
    "decimals of a column that is not there": (
        put("summary", "id", "dist", "decimals", "1 (평군 2)"),
        ("summary", 2, "decimals", "'평군'", "평균"),
    ),
    "bad period": (
        put("summary", "id", "dist", "period", "month by serial"),
        ("summary", 2, "period", "'serial'", "today"),
    ),
    "where outside the questions": (
        new_column("summary", "where", "id", "dist", "${mood} = 'paper'"),
        ("summary", 2, "where", "'${mood}'", "'mode'"),
    ),
    "id of another form": (
        put("pack", "key", "id", "value", "P13f"),
        ("pack", 2, "value", "'P13e'", "같은 이름"),
    ),
    "unknown kind": (
        put("pack", "key", "kind", "value", "servey"),
        ("pack", 5, "value", "'servey'", "'survey'"),
    ),
    "no pack sheet": (drop_sheet("pack"), ("pack", 0, "", "pack 시트가 없", "id, title, kind")),
    "no version": (
        put("settings", "form_id", "P13e", "version", None),
        ("settings", 2, "version", "비어 있습니다", "2026120101"),
    ),
    "language without a column": (
        put("settings", "form_id", "P13e", "default_language", "한국어"),
        ("settings", 2, "default_language", "'한국어'", "'한국어 (ko)'"),
    ),
}


@pytest.mark.parametrize(("edit", "expected"), CASES.values(), ids=CASES.keys())
def test_a_mistake_is_named_with_its_place_and_its_remedy(
    edit: Edit, expected: tuple[str, int, str, str, str]
) -> None:
    sheet, row, column, problem, remedy = expected

    problems = problems_of(edited(edit))

    at_place = [
        found
        for found in problems
        if (found.sheet, found.row, found.column) == (sheet, row, column)
    ]
    assert len(at_place) == 1, [found.as_text() for found in problems]
    assert problem in at_place[0].problem
    assert remedy in at_place[0].remedy
    assert re.search("[가-힣]", at_place[0].remedy)
    # One mistake, one line: but for a renamed column or sheet, whose content is then missing too.
    if not sheet.startswith("sum") and row > 1:
        assert len(problems) == 1, [found.as_text() for found in problems]


def test_all_mistakes_are_told_at_once_in_the_order_of_sheets_and_rows() -> None:
    content = edited(
        put("summary", "id", "dist", "rounding", "up"),
        put("workflow", "to", "완료", "roles", "boss"),
        put("survey", "name", "wish", "type", "txt"),
        put("survey", "name", "serial", "constraint", ". >= "),
        put("choices", KO, "자원봉사자", "name", None),
    )

    problems = problems_of(content)

    assert [(found.sheet, found.row) for found in problems] == [
        ("survey", 5),
        ("survey", 24),
        ("choices", 24),
        ("workflow", 2),
        ("summary", 2),
    ]


def test_a_refusal_tells_the_officer_how_many_and_the_first() -> None:
    content = edited(put("survey", "name", "serial", "type", "intger"))

    with pytest.raises(PackRefused) as refused:
        read_here(content, "만족도.xlsx")

    message = message_for(refused.value)
    assert "'만족도.xlsx'" in message.happened
    assert "1군데" in message.happened
    assert "survey 5행 type" in message.happened
    assert "그대로" in message.safe


def test_what_pyxform_alone_refuses_is_told_once_with_its_row() -> None:
    content = edited(
        new_column("survey", "parameters", "name", "serial", "rows=no such thing"),
    )

    problems = problems_of(content)

    assert [(found.sheet, found.row) for found in problems] == [("survey", 5)]
    assert problems[0].english is not None


def test_expressions_that_run_in_a_circle_are_refused() -> None:
    content = edited(
        put("survey", "name", "answered", "calculation", "${mean5} + 1"),
        put("survey", "name", "mean5", "calculation", "${answered} + 1"),
    )

    problems = problems_of(content)

    assert len(problems) == 1
    assert problems[0].sheet == "survey"
    assert "물고 도는" in problems[0].problem


def test_merge_columns_become_rules_and_groups() -> None:
    content = edited(
        new_column("survey", "merge", "name", "good", "append"),
        new_column("survey", "merge_group", "name", "damage", "harm"),
        put("survey", "name", "damage_note", "merge_group", "harm"),
    )

    merge = read_here(content).plans.merge

    assert merge.rules == {"good": "append"}
    assert merge.groups == (frozenset({"damage", "damage_note"}),)


def test_what_an_officer_rightly_writes_otherwise_is_accepted() -> None:
    content = edited(
        rename_column("survey", "calculation", "Calculate"),
        put("survey", "name", "serial", "type", "int"),
        put("survey", "name", "batch", "required", "TRUE"),
        # Excel makes curly quotes of straight ones.
        put("survey", "name", "helper", "relevant", "${mode}=‘helped’"),
        put("summary", "id", "again", "rows", "전체: again"),
        put("summary", "id", "dist", "decimals", 1),
        put("workflow", "to", "완료", "guard", "${answered} > 0 and not(${mode} = 'interview')"),
    )

    assert problems_of(content) == ()
