"""A mistake that pyxform finds is told at its place, also where pyxform names none."""

from __future__ import annotations

import re

import pytest

from tests.packs.sources import advised_of, told_of

HEAD = "type | name | label | parameters | appearance | trigger | save_to | relevant | calculation"
TWO_CHOICES = ("list_name | name | label", "yn | yes | 예", "yn | no | 아니오")

#: What is wrong: the sheets, then where it is to be told.
MISTAKES: dict[str, tuple[dict[str, tuple[str, ...]], tuple[str, int, str]]] = {
    "an unknown type": (
        {"survey": (HEAD, "text | a | 가", "txet | b | 나", "text | c | 다")},
        ("survey", 3, "type"),
    ),
    "a type left empty": (
        {"survey": (HEAD, "text | a | 가", " | b | 나")},
        ("survey", 3, "type"),
    ),
    "a name left empty": (
        {"survey": (HEAD, "text | a | 가", "text | | 나")},
        ("survey", 3, "name"),
    ),
    "a name that is none": ({"survey": (HEAD, "text | 1 a | 가")}, ("survey", 2, "name")),
    "a name twice": (
        {"survey": (HEAD, "text | a | 가", "text | a | 나")},
        ("survey", 3, "name"),
    ),
    "a list that is nowhere": (
        {"survey": (HEAD, "text | a | 가", "select_one yes | b | 나"), "choices": TWO_CHOICES},
        ("survey", 3, "type"),
    ),
    "no list at all": ({"survey": (HEAD, "select_one yn | a | 가")}, ("survey", 2, "type")),
    "a group without an end": (
        {"survey": (HEAD, "text | a | 가", "begin_group | g | 묶음", "text | b | 나")},
        ("survey", 3, "type"),
    ),
    "an end without a group": (
        {"survey": (HEAD, "text | a | 가", "end_group")},
        ("survey", 3, "type"),
    ),
    "a reference to nothing": (
        {"survey": (HEAD, "text | a | 가", "text | b | 나 | | | | | ${c} = 1")},
        ("survey", 3, "relevant"),
    ),
    "a reference half written": (
        {"survey": (HEAD, "text | a | 가", "text | b | 나 | | | | | ${a = 1")},
        ("survey", 3, "relevant"),
    ),
    "a calculation left empty": (
        {"survey": (HEAD, "text | a | 가", "calculate | b")},
        ("survey", 3, "calculation"),
    ),
    "an unknown parameter": (
        {"survey": (HEAD, "text | a | 가 | size=3")},
        ("survey", 2, "parameters"),
    ),
    # From here on pyxform's own sentence names no row.
    "a photo's size in words": (
        {"survey": (HEAD, "text | a | 가", "image | b | 나 | max-pixels=big", "text | c | 다")},
        ("survey", 3, "parameters"),
    ),
    "the last row's quality": (
        {"survey": (HEAD, "text | a | 가", "audio | b | 나 | quality=best")},
        ("survey", 3, "parameters"),
    ),
    "a choice name with a space": (
        {
            "survey": (HEAD, "select_multiple yn | a | 가"),
            "choices": ("list_name | name | label", "yn | yes | 예", "yn | not so | 아니오"),
        },
        ("choices", 3, "name"),
    ),
    "a trigger that is never shown": (
        {"survey": (HEAD, "calculate | a | | | | | | | 1", "calculate | b | | | | ${a} | | | 2")},
        ("survey", 3, "trigger"),
    ),
    "an outside list declared twice": (
        {"survey": (HEAD, "text | a | 가", "csv-external | b", "xml-external | b")},
        ("survey", 4, "name"),
    ),
    "a save_to without a list": (
        {"survey": (HEAD, "text | a | 가 | | | | age")},
        ("survey", 2, "save_to"),
    ),
    "a list that creates and has no label": (
        {
            "survey": (HEAD, "text | a | 가 | | | | age"),
            "entities": ("list_name | create_if", "person | true()"),
        },
        ("entities", 2, "label"),
    ),
    "two heads for one column": (
        {"survey": ("type | name | label | relevant | relevance", "text | a | 가 | 1 | 1")},
        ("survey", 0, ""),
    ),
}


@pytest.mark.parametrize(("sheets", "place"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_at_its_place_in_both_languages(
    sheets: dict[str, tuple[str, ...]], place: tuple[str, int, str]
) -> None:
    (problem,) = told_of(sheets)

    assert (problem.sheet, problem.row, problem.column) == place
    assert re.search("[가-힣]", problem.problem + problem.remedy)
    assert "pyxform:" not in problem.remedy  # one that the catalogue knows
    assert problem.english is not None


def test_each_choice_written_twice_is_told_with_its_row() -> None:
    problems = told_of(
        {
            "survey": (HEAD, "select_one yn | a | 가"),
            "choices": (*TWO_CHOICES, "yn | yes | 네", "yn | no | 아니"),
        }
    )

    assert [(one.sheet, one.row, one.column) for one in problems] == [
        ("choices", 4, "name"),
        ("choices", 5, "name"),
    ]


def test_a_column_is_called_as_the_workbook_calls_it() -> None:
    head = HEAD.replace("relevant", "Relevance")
    (problem,) = told_of({"survey": (head, "text | a | 가 | | | | | ${c} = 1")})

    assert problem.column == "Relevance"


def test_a_sheet_is_called_as_the_workbook_calls_it() -> None:
    (problem,) = told_of({"Survey": (HEAD, "text | a | 가", "txet | b | 나")})

    assert problem.sheet == "Survey"


def test_advice_is_told_at_its_place_in_both_languages() -> None:
    advised = advised_of(
        {
            "survey": (
                "type | name | label::한국어 (ko) | label::English",
                "image | a | 가 | A",
                "begin_repeat | r",
                "text | A | 나 | B",
                "text | a | 다 | C",
                "end_repeat",
            ),
        }
    )

    assert [(one.sheet, one.row, one.column) for one in advised] == [
        ("survey", 2, ""),
        ("survey", 3, "label::한국어 (ko)"),
        ("survey", 5, "name"),
        ("survey", 0, "label::한국어 (ko)"),
    ]
    assert all(one.english is not None for one in advised)
    assert not any("pyxform" in one.as_text() for one in advised)


def test_a_language_half_translated_is_told_by_its_column() -> None:
    advised = advised_of(
        {
            "survey": (
                "type | name | label::한국어 (ko) | hint::한국어 (ko) | label::English (en)",
                "text | a | 가 | 나 | A",
            ),
            "choices": (
                "list_name | name | label | label::English (en) | image",
                "l | a | 가 | A | a.png",
            ),
        }
    )

    assert [(one.sheet, one.problem) for one in advised] == [
        ("survey", "언어 'English (en)'에 hint 열이 없습니다."),
        ("choices", "언어 'English (en)'에 image 열이 없습니다."),
    ]


def test_columns_that_all_have_a_language_but_one_are_told() -> None:
    advised = advised_of(
        {"survey": ("type | name | label::한국어 (ko) | hint", "text | a | 가 | 나")}
    )

    assert [one.problem for one in advised] == [
        "언어를 붙인 열만 있고 언어 없는 label 열이 없습니다.",
        "언어 '한국어 (ko)'에 hint 열이 없습니다.",
    ]


def test_no_cell_beside_the_mistake_is_quoted() -> None:
    (problem,) = told_of(
        {"survey": (HEAD, "text | a | 가상-홍길동 010-0000-0000", " | b | 가상-비밀")}
    )

    assert "가상" not in problem.as_text()
    assert "가상" not in str(problem.english)
