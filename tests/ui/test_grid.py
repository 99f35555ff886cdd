"""A checklist as a grid: twenty scores by digits, evidence where a score asks for it (ux §7.4)."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.forms import Filling
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.widgets.buttons import AnswerButton
from tests.ui.sheets import CHECKLIST, begun

Form = tuple[FillingView, Hands, Filling]
Opened = Callable[..., Form]


def checklist(opened: Opened) -> Form:
    """The checklist with its programme chosen, at its first score."""
    view, hands, filling = opened(CHECKLIST)
    hands.press("1", "Return")
    return view, hands, filling


def counts(view: FillingView) -> dict[str, str]:
    return {state.label: state.count for state in view.asking.rail.states()}


def test_areas_of_the_programme_are_pages_named_by_the_form(opened: Opened) -> None:
    view, hands, _ = opened(CHECKLIST)
    assert [state.label for state in view.asking.rail.states() if state.is_shown] == [
        "점검",
        "마무리",
    ]

    hands.press("1")

    assert list(counts(view)) == [
        "점검", "안전", "급식", "프로그램", "지역협력", "홍보", "개선사항", "마무리",
    ]  # fmt: skip
    assert counts(view)["급식"] == "0/4"


def test_another_programme_has_other_areas(opened: Opened) -> None:
    view, hands, _ = checklist(opened)

    hands.press("Shift+Return", "Shift+Return", "2")

    assert [label for label, count in counts(view).items() if "/" in count] == [
        "접근",
        "운영",
        "알림",
    ]


def test_twenty_scores_are_twenty_digits(opened: Opened) -> None:
    view, hands, filling = checklist(opened)

    hands.press(*"43534353435343534353")

    scores = [value for path, value in filling.answers().items() if path.endswith("/score")]
    assert scores == list("4353") * 5
    assert [c for c in counts(view).values() if "/" in c] == ["4/4"] * 5
    assert view.cursor_path() == "improvements[+]"


def test_opinion_that_need_not_be_written_stands_in_nobodys_way(opened: Opened) -> None:
    view, hands, filling = checklist(opened)
    hands.press(*"443", "4", "Shift+Return")
    assert view.cursor_path() == "areas[n1]/opinion"
    hands.compose("잘 지켜짐")
    hands.press("Shift+Return")
    assert view.cursor_path() == "areas[n1]/items[n4]/score"

    hands.press("5")

    # What was written there is passed once more, so that it can be read.
    assert view.cursor_path() == "areas[n1]/opinion"
    assert filling.value("areas[n1]/opinion") == "잘 지켜짐"


def test_foot_counts_the_lines_of_all_areas(opened: Opened) -> None:
    view, hands, _ = checklist(opened)

    hands.press(*"44")

    assert view.foot.left.words().startswith("2/20")


def test_foot_says_with_whom_answers_differ_and_how_many(opened: Opened) -> None:
    sheet = Sheet(is_new=True, differing={"가상-윤솔": 1, "가상-한바다": 2})
    view, hands, _ = opened(CHECKLIST, sheet)
    hands.press("1", "Return", "4")

    assert view.foot.differing.isVisible()
    assert view.foot.differing.words() == "가상-윤솔과 다른 답 1, 가상-한바다와 다른 답 2"
    view.show_form("서식", begun(CHECKLIST))
    assert not view.foot.differing.isVisible()


def test_digit_zero_is_not_applicable_and_nine_not_known(opened: Opened) -> None:
    view, hands, filling = checklist(opened)

    hands.press("0")
    assert view.cursor_path() == "areas[n1]/items[n1]/evidence"
    hands.compose("대상 아님")
    hands.press("Return", "9")

    assert filling.value("areas[n1]/items[n1]/score") == "na"
    assert filling.value("areas[n1]/items[n1]/evidence") == "대상 아님"
    assert filling.value("areas[n1]/items[n2]/score") == "unk"


def test_low_score_opens_its_evidence_and_enter_leads_to_the_next_score(opened: Opened) -> None:
    view, hands, filling = checklist(opened)
    path = "areas[n1]/items[n1]/evidence"
    assert path not in view.asking.page().rows

    hands.press("2")

    row = view.asking.page().rows[path]
    assert row.isVisible()
    assert row.answer.focus_box().hasFocus()
    hands.compose("냉장고 라벨에 날짜 없음")
    hands.press("Return")
    assert view.cursor_path() == "areas[n1]/items[n2]/score"
    assert filling.value("areas[n1]/items[n1]/evidence") == "냉장고 라벨에 날짜 없음"


def test_good_score_leaves_its_evidence_shut_until_f2(opened: Opened) -> None:
    view, hands, _ = checklist(opened)
    hands.press("5", "Up")
    assert view.cursor_path() == "areas[n1]/items[n1]/score"
    assert "areas[n1]/items[n1]/evidence" not in view.asking.page().rows

    hands.press("F2")

    assert view.asking.page().rows["areas[n1]/items[n1]/evidence"].isVisible()
    assert view.cursor_path() == "areas[n1]/items[n1]/evidence"


def test_columns_stand_in_the_order_of_their_digits(opened: Opened) -> None:
    view, _, _ = checklist(opened)

    answer = view.asking.page().rows["areas[n1]/items[n1]/score"].answer
    buttons = sorted(answer.findChildren(AnswerButton), key=lambda button: button.x())

    assert [button.digit for button in buttons] == ["1", "2", "3", "4", "5", "0", "9"]


def test_arrows_move_in_a_line_and_between_lines_without_going_on(opened: Opened) -> None:
    view, hands, filling = checklist(opened)

    hands.press("Right", "Right", "Down")

    assert filling.value("areas[n1]/items[n1]/score") != ""
    assert view.cursor_path() == "areas[n1]/items[n2]/score"


def test_ctrl_i_writes_an_improvement_of_this_area_and_enter_leads_back(opened: Opened) -> None:
    view, hands, filling = checklist(opened)
    hands.press("Ctrl+Down")
    hands.press(*"44")

    hands.press("Ctrl+I")
    hands.compose("라벨을 붙인다")
    path = str(view.cursor_path()).rpartition("/")[0]
    assert filling.value(f"{path}/area") == "meals"
    hands.press("Return", "Return", "Return")

    assert view.cursor_path() == "areas[n2]/items[n3]/score"
    assert counts(view)["개선사항"] == "1건"


def test_ctrl_down_and_up_walk_the_areas(opened: Opened) -> None:
    view, hands, _ = checklist(opened)

    hands.press("Ctrl+Down", "Ctrl+Down")
    assert view.cursor_path() == "areas[n3]/items[n1]/score"
    hands.press("Ctrl+Up")

    assert view.cursor_path() == "areas[n2]/items[n1]/score"


def test_grid_gives_way_to_single_questions_where_there_is_no_room(opened: Opened) -> None:
    view, hands, _ = checklist(opened)

    view.resize(683, 534)
    hands.settle()
    hands.press("4")

    assert view.cursor_path() == "areas[n1]/items[n2]/score"
    width = view.width()
    for row in view.asking.page().rows.values():
        if row.isVisible():
            assert row.mapTo(view, row.rect().topRight()).x() <= width


def test_checklist_is_finished_without_the_improvement_that_nobody_wrote(opened: Opened) -> None:
    view, hands, filling = checklist(opened)
    for _ in range(5):
        hands.press(*"4444")

    hands.press("Ctrl+Return")

    assert view.is_reading_back()
    assert filling.repeat_paths("improvements") == ()


def test_turning_the_window_narrow_in_the_middle_of_a_word_loses_no_letter(opened: Opened) -> None:
    view, hands, filling = checklist(opened)
    hands.press("2")
    hands.compose("라벨")

    view.resize(683, 534)
    hands.settle()
    hands.compose("없음")

    assert filling.value("areas[n1]/items[n1]/evidence") == "라벨없음"
