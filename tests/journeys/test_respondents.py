"""Ten people answer one after another, and whoever handed the laptop over sees no answer."""

from __future__ import annotations

from fieldapp.demo.history import EIGHT_SHEETS, NINTH_SHEET, marks_of
from fieldapp.ui.widgets.text import Text
from fieldapp.usecases.records import records_page
from tests.journeys.town import Town

BATCH = "2026-2 가상-보호작업장"
SHEETS = (*EIGHT_SHEETS, NINTH_SHEET, ("111", "222", "333", "444", "1"))
WISH = "가상-쉬는 시간을 늘려 주세요"


def test_ten_respondents_in_a_row_answer_alone(town: Town) -> None:
    at, hands = town.laptop, town.hands
    respondent = at.desk().filling.respondent
    at.open_form("보호작업장")
    at.answer({"batch": BATCH, "serial": "1", "mode": "1"})

    hands.press("Ctrl+Shift+K")
    first = next(iter(marks_of(SHEETS[0])))
    for sheet in SHEETS:
        marks = marks_of(sheet)
        hands.wait_until(lambda: respondent.path() == first, "the first question")
        for path, mark in marks.items():
            assert respondent.path() == path
            hands.press(mark)
        hands.press("Tab")
        hands.write(WISH)
        hands.press("Tab")
        hands.wait_until(respondent.is_thanking, "the thanks")
        at.rest()
        shown = " ".join(text.words() for text in at.window.findChildren(Text) if text.isVisible())
        assert "감사합니다" in shown
        assert WISH not in shown
        hands.press("Ctrl+1", "Ctrl+K")  # no list for a respondent
        assert at.window.screen_name() == "filling"
        hands.press("Return")
    hands.wait_until(lambda: respondent.path() == first, "the eleventh")
    hands.press("Ctrl+Shift+K")
    at.wait_until_closed()

    rows = records_page(at.session()).rows
    assert [row.is_draft for row in rows] == [False] * len(SHEETS)
    written = {record.doc.answers["serial"]: record.doc.answers for record in town.written("P13a")}
    assert sorted(written, key=int) == [str(number) for number in range(1, len(SHEETS) + 1)]
    for serial, sheet in enumerate(SHEETS, start=1):
        answers = written[str(serial)]
        assert answers["batch"] == BATCH
        assert {path: answers[path] for path in marks_of(sheet)} == marks_of(sheet)
