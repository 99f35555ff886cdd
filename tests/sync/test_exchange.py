"""One round: what it promises whatever the server says and wherever the line breaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from fieldapp.domain import exchange as ex
from fieldapp.domain.operation import Changes
from fieldapp.domain.shapes import decode, encode
from fieldapp.errors import (
    Cancelled,
    FieldAppError,
    MalformedMessage,
    MembershipMissing,
    ProtocolTooOld,
    ServerFailed,
    ServerUnreachable,
)
from fieldapp.sync import protocol
from fieldapp.sync.connection import Connection
from fieldapp.sync.exchange import run_exchange
from tests.sync.lines import Cut, Line
from tests.sync.model import NOON, SCOPE, TOKENS, UNKNOWN_FORM, MemoryReplica, ModelServer, Reply

OTHER_EPOCH = "01937000-0000-7000-8000-0000000000ee"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def exchange(
    replica: MemoryReplica, base_url: str, *, stop_after: int | None = None
) -> tuple[ex.ExchangeOutcome, list[ex.Progress], Changes]:
    """One round; `stop_after` presses 멈춤 after so many questions."""
    seen: list[ex.Progress] = []
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return stop_after is not None and asked > stop_after

    with Connection(base_url, clock_now=lambda: NOON, tokens=TOKENS) as connection:
        outcome, changes = run_exchange(
            replica, connection, now=lambda: NOON, progress=seen.append, cancelled=cancelled
        )
    return outcome, seen, changes


def test_what_one_writes_the_other_reads(server: ModelServer) -> None:
    here, there = MemoryReplica("가상-가"), MemoryReplica("가상-나")
    record = here.create({"q1": "5", "good": "제때 왔다"})

    sent, _, _ = exchange(here, server.base_url)
    received, _, changes = exchange(there, server.base_url)

    assert (sent.sent, sent.received) == (1, 1)
    assert (received.sent, received.received) == (0, 1)
    assert there.answers(record) == {"q1": "5", "good": "제때 왔다"}
    assert changes.records == {record}
    assert there.exchanged_at == NOON
    assert [(scope.id, scope.head) for scope in received.scopes] == [(SCOPE, 1)]


def test_two_fields_merge_and_one_field_is_a_conflict_with_both_values(
    server: ModelServer,
) -> None:
    here, there = MemoryReplica("가상-가"), MemoryReplica("가상-나")
    record = here.create({"q1": "5", "q2": "5"})
    exchange(here, server.base_url)
    exchange(there, server.base_url)
    here.amend(record, {"q1": "4"})
    there.amend(record, {"q2": "3"})
    exchange(here, server.base_url)

    merged, _, _ = exchange(there, server.base_url)
    here.amend(record, {"q1": "1"})
    there.amend(record, {"q1": "2"})
    exchange(there, server.base_url)
    disputed, _, _ = exchange(here, server.base_url)
    exchange(there, server.base_url)

    assert (merged.sent, merged.merged, merged.conflicts) == (1, 1, 0)
    assert (disputed.sent, disputed.merged, disputed.conflicts) == (1, 0, 1)
    assert here.answers(record) == there.answers(record) == {"q1": "2", "q2": "3"}
    (conflict,) = here.conflicts.values()
    assert there.conflicts == here.conflicts
    assert [(line.ours, line.theirs) for line in conflict.lines] == [("2", "1")]
    assert (conflict.ours_author, conflict.theirs_author) == ("가상-나", "가상-가")


def test_a_lost_reply_is_asked_for_again_and_the_record_stands_once(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    replica.create({"q1": "5"})
    server.answer_with = _only(protocol.PUSH, Reply(status=0))

    with pytest.raises(ServerUnreachable) as cut:
        exchange(replica, server.base_url)
    server.answer_with = None
    outcome, _, _ = exchange(replica, server.base_url)

    assert cut.value.facts == {"unsent": 1}
    assert outcome.sent == 1
    assert [len(stored.made_by) for stored in server.records.values()] == [1]


def exchange_until_cut(replica: MemoryReplica, line: Line, cut: Cut) -> FieldAppError | None:
    """A round over a line that breaks; what the worker is told, None when it came through."""
    line.mend(cut)
    try:
        exchange(replica, line.base_url)
    except FieldAppError as trouble:
        return trouble
    return None


def test_a_cut_after_any_byte_loses_and_doubles_nothing(server: ModelServer) -> None:
    """T2 of the protocol's test plan, at every region of a small round both ways."""
    with Line(server.base_url) as line:
        first = MemoryReplica("가상-가")
        first.create({"q1": "5", "good": "아주 좋았다"})
        line.mend()
        exchange(first, line.base_url)
        whole = dict(line.carried)
        cuts = 0
        for way, length in whole.items():
            for after_bytes in range(1, length, max(1, length // 40)):
                replica = MemoryReplica("가상-나")
                record = replica.create({"q1": "4", "wish": "더 자주"})
                before = replica.unsent()

                trouble = exchange_until_cut(replica, line, Cut(way, after_bytes))

                cuts += trouble is not None
                assert trouble is None or isinstance(trouble, ServerUnreachable), after_bytes
                assert replica.unsent() in (0, before)
                line.mend()
                exchange(replica, line.base_url)
                assert replica.unsent() == 0
                assert [op.author for op in server.records[record].made_by] == ["가상-나"]
                assert replica.answers(record) == server.records[record].answers
    assert cuts > 40


def test_errors_say_how_many_are_not_sent(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    for value in "123":
        replica.create({"q1": value})

    server.answer_with = _only(protocol.PUSH, Reply(status=500))
    with pytest.raises(ServerFailed) as failed:
        exchange(replica, server.base_url)
    with pytest.raises(Cancelled) as stopped:
        exchange(replica, server.base_url, stop_after=1)

    assert failed.value.facts == {"status": 500, "unsent": 3}
    assert stopped.value.facts == {"unsent": 3}
    assert replica.exchanged_at is None


def test_stopping_between_any_two_requests_keeps_what_was_done(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldapp.sync.exchange.PUSH_MAX_OPERATIONS", 2)
    server.budget = 1
    replica = MemoryReplica("가상-가")
    for value in "1234567":
        replica.create({"q1": value})

    rounds = 0
    while replica.exchanged_at is None:
        with contextlib.suppress(Cancelled):
            exchange(replica, server.base_url, stop_after=rounds)
        rounds += 1
        assert rounds < 40

    assert rounds > 5
    assert all(len(stored.made_by) == 1 for stored in server.records.values())
    assert len(server.records) == len(replica.server_docs) == 7


def test_a_rejected_operation_never_stands_in_the_way(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    record = replica.create({"q1": "1"})
    exchange(replica, server.base_url)
    replica.delete(record)
    later = replica.create({"q1": "2"})

    outcome, _, _ = exchange(replica, server.base_url)

    assert (outcome.sent, outcome.rejected) == (1, 1)
    assert later in server.records
    assert [op.kind for op in server.kept] == ["delete"]


def test_held_operations_are_offered_once_a_round_and_taken_when_their_form_arrives(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldapp.sync.exchange.PUSH_MAX_OPERATIONS", 2)
    replica = MemoryReplica("가상-가")
    held = [replica.create({"q1": value}, form=UNKNOWN_FORM) for value in "12345"]
    replica.amend(held[0], {"q1": "9"})
    taken = replica.create({"q1": "6"})

    first, _, _ = exchange(replica, server.base_url)
    offered_once = list(replica.offers)
    server.known_forms.add(UNKNOWN_FORM)
    second, _, _ = exchange(replica, server.base_url)

    assert (first.sent, first.held) == (1, 6)
    assert len(set(offered_once)) == len(offered_once) == 7
    assert (second.sent, second.held) == (6, 0)
    assert server.records.keys() == {*held, taken}
    assert replica.answers(held[0]) == {"q1": "9"}


def test_an_operation_that_the_server_cannot_read_is_found_and_passed_over(
    server: ModelServer,
) -> None:
    replica = MemoryReplica("가상-가")
    records = [replica.create({"q1": str(value)}) for value in range(21)]
    poison = replica.outbox[13].op_id.encode()

    def cannot_read(path: str, reply: Reply) -> Reply:
        return Reply(status=400) if poison in server.requests[-1][2] else reply

    server.answer_with = cannot_read
    outcome, seen, _ = exchange(replica, server.base_url)

    assert (outcome.sent, outcome.rejected) == (20, 1)
    assert replica.unsent() == 1
    assert server.records.keys() >= set(records[:13] + records[14:])
    assert [step.done for step in seen if step.stage == "push"][-1] == 21


def test_a_server_that_can_read_nothing_is_believed_after_a_few(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    for value in range(200):
        replica.create({"q1": str(value)})
    server.answer_with = _only(protocol.PUSH, Reply(status=400))

    with pytest.raises(ServerFailed):
        exchange(replica, server.base_url)

    assert len(server.requests) < 40


def test_however_many_cannot_be_read_the_others_arrive_after_a_few_rounds(
    server: ModelServer,
) -> None:
    replica = MemoryReplica("가상-가")
    records = [replica.create({"q1": str(value)}) for value in range(40)]
    poison = [op.op_id.encode() for op in replica.outbox[:30]]

    def cannot_read(path: str, reply: Reply) -> Reply:
        body = server.requests[-1][2]
        return Reply(status=400) if any(one in body for one in poison) else reply

    server.answer_with = cannot_read
    for _ in range(4):
        with contextlib.suppress(ServerFailed):
            exchange(replica, server.base_url)

    assert server.records.keys() >= set(records[30:])
    assert replica.unsent() == len(replica.passed_over) == 30


def test_progress_tells_true_counts(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldapp.sync.exchange.PUSH_MAX_OPERATIONS", 2)
    server.budget = 1500
    replica = MemoryReplica("가상-가")
    for value in "12345":
        replica.create({"q1": value})

    outcome, seen, _ = exchange(replica, server.base_url)

    push = [(step.done, step.total) for step in seen if step.stage == "push"]
    pull = [(step.done, step.total) for step in seen if step.stage == "pull"]
    assert [step.stage for step in seen[:2]] == ["hello", "hello"]
    assert push == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert [done for done, _ in pull] == sorted({done for done, _ in pull})
    assert pull[-1] == (5, 5)
    assert all(total is None for _, total in pull[:-1])
    assert len(pull) > 1
    assert outcome.received == 5


def test_the_clock_offset_is_noted_and_orders_nothing(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    slow = NOON - timedelta(minutes=7)

    with Connection(server.base_url, clock_now=lambda: slow, tokens=TOKENS) as connection:
        run_exchange(
            replica, connection, now=lambda: slow, progress=lambda _: None, cancelled=lambda: False
        )

    assert replica.clock_offset_ms == 7 * 60 * 1000


def test_no_common_protocol_is_told_with_both_ranges(server: ModelServer) -> None:
    newer = ex.Hello(
        protocol_min=7, protocol_max=9, epoch=server.epoch,
        server_time=TOKENS.expires, scopes=(),
    )  # fmt: skip
    server.answer_with = _only(protocol.HELLO, Reply(body=encode(newer)))

    with pytest.raises(ProtocolTooOld) as refusal:
        exchange(MemoryReplica("가상-가"), server.base_url)

    assert refusal.value.facts == {"ours": "1-1", "theirs": "7-9"}


def test_a_member_of_nothing_exchanges_nothing(server: ModelServer) -> None:
    lonely = ex.Hello(
        protocol_min=1, protocol_max=1, epoch=server.epoch,
        server_time=TOKENS.expires, scopes=(),
    )  # fmt: skip
    server.answer_with = _only(protocol.HELLO, Reply(body=encode(lonely)))
    replica = MemoryReplica("가상-가")
    replica.create({"q1": "1"})

    with pytest.raises(MembershipMissing):
        exchange(replica, server.base_url)

    assert server.records == {}


@pytest.mark.parametrize("lie", ["epoch", "stranger", "twice"])
def test_receipts_that_cannot_be_ours_are_not_stored(server: ModelServer, lie: str) -> None:
    replica = MemoryReplica("가상-가")
    replica.create({"q1": "1"})

    def lying(path: str, reply: Reply) -> Reply:
        if path != protocol.PUSH:
            return reply
        said = decode(ex.PushReply, reply.body)
        (receipt,) = said.results
        stranger = ex.Receipt(op_id=server.epoch, status="applied", rev=1)
        return Reply(
            body=encode(
                ex.PushReply(
                    epoch=OTHER_EPOCH if lie == "epoch" else said.epoch,
                    results={
                        "epoch": said.results,
                        "stranger": (stranger,),
                        "twice": (receipt, receipt),
                    }[lie],
                    applied_seq=0,
                    settled_through=0,
                )
            )
        )

    server.answer_with = lying
    with pytest.raises(MalformedMessage):
        exchange(replica, server.base_url)

    assert replica.receipts == {}


@pytest.mark.parametrize("lie", ["no rows", "same page", "epoch"])
def test_a_page_that_leads_nowhere_ends_the_round(server: ModelServer, lie: str) -> None:
    writer = MemoryReplica("가상-가")
    writer.create({"q1": "1"})
    exchange(writer, server.base_url)
    pages: list[bytes] = []

    def lying(path: str, reply: Reply) -> Reply:
        if path != protocol.PULL:
            return reply
        said = decode(ex.PullReply, reply.body)
        page = ex.PullReply(
            epoch=OTHER_EPOCH if lie == "epoch" else said.epoch,
            rows=() if lie == "no rows" else said.rows,
            cursors=said.cursors,
            more=True,
        )
        pages.append(pages[0] if lie == "same page" and pages else encode(page))
        return Reply(body=pages[-1])

    server.answer_with = lying
    with pytest.raises(MalformedMessage):
        exchange(MemoryReplica("가상-나"), server.base_url)

    assert len(pages) <= 2


def test_a_large_record_goes_alone(server: ModelServer) -> None:
    replica = MemoryReplica("가상-가")
    for _ in range(3):
        replica.create({"good": "가" * 300_000})

    outcome, _, _ = exchange(replica, server.base_url)

    pushes = [body for path, _, body in server.requests if path == protocol.PUSH]
    assert outcome.sent == 3
    assert [len(decode(ex.PushRequest, body).ops) for body in pushes] == [1, 1, 1]


def _only(path: str, other: Reply) -> Callable[[str, Reply], Reply]:
    return lambda asked, reply: other if asked == path else reply
