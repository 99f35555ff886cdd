"""What pyxform says of a file as a whole, and of itself."""

from __future__ import annotations

from typing import Final

from fieldapp.packs.findings import FILE
from fieldapp.packs.sayings.saying import Saying

_AGAIN: Final = (
    "엑셀에서 열어 새 통합 문서(*.xlsx)로 다시 저장한 뒤 넣으세요.",
    "Open it in Excel and save it as a new workbook (*.xlsx).",
)
_INNER: Final = (
    "최근에 바꾼 열이나 행을 되돌려 보고, 그래도 같으면 서식 관리자에게 알리세요.",
    "Undo the last changes of rows and columns; if that does not help, tell the form's author.",
)

FILES: Final = (
    Saying(
        "file-unreadable",
        r"Error reading \.(?P<kind>\w+) file",
        ko=("파일의 내용을 읽을 수 없습니다.", _AGAIN[0]),
        en=("The file cannot be read.", _AGAIN[1]),
        sheet=FILE,
    ),
    Saying(
        "no-xlsform",
        r"does not appear to be a valid XLSForm|is not a supported type|"
        r"was not recognized as a supported type|does not appear to be a valid file path",
        ko=("서식으로 쓸 수 있는 엑셀 파일이 아닙니다.", _AGAIN[0]),
        en=("This is no XLSForm.", _AGAIN[1]),
        sheet=FILE,
    ),
    Saying(
        "date-ambiguous",
        r"invalid date on the (?P<sheet>.*?) sheet, under the (?P<column>.*?) column on row "
        r"number (?P<row>\d+)",
        ko=("날짜를 읽을 수 없는 칸이 있습니다.", "그 칸을 글자(텍스트)로 다시 적으세요."),
        en=("A cell holds a date that cannot be read.", "Write it as text."),
    ),
    Saying(
        "cascade-missing",
        r"Found a cascading_select (?P<level>.*?), but could not find",
        ko=(
            "cascading_select '{level}'의 목록이 cascades 시트에 없습니다.",
            "select_one과 choice_filter로 바꾸세요.",
        ),
        en=(
            "The cascades sheet has no '{level}'.",
            "Use select_one with a choice_filter instead.",
        ),
        column="type",
    ),
    Saying(
        "itemsets-missing",
        r"Could not export itemsets\.csv",
        ko=("external_choices 시트가 없어 목록 파일을 만들지 못했습니다.", "그 시트를 더하세요."),
        en=("There is no external_choices sheet to make the list from.", "Add the sheet."),
    ),
    Saying(
        "no-choices",
        r"There should be choices for this question",
        ko=("고르는 문항에 보기가 없습니다.", "choices 시트에 그 목록의 보기를 적으세요."),
        en=("A select question has no choices.", "Add the choices of its list."),
        sheet="choices",
    ),
    Saying(
        "itemset-missing",
        r"'itemset' and 'list_name' must not both",
        ko=("고르는 문항에 목록이 없습니다.", "type에 'select_one 목록'으로 적으세요."),
        en=("A select question names no list.", "Write select_one list_name as its type."),
        column="type",
    ),
    Saying(
        "section-missing",
        r"This section has not been included",
        ko=("다른 파일의 서식을 끼워 넣을 수 없습니다.", "그 문항들을 이 파일에 옮겨 적으세요."),
        en=("Parts of other files cannot be included.", "Copy the questions into this file."),
    ),
    Saying(
        "internal",
        r"Internal error|^Invalid value for `|Expected a sequence of columns",
        ko=("pyxform이 이 서식을 다루지 못했습니다.", _INNER[0]),
        en=("pyxform could not handle this form.", _INNER[1]),
    ),
)
