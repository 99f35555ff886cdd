"""반납 준비 and 사용 중지 on the page of 주고받기."""

from __future__ import annotations

import pytest

from fieldapp.domain.exchange import DeviceState
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.syncing.returning import returning_words
from fieldapp.usecases.returning import Returning, note_device
from tests.ui.conftest import AtWork
from tests.ui.looking import cut, outside
from tests.ui.samples import begin_work, go


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("drain", "반납 준비 중인 노트북입니다. 보내기만 하고 받지 않습니다."),
        ("revoked", "이 노트북은 사용 중지되어 서버와 주고받지 않습니다. 지운 것은 없습니다."),
    ],
)
def test_laptop_set_aside_says_so_on_top_and_names_what_is_on_it_alone(
    in_town: AtWork, state: DeviceState, said: str
) -> None:
    window, hands, desk = in_town
    note_device(desk.session, state)

    go(window, hands, "syncing")

    first, second = desk.syncing.returning.words().splitlines()
    assert first == said
    assert second.startswith("이 노트북에만 있는 것: 보내지 않은 기록 ")
    assert cut(window) == []
    assert outside(window) == []


def test_laptop_in_use_says_nothing_of_it(window: tuple[MainWindow, Hands]) -> None:
    opened, hands = window
    begin_work(opened, hands)
    go(opened, hands, "syncing")

    assert opened.desk is not None
    assert opened.desk.syncing.returning.words() == ""


def test_laptop_taken_back_says_nothing_of_it_any_more(in_town: AtWork) -> None:
    window, hands, desk = in_town
    note_device(desk.session, "drain")
    go(window, hands, "syncing")
    assert desk.syncing.returning.words()

    note_device(desk.session, "active")
    go(window, hands, "records")
    go(window, hands, "syncing")

    assert desk.syncing.returning.words() == ""


@pytest.mark.parametrize("state", ["drain", "revoked"])
def test_only_a_laptop_with_nothing_of_its_own_may_go(state: DeviceState) -> None:
    empty = Returning(state, unsent=0, refused=0, drafts=0, files=0)
    full = Returning(state, unsent=3, refused=1, drafts=2, files=4)

    assert "서버에 없는 것은 남아 있지 않습니다" in returning_words(empty)
    assert (
        "이 노트북에만 있는 것: 보내지 않은 기록 3건, 보류된 기록 1건, 작성 중인 것 2건,"
        " 보내지 않은 첨부 4건." in returning_words(full)
    )
