"""An open visit in the real window: what is read beside it, and what comes back after a crash."""

from __future__ import annotations

import pytest

from fieldapp.domain.ids import RecordId
from fieldapp.storage import drafts
from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.questions.searching import SearchChoice
from fieldapp.ui.questions.texts import SeveralLines
from tests.ui.conftest import AtWork
from tests.ui.neighbourhood import household_named

Visit = tuple[Desk, Hands]
SAID = "무릎이 아프다고 하심"


@pytest.fixture
def visit(in_town: AtWork) -> Visit:
    """A visit at 가상-김하나's, met at the door."""
    opened, hands, desk = in_town
    subject = household_named(desk.session, "가상-김하나")
    desk.form.open_new("P01", subject=subject, preset={"method": "visit", "result": "self"})
    hands.wait_until(lambda: opened.screen_name() == "filling", "the visit")
    return desk, hands


def _write_until_kept(desk: Desk, hands: Hands) -> str:
    """One sentence of what was seen, until it stands in the store."""
    desk.filling.asking.stand_at("talk/seen")
    hands.settle()
    hands.write(SAID)
    record_id = desk.form.draft_id()
    assert record_id is not None

    def is_kept() -> bool:
        with desk.session.store.reading() as db:
            return (
                drafts.exists(db, record_id)
                and drafts.find(db, RecordId(record_id)).answers.get("talk/seen") == SAID
            )

    hands.wait_until(is_kept, "the sentence to be kept")
    return record_id


def _open_again(desk: Desk, hands: Hands, record_id: str) -> None:
    desk.open_draft(record_id)
    hands.wait_until(lambda: desk.form.is_open() and desk.filling.isVisible(), "the draft")
    hands.settle()


def test_name_of_whom_is_visited_stands_masked_on_the_form_and_when_read_back(
    visit: Visit,
) -> None:
    desk, hands = visit
    desk.filling.asking.stand_at("household")
    hands.settle()
    row = desk.filling.asking.page().rows["household"]
    assert isinstance(row.answer, SearchChoice)

    assert row.answer.box.text() == "가상-김*나"
    assert row.answer.found() == ()  # no neighbour is listed before one is looked for
    desk.filling.reading.show_answers(desk.filling.asking.walk.sections, asks_reason=False)

    said = dict(desk.filling.reading.lines())
    assert said[row.question().label] == "가상-김*나"
    assert all("김하나" not in answer for answer in said.values())


def test_neighbour_is_found_in_full_and_stands_masked_once_chosen(visit: Visit) -> None:
    desk, hands = visit
    desk.filling.asking.stand_at("household")
    hands.settle()
    row = desk.filling.asking.page().rows["household"]
    assert isinstance(row.answer, SearchChoice)

    hands.compose("ㅂㄷㄹ")
    assert row.answer.found() == ("가상-박두리",)
    hands.press("Return")
    hands.settle()

    assert row.answer.box.text() == "가상-박*리"


def test_form_that_died_open_says_what_came_back_and_stands_at_the_last_word(
    visit: Visit,
) -> None:
    desk, hands = visit
    record_id = _write_until_kept(desk, hands)
    desk.form.drop()  # the process is gone: nobody put the draft away

    _open_again(desk, hands, record_id)

    words = desk.filling.banner.words()
    assert "갑자기 닫혔습니다" in words
    assert "가상-김*나" in words
    assert "김하나" not in words
    assert desk.filling.cursor_path() == "talk/seen"
    row = desk.filling.asking.page().rows["talk/seen"]
    assert isinstance(row.answer, SeveralLines)
    assert row.answer.box.hasFocus()
    assert row.answer.box.textCursor().atEnd()
    assert "저장됨" in desk.filling.foot.saved.words()


def test_form_that_was_left_comes_back_without_alarm(visit: Visit) -> None:
    desk, hands = visit
    record_id = _write_until_kept(desk, hands)
    hands.press("Escape")
    hands.wait_until(lambda: not desk.form.is_open(), "the form to close")

    _open_again(desk, hands, record_id)

    assert desk.filling.banner.words() == ""
    assert desk.filling.cursor_path() == "talk/seen"


def test_section_that_is_not_asked_is_not_asked_when_the_draft_comes_back_either(
    visit: Visit,
) -> None:
    desk, hands = visit

    def shown() -> list[str]:
        return [state.label for state in desk.filling.asking.rail.states() if state.is_shown]

    record_id = _write_until_kept(desk, hands)
    before = shown()
    hands.press("Escape")
    hands.wait_until(lambda: not desk.form.is_open(), "the form to close")

    _open_again(desk, hands, record_id)

    assert shown() == before
