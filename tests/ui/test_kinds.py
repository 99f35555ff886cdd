"""Every kind of question by keyboard: days, hours, several answers, ranges, long lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.forms import Filling
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.searching import SearchChoice
from fieldapp.ui.questions.typed import day_typed, hour_answer, hour_of, hour_typed
from fieldapp.ui.words import day_text
from tests.ui.sheets import EVERY_KIND, NOON, VISIT

Form = tuple[FillingView, Hands, Filling]
Opened = Callable[..., Form]
TODAY = date(2026, 11, 30)


@pytest.fixture
def kinds(opened: Opened) -> Form:
    return opened(EVERY_KIND, Sheet(aids=Aids(now=lambda: NOON), is_new=True))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1130", date(2026, 11, 30)),
        ("20270105", date(2027, 1, 5)),
        ("270105", date(2027, 1, 5)),
        ("705", date(2026, 7, 5)),
        ("7", date(2026, 11, 7)),
        ("+1", date(2026, 12, 1)),
        ("-30", date(2026, 10, 31)),
        ("2026. 11. 30.(월)", date(2026, 11, 30)),
        ("11/30", date(2026, 11, 30)),
        ("내일", date(2026, 12, 1)),
        ("1331", None),
        ("0229", None),
        ("", None),
        ("일주일 뒤", None),
        ("123456789", None),
        ("+", None),
    ],
)
def test_day_is_read_from_few_digits(text: str, day: date | None) -> None:
    assert day_typed(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("1405", time(14, 5)),
        ("905", time(9, 5)),
        ("14", time(14)),
        ("14:5", time(14, 5)),
        ("오후 2시", time(14)),
        ("오후 2시 5분", time(14, 5)),
        ("2405", None),
        ("1460", None),
        ("", None),
        ("아침", None),
    ],
)
def test_hour_is_read_from_few_digits(text: str, hour: time | None) -> None:
    assert hour_typed(text) == hour


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_what_a_day_is_shown_as_is_read_as_that_day(day: date) -> None:
    assert day_typed(day_text(day), TODAY) == day
    assert day_typed(f"{day:%Y%m%d}", TODAY) == day


@given(st.times())
def test_an_hour_comes_back_from_its_answer(hour: time) -> None:
    hour = hour.replace(second=0, microsecond=0)

    assert hour_of(hour_answer(hour, TODAY, NOON.tzinfo)) == hour


def test_day_is_typed_moved_by_arrows_and_shown_with_its_weekday(kinds: Form) -> None:
    view, hands, filling = kinds
    assert view.cursor_path() == "all/day"

    hands.type_text("1130")
    row = view.asking.page().rows["all/day"]
    assert filling.value("all/day") == "2026-11-30"
    hands.press("Up")
    assert filling.value("all/day") == "2026-12-01"
    hands.press("Return")

    assert row.answer.focus_box().property("text") == "2026. 12. 1.(화)"
    assert view.cursor_path() == "all/hour"


def test_text_that_is_no_day_is_no_answer_and_the_day_before_it_stays(kinds: Form) -> None:
    view, hands, filling = kinds
    hands.type_text("1129")
    hands.press("Return", "Shift+Return")

    hands.type_text("99/99")
    assert filling.value("all/day") == ""
    hands.press("Return")

    assert filling.value("all/day") == "2026-11-29"
    box = view.asking.page().rows["all/day"].answer.focus_box()
    assert box.property("text") == "2026. 11. 29.(일)"


def test_hour_and_moment_are_typed(kinds: Form) -> None:
    view, hands, filling = kinds
    hands.press("Return")

    hands.type_text("1405")
    hands.press("Return")
    hands.type_text("1129")
    hands.press("Return")
    hands.type_text("930")
    hands.press("Return")

    assert filling.value("all/hour") == "14:05:00.000+09:00"
    assert filling.value("all/moment") == "2026-11-29T09:30:00.000+09:00"
    assert view.cursor_path() == "all/dose"


def test_decimal_takes_a_point_and_no_letters(kinds: Form) -> None:
    view, hands, filling = kinds
    view.asking.stand_at("all/dose")

    hands.type_text("1.5a")

    assert filling.value("all/dose") == "1.5"


def test_digits_toggle_several_and_enter_goes_on(kinds: Form) -> None:
    view, hands, filling = kinds
    view.asking.stand_at("all/signs")

    hands.press("3", "1")
    assert filling.value("all/signs") == "mail light"
    hands.press("3")
    assert filling.value("all/signs") == "mail"
    hands.press("Return")

    assert view.cursor_path() == "all/town"


def test_none_and_not_known_clear_the_rest_and_are_cleared_by_it(kinds: Form) -> None:
    view, hands, filling = kinds
    view.asking.stand_at("all/signs")

    hands.press("1", "2", "0")
    assert filling.value("all/signs") == "none"
    hands.press("9")
    assert filling.value("all/signs") == "unk"
    hands.press("2")
    assert filling.value("all/signs") == "smell"


def test_several_are_walked_by_arrows_and_taken_by_space(kinds: Form) -> None:
    view, hands, filling = kinds
    view.asking.stand_at("all/signs")

    hands.press("Right", "Right", "Space")

    assert filling.value("all/signs") == "smell"


def test_search_box_finds_by_initials_and_clears_when_emptied(kinds: Form) -> None:
    view, hands, filling = kinds
    view.asking.stand_at("all/town")
    answer = view.asking.page().rows["all/town"].answer
    assert isinstance(answer, SearchChoice)

    hands.compose("ㅅㅂㄹ")
    assert answer.found() == ("가상-솔바람동",)
    hands.press("Return")
    assert filling.value("all/town") == "b"

    hands.press("Shift+Return", "Ctrl+A", "Backspace", "Return")
    assert filling.value("all/town") == ""


def test_half_a_search_leaves_what_was_chosen(kinds: Form) -> None:
    view, hands, filling = kinds
    view.asking.stand_at("all/town")
    hands.compose("물결")
    hands.press("Return", "Shift+Return")

    hands.press("Ctrl+A")
    hands.compose("햇")
    hands.press("Tab")

    assert filling.value("all/town") == "c"
    assert view.asking.page().rows["all/town"].answer.focus_box().property("text") == "가상-물결동"


def test_short_range_is_chosen_by_its_digit_and_long_one_typed(kinds: Form) -> None:
    view, hands, filling = kinds
    view.asking.stand_at("all/pain")

    hands.press("4")
    assert view.cursor_path() == "all/temperature"
    hands.type_text("36.5")

    assert filling.value("all/pain") == "4"
    assert filling.value("all/temperature") == "36.5"


def test_notice_is_acknowledged_by_one_digit(kinds: Form) -> None:
    view, hands, filling = kinds
    view.asking.stand_at("all/read")

    hands.press("1")

    assert filling.value("all/read") == "OK"
    assert view.cursor_path() == "all/room"


def test_nurse_and_neighbour_go_together_but_not_with_alone(opened: Opened) -> None:
    view, hands, filling = opened(VISIT)
    view.asking.stand_at("meet/companion")

    hands.press("1", "2")
    assert filling.value("meet/companion") == "nurse tong"
    hands.press("0")

    assert filling.value("meet/companion") == "none"
