"""The shape of a monitoring checklist: areas and items counted, improvements added (F2)."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.forms import (
    Filling,
    Group,
    Question,
    Repeat,
    answers_from_xml,
    submission_xml,
)
from tests.forms.making import form_of, surroundings

CHECKLIST = """
| survey |
| | type | name | label | calculation | repeat_count | required | relevant | choice_filter | default |
| | select_one programme | programme | 사업 | | | yes | | | |
| | calculate | n_areas | | count(instance('areas')/root/item[programme = ${programme}]) | | | | | |
| | begin_repeat | areas | 영역 | | ${n_areas} | | | | |
| | calculate | area_no | | position(..) | | | | | |
| | calculate | area_name | | instance('areas')/root/item[programme = ${programme} and no = ${area_no}]/label | | | | | |
| | calculate | n_items | | count(instance('items')/root/item[programme = ${programme} and area_no = ${area_no}]) | | | | | |
| | begin_repeat | items | ${area_name} | | ${n_items} | | | | |
| | calculate | item_no | | position(..) | | | | | |
| | calculate | item_text | | instance('items')/root/item[programme = ${programme} and area_no = ${area_no}][position() = number(current()/../item_no)]/label | | | | | |
| | select_one score5 | score | ${item_text} | | | yes | | | |
| | text | evidence | 근거 | | | yes | ${score} = 'na' or ${score} = 'unk' or ${score} <= 2 | | |
| | end_repeat | | | | | | | | |
| | calculate | n_scored | | count(../items[score != 'na' and score != 'unk' and score != '']) | | | | | |
| | calculate | area_mean | | if(${n_scored} = 0, '', round(sum(../items/score[. != 'na' and . != 'unk' and . != '']) div ${n_scored}, 2)) | | | | | |
| | end_repeat | | | | | | | | |
| | begin_repeat | improvements | 개선사항 | | | | | | |
| | text | content | 내용 | | | yes | | | |
| | select_one areas | area | 영역 | | | yes | | programme = ${programme} | |
| | select_one urgency | urgency | 급한가 | | | | | | normal |
| | end_repeat | | | | | | | | |
| choices |
| | list_name | name | label | programme | no | area_no |
| | programme | care | 돌봄센터 | | | |
| | programme | re100 | 자원순환가게 | | | |
| | score5 | 5 | 매우 그렇다 | | | |
| | score5 | 4 | 그렇다 | | | |
| | score5 | 3 | 보통이다 | | | |
| | score5 | 2 | 그렇지 않다 | | | |
| | score5 | 1 | 전혀 그렇지 않다 | | | |
| | score5 | na | 해당없음 | | | |
| | score5 | unk | 확인 못 함 | | | |
| | urgency | now | 바로 | | | |
| | urgency | normal | 보통 | | | |
| | areas | care1 | 안전 | care | 1 | |
| | areas | care2 | 급식 | care | 2 | |
| | areas | care3 | 홍보 | care | 3 | |
| | areas | re1 | 접근 | re100 | 1 | |
| | areas | re2 | 운영 | re100 | 2 | |
| | items | c11 | 출입문을 잠근다 | care | | 1 |
| | items | c12 | 비상구가 보인다 | care | | 1 |
| | items | c21 | 식단표를 붙였다 | care | | 2 |
| | items | c31 | 위치를 알 수 있다 | care | | 3 |
| | items | c32 | 신청 안내가 쉽다 | care | | 3 |
| | items | c33 | 누리집이 최신이다 | care | | 3 |
| | items | r11 | 찾기 쉽다 | re100 | | 1 |
| | items | r21 | 저울이 맞다 | re100 | | 2 |
| | items | r22 | 단가표가 있다 | re100 | | 2 |
| settings |
| | form_id | version |
| | check | 1 |
"""  # noqa: E501 (an XLSForm table is as wide as its sheet)

SHAPE = {"care": (2, 1, 3), "re100": (1, 2)}


def opened(programme: str = "care") -> Filling:
    """The checklist of a programme."""
    filling = Filling.start(form_of(CHECKLIST), surroundings())
    filling.answer("programme", programme)
    return filling


def shape(filling: Filling) -> tuple[int, ...]:
    """How many items each area has."""
    return tuple(
        len(filling.repeat_paths(f"{area}/items")) for area in filling.repeat_paths("areas")
    )


def resumed(filling: Filling, seed: int = 8) -> Filling:
    """The same draft on another day, or another laptop."""
    return Filling.resume(form_of(CHECKLIST), surroundings(seed=seed), filling.draft_answers())


@pytest.mark.parametrize("programme", ["care", "re100"])
def test_a_programme_has_its_areas_and_each_area_its_items(programme: str) -> None:
    filling = opened(programme)

    assert shape(filling) == SHAPE[programme]
    assert filling.repeat_paths("areas")[:2] == ("areas[n1]", "areas[n2]")
    assert filling.repeat_paths("areas[n1]/items")[0] == "areas[n1]/items[n1]"


def test_every_item_bears_the_words_of_its_place() -> None:
    filling = opened()

    words = [
        (filling.value(f"{area}/area_name"), filling.value(f"{item}/item_text"))
        for area in filling.repeat_paths("areas")
        for item in filling.repeat_paths(f"{area}/items")
    ]

    assert words == [
        ("안전", "출입문을 잠근다"),
        ("안전", "비상구가 보인다"),
        ("급식", "식단표를 붙였다"),
        ("홍보", "위치를 알 수 있다"),
        ("홍보", "신청 안내가 쉽다"),
        ("홍보", "누리집이 최신이다"),
    ]
    assert [question.label for question in scores(filling)] == [text for _, text in words]


def scores(filling: Filling) -> list[Question]:
    """The score questions as a window sees them."""
    found: list[Question] = []
    pending = list(filling.body)
    while pending:
        element = pending.pop(0)
        if isinstance(element, Question):
            found += [element] if element.name == "score" else []
        else:
            within = element.instances if isinstance(element, Repeat) else element.children
            pending[:0] = within
    return found


def test_a_low_score_and_one_that_is_none_ask_for_evidence_in_that_row_alone() -> None:
    filling = opened()
    for path, score in {"areas[n1]/items[n1]": "2", "areas[n1]/items[n2]": "4"}.items():
        filling.answer(f"{path}/score", score)
    filling.answer("areas[n2]/items[n1]/score", "unk")

    wanted = [one.path for one in filling.violations() if one.path.endswith("evidence")]

    assert wanted == ["areas[n1]/items[n1]/evidence", "areas[n2]/items[n1]/evidence"]


def test_the_mean_of_an_area_leaves_out_what_was_not_scored() -> None:
    filling = opened()
    for number, score in enumerate(("5", "na", "2"), 1):
        filling.answer(f"areas[n3]/items[n{number}]/score", score)

    assert filling.value("areas[n3]/n_scored") == "2"
    assert filling.value("areas[n3]/area_mean") == "3.5"
    assert filling.value("areas[n1]/area_mean") == ""


def test_one_score_recalculates_its_own_area_and_no_other() -> None:
    filling = opened()
    filling.answer("areas[n1]/items[n1]/score", "4")

    changed = filling.answer("areas[n3]/items[n2]/score", "5")

    assert changed.values == {
        "areas[n3]/items[n2]/score",
        "areas[n3]/n_scored",
        "areas[n3]/area_mean",
    }


def test_another_programme_takes_the_surplus_away_and_keeps_the_keys_of_the_rest() -> None:
    filling = opened()
    filling.answer("areas[n2]/items[n1]/score", "3")

    changed = filling.answer("programme", "re100")

    assert shape(filling) == SHAPE["re100"]
    assert filling.value("areas[n2]/items[n1]/item_text") == "저울이 맞다"
    assert changed.repeats >= {"areas"}
    assert not any(path.startswith("areas[n3]") for path in filling.answers())
    filling.answer("programme", "")
    assert shape(filling) == ()


def test_the_body_shows_areas_items_and_improvements_as_they_come_and_go() -> None:
    filling = opened("re100")
    areas, improvements = (
        element.children[0]
        for element in filling.body
        if isinstance(element, Group) and isinstance(element.children[0], Repeat)
    )
    assert isinstance(areas, Repeat)
    assert isinstance(improvements, Repeat)

    assert areas.is_fixed
    assert not improvements.is_fixed
    assert len(areas.instances) == 2
    inner = [
        child.children[0]
        for area in areas.instances
        for child in area.children
        if isinstance(child, Group)
    ]
    assert [len(repeat.instances) for repeat in inner if isinstance(repeat, Repeat)] == [1, 2]


def test_two_laptops_open_the_same_rows_and_never_the_same_improvement() -> None:
    plan = opened().draft_answers()
    here, there = (
        Filling.resume(form_of(CHECKLIST), surroundings(seed=seed), plan) for seed in (11, 12)
    )

    for filling in (here, there):
        filling.add_repeat("improvements")

    assert shape(here) == shape(there) == SHAPE["care"]
    assert not set(here.repeat_paths("improvements")) & set(there.repeat_paths("improvements"))


def test_a_draft_a_finished_record_and_its_xml_come_back_with_their_keys() -> None:
    filling = opened()
    for question in scores(filling):
        filling.answer(question.path, "4")
    (first,) = filling.repeat_paths("improvements")
    filling.answer(f"{first}/content", "문")
    filling.answer(f"{first}/area", "care1")
    filling.add_repeat("improvements")
    second = filling.repeat_paths("improvements")[1]
    filling.answer(f"{second}/content", "창")
    filling.answer(f"{second}/area", "care2")
    assert filling.violations() == ()

    for again in (
        resumed(filling),
        Filling.resume(form_of(CHECKLIST), surroundings(), filling.answers()),
        Filling.resume(
            form_of(CHECKLIST),
            surroundings(),
            answers_from_xml(form_of(CHECKLIST), submission_xml(filling)),
        ),
    ):
        assert again.answers() == filling.answers()
        assert again.repeat_paths("improvements") == (first, second)
        assert shape(again) == SHAPE["care"]


def test_an_improvement_that_nobody_wrote_is_not_saved_though_it_has_a_default() -> None:
    filling = opened()

    assert filling.draft_answers().get("programme") == "care"
    assert not any(path.startswith("improvements") for path in filling.answers())
    assert not any(one.path.startswith("improvements") for one in filling.violations())


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("programme"), st.sampled_from(["care", "re100", ""])),
        st.tuples(st.just("score"), st.integers(0, 20), st.sampled_from(["1", "4", "na", ""])),
        st.tuples(st.just("add")),
        st.tuples(st.just("remove"), st.integers(0, 5)),
        st.tuples(st.just("write"), st.integers(0, 5), st.sampled_from(["문", "창", ""])),
        st.tuples(st.just("again")),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(_STEPS)
def test_whatever_is_done_rows_are_the_programme_s_and_keys_outlive_everything(
    steps: list[tuple[object, ...]],
) -> None:
    filling = Filling.start(form_of(CHECKLIST), surroundings())
    written: dict[str, str] = {}
    for number, step in enumerate(steps):
        filling = _done(filling, step, written, number)
        programme = filling.value("programme")
        assert shape(filling) == SHAPE.get(programme, ())
        keys = [path[:-1].partition("[")[2] for path in filling.repeat_paths("improvements")]
        assert keys == sorted(keys)
        assert {UUID(key).version for key in keys} <= {7}
    answers = filling.answers()
    assert {
        path.partition("/")[0]: text
        for path, text in answers.items()
        if path.startswith("improvements") and path.endswith("/content")
    } == written
    assert Filling.resume(form_of(CHECKLIST), surroundings(), answers).answers() == answers


def _done(
    filling: Filling, step: tuple[object, ...], written: dict[str, str], number: int
) -> Filling:
    what, *how = step
    improvements = filling.repeat_paths("improvements")
    if what == "again":
        return resumed(filling, seed=100 + number)
    if what == "programme":
        filling.answer("programme", str(how[0]))
    elif what == "score":
        items = [question.path for question in scores(filling)]
        if items:
            filling.answer(items[int(str(how[0])) % len(items)], str(how[1]))
    elif what == "add":
        filling.add_repeat("improvements")
    elif improvements:
        path = improvements[int(str(how[0])) % len(improvements)]
        written.pop(path, None)
        if what == "remove":
            filling.remove_repeat(path)
        else:
            filling.answer(f"{path}/content", str(how[1]))
            if how[1]:
                written[path] = str(how[1])
    return filling
