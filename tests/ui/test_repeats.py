"""What repeats: cards that a worker adds and takes away, one within another."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.forms import Filling
from fieldapp.ui.filling.page import CardBar
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.widgets.text import Text
from tests.ui.sheets import CHECKLIST, VISIT

Form = tuple[FillingView, Hands, Filling]
Opened = Callable[..., Form]


def at_todos(opened: Opened) -> Form:
    view, hands, filling = opened(VISIT)
    view.asking.stand_at("todos[+]")
    hands.settle()
    return view, hands, filling


def cards(view: FillingView) -> list[str]:
    return [bar.label.words() for bar in view.asking.page().findChildren(CardBar)]


def test_repeat_that_nobody_touched_shows_no_card_and_enter_passes_it(opened: Opened) -> None:
    view, hands, filling = at_todos(opened)
    assert cards(view) == []

    hands.press("Return")

    assert view.cursor_path() == "meals[n1]/eaten"
    assert all("todos" not in path for path in filling.answers())


def test_ctrl_i_adds_a_card_and_stands_in_its_first_question(opened: Opened) -> None:
    view, hands, filling = at_todos(opened)

    hands.press("Ctrl+I")
    hands.compose("기초연금 서류")
    hands.press("Return", "1")
    hands.press("Ctrl+I")
    hands.compose("쌀")

    assert cards(view) == ["새 약속 1", "새 약속 2"]
    paths = filling.repeat_paths("todos")
    assert [filling.value(f"{path}/what") for path in paths] == ["기초연금 서류", "쌀"]
    assert filling.value(f"{paths[0]}/by") == "nurse"


def test_space_on_the_button_adds_too(opened: Opened) -> None:
    view, hands, _ = at_todos(opened)

    hands.press("Space")

    assert cards(view) == ["새 약속 1"]


def test_ctrl_delete_takes_a_card_away_and_ctrl_z_brings_its_answers_back(opened: Opened) -> None:
    view, hands, filling = at_todos(opened)
    hands.press("Ctrl+I")
    hands.compose("서류")
    hands.press("Ctrl+I")
    hands.compose("쌀")

    hands.press("Ctrl+Delete")
    assert cards(view) == ["새 약속 1"]
    assert [filling.value(f"{p}/what") for p in filling.repeat_paths("todos")] == ["서류"]
    assert view.toast.isVisible()
    hands.press("Ctrl+Z")

    assert [filling.value(f"{p}/what") for p in filling.repeat_paths("todos")] == ["서류", "쌀"]
    assert cards(view) == ["새 약속 1", "새 약속 2"]
    assert not view.toast.isVisible()


def test_card_brought_back_stands_in_its_old_place_under_its_own_key(opened: Opened) -> None:
    view, hands, filling = at_todos(opened)
    for what in ("서류", "쌀", "약"):
        hands.press("Ctrl+I")
        hands.compose(what)
    paths = filling.repeat_paths("todos")
    typed = filling.draft_answers()
    view.asking.stand_at(f"{paths[1]}/what")

    hands.press("Ctrl+Delete", "Ctrl+Z")

    assert filling.repeat_paths("todos") == paths
    assert filling.draft_answers() == typed
    assert view.cursor_path() == f"{paths[1]}/what"


def test_what_is_written_after_a_card_went_stays_when_it_comes_back(opened: Opened) -> None:
    view, hands, filling = at_todos(opened)
    hands.press("Ctrl+I")
    hands.compose("서류")
    (path,) = filling.repeat_paths("todos")
    hands.press("Ctrl+Delete")
    view.asking.answer("talked/seen", "집이 따뜻함")

    hands.press("Ctrl+Z")

    assert filling.value(f"{path}/what") == "서류"
    assert filling.value("talked/seen") == "집이 따뜻함"


def test_card_within_a_card_comes_back_with_it(opened: Opened) -> None:
    view, hands, filling = opened(CHECKLIST)
    hands.press("1")
    view.asking.stand_at("improvements[+]")
    hands.press("Ctrl+I")
    hands.compose("라벨")
    outer = filling.repeat_paths("improvements")[0]
    view.asking.stand_at(f"{outer}/helpers[+]")
    hands.press("Ctrl+I")
    hands.compose("가상-윤솔")
    hands.press("Ctrl+I")
    hands.compose("가상-한바다")
    view.asking.stand_at(f"{outer}/content")

    hands.press("Ctrl+Delete", "Ctrl+Z")

    again = filling.repeat_paths("improvements")
    assert len(again) == 1
    helpers = filling.repeat_paths(f"{again[0]}/helpers")
    assert [filling.value(f"{path}/helper") for path in helpers] == ["가상-윤솔", "가상-한바다"]
    assert filling.value(f"{again[0]}/content") == "라벨"


def test_adding_within_a_card_adds_to_the_inner_repeat(opened: Opened) -> None:
    view, hands, filling = opened(CHECKLIST)
    hands.press("1")
    view.asking.stand_at("improvements[+]")
    hands.press("Ctrl+I")
    outer = filling.repeat_paths("improvements")[0]

    view.asking.stand_at(f"{outer}/helpers[+]")
    hands.press("Space")

    assert len(filling.repeat_paths("improvements")) == 1
    assert cards(view) == ["개선사항 1", "도운 사람 1"]


def test_required_question_of_a_card_keeps_the_form_from_being_finished(opened: Opened) -> None:
    view, hands, _ = at_todos(opened)
    hands.press("Ctrl+I")
    for path, value in (
        ("meet/method", "visit"),
        ("looked/safety", "good"),
        ("looked/health", "good"),
        ("looked/link", "no"),
    ):
        view.asking.answer(path, value)

    hands.press("Return", "1")
    hands.press("Ctrl+Return")

    assert view.banner.words() == "한 칸을 더 채워 주세요"
    hands.press("Return")
    assert str(view.cursor_path()).endswith("/what")


def test_draft_with_a_card_opens_with_that_card(opened: Opened) -> None:
    view, hands, filling = at_todos(opened)
    hands.press("Ctrl+I")
    hands.compose("쌀")

    view.show_form("서식", filling, cursor_path="todos[+]")
    hands.settle()

    assert cards(view) == ["새 약속 1"]
    assert view.cursor_path() == "todos[+]"


def test_deleting_a_word_in_a_text_is_left_to_the_form(opened: Opened) -> None:
    view, hands, filling = at_todos(opened)
    hands.press("Ctrl+I")
    hands.type_text("rice and papers")
    hands.press("Home")

    hands.press("Ctrl+Delete")

    assert cards(view) == []
    assert filling.repeat_paths("todos") == ()


def test_counted_instances_stand_in_order_under_their_numbers_and_cannot_be_taken_away(
    opened: Opened,
) -> None:
    view, hands, filling = opened(VISIT)
    view.asking.stand_at("meals[n1]/eaten")
    hands.settle()

    headings = [text.words() for text in view.asking.page().findChildren(Text)]
    assert [words for words in headings if words.startswith("끼니 ")] == [
        "끼니 1",
        "끼니 2",
        "끼니 3",
    ]
    hands.press("1")
    hands.type_text("2")
    hands.press("Return")
    assert view.cursor_path() == "meals[n2]/eaten"
    assert filling.value("meals[n1]/bowls") == "2"
    hands.press("Ctrl+Delete")
    assert len(filling.repeat_paths("meals")) == 3


def test_note_between_pages_is_read_under_the_page_before(opened: Opened) -> None:
    view, _, _ = at_todos(opened)

    shown = [text.words() for text in view.asking.page().findChildren(Text) if text.isVisible()]

    assert "인사하고 나오기" in shown
    assert [s.label for s in view.asking.walk.sections][-2:] == ["새 약속", "끼니"]
