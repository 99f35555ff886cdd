"""찾기 by keys in the access log: one entry a search, before what was opened of it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QApplication

from fieldapp.domain.access_log import LogEntry
from fieldapp.storage import access_log as log
from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from tests.ui.conftest import AtWork
from tests.ui.samples import NOON, go


def entries(desk: Desk) -> list[LogEntry]:
    with desk.session.store.reading() as db:
        return list(log.entries(db, NOON - timedelta(days=1), NOON + timedelta(days=1)))


def rest(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()


def look_for(window: MainWindow, hands: Hands, text: str) -> None:
    hands.press("Ctrl+K")
    hands.wait_until(lambda: QApplication.activeModalWidget() is not None, "the dialog")
    hands.compose(text)
    rest(window, hands)


def test_household_opened_from_a_search_is_logged_behind_one_search(in_town: AtWork) -> None:
    window, hands, desk = in_town
    before = len(entries(desk))

    look_for(window, hands, "박두리")
    hands.press("Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")
    rest(window, hands)

    search, view = entries(desk)[before:]
    assert (search.deed, view.deed) == ("search", "view")
    assert set(view.subjects) <= set(search.subjects)


def test_dialog_that_is_left_ends_its_search(in_town: AtWork) -> None:
    window, hands, desk = in_town
    before = len(entries(desk))

    look_for(window, hands, "가상")
    hands.press("Escape")
    rest(window, hands)

    (search,) = entries(desk)[before:]
    assert (search.deed, search.detail["count"]) == ("search", 2)


def test_search_settles_by_itself_when_nobody_types_on(in_town: AtWork) -> None:
    window, hands, desk = in_town
    before = len(entries(desk))

    look_for(window, hands, "가상")
    hands.wait_until(lambda: len(entries(desk)) > before, "the entry of the search")

    assert [entry.deed for entry in entries(desk)[before:]] == ["search"]


def test_phone_number_typed_in_the_list_is_one_search(in_town: AtWork) -> None:
    window, hands, desk = in_town
    go(window, hands, "households")
    before = len(entries(desk))

    hands.type_text("010-0000-0102")
    rest(window, hands)
    hands.press("Return")
    hands.wait_until(desk.households.is_detail, "the page of the household")
    rest(window, hands)

    assert [entry.deed for entry in entries(desk)[before:]] == ["search", "view"]
