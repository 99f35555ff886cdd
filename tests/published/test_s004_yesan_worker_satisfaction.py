"""S004 예산, PART Ⅰ-5 참고자료: 보호작업장 만족도, 근로장애인.

The published cells are shares of answers pooled by 평가요소 (R9). The counts behind them are not
published; these print every cell exactly (domain/tables/README.md §4).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.clock import today
from fieldapp.domain.figures import Period
from fieldapp.reports.document import Approval
from fieldapp.usecases import filling, finishing, summaries
from fieldapp.usecases.summaries import PageChoices
from tests.laptops import AppLaptop, enrolled_laptop
from tests.published.printed import captioned, cells, heads, tables
from tests.servers import Server

PUBLISHED = {
    "서비스내용": ("7", "4", "26", "29", "33"),
    "서비스과정": ("0", "4", "7", "33", "56"),
    "서비스환경": ("4", "4", "30", "29", "33"),
    "사회적품질": ("4", "0", "15", "37", "44"),
    "전반적만족도": ("0", "0", "11", "22", "67"),
    "개인의성과": ("3", "0", "22", "24", "50"),
    "프로그램": ("4", "0", "4", "47", "45"),
}
#: Group of questions, how many stand in it, and how often each mark from 1 to 5 was given.
COUNTS = (
    ("content", 3, (5, 3, 18, 20, 23)),
    ("process", 3, (0, 1, 2, 9, 15)),
    ("place", 3, (3, 3, 21, 20, 23)),
    ("social", 3, (1, 0, 4, 10, 12)),
    ("overall", 1, (0, 0, 1, 2, 6)),
    ("outcome", 4, (2, 0, 13, 14, 29)),
    ("programme", 11, (2, 0, 2, 22, 21)),
)
NO_ANSWER = "9"


def sheets() -> list[dict[str, str]]:
    """As many sheets as hold these marks; what is left over is 무응답."""
    filled: list[dict[str, str]] = []
    for group, questions, counts in COUNTS:
        marks = [str(mark) for mark, times in enumerate(counts, 1) for _ in range(times)]
        for number, mark in enumerate(marks):
            sheet, question = divmod(number, questions)
            while len(filled) <= sheet:
                filled.append({})
            filled[sheet][f"{group}/{group}{question + 1}"] = mark
    for sheet_marks in filled:
        for group, questions, _ in COUNTS:
            for question in range(1, questions + 1):
                sheet_marks.setdefault(f"{group}/{group}{question}", NO_ANSWER)
    return filled


def key(laptop: AppLaptop, serial: int, marks: dict[str, str]) -> None:
    """One sheet of the batch, through the form."""
    form = filling.open_new(laptop.session, "P13a")
    form.filling.answer("batch", "2026-2 가상-보호작업장")
    form.filling.answer("serial", str(serial))
    form.filling.answer("mode", "paper")
    for path, mark in marks.items():
        form.filling.answer(path, mark)
    finishing.finish(laptop.session, form.snapshot(None))


@pytest.fixture
def printer(server: Server, tmp_path: Path) -> AppLaptop:
    """A second laptop that pulled every sheet the first one keyed."""
    scope = server.new_scope()
    keyer, reader = (
        enrolled_laptop(server, tmp_path / name, user=server.new_user(scope), scope=scope)
        for name in ("keyer", "reader")
    )
    for serial, marks in enumerate(sheets(), 1):
        key(keyer, serial, marks)
    keyer.exchange()
    reader.exchange()
    keyer.close()
    return reader


def test_every_cell_of_the_published_table_is_printed_again(printer: AppLaptop) -> None:
    day = today(printer.session.clock)
    found = tables(printer, "P13a", Period.month(day.year, day.month))

    rows = cells(captioned(found, "평가요소별"))
    assert {label: row[:5] for label, row in rows.items()} == PUBLISHED
    printer.close()


def test_the_month_of_the_survey_is_one_page_with_the_boxes_to_be_signed(
    printer: AppLaptop,
) -> None:
    day = today(printer.session.clock)

    output = summaries.build_summary(
        printer.session,
        "P13a",
        Period.month(day.year, day.month),
        choices=PageChoices(scope=None, approval=Approval()),
    )

    modes = captioned(output.document.tables, "작성 방법별")
    assert heads(modes) == ("본인이 작성", "도움받아 작성", "면접", "종이 입력", "계")
    keyed = str(len(sheets()))
    assert cells(modes) == {"부수": ("0", "0", "0", keyed, keyed)}
    assert output.page_count == 1
    printer.close()
