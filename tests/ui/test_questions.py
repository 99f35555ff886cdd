"""Each kind of question by itself: digits, columns, search, and what cannot be asked yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QWidget

from fieldapp.forms import Choice
from fieldapp.ui.hands import Hands
from fieldapp.ui.questions.choosing import DigitChoice, DigitColumn
from fieldapp.ui.questions.digits import digit_keys, layout_of, shares_a_head
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.notes import NotYet
from fieldapp.ui.questions.registry import is_asked, widget_for
from fieldapp.ui.questions.row import QuestionRow
from fieldapp.ui.questions.searching import SearchChoice
from fieldapp.ui.questions.texts import SeveralLines, TextLine, WholeNumber

HandsOn = Callable[[QWidget], Hands]
TOWNS = tuple(
    Choice(name, name)
    for name in [
        "강릉",
        "고성",
        "동해",
        "삼척",
        "속초",
        "양구",
        "양양",
        "영월",
        "원주",
        "인제",
        "정선",
        "철원",
    ]
)


def asked(control: str = "select1", count: int = 3, **facts: object) -> Asked:
    base = Asked(
        path="q",
        control=control,
        data_type="string",
        appearance="",
        label="물음",
        hint="",
        value="",
        choices=choices(*(f"c{n}" for n in range(count))) if control == "select1" else (),
        is_relevant=True,
        is_required=False,
        is_readonly=False,
        is_note=False,
    )
    return replace(base, **facts)  # type: ignore[arg-type]


def choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name, f"보기 {name}") for name in names)


def test_choice_named_by_a_digit_has_that_digit_and_others_count_from_one() -> None:
    assert digit_keys(choices("1", "2", "9")) == ("1", "2", "9")
    assert digit_keys(choices("self", "helped", "paper")) == ("1", "2", "3")
    assert digit_keys(choices("yes", "1", "none", "0")) == ("2", "1", "3", "0")


@given(st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=14))
def test_no_digit_is_given_twice(names: list[str]) -> None:
    given_digits = [digit for digit in digit_keys(choices(*names)) if digit]

    assert len(given_digits) == len(set(given_digits))
    assert all(len(digit) == 1 and digit in "0123456789" for digit in given_digits)


@pytest.mark.parametrize(
    ("names", "layout"),
    [
        ("12345", "row"),
        ("1234509", "row"),  # none and not known stand apart and do not count
        ("123456", "column"),
        ("abcdefghi", "column"),
        ("abcdefghij", "search"),
    ],
)
def test_layout_follows_how_many_answers_there_are(names: str, layout: str) -> None:
    assert layout_of(choices(*names)) == layout


def test_grid_needs_three_questions_with_one_scale() -> None:
    scale, longer = choices("1", "2", "3", "9"), choices("1", "2", "3", "9", "0")

    assert shares_a_head([scale, longer, scale])
    assert not shares_a_head([scale, scale])
    assert not shares_a_head([scale, scale, choices("1", "2", "4")])
    assert not shares_a_head([scale, scale, choices("a", "b", "c")])


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (asked(), DigitChoice),
        (asked(count=7), DigitColumn),
        (asked(count=12), SearchChoice),
        (asked(appearance="minimal"), SearchChoice),
        (asked("input"), TextLine),
        (asked("input", appearance="multiline"), SeveralLines),
        (asked("input", data_type="int"), WholeNumber),
        (asked("upload", data_type="binary"), NotYet),
        (asked("input", data_type="geopoint"), NotYet),
    ],
)
def test_every_question_has_the_widget_of_its_kind(
    question: Asked, kind: type[QWidget], hands_on: HandsOn
) -> None:
    row = QuestionRow(question, widget_for(question))
    hands_on(row)

    assert type(row.answer) is kind
    assert row.can_answer() == is_asked(question) == (kind is not NotYet)


def test_kind_that_cannot_be_asked_yet_says_so_and_shows_what_stands_there(
    hands_on: HandsOn,
) -> None:
    question = asked("input", data_type="geopoint", value="37.5 127.0")
    answer = widget_for(question)
    row = QuestionRow(question, answer)
    hands_on(row)

    assert isinstance(answer, NotYet)
    assert "아직 적을 수 없는 문항" in answer.said.words()
    assert "37.5 127.0" in answer.said.words()


def test_column_walks_by_up_and_down(hands_on: HandsOn) -> None:
    question = asked(count=7)
    answer = widget_for(question)
    hands = hands_on(QuestionRow(question, answer))
    heard: list[str] = []
    answer.answered.connect(heard.append)
    answer.setFocus()

    hands.press("Down", "Down", "Up")

    assert heard == ["c0", "c1", "c0"]


def test_search_finds_by_initials_and_enter_takes_what_is_marked(hands_on: HandsOn) -> None:
    question = asked(choices=TOWNS)
    answer = widget_for(question)
    hands = hands_on(QuestionRow(question, answer))
    heard: list[str] = []
    answer.answered.connect(heard.append)
    went: list[bool] = []
    answer.went_on.connect(lambda: went.append(True))
    answer.focus_box().setFocus()

    hands.compose("ㅇㅇ")
    hands.press("Down", "Down")
    hands.press("Return")

    assert heard == ["영월"]
    assert went == [True]


def test_search_sees_the_syllable_still_being_composed(hands_on: HandsOn) -> None:
    question = asked(choices=TOWNS)
    answer = widget_for(question)
    hands = hands_on(QuestionRow(question, answer))
    heard: list[str] = []
    answer.answered.connect(heard.append)
    answer.focus_box().setFocus()

    hands.preedit("철")
    hands.press("Return")

    assert heard == ["철원"]


def test_readonly_choice_takes_no_digit(hands_on: HandsOn) -> None:
    question = asked(is_readonly=True, value="c1")
    answer = widget_for(question)
    hands = hands_on(QuestionRow(question, answer))
    heard: list[str] = []
    answer.answered.connect(heard.append)
    answer.setFocus()

    hands.press("1", "Backspace", "Right")

    assert heard == []
