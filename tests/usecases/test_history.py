"""이력: every change with its values, fetched once and then offline; unchosen values are kept."""

from __future__ import annotations

import pytest

from fieldapp.domain.ids import RecordId, new_record_id
from fieldapp.errors import RecordMissing, ServerUnreachable
from fieldapp.storage import access_log
from fieldapp.usecases import conflicts, exchange, history
from tests.laptops import AppLaptop
from tests.servers import Server

Pair = tuple[AppLaptop, AppLaptop]
CHANGES = 26


@pytest.fixture
def much_changed(pair: Pair) -> RecordId:
    """A survey of the first that was changed far more often than a document tells."""
    first, second = pair
    record_id = first.record_survey(serial="1")
    for number in range(2, CHANGES + 1):
        first.amend(record_id, serial=str(number))
    first.exchange()
    second.exchange()
    return record_id


def said(change: history.Change) -> list[tuple[str, str | None, str | None]]:
    assert change.lines is not None
    return [(line.question, line.before, line.after) for line in change.lines]


def test_what_came_with_the_document_is_told_at_once_and_the_rest_is_owned_to_be_missing(
    pair: Pair, much_changed: RecordId
) -> None:
    _, second = pair

    found = history.history(second.session, much_changed)

    assert (found.title, found.revisions, found.lacking) == ("설문 26", CHANGES, CHANGES)
    assert [change.rev for change in found.changes] == list(range(CHANGES, CHANGES - 20, -1))
    newest = found.changes[0]
    assert (newest.who, newest.state, newest.reason) == (
        pair[0].session.worker.name, "완료", "가상-정정",
    )  # fmt: skip
    assert newest.questions == ("일련번호",)
    assert newest.lines is None


def test_fetched_history_is_whole_and_stays_here_without_a_network(
    pair: Pair, much_changed: RecordId, server: Server
) -> None:
    _, second = pair

    assert history.fetch(second.session, much_changed) == CHANGES
    dead = server.another()
    exchange.sign_in(
        second.session,
        address=dead.base_url,
        user=second.session.worker.user,
        password="가상-비밀번호-1",
    )
    dead.stop()

    found = history.history(second.session, much_changed)
    assert (found.lacking, len(found.changes)) == (0, CHANGES)
    assert [said(change) for change in found.changes[:-1]] == [
        [("일련번호", str(number - 1), str(number))] for number in range(CHANGES, 1, -1)
    ]
    first = found.changes[-1]
    assert ("약속한 시간에 오고 마쳤다", None, "그렇다") in said(first)
    assert not {"answered", "mean5"} & {line.path for line in first.lines or ()}
    assert history.fetch(second.session, much_changed) == 0  # nothing is asked for twice


def test_a_later_revision_is_fetched_behind_those_that_are_here(
    pair: Pair, much_changed: RecordId
) -> None:
    first, second = pair
    history.fetch(second.session, much_changed)
    first.amend(much_changed, good="가상-친절함")
    first.exchange()
    second.exchange()

    assert history.history(second.session, much_changed).lacking == 1
    history.fetch(second.session, much_changed)

    found = history.history(second.session, much_changed)
    assert (found.lacking, len(found.changes)) == (0, CHANGES + 1)
    assert [(line.before, line.after) for line in found.changes[0].lines or ()] == [
        (None, "가상-친절함")
    ]


def test_own_changes_that_nobody_received_stand_on_top_with_how_they_stand(pair: Pair) -> None:
    first, _ = pair
    record_id = first.record_survey(serial="1")
    first.exchange()
    first.amend(record_id, q1="1")

    newest, oldest = history.history(first.session, record_id).changes

    assert (newest.rev, newest.delivery) == (0, "unsent")
    assert said(newest) == [("약속한 시간에 오고 마쳤다", "그렇다", "전혀 그렇지 않다")]
    assert (oldest.rev, oldest.delivery) == (1, "received")

    first.exchange()

    assert [change.rev for change in history.history(first.session, record_id).changes] == [2, 1]


def test_a_laptop_that_never_met_a_server_tells_its_own_changes(alone: AppLaptop) -> None:
    record_id = alone.record_survey(serial="1")
    alone.amend(record_id, serial="2")

    found = history.history(alone.session, record_id)

    assert [change.delivery for change in found.changes] == ["unsent", "unsent"]
    assert (found.revisions, found.lacking) == (0, 0)
    assert history.fetch(alone.session, record_id) == 0


def test_a_value_that_was_not_chosen_stays_in_the_history_of_both_laptops(pair: Pair) -> None:
    first, second = pair
    record_id = first.record_survey()
    first.exchange()
    second.exchange()
    first.amend(record_id, q1="1")
    second.amend(record_id, q1="3")
    first.exchange()
    second.exchange()
    first.exchange()
    (conflict,) = conflicts.open_conflicts(first.session)
    conflicts.settle(first.session, conflict.conflict_id, {"items/q1": "ours"}, "가상-확인함")
    names = [laptop.session.worker.name for laptop in pair]

    def left(laptop: AppLaptop) -> list[tuple[str, str | None, str]]:
        changes = history.history(laptop.session, record_id).changes
        assert all(change.who == names[0] for change in changes if change.left)
        return [(one.question, one.value, one.by) for change in changes for one in change.left]

    expected = [("약속한 시간에 오고 마쳤다", "보통이다", names[1])]
    assert left(first) == expected  # offline, before anybody else heard of it
    first.exchange()
    second.exchange()
    for laptop in pair:
        history.fetch(laptop.session, record_id)
        assert left(laptop) == expected


def test_without_a_line_the_worker_is_told_and_what_is_here_is_shown(
    pair: Pair, much_changed: RecordId, server: Server
) -> None:
    _, second = pair
    dead = server.another()
    exchange.sign_in(
        second.session,
        address=dead.base_url,
        user=second.session.worker.user,
        password="가상-비밀번호-1",
    )
    dead.stop()

    with pytest.raises(ServerUnreachable):
        history.fetch(second.session, much_changed)

    assert len(history.history(second.session, much_changed).changes) == 20


def test_looking_at_the_history_is_a_look_at_the_record(pair: Pair) -> None:
    first, _ = pair
    record_id = first.record_survey()

    history.history(first.session, record_id)

    with first.session.store.reading() as db:
        newest = access_log.last(db)
    assert newest is not None
    assert (newest.deed, newest.object_id) == ("view", record_id)


def test_a_record_that_is_not_here_has_no_history(alone: AppLaptop) -> None:
    unknown = new_record_id(alone.session.clock.now())

    with pytest.raises(RecordMissing):
        history.history(alone.session, unknown)
    with pytest.raises(RecordMissing):
        history.fetch(alone.session, unknown)
