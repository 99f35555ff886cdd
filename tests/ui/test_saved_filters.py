"""저장한 조건 by keys in the real window: kept, chosen, renamed, forgotten, found after a lock."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication

from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.saved_filters.dialog import FilterDialog
from fieldapp.usecases import records as record_cases
from fieldapp.usecases.records import RecordFilter
from fieldapp.usecases.saved_filters import filters_of, keep_filter
from tests.ui.conftest import AtWork
from tests.ui.neighbourhood import household_named, write
from tests.ui.samples import NOON, StillClock, go


def rest(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()


def asked(hands: Hands) -> FilterDialog:
    """The dialog that a key has opened."""
    hands.wait_until(lambda: isinstance(QApplication.activeModalWidget(), FilterDialog), "dialog")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FilterDialog)
    return dialog


def saved(desk: Desk) -> list[str]:
    return [one.name for one in filters_of(desk.session, "households")]


@pytest.fixture
def at_households(in_town: AtWork) -> AtWork:
    window, hands, _ = in_town
    go(window, hands, "households")
    return in_town


def narrow_and_keep(at_work: AtWork, name: str) -> None:
    """`박` in the line, kept under a name of one's own."""
    window, hands, _ = at_work
    hands.compose("박")
    hands.press("Ctrl+Shift+F")
    dialog = asked(hands)
    assert dialog.line.text() == "'박'"
    hands.compose(name)
    hands.press("Return")
    rest(window, hands)


def test_filter_is_kept_under_a_name_and_stands_in_the_box(at_households: AtWork) -> None:
    _, _, desk = at_households
    page = desk.households.list_page

    narrow_and_keep(at_households, "박씨")

    assert saved(desk) == ["박씨"]
    assert (page.filters.names(), page.filters.name()) == (["박씨"], "박씨")
    assert page.filters.keep.text() == "조건 고치기"


def test_chosen_filter_narrows_the_list_and_typing_on_leaves_it(at_households: AtWork) -> None:
    window, hands, desk = at_households
    page = desk.households.list_page
    narrow_and_keep(at_households, "박씨")
    hands.press("Escape")
    rest(window, hands)
    assert (len(page.table.cells()), page.filters.name()) == (2, "")

    page.filters.box.setFocus()
    hands.press("Down")
    rest(window, hands)

    assert page.filters.name() == "박씨"
    assert [cells[0] for cells in page.table.cells()] == ["가상-박두리"]
    page.take_focus()
    hands.press("End")
    hands.compose("두")
    rest(window, hands)
    assert page.filters.name() == ""


def test_standing_filter_is_renamed_and_forgotten_and_brought_back_by_keys(
    at_households: AtWork,
) -> None:
    window, hands, desk = at_households
    narrow_and_keep(at_households, "박씨")

    hands.press("Ctrl+Shift+F")
    asked(hands)
    hands.compose("늘 보는 집")
    hands.press("Return")
    rest(window, hands)
    assert saved(desk) == ["늘 보는 집"]

    hands.press("Ctrl+Shift+F")
    asked(hands).forget.setFocus()
    hands.press("Return")
    rest(window, hands)
    assert saved(desk) == []
    desk.households.banner.button.setFocus()
    hands.press("Return")
    rest(window, hands)
    assert saved(desk) == ["늘 보는 집"]
    assert desk.households.banner.words() == ""


def test_name_of_another_filter_is_not_taken_by_renaming(at_households: AtWork) -> None:
    window, hands, desk = at_households
    keep_filter(desk.session, "households", "위험", {"grade": "=risk"})
    desk.households.list_page.filters.setFocus()
    go(window, hands, "records")
    go(window, hands, "households")
    narrow_and_keep(at_households, "박씨")

    hands.press("Ctrl+Shift+F")
    dialog = asked(hands)
    hands.compose("위험")
    hands.press("Return")

    assert dialog.isVisible()
    hands.press("Escape")
    rest(window, hands)
    assert saved(desk) == ["박씨", "위험"]


def test_unknown_grade_is_a_condition_of_its_own(at_households: AtWork) -> None:
    window, hands, desk = at_households
    page = desk.households.list_page
    page.grades.choose("")
    rest(window, hands)
    assert page.condition_words() == ("○ 미정",)
    page.show_conditions({})
    assert page.asked() == ("", "*", "")

    page.show_conditions({"grade": "="})

    assert page.asked() == ("", "", "")


def test_without_a_condition_there_is_nothing_to_keep(at_households: AtWork) -> None:
    _, hands, desk = at_households
    assert not desk.households.list_page.filters.keep.isVisible()

    hands.press("Ctrl+Shift+F")

    assert QApplication.activeModalWidget() is None
    assert "저장할 조건이 없습니다" in desk.households.banner.words()


def test_records_are_narrowed_by_form_and_period_and_the_whole_filter_is_kept(
    in_town: AtWork,
) -> None:
    window, hands, desk = in_town
    hana = household_named(desk.session, "가상-김하나")
    write(desk.session, "P01", hana, method="phone", result="self", cared__voice="same")
    go(window, hands, "records")
    view = desk.records
    assert len(view.table.cells()) == 3

    view.forms.setFocus()
    while view.asked()[0] != "P01":
        hands.press("Down")
    rest(window, hands)
    assert len(view.table.cells()) == 1
    assert view.forms.hasFocus()

    hands.press("Ctrl+Shift+F")
    asked(hands)
    hands.compose("연락")
    hands.press("Return")
    rest(window, hands)
    (kept,) = filters_of(desk.session, "records")
    assert kept.chosen["form"] == "P01"
    view.periods.setFocus()
    while view.asked()[1] != "last_month":
        hands.press("Down")
    rest(window, hands)
    assert view.table.cells() == ()
    assert view.filters.name() == ""


def test_period_of_records_is_counted_by_the_day_they_were_changed(in_town: AtWork) -> None:
    _, _, desk = in_town
    page = partial(record_cases.records_page, desk.session)
    clock = desk.session.clock
    assert isinstance(clock, StillClock)

    found = {period: page(RecordFilter(period=period)).total for period in record_cases.PERIODS}
    assert found == {"today": 2, "week": 2, "month": 2, "last_month": 0}
    clock.move(timedelta(days=31))

    assert page(RecordFilter(period="today")).total == 0
    assert page(RecordFilter(period="last_month")).total == 2
    assert clock.now() > NOON


def test_list_that_is_longer_than_what_is_laid_out_says_so(in_town: AtWork) -> None:
    _, _, desk = in_town

    page = record_cases.records_page(desk.session, limit=1)

    assert (len(page.rows), page.total) == (1, 2)
