"""Answers, relevance, validity, calculates, languages, choices."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fieldapp.errors import AnswerRefused, FormReason, UnknownPath
from fieldapp.forms import ChangeSet, Filling, Group, Question, Violation
from fieldapp.forms.view import Element
from tests.forms.making import NOON, RECORD_ID, SURVEY, form_of, surroundings, survey_of


def opened(rows: str, *, choices: str = "") -> Filling:
    return Filling.start(survey_of(rows, choices=choices), surroundings())


def question(filling: Filling, path: str) -> Question:
    pending: list[Element] = list(filling.body)
    while pending:
        element = pending.pop()
        if isinstance(element, Question) and element.path == path:
            return element
        if isinstance(element, Group):
            pending += element.children
        elif not isinstance(element, Question):
            pending += element.instances
    raise AssertionError(path)


# Beginning


def test_a_new_form_has_its_day_its_id_and_its_name(survey: Filling) -> None:
    survey.answer("serial", "7")

    assert survey.answers() == {
        "today": "2026-12-01",
        "serial": "7",
        "answered": "0",
        "meta/instanceID": f"uuid:{RECORD_ID}",
        "meta/instanceName": "설문 7",
    }


def test_a_form_asks_the_world_given_for_the_time() -> None:
    rows = "| | calculate | d | | | today() | |\n| | calculate | t | | | now() | |"
    filling = Filling.start(survey_of(rows), surroundings(NOON))

    assert filling.value("d") == "2026-12-01"
    assert filling.value("t") == "2026-12-01T12:00:00.000+09:00"


def test_defaults_are_answers_from_the_start() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | default |\n| | text | a | A | 처음 |\n"
        "| | date | d | D | today() |\n"
    )
    filling = Filling.start(definition, surroundings())

    assert (filling.value("a"), filling.value("d")) == ("처음", "2026-12-01")


# Answering


def test_an_answer_tells_what_it_changed_and_nothing_more(survey: Filling) -> None:
    assert survey.answer("items/q1", "5") == ChangeSet(
        values=frozenset({"items/q1", "answered", "mean5"}), states=frozenset({"items/q1"})
    )
    assert survey.answer("items/q1", "5") == ChangeSet()


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("integer", " 007 ", "7"),
        ("integer", "１２", "12"),
        ("integer", "-3", "-3"),
        ("decimal", "1.50", "1.5"),
        ("decimal", ".5", "0.5"),
        ("date", "2026-02-28", "2026-02-28"),
        ("integer", "4.5", "4"),
        ("integer", "-4.5", "-4"),
        ("integer", "2147483647", "2147483647"),
        ("time", "09:30:00", "09:30:00"),
        ("date", "2026-02-28T09:30:00", "2026-02-28"),
        ("dateTime", "2026-02-28T09:30:00.000+09:00", "2026-02-28T09:30:00.000+09:00"),
        ("geopoint", "37.5 127.0 0 0", "37.5 127.0 0 0"),
        ("text", "냉방기 고장 ", "냉방기 고장 "),
        ("text", "  ", ""),
    ],
)
def test_an_answer_is_kept_as_its_type_writes_it(kind: str, typed: str, kept: str) -> None:
    filling = opened(f"| | {kind} | a | A | | | |")

    filling.answer("a", typed)

    assert filling.value("a") == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("integer", "열"),
        ("integer", "1e3"),
        ("integer", "2147483648"),
        ("integer", "-2147483649"),
        ("integer", "9" * 19),
        ("decimal", "1,5"),
        ("date", "2026-02-29"),
        ("date", "내일"),
        ("time", "25:00:00"),
        ("time", "09:30"),
        ("dateTime", "2026-02-28T09:30:00+0900"),
        ("dateTime", "2026-02-28"),
        ("geopoint", "91 0"),
    ],
)
def test_an_answer_of_another_type_is_refused_and_nothing_changes(kind: str, typed: str) -> None:
    filling = opened(f"| | {kind} | a | A | | | |")
    before = filling.draft_answers()

    with pytest.raises(AnswerRefused) as caught:
        filling.answer("a", typed)

    assert caught.value.facts["path"] == "a"
    assert typed not in str(caught.value)
    assert filling.draft_answers() == before


def test_choices_are_kept_once_each_in_the_order_of_the_list() -> None:
    choices = "| | l | a | 가 | |\n| | l | b | 나 | |\n"
    filling = opened("| | select_multiple l | s | S | | | |", choices=choices)

    filling.answer("s", " b  a b ")

    assert filling.value("s") == "a b"


@pytest.mark.parametrize("path", ["nothing", "items", "items/q9", ""])
def test_an_answer_to_what_the_form_does_not_ask_is_refused(survey: Filling, path: str) -> None:
    with pytest.raises(UnknownPath):
        survey.answer(path, "1")


# Relevance


def test_an_irrelevant_answer_is_empty_absent_and_remembered(survey: Filling) -> None:
    survey.answer("mode", "helped")
    survey.answer("helper", "family")

    changed = survey.answer("mode", "self")

    assert changed.states == {"mode", "helper", "helper_note"}
    assert survey.value("helper") == ""
    assert "helper" not in survey.answers()
    assert survey.draft_answers()["helper"] == "family"

    survey.answer("mode", "helped")

    assert survey.value("helper") == "family"


def test_what_stands_in_an_irrelevant_group_is_irrelevant() -> None:
    filling = opened(
        "| | text | a | A | | | |\n| | begin_group | g | G | ${a}='y' | | |\n"
        "| | begin_group | h | H | | | |\n| | text | b | B | | | |\n| | end_group | | | | | |\n"
        "| | end_group | | | | | |\n| | calculate | c | | | concat('[', ${b}, ']') | |"
    )
    filling.answer("a", "y")
    filling.answer("g/h/b", "1")
    assert filling.value("c") == "[1]"

    filling.answer("a", "n")

    assert filling.value("c") == "[]"
    assert not question(filling, "g/h/b").is_relevant


def test_a_calculate_that_becomes_relevant_is_calculated_then() -> None:
    filling = opened(
        "| | text | a | A | | | |\n| | integer | n | N | | | |\n"
        "| | calculate | c | | ${a}='y' | ${n} * 2 | |"
    )
    filling.answer("n", "4")
    assert filling.value("c") == ""

    filling.answer("a", "y")

    assert filling.value("c") == "8"


# Validity


def test_required_and_constraint_are_told_in_form_order_and_in_the_language_shown(
    survey: Filling,
) -> None:
    survey.answer("serial", "0")

    assert [(v.path, v.kind) for v in survey.violations()] == [
        ("batch", "required"),
        ("serial", "constraint"),
        ("mode", "required"),
        ("items/q1", "required"),
        ("items/q2", "required"),
        ("items/q3", "required"),
        ("damage", "required"),
    ]
    assert survey.violation("serial") == Violation(
        "serial", "constraint", "1보다 작은 번호는 쓸 수 없습니다"
    )
    survey.show_language("English (en)")
    violation = survey.violation("serial")
    assert violation is not None
    assert violation.message == "Not below 1"


def test_an_empty_answer_breaks_no_constraint(survey: Filling) -> None:
    survey.answer("serial", "0")
    survey.answer("serial", "")

    violation = survey.violation("serial")

    assert violation is not None
    assert violation.kind == "required"


def test_an_irrelevant_question_is_not_required(survey: Filling) -> None:
    assert survey.violation("helper") is None
    survey.answer("mode", "helped")
    assert survey.violation("helper") is not None


def test_a_constraint_on_another_answer_is_judged_again_when_that_changes() -> None:
    filling = opened("| | integer | least | L | | | |\n| | integer | a | A | | | . >= ${least} |")
    filling.answer("least", "1")
    filling.answer("a", "3")
    assert filling.violations() == ()

    changed = filling.answer("least", "5")

    assert changed.states == {"a"}
    assert filling.violation("a") is not None


# Calculating


def test_the_mean_of_the_survey_is_rounded_half_up_and_leaves_no_answer_out(
    survey: Filling,
) -> None:
    for path, digit in (("items/q1", "5"), ("items/q2", "4"), ("items/q3", "9")):
        survey.answer(path, digit)
    assert (survey.value("answered"), survey.value("mean5")) == ("2", "4.5")

    survey.answer("items/q3", "4")
    assert (survey.value("answered"), survey.value("mean5")) == ("3", "4.33")


def test_nobody_answered_leaves_the_mean_empty(survey: Filling) -> None:
    assert survey.value("mean5") == ""


# Seeing


def test_labels_hints_and_choices_follow_the_language(survey: Filling) -> None:
    note, mode = question(survey, "damage_note"), question(survey, "mode")
    assert (note.label, note.hint) == ("어떤 일이었습니까", "이름은 적지 마세요")
    assert [choice.label for choice in mode.choices] == ["본인이 작성", "도움받아 작성"]

    survey.show_language("English (en)")

    assert (note.label, note.hint) == ("What happened", "No names")
    assert [choice.label for choice in mode.choices] == ["By the person", "With help"]
    assert [choice.value for choice in mode.choices] == ["self", "helped"]


def test_an_output_shows_the_answer_and_the_change_says_so(survey: Filling) -> None:
    changed = survey.answer("serial", "12")

    assert changed.texts == {"helper_note"}
    assert question(survey, "helper_note").label == "12번은 직원이 돕지 않습니다."


def test_a_question_shows_what_a_window_needs(survey: Filling) -> None:
    serial, notice = question(survey, "serial"), question(survey, "notice")
    assert (serial.control, serial.data_type, serial.is_required) == ("input", "int", True)
    assert (notice.is_note, notice.is_readonly, notice.is_required) == (True, True, False)
    assert question(survey, "damage_note").appearance == "multiline"
    groups = [element for element in survey.body if isinstance(element, Group)]
    assert [(group.path, group.appearance, group.label) for group in groups] == [
        ("items", "field-list", "서비스는 어떠셨습니까?")
    ]


def test_choices_that_depend_on_an_answer_follow_it_and_drop_what_is_gone() -> None:
    definition = form_of(
        "| survey |\n| | type | name | label | choice_filter |\n"
        "| | select_one k | kind | K | |\n| | select_one t | town | T | kind = ${kind} |\n"
        "| choices |\n| | list_name | name | label | kind |\n"
        "| | k | x | 엑스 | |\n| | k | y | 와이 | |\n"
        "| | t | a | 가 | x |\n| | t | b | 나 | y |\n| | t | c | 다 | y |\n"
    )
    filling = Filling.start(definition, surroundings())
    town = question(filling, "town")
    filling.answer("kind", "y")
    assert [choice.label for choice in town.choices] == ["나", "다"]
    filling.answer("town", "c")

    changed = filling.answer("kind", "x")

    assert changed.choices == {"town"}
    assert [choice.value for choice in town.choices] == ["a"]
    assert filling.value("town") == ""


def test_a_list_from_outside_is_asked_only_for_the_rows_that_are_wanted() -> None:
    class People:
        asked: list[tuple[str, str]] = []  # noqa: RUF012 (one list for this test)

        def find(self, column: str, value: str) -> list[dict[str, str]]:
            self.asked.append((column, value))
            rows = {"h1": {"name": "p1", "label": "가상-하나", "household": "h1"}}
            return [rows[value]] if column == "household" and value in rows else []

        def scan(self) -> list[dict[str, str]]:
            raise AssertionError("nobody asked for everyone")

    definition = form_of(
        "| survey |\n| | type | name | label | choice_filter |\n| | text | h | 가구 | |\n"
        "| | select_one_from_file people.csv | who | 누구 | household = ${h} |\n"
    )
    filling = Filling.start(definition, surroundings(), {"people": People()})

    filling.answer("h", "h1")

    assert [choice.label for choice in question(filling, "who").choices] == ["가상-하나"]
    assert set(People.asked) == {("household", "h1")}


def test_rows_of_a_list_come_in_the_list_s_order_however_they_are_reached() -> None:
    before = "instance('l')/root/item[name='c']/preceding-sibling::item/name"
    filling = opened(
        f"| | select_one l | s | S | | | |\n| | calculate | c | | | join(',', {before}) | |",
        choices="| | l | a | 가 | |\n| | l | b | 나 | |\n| | l | c | 다 | |\n",
    )

    assert filling.value("c") == "a,b"


# Resuming


def test_a_draft_comes_back_as_it_was_left(survey: Filling) -> None:
    survey.answer("mode", "helped")
    survey.answer("helper", "family")
    survey.answer("mode", "self")
    survey.answer("items/q1", "4")

    again = Filling.resume(form_of(SURVEY), surroundings(), survey.draft_answers())

    assert again.draft_answers() == survey.draft_answers()
    assert again.answers() == survey.answers()
    assert again.violations() == survey.violations()


def test_answers_that_the_form_does_not_have_are_kept_apart_and_given_back(
    survey: Filling,
) -> None:
    old = survey.answers() | {"gone": "1", "items/q8": "2", "areas[x]/y": "3", "a//b[": "4"}

    again = Filling.resume(form_of(SURVEY), surroundings(), old)

    assert again.unknown_answers == {"gone": "1", "items/q8": "2", "areas[x]/y": "3", "a//b[": "4"}
    assert again.answers() == old


def test_what_was_calculated_from_the_clock_is_not_calculated_again() -> None:
    definition = survey_of(
        "| | integer | n | N | | | |\n| | calculate | d | | | today() | |\n"
        "| | calculate | m | | | ${n} + 1 | |"
    )
    first = Filling.start(definition, surroundings())
    first.answer("n", "1")

    later = surroundings(NOON + timedelta(days=3))
    again = Filling.resume(definition, later, first.answers() | {"n": "5"})

    assert (again.value("d"), again.value("m")) == ("2026-12-01", "6")


def test_reasons_have_a_phrase_each() -> None:
    from fieldapp.messages import FORM_REASONS

    assert set(FORM_REASONS) == set(FormReason)
