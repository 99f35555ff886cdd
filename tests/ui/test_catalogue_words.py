"""What a round brought of programmes and lists, said on the page of 주고받기."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from fieldapp.domain.exchange import ExchangeOutcome
from fieldapp.errors import PackUnreadable
from fieldapp.messages import message_for
from fieldapp.ui.syncing.catalogue_words import catalogue_sentences
from tests.ui.conftest import AtWork
from tests.ui.looking import cut, outside
from tests.ui.samples import go

NOTHING_NEW = ExchangeOutcome(
    sent=3,
    merged=0,
    conflicts=0,
    held=0,
    rejected=0,
    received=5,
    at=datetime(2026, 12, 1, tzinfo=UTC),
)


def test_new_programmes_and_refused_ones_are_said_whole_on_the_page(in_town: AtWork) -> None:
    window, hands, desk = in_town
    unreadable = message_for(PackUnreadable(form_id="P20", version="2027030101"))
    outcome = replace(
        NOTHING_NEW,
        programmes=("가상-방문상담(2026120102판)", "가상-안부확인(2026120103판)"),
        reference_lists=("gasang_towns",),
        refused_programmes=(f"{unreadable.happened} {unreadable.next}",),
    )
    go(window, hands, "syncing")

    desk.syncing.show_account(
        "\n".join(("보낸 것 3건, 받은 것 5건", *catalogue_sentences(outcome)))
    )

    _, programmes, lists, refused = desk.syncing.account.words().splitlines()
    assert programmes == (
        "새 서식을 받았습니다: 가상-방문상담(2026120102판), 가상-안부확인(2026120103판)."
    )
    assert lists == "새 참고 목록을 받았습니다: gasang_towns."
    assert refused.endswith("앱을 새 판으로 바꾸면 쓸 수 있습니다.")
    assert cut(window) == []
    assert outside(window) == []


def test_a_round_that_brought_none_says_nothing_of_it() -> None:
    assert catalogue_sentences(NOTHING_NEW) == ()
