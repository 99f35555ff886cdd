"""Writes P13e.xlsx, the workbook of the satisfaction survey of the housekeeping service.

Not needed at run time: the workbook itself is what the app reads. Run it after a change here:
    python resources/packs/make_p13e.py
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

KO = "한국어 (ko)"
EN = "English (en)"

AGREE = (
    ("1", "전혀 그렇지 않다", "Strongly disagree"),
    ("2", "그렇지 않다", "Disagree"),
    ("3", "보통이다", "Neither"),
    ("4", "그렇다", "Agree"),
    ("5", "매우 그렇다", "Strongly agree"),
    ("9", "무응답", "No answer"),
)
LISTS = {
    "agree": AGREE,
    "agree_said": (*AGREE, ("0", "말한 적 없음", "Never complained")),
    "yn": (("1", "예", "Yes"), ("2", "아니오", "No"), ("9", "무응답", "No answer")),
    "mode": (
        ("self", "본인이 작성", "By the person"),
        ("helped", "도움받아 작성", "With help"),
        ("interview", "면접", "Interview"),
        ("paper", "종이 입력", "Keyed from paper"),
    ),
    "helper": (
        ("family", "가족", "Family"),
        ("staff_other", "다른 직원", "Other staff"),
        ("volunteer", "자원봉사자", "Volunteer"),
    ),
}

ITEMS = tuple(f"q{number}" for number in range(1, 8))
VALID = " + ".join(f"if(${{{item}}}>=1 and ${{{item}}}<=5,1,0)" for item in ITEMS)
TOTAL = " + ".join(f"if(${{{item}}}>=1 and ${{{item}}}<=5,${{{item}}},0)" for item in ITEMS)
NO_NAMES = ("사람 이름과 전화번호는 적지 마세요", "Do not write names or telephone numbers")

SURVEY_HEAD = (
    "type", "name", f"label::{KO}", f"label::{EN}", f"hint::{KO}", f"hint::{EN}",
    "required", f"required_message::{KO}", f"required_message::{EN}", "relevant", "appearance",
    "constraint", f"constraint_message::{KO}", f"constraint_message::{EN}", "calculation",
)  # fmt: skip


def question(
    kind: str,
    name: str = "",
    label: tuple[str, str] = ("", ""),
    *,
    hint: tuple[str, str] = ("", ""),
    required: bool = False,
    required_message: tuple[str, str] = ("", ""),
    relevant: str = "",
    appearance: str = "",
    constraint: str = "",
    constraint_message: tuple[str, str] = ("", ""),
    calculation: str = "",
) -> tuple[str, ...]:
    """One row of the survey sheet."""
    return (
        kind, name, *label, *hint, "yes" if required else "", *required_message,
        relevant, appearance, constraint, *constraint_message, calculation,
    )  # fmt: skip


def item(name: str, korean: str, english: str, choices: str = "agree") -> tuple[str, ...]:
    """One of the seven items."""
    return question(f"select_one {choices}", name, (korean, english), required=True)


def opinion(name: str, korean: str, english: str, relevant: str = "") -> tuple[str, ...]:
    """A text in the respondent's own words."""
    return question(
        "text", name, (korean, english), hint=NO_NAMES, relevant=relevant, appearance="multiline"
    )


SURVEY = (
    question("today", "today"),
    question(
        "note",
        "notice",
        (
            "이름을 적지 않으며, 답은 통계로만 씁니다(비밀 보장).",
            "No names are taken; answers are used as statistics only.",
        ),
    ),
    question(
        "text",
        "batch",
        ("설문 묶음", "Batch"),
        required=True,
        required_message=("설문 묶음 이름을 적어 주세요", "Please write the name of the batch"),
    ),
    question(
        "integer",
        "serial",
        ("일련번호", "Serial number"),
        required=True,
        constraint=". >= 1",
        constraint_message=(
            "1보다 작은 번호는 쓸 수 없습니다",
            "The number cannot be smaller than 1",
        ),
    ),
    question("select_one mode", "mode", ("작성 방법", "How it was filled"), required=True),
    question(
        "select_one helper",
        "helper",
        ("도운 사람", "Who helped"),
        required=True,
        relevant="${mode}='helped'",
    ),
    question(
        "note",
        "helper_note",
        (
            "해당 서비스를 제공한 직원은 돕지 않습니다.",
            "Staff who gave the service do not help.",
        ),
        relevant="${mode}='helped'",
    ),
    question(
        "begin_group",
        "items",
        ("서비스는 어떠셨습니까?", "How was the service?"),
        appearance="field-list",
    ),
    item("q1", "약속한 시간에 오고 마쳤다", "Came and finished on time"),
    item("q2", "부탁한 곳이 깨끗해졌다", "The places I asked for became clean"),
    item("q3", "존중하는 태도였다", "Treated me with respect"),
    item("q4", "물건과 사생활을 조심히 다루었다", "Was careful with my things and privacy"),
    item(
        "q5",
        "할 수 있는 일과 없는 일을 미리 알려 주었다",
        "Told me beforehand what is and is not done",
    ),
    item("q6", "불편을 말하면 고쳐 주었다", "Put right what I complained of", "agree_said"),
    item("q7", "전반적으로 만족한다", "Satisfied on the whole"),
    question("end_group"),
    question("calculate", "answered", calculation=f"({VALID})"),
    question(
        "calculate",
        "mean5",
        calculation=f"if(${{answered}}=0, '', round(({TOTAL}) div ${{answered}}, 2))",
    ),
    question("select_one yn", "again", ("다시 이용하겠다", "Would use it again"), required=True),
    question(
        "select_one yn",
        "damage",
        ("물건 파손이나 추가 요금 요구가 있었다", "Damage or extra charges"),
        required=True,
    ),
    opinion("damage_note", "어떤 일이었습니까", "What happened", "${damage}='1'"),
    opinion("good", "좋았던 점", "What was good"),
    opinion("wish", "바라는 점", "What you wish for"),
)

SETTINGS_HEAD = ("form_title", "form_id", "version", "default_language", "instance_name")
SETTINGS = (("가사서비스 이용만족도", "P13e", "2026120101", KO, "concat('설문 ', ${serial})"),)

PACK = (
    ("id", "P13e", ""),
    ("family", "P13", ""),
    ("title", "가사서비스 이용만족도", ""),
    ("kind", "survey", ""),
    ("subject", "", "무기명: 대상자와 잇지 않습니다"),
    ("sensitivity", "normal", ""),
    ("fill", "secretariat, dong_welfare", "서비스를 제공한 직원의 로그인으로는 적지 않습니다"),
    ("confirm", "", ""),
    ("read", "secretariat, team_lead, dept_officer", ""),
    ("retention", "3년", ""),
    ("legal_basis", "개인정보를 수집하지 않음", ""),
    ("source", "003_cc3492fcd1521e19.txt Ⅴ 가족-2; 문항 (added)", ""),
    ("year", "2026", ""),
    ("licence", "자체 작성", ""),
)

WORKFLOW_HEAD = (
    "object", "from", "to", "label", "roles", "guard", "guard_message", "reason", "needs_seen",
    "effect",
)  # fmt: skip
WORKFLOW = (
    (
        "record", "", "완료", "마치기", "secretariat, dong_welfare", "${answered} > 0",
        "답한 문항이 하나도 없습니다", "no", "no", "",
    ),
)  # fmt: skip

SUMMARY_HEAD = (
    "id", "caption", "row_head", "rows", "columns", "measure", "missing", "period",
    "total_method", "decimals", "rounding", "empty", "footnote",
)  # fmt: skip
FOOTNOTE = "무응답과 '말한 적 없음'은 뺌"
SUMMARY = (
    (
        "dist",
        "평가요소별 응답 분포 (단위: %, 명)",
        "평가요소",
        "시간준수: q1 · 청소상태: q2 · 태도: q3 q4 · 안내·조치: q5 q6 · 전반적 만족도: q7",
        "1 · 2 · 3 · 4 · 5 · 응답수 · 평균",
        "likert", "0 9", "month by today", "none", "1 (평균 2)", "half_up", "0", FOOTNOTE,
    ),
    (
        "again", "재이용 의향", "", "전체", "예 · 아니오 · 예(%)", "rate(예, 예+아니오)",
        "0 9", "month by today", "none", "1", "half_up", "0", FOOTNOTE,
    ),
    (
        "mode", "작성 방법별 부수", "작성 방법", "mode", "부수", "count",
        "0 9", "month by today", "none", "0", "half_up", "0", FOOTNOTE,
    ),
)  # fmt: skip

WIDTHS = {
    "label": 44, "hint": 34, "required_message": 34, "constraint_message": 34, "type": 22,
    "relevant": 22, "calculation": 60, "rows": 52, "caption": 34, "columns": 34, "footnote": 32,
    "value": 48, "note": 44, "instance_name": 30, "form_title": 26, "default_language": 20,
    "roles": 28, "guard": 20, "guard_message": 32, "measure": 22, "period": 18, "legal_basis": 30,
}  # fmt: skip
HEAD_FONT = Font(bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", fgColor="2F5D62")
GROUP_FILL = PatternFill("solid", fgColor="E8EFEF")
WRAPPED = Alignment(vertical="top", wrap_text=True)


def fill_sheet(sheet: Worksheet, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """Head and rows, the head frozen, widths by what stands below it."""
    sheet.append(head)
    for row in rows:
        sheet.append([value or None for value in row])
    for cell in sheet[1]:
        cell.font, cell.fill = HEAD_FONT, HEAD_FILL
        cell.alignment = Alignment(vertical="center")
    for number, column in enumerate(head, start=1):
        width = WIDTHS.get(column.partition("::")[0], 16)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cells in sheet.iter_rows(min_row=2):
        is_group = str(cells[0].value or "").startswith(("begin_", "end_"))
        for cell in cells:
            cell.alignment = WRAPPED
            # Texts, or Excel would take 2026120101 and 0 for numbers and = for a formula.
            cell.number_format = "@"
            if is_group:
                cell.fill = GROUP_FILL
    sheet.freeze_panes = "C2" if head == SURVEY_HEAD else "A2"
    sheet.row_dimensions[1].height = 22


def workbook_bytes() -> bytes:
    """The workbook; the same bytes however often it is made."""
    book = Workbook()
    book.remove(book.worksheets[0])
    choices = tuple((name, *choice) for name, choices_of in LISTS.items() for choice in choices_of)
    fill_sheet(book.create_sheet("survey"), SURVEY_HEAD, SURVEY)
    fill_sheet(
        book.create_sheet("choices"),
        ("list_name", "name", f"label::{KO}", f"label::{EN}"),
        choices,
    )
    fill_sheet(book.create_sheet("settings"), SETTINGS_HEAD, SETTINGS)
    fill_sheet(book.create_sheet("pack"), ("key", "value", "note"), PACK)
    fill_sheet(book.create_sheet("workflow"), WORKFLOW_HEAD, WORKFLOW)
    fill_sheet(book.create_sheet("summary"), SUMMARY_HEAD, SUMMARY)
    book.properties.creator = "fieldapp"
    book.properties.created = book.properties.modified = datetime(2026, 12, 1)  # noqa: DTZ001
    written = io.BytesIO()
    book.save(written)
    return with_fixed_times(written.getvalue())


def with_fixed_times(content: bytes) -> bytes:
    """The same zip without the moment it was written."""
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            body = before.read(name)
            if name == "docProps/core.xml":
                body = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-12-01T00:00:00Z", body
                )
            entry = zipfile.ZipInfo(name, (2026, 12, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, body)
    return fixed.getvalue()


if __name__ == "__main__":
    target = Path(__file__).with_name("P13e.xlsx")
    target.write_bytes(workbook_bytes())
    sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
