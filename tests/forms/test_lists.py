"""Lists from outside a form, as long as an office's households: asked late, and row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from fieldapp.forms import Filling, FormDefinition, Question
from tests.forms.making import form_of, surroundings
from tests.forms.rows import Rows

VISIT = """
| survey |
| | type | name | label | calculation | choice_filter | relevant |
| | csv-external | person | | | | |
| | select_one_from_file household.csv | household | 가구 | | | |
| | text | tong | 통 | | | |
| | select_one_from_file site.csv | site | 시설 | | tong = ${tong} and open = 'yes' | |
| | select_multiple_from_file worker.csv | with | 함께 | | | |
| | calculate | grade_now | | instance('household')/root/item[name = ${household}]/grade | | |
| | calculate | fails | | coalesce(instance('household')/root/item[name = ${household}]/fails, 0) | | |
| | calculate | hh_size | | count(instance('person')/root/item[household = ${household}]) | | |
| | calculate | label_now | | jr:choice-name(${household}, '${household}') | | |
| | note | told | ${grade_now} 등급 | | | |
"""  # noqa: E501 (an XLSForm table is as wide as its sheet)

HOMES = (
    {"name": "h1", "label": "김가상 님 댁", "grade": "risk", "fails": "2", "__version": "4"},
    {"name": "h2", "label": "이가상 님 댁", "grade": "watch"},
    {"name": "h3", "label": "가상 Smith", "grade": "watch"},
)
SITES = (
    {"name": "s1", "label": "첫째 센터", "tong": "1", "open": "yes"},
    {"name": "s2", "label": "둘째 센터", "tong": "1", "open": "no"},
    {"name": "s3", "label": "셋째 센터", "tong": "2", "open": "yes"},
)


class SearchedRows(Rows):
    """A list that has an index of its own."""

    def search(self, text: str, limit: int) -> Iterator[Mapping[str, str]]:
        """Always the second row."""
        assert limit == 5
        yield from self.find("name", "h2" if text == "이" else "")


def lists() -> dict[str, Rows]:
    """The lists of a small office."""
    return {
        "household": Rows(*HOMES),
        "site": Rows(*SITES),
        "worker": Rows({"name": "w1", "label": "가상-하나"}, {"name": "w2", "label": "가상-둘"}),
        "person": Rows(
            {"name": "p1", "household": "h1"},
            {"name": "p2", "household": "h1"},
            {"name": "p3", "household": "h2"},
        ),
    }


def definition() -> FormDefinition:
    """The visit form."""
    return form_of(VISIT)


def opened(given: Mapping[str, Rows]) -> Filling:
    """The visit form with these lists."""
    return Filling.start(definition(), surroundings(), given)


def question(filling: Filling, name: str) -> Question:
    """A question of the visit form."""
    return next(e for e in filling.body if isinstance(e, Question) and e.name == name)


def test_opening_answering_and_saving_never_go_through_a_list() -> None:
    given = lists()
    filling = opened(given)

    filling.answer("household", "h1")
    filling.answer("tong", "1")
    filling.answer("site", "s1")

    assert filling.value("grade_now") == "risk"
    assert filling.value("hh_size") == "2"
    assert question(filling, "told").label == "risk 등급"
    assert filling.answers()["fails"] == "2"
    assert [rows.scans for rows in given.values()] == [0, 0, 0, 0]


def test_the_words_of_the_chosen_one_are_looked_up_by_its_id_alone() -> None:
    given = lists()
    filling = opened(given)
    filling.answer("household", "h1")

    household = question(filling, "household")

    assert household.choice_label("h1") == filling.value("label_now") == "김가상 님 댁"
    assert household.choice_label("nobody") == ""
    assert household.choice_label("") == ""
    assert given["household"].scans == 0
    assert ("name", "") not in given["household"].found


def test_a_choice_made_before_has_its_words_though_the_filter_leaves_it_out_now() -> None:
    filling = opened(lists())
    filling.answer("tong", "1")

    assert question(filling, "site").choice_label("s3") == "셋째 센터"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["h1", "h2", "h3"]),
        ("가상", ["h1", "h2", "h3"]),
        ("ㄱㄱ", ["h1"]),
        ("ㄱㅅ ㄴ ㄷ", ["h1", "h2"]),
        ("김ㄱㅅ", ["h1"]),
        ("ㅅ 님", ["h1", "h2"]),
        ("이ㄱㄱ", []),
        ("smith", ["h3"]),
        (" 이 ", ["h2"]),
        ("없는 이름", []),
    ],
)
def test_choices_are_found_by_a_part_of_their_words_or_their_initial_consonants(
    text: str, found: list[str]
) -> None:
    household = question(opened(lists()), "household")

    assert [choice.value for choice in household.search(text, 5)] == found
    assert [choice.value for choice in household.search(text, 1)] == found[:1]


def test_a_list_with_an_index_of_its_own_is_searched_by_it() -> None:
    rows = SearchedRows(*HOMES)
    household = question(opened(lists() | {"household": rows}), "household")

    assert [choice.label for choice in household.search("이", 5)] == ["이가상 님 댁"]
    assert rows.scans == 0


def test_searching_again_reads_the_list_no_second_time() -> None:
    given = lists()
    household = question(opened(given), "household")

    for text in ("", "김", "김가", "김가상", "ㄱㄱㅅ", ""):
        household.search(text, 5)

    assert given["household"].scans == 1


def test_a_search_keeps_to_what_is_offered_and_follows_the_filter() -> None:
    given = lists()
    filling = opened(given)
    site = question(filling, "site")
    assert site.search("센터", 5) == ()

    changed = filling.answer("tong", "1")

    assert changed.choices == {"site"}
    assert [choice.value for choice in site.search("센터", 5)] == ["s1"]
    filling.answer("tong", "2")
    assert [choice.value for choice in site.search("센터", 5)] == ["s3"]
    assert given["site"].scans == 0


def test_a_search_of_choices_in_the_form_speaks_the_language_shown(survey: Filling) -> None:
    mode = next(e for e in survey.body if isinstance(e, Question) and e.name == "mode")

    assert [choice.value for choice in mode.search("ㄷㅇㅂㅇ", 5)] == ["helped"]
    survey.show_language("English (en)")
    assert [choice.value for choice in mode.search("person", 5)] == ["self"]
    assert mode.choice_label("self") == "By the person"
    assert not mode.is_from_list


def test_a_question_says_whether_its_choices_come_from_outside() -> None:
    filling = opened(lists())

    assert question(filling, "household").is_from_list
    assert question(filling, "site").is_from_list
    assert not question(filling, "tong").is_from_list


def test_several_chosen_from_a_list_are_kept_as_they_were_chosen() -> None:
    filling = opened(lists())

    filling.answer("with", "w2 w1 w2")

    assert filling.value("with") == "w2 w1"
    assert [question(filling, "with").choice_label(one) for one in ("w2", "w1")] == [
        "가상-둘",
        "가상-하나",
    ]


def test_a_filter_that_no_index_serves_is_gone_through_once_for_each_of_its_answers() -> None:
    given = lists()
    made = form_of(VISIT.replace("tong = ${tong} and open = 'yes'", "name != ${tong}"))
    filling = Filling.start(made, surroundings(), given)
    site = question(filling, "site")

    for text in ("센", "센터", "센"):
        assert [choice.value for choice in site.search(text, 5)] == ["s1", "s2", "s3"]
    filling.answer("tong", "s2")

    assert [choice.value for choice in site.choices] == ["s1", "s3"]
    assert [choice.value for choice in site.search("ㅅㅉ", 5)] == ["s3"]
    assert given["site"].scans == 1


def test_words_of_choices_that_tell_an_answer_tell_the_one_of_now() -> None:
    head = "| | type | name | label::한국어 (ko) | label::English (en) | calculation |"
    filling = Filling.start(
        form_of(
            f"| survey |\n{head}\n| | text | who | 누구 | Who | |\n"
            "| | select_one l | s | 말 | Said | |\n"
            "| | calculate | said | | | jr:choice-name(${s}, '${s}') |\n"
            "| choices |\n| | list_name | name | label::한국어 (ko) | label::English (en) |\n"
            "| | l | a | ${who} 님 말씀 | said by ${who} |\n| | l | b | 그 밖 | other |\n"
        ),
        surroundings(),
    )
    said = question(filling, "s")
    filling.answer("s", "a")
    assert [choice.label for choice in said.choices] == [" 님 말씀", "그 밖"]

    changed = filling.answer("who", "가상-하나")

    assert [choice.label for choice in said.choices] == ["가상-하나 님 말씀", "그 밖"]
    assert changed.texts == {"s"}
    assert filling.value("said") == "가상-하나 님 말씀"
    assert [choice.value for choice in said.search("ㄱㅅ", 5)] == ["a"]


# What was looked up when the form was filled


def test_what_was_looked_up_stays_what_it_was_when_the_record_is_opened_again() -> None:
    filling = opened(lists())
    filling.answer("household", "h1")
    later = lists() | {
        "household": Rows({"name": "h1", "label": "김가상 님 댁", "grade": "watch", "fails": "3"})
    }

    again = Filling.resume(definition(), surroundings(), filling.answers(), later)

    assert again.answers() == filling.answers()
    again.answer("household", "h2")
    assert again.value("grade_now") == ""
    again.answer("household", "h1")
    assert (again.value("grade_now"), again.value("fails")) == ("watch", "3")


def test_a_machine_without_the_lists_keeps_what_was_looked_up_and_chosen() -> None:
    filling = opened(lists())
    for path, text in {"household": "h1", "tong": "1", "site": "s1"}.items():
        filling.answer(path, text)

    again = Filling.resume(definition(), surroundings(), filling.answers())

    assert again.answers() == filling.answers()
    planned = Filling.resume(definition(), surroundings(), {"household": "h1"})
    assert planned.answers().keys() == {"household"}, "nothing is made up"
    assert question(again, "household").is_from_list
    assert question(again, "household").choices == ()
    assert question(again, "household").search("김", 5) == ()
    assert question(again, "household").choice_label("h1") == ""


def test_a_site_that_left_the_list_stays_the_answer_until_its_filter_is_changed() -> None:
    filling = opened(lists())
    filling.answer("tong", "1")
    filling.answer("site", "s1")

    again = Filling.resume(
        definition(), surroundings(), filling.answers(), lists() | {"site": Rows()}
    )

    assert again.value("site") == "s1"
    again.answer("tong", "2")
    assert again.value("site") == ""


# Rows by position


@pytest.mark.parametrize(
    ("predicates", "label"),
    [
        ("[kind = 'x'][2]", "다"),
        ("[kind = 'x'][position() = 2]", "다"),
        ("[kind = 'x' and position() = 3]", "다"),
        ("[kind = 'x'][last()]", "마"),
        ("[kind = 'x'][number(1) + 1]", "다"),
        ("[name != 'a' and kind = 'x']", "다"),
        ("[kind = 'x'][name != 'a'][1]", "다"),
    ],
)
def test_a_row_is_found_by_its_position_among_those_that_pass(predicates: str, label: str) -> None:
    choices = "".join(
        f"| | l | {name} | {words} | {kind} |\n"
        for name, words, kind in (
            ("a", "가", "x"),
            ("b", "나", "y"),
            ("c", "다", "x"),
            ("d", "라", "y"),
            ("e", "마", "x"),
        )
    )
    made = form_of(
        "| survey |\n| | type | name | label | calculation |\n| | select_one l | s | S | |\n"
        f"| | calculate | c | | instance('l')/root/item{predicates}/label |\n"
        f"| choices |\n| | list_name | name | label | kind |\n{choices}"
    )

    assert Filling.start(made, surroundings()).value("c") == label
