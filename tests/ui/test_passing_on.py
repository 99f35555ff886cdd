"""다른 동으로 보내기 and 함께 보기 by keys, over the page of a household."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import TypeVar

import pytest

from fieldapp.domain.exchange import Hello, Place, ScopeHead
from fieldapp.domain.ids import new_record_id
from fieldapp.storage import operations, places
from fieldapp.ui.hands import Hands
from fieldapp.ui.households.join_dialog import JoinDialog
from fieldapp.ui.households.send_dialog import SendDialog
from fieldapp.ui.households.share_dialog import ShareDialog
from fieldapp.ui.households.side_by_side import SideBySide
from fieldapp.ui.jobs import Lane
from fieldapp.ui.main_window import MainWindow
from fieldapp.usecases.filling import open_new
from fieldapp.usecases.finishing import finish
from fieldapp.usecases.homes import Office
from fieldapp.usecases.moving import MovePlan
from fieldapp.usecases.session import Session
from fieldapp.usecases.sharing import SharePlan, ShareRow
from tests.outbox import read
from tests.ui.conftest import AtWork
from tests.ui.looking import cut, outside
from tests.ui.neighbourhood import HOUSEHOLDS
from tests.ui.samples import NOON
from tests.ui.test_town_errands import _household_page, _rest

D = TypeVar("D", SendDialog, ShareDialog, JoinDialog)
HANA = "가상-김하나"
OFFICES = (("가상-솔바람동", "town"), ("가상-물결동", "town"), ("가상-복지관", "org"))


def greet(session: Session) -> None:
    """What the last 주고받기 would have told of the district."""
    here = session.worker.scope
    known = [Place(id=here, label=here, kind="town")]
    known += [Place(id=name, label=name, kind=kind, parent=here) for name, kind in OFFICES]
    hello = Hello(
        protocol_min=1,
        protocol_max=1,
        epoch=new_record_id(NOON),
        server_time=NOON.isoformat(timespec="seconds"),
        scopes=(ScopeHead(id=here, head=1),),
        places=tuple(known),
    )
    with session.store.writing() as db:
        places.keep(db, hello)


@pytest.fixture
def at_hana(in_town: AtWork) -> AtWork:
    """The page of a household, in a district that this laptop knows."""
    greet(in_town[2].session)
    _household_page(in_town, HANA)
    return in_town


def opened(window: MainWindow, hands: Hands, kind: type[D]) -> D:
    """The dialog that stands over the window."""
    hands.wait_until(lambda: bool(window.findChildren(kind)), "the dialog")
    (dialog,) = window.findChildren(kind)
    hands.settle()
    return dialog


@contextmanager
def held(window: MainWindow, lane: Lane) -> Iterator[None]:
    """A lane that is busy with something else meanwhile."""
    freed = Event()
    window.jobs.start(freed.wait, owner=window, lane=lane)
    try:
        yield
    finally:
        freed.set()


def sent(session: Session) -> list[tuple[str, str | None, str | None]]:
    with session.store.reading() as db:
        pending = read(operations.offered(db, 100, 10**6))
    return [(one.kind, one.scope, one.reason) for one in pending if one.kind == "move"]


def shares(session: Session) -> list[tuple[str | None, str | None]]:
    with session.store.reading() as db:
        pending = read(operations.offered(db, 100, 10**6))
    return [(line.old, line.new) for one in pending for line in one.patch if line.path == "@share"]


def test_a_household_is_sent_by_keys_leaves_the_list_and_is_taken_back(at_hana: AtWork) -> None:
    window, hands, desk = at_hana

    hands.press("F9")
    dialog = opened(window, hands, SendDialog)
    hands.settle()
    assert (cut(dialog), outside(dialog)) == ([], [])
    assert [line for label, line in dialog.facts.facts() if label == "남음"] != []
    hands.compose("ㅅㅂㄹ")
    assert dialog.go.text() == "가상-솔바람동으로 보내기"
    hands.press("Return")
    assert dialog.reason.hasFocus()
    hands.press("Return")
    hands.settle()
    assert dialog.isVisible()
    assert dialog.offices.list.geometry().bottom() < dialog.offices.height()
    hands.compose("이사")
    hands.press("Return")
    _rest(window, hands)

    assert not desk.households.is_detail()
    assert HANA not in [row[0] for row in desk.households.list_page.table.cells()]
    assert "가상-솔바람동으로 보냈습니다" in desk.households.banner.words()
    assert sent(desk.session) == [("move", "가상-솔바람동", "이사")]

    desk.households.banner.button.click()
    _rest(window, hands)
    assert "되돌렸습니다" in desk.households.banner.words()
    assert [scope for _, scope, _ in sent(desk.session)] == [
        "가상-솔바람동", desk.session.worker.scope,
    ]  # fmt: skip
    desk.households.list_page.search.clear()
    _rest(window, hands)
    assert HANA in [row[0] for row in desk.households.list_page.table.cells()]


def test_escape_sends_nothing(at_hana: AtWork) -> None:
    window, hands, desk = at_hana
    hands.press("F9")
    opened(window, hands, SendDialog)

    hands.press("Escape")
    _rest(window, hands)

    assert window.findChildren(SendDialog) == []
    assert sent(desk.session) == []
    assert desk.households.is_detail()


def test_a_household_is_shared_by_keys_in_two_steps_and_taken_back(at_hana: AtWork) -> None:
    window, hands, desk = at_hana
    hands.press("Shift+F9")
    dialog = opened(window, hands, ShareDialog)
    _rest(window, hands)
    assert (cut(dialog), outside(dialog)) == ([], [])

    hands.compose("복지관")
    hands.press("Return")
    assert shares(desk.session) == []
    hands.press("Right", "Return")
    _rest(window, hands)

    assert shares(desk.session) == [(None, "full 가상-복지관")]
    assert dialog.seeing.keys() == ("가상-복지관",)
    assert dialog.go.text() == "이미 그렇게 봅니다"
    hands.press("Ctrl+Del")
    _rest(window, hands)
    assert shares(desk.session)[1:] == [("full 가상-복지관", None)]
    assert dialog.seeing.keys() == ()
    hands.press("Escape")
    _rest(window, hands)
    assert window.findChildren(ShareDialog) == []


@pytest.mark.parametrize("keys", ["F9", "Shift+F9", "Ctrl+F9"])
@pytest.mark.parametrize("ends", ["Ctrl+L", "F12"])
def test_no_name_opens_over_the_page_that_hid_everything_meanwhile(
    at_hana: AtWork, keys: str, ends: str
) -> None:
    window, hands, _ = at_hana

    with held(window, Lane.STORAGE):
        hands.press(keys, ends)
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()

    assert window.screen_name() in ("unlock", "hidden")
    assert window.findChildren(SideBySide) == []


def test_an_office_stands_among_those_who_see_at_once_however_long_the_server_takes(
    at_hana: AtWork,
) -> None:
    window, hands, desk = at_hana
    hands.press("Shift+F9")
    dialog = opened(window, hands, ShareDialog)
    _rest(window, hands)

    with held(window, Lane.NETWORK):
        hands.compose("복지관")
        hands.press("Return", "Return", "Return")
        hands.wait_until(lambda: bool(dialog.seeing.keys()), "the office among those who see")
        hands.press("Return")
        assert dialog.go.text() == "이미 그렇게 봅니다"
        hands.press("Ctrl+Del", "Ctrl+Del")
        hands.wait_until(lambda: not dialog.seeing.keys(), "nobody sees it")
    _rest(window, hands)

    assert shares(desk.session) == [(None, "card 가상-복지관"), ("card 가상-복지관", None)]


def test_a_household_that_stands_twice_is_joined_by_keys_and_parted_again(in_town: AtWork) -> None:
    window, hands, desk = in_town
    greet(desk.session)
    twin = open_new(desk.session, "household", preset=HOUSEHOLDS[0])
    finish(desk.session, twin.snapshot(None))
    _household_page(in_town, HANA)
    assert len(desk.households.list_page.table.cells()) == 2

    hands.press("Ctrl+F9")
    dialog = opened(window, hands, JoinDialog)
    assert (cut(dialog), outside(dialog)) == ([], [])
    assert dict(dialog.other.facts())["주소"] == HOUSEHOLDS[0]["where/address"]
    hands.press("Return")
    _rest(window, hands)

    assert desk.households.is_detail()
    assert ("합친 가구", HANA) in desk.households.detail.facts.facts()
    assert "합쳤습니다" in desk.households.banner.words()
    assert len(desk.households.list_page.table.cells()) == 1
    hands.press("Ctrl+F9")
    dialog = opened(window, hands, JoinDialog)
    assert not dialog.go.isEnabled()
    hands.press("Ctrl+Shift+Del")
    _rest(window, hands)

    assert "나누었습니다" in desk.households.banner.words()
    assert len(desk.households.list_page.table.cells()) == 2


PLAN = MovePlan(
    name=HANA,
    here="가상-햇살동",
    refusal="",
    offices=tuple(Office(f"s{number}", f"가상-{number}동", "가상구") for number in range(30)),
    goes=("가구와 가구원 2명이 함께 갑니다.", "열린 사례 1건이 함께 갑니다."),
    stays=("이 동에서 적은 기록 14건은 이 동에 남습니다.",),
    after=("주고받기를 하면 이 동의 대상 목록에서 빠집니다.",) * 2,
)
SHARES = SharePlan(
    name=HANA,
    here="가상-햇살동",
    refusal="",
    offices=PLAN.offices,
    rows=tuple(
        ShareRow(f"s{number}", f"가상-{number}동", "full", is_sent=False) for number in range(9)
    ),
    full="모두 봅니다. " * 6,
    card="카드만 봅니다. " * 6,
    is_whole=False,
)


@pytest.mark.parametrize("refusal", ["", "다른 관할과 함께 보는 대상입니다. " * 3])
def test_no_word_of_the_dialogs_is_cut(in_town: AtWork, refusal: str) -> None:
    window, hands, _ = in_town
    for dialog in (
        SendDialog(replace(PLAN, refusal=refusal), window),
        ShareDialog(replace(SHARES, refusal=refusal), window),
        ShareDialog(replace(SHARES, rows=(), refusal=refusal), window),
    ):
        dialog.show()
        hands.settle()
        assert (cut(dialog), outside(dialog)) == ([], [])
        assert dialog.height() <= 614
        assert dialog.go.isEnabled() is (not refusal)
        dialog.close()
