"""What the server refused: taken up anew as another operation, or given up, and read for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.domain.exchange import PushReply, Receipt
from fieldapp.domain.ids import RecordId, new_record_id
from fieldapp.errors import DraftInTheWay, NothingChanged
from fieldapp.storage import entities, meta, operations
from fieldapp.storage.replica import StoreReplica
from fieldapp.usecases import (
    backups,
    exchange,
    filling,
    finishing,
    history,
    lists,
    merging,
    profiles,
    records,
    sending_again,
)
from fieldapp.usecases.exchange import projections_of
from fieldapp.usecases.session import Session
from tests.laptops import PASSWORD, AppLaptop, new_laptop, open_laptop
from tests.outbox import pending
from tests.servers import Server

HOUSEHOLD = {
    "who/name": "가상-김하나", "who/birth": "1948-03-02", "where/tong": "3통",
    "where/address": "가상로 12", "where/phone": "010-0000-0101", "family/hh_size": "1",
    "family/traits": "elder_alone", "family/safety": "가상-없음",
}  # fmt: skip


class Refused:
    """A laptop whose worker may write for its town no more, until they may again."""

    def __init__(self, laptop: AppLaptop, server: Server) -> None:
        self.laptop, self.session = laptop, laptop.session
        self._server = server
        self._who = [laptop.session.worker.user, laptop.session.worker.scope]

    def leave(self) -> None:
        self._server.sql(
            "delete from fieldapp.membership where account = %s and scope = %s", self._who
        )

    def come_back(self) -> None:
        self._server.sql(
            "insert into fieldapp.membership (account, scope) values (%s, %s)", self._who
        )

    def only_line(self) -> str:
        """The operation of the first thing that waits."""
        return exchange.waiting(self.session)[0].op_id

    def holes(self) -> int:
        """How many numbers below its last the server has not had of this laptop's life."""
        with self.session.store.reading() as db:
            who, last = meta.identity(db), operations.next_seq(db) - 1
        ((applied,),) = self._server.sql(
            "select applied_seq from fieldapp.replica where id = %s", [who.replica]
        )
        return last - int(applied)

    def on_server(self) -> list[dict[str, str]]:
        rows = self._server.sql(
            "select doc->'answers' from fieldapp.record where scope = %s", [self._who[1]]
        )
        return [dict(answers) for (answers,) in rows]


@pytest.fixture
def refused(server: Server, tmp_path: Path) -> Iterator[Refused]:
    town, other = server.new_scope(), server.new_scope()
    user = server.new_user(town, other)
    laptop = new_laptop(tmp_path / "refused", server.packs, user=user, scope=town)
    laptop.enrol(server)
    yield Refused(laptop, server)
    laptop.close()


def typed(one: sending_again.Inside | None) -> dict[str, str | None]:
    assert one is not None
    return {line.question: line.typed for line in one.lines}


def finish(laptop: AppLaptop, record: RecordId, reason: str | None = None) -> None:
    form = filling.open_draft(laptop.session, record)
    finishing.finish(laptop.session, form.snapshot(None), reason=reason)


def registered_household(session: Session) -> str:
    """A household, by its form."""
    welfare = replace(session.worker, roles=frozenset({"dong_welfare"}))
    opened = filling.open_new(replace(session, worker=welfare), "household", preset=HOUSEHOLD)
    finishing.finish(replace(session, worker=welfare), opened.snapshot(None))
    with session.store.reading() as db:
        return str(db.value("SELECT id FROM entity WHERE list = 'household'"))


def refused_record(refused: Refused) -> RecordId:
    """A survey that the server refused, and an amendment that waits for it."""
    refused.leave()
    record = refused.laptop.record_survey(serial="1")
    refused.laptop.exchange()
    refused.laptop.amend(record, good="가상-친절함")
    return record


def test_refused_record_is_taken_up_as_a_draft_and_sent_as_another_operation(
    refused: Refused,
) -> None:
    record = refused_record(refused)
    refused.come_back()

    _, drafted = sending_again.again(refused.session, refused.only_line())

    assert drafted == record
    assert exchange.waiting(refused.session) == ()
    finish(refused.laptop, record)
    assert refused.laptop.exchange().sent == 1
    (there,) = refused.on_server()
    assert (there["serial"], there["good"]) == ("1", "가상-친절함")
    assert there["meta/instanceID"] == f"uuid:{record}"
    assert refused.laptop.answers(record)["good"] == "가상-친절함"


def test_what_waited_for_the_refused_one_leaves_no_hole_that_settlement_would_stop_at(
    refused: Refused,
) -> None:
    record = refused_record(refused)
    refused.laptop.record_survey(serial="2")
    refused.laptop.exchange()
    refused.come_back()
    for waiting in exchange.waiting(refused.session)[::-1]:
        if waiting.delivery == "quarantined":
            sending_again.again(refused.session, waiting.op_id)
    for row in records.records_page(refused.session).rows:
        finish(refused.laptop, row.record_id)

    refused.laptop.exchange()

    assert refused.holes() == 0
    assert sorted(one["serial"] for one in refused.on_server()) == ["1", "2"]
    assert refused.laptop.answers(record)["good"] == "가상-친절함"


def test_given_up_record_is_gone_from_the_list_and_can_be_read_for_good(refused: Refused) -> None:
    refused_record(refused)
    line = refused.only_line()
    before = sending_again.inside(refused.session, line)

    sending_again.drop(refused.session, line)

    assert exchange.waiting(refused.session) == ()
    assert records.records_page(refused.session).rows == ()
    assert records.status(refused.session).quarantined == 0
    assert [one.title for one in sending_again.all_aside(refused.session)] == ["설문 1"]
    after = sending_again.inside(refused.session, line)
    assert typed(after) == typed(before)
    assert typed(after)["좋았던 점"] == "가상-친절함"
    assert after is not None
    assert (after.standing, after.code, after.can_again) == ("aside", "not_a_member", True)


def test_given_up_record_stays_given_up_when_the_server_begins_another_life(
    refused: Refused, server: Server
) -> None:
    refused_record(refused)
    sending_again.drop(refused.session, refused.only_line())
    refused.come_back()
    refused.laptop.exchange()

    with refused.session.store.writing() as db:
        operations.begin_epoch(db, operations.Settled(1, 0))
    refused.laptop.exchange()

    assert refused.on_server() == []
    assert records.records_page(refused.session).rows == ()


@pytest.mark.parametrize("is_in_backup", [True, False])
def test_given_up_record_stays_given_up_in_a_store_that_is_restored(
    refused: Refused, server: Server, *, is_in_backup: bool
) -> None:
    session = refused.session
    place = backups.default_place(session.store.path.parent)
    if not is_in_backup:
        backups.back_up_now(session, place)
    refused_record(refused)
    if is_in_backup:
        backups.back_up_now(session, place)
    line = refused.only_line()
    sending_again.drop(session, line)
    refused.come_back()
    refused.laptop.close()
    content = bytearray(session.store.path.read_bytes())
    content[1000] ^= 1
    session.store.path.write_bytes(content)
    (profile,) = profiles.list_profiles(refused.laptop.folder)

    backups.restore_newest_good(profile, PASSWORD, session.clock)
    restored = open_laptop(refused.laptop.folder, server.packs)
    restored.exchange()
    restored.exchange()

    assert refused.on_server() == []
    assert exchange.waiting(restored.session) == ()
    assert records.records_page(restored.session).rows == ()
    shown = sending_again.inside(restored.session, line)
    assert shown is not None
    assert (shown.standing, shown.code) == ("aside", "not_a_member")
    restored.close()


def test_given_up_record_can_be_taken_up_after_all(refused: Refused) -> None:
    record = refused_record(refused)
    line = refused.only_line()
    sending_again.drop(refused.session, line)
    refused.come_back()

    _, drafted = sending_again.again(refused.session, line)

    assert drafted == record
    finish(refused.laptop, record)
    refused.laptop.exchange()
    assert [one["good"] for one in refused.on_server()] == ["가상-친절함"]


def test_refused_change_becomes_an_amendment_of_the_record_as_it_stands_now(
    refused: Refused, server: Server, tmp_path: Path
) -> None:
    town = str(refused.session.worker.scope)
    colleague = new_laptop(
        tmp_path / "colleague", server.packs, user=server.new_user(town), scope=town
    )
    colleague.enrol(server)
    record = refused.laptop.record_survey(serial="1")
    refused.laptop.exchange()
    refused.laptop.amend(record, good="가상-친절함")
    refused.leave()
    # The account still has another scope, and the record is none of its own for a while.
    refused.laptop.exchange()
    assert [one.code for one in exchange.waiting(refused.session)] == ["unknown_object"]
    refused.come_back()
    colleague.exchange()
    colleague.amend(record, q1="1")
    colleague.exchange()
    refused.laptop.exchange()

    _, drafted = sending_again.again(refused.session, refused.only_line())
    assert drafted == record
    assert refused.laptop.answers(record)["good"] == "가상-친절함"
    finish(refused.laptop, record, reason="가상-다시 보냄")
    refused.laptop.exchange()

    (there,) = refused.on_server()
    assert (there["good"], there["items/q1"]) == ("가상-친절함", "1")
    told = history.history(refused.session, record).changes
    assert [one.delivery for one in told].count("aside") == 1
    colleague.close()


def test_what_a_draft_builds_on_is_neither_given_up_nor_taken_up(refused: Refused) -> None:
    record = refused_record(refused)
    form = filling.open_record(refused.session, record)
    filling.keep_draft(refused.session, form.snapshot(None))
    line = refused.only_line()

    with pytest.raises(DraftInTheWay):
        sending_again.drop(refused.session, line)
    with pytest.raises(DraftInTheWay):
        sending_again.again(refused.session, line)

    assert refused.laptop.answers(record)["good"] == "가상-친절함"
    assert len(exchange.waiting(refused.session)) == 2


def test_refused_change_of_a_household_by_hand_is_made_again_at_once(refused: Refused) -> None:
    session = refused.session
    house = str(new_record_id(session.clock.now()))
    refused.leave()
    with session.store.writing() as db:
        lists.register(session, db, "household", house, label="가상-김하나", props={"tong": "3통"})
    refused.laptop.exchange()
    with session.store.writing() as db:
        lists.change(session, db, "household", house, {"phone": "010-0000-0109"})
    shown = sending_again.inside(session, refused.only_line())
    refused.come_back()

    _, drafted = sending_again.again(session, refused.only_line())

    assert drafted is None
    assert typed(shown) == {"이름": "가상-김하나", "통": "3통", "전화": "010-0000-0109"}
    assert refused.laptop.exchange().sent == 1
    assert exchange.waiting(session) == ()
    assert refused.holes() == 0
    with session.store.reading() as db:
        assert lists.standing_label(db, "household", house) == "가상-김하나"


@pytest.mark.parametrize("code", ["step_refused", "signature_void"])
def test_what_was_taken_in_without_its_step_is_told_until_it_was_seen(
    refused: Refused, code: str
) -> None:
    session = refused.session
    refused.laptop.record_survey(serial="1")
    replica = StoreReplica(session.store, projections_of(session.catalogue))
    (written,) = pending(replica, 500, 1_000_000)
    taken = Receipt(op_id=written.op_id, status="merged", rev=1, code=code)
    replica.accept_receipts(
        PushReply(epoch="가상", results=(taken,), applied_seq=1, settled_through=0)
    )

    (told,) = sending_again.notices(session)
    shown = sending_again.inside(session, told.op_id)

    assert (told.title, told.standing, told.code) == ("설문 1", "partly", code)
    assert shown is not None
    assert (shown.can_again, shown.target) == (False, "완료")
    assert exchange.waiting(session) == ()
    sending_again.note_seen(session, told.op_id)
    assert sending_again.notices(session) == ()
    assert sending_again.inside(session, told.op_id) is None


def test_change_of_whom_a_refused_form_registered_goes_where_the_form_goes(
    refused: Refused,
) -> None:
    session = refused.session
    refused.leave()
    house = registered_household(session)
    refused.laptop.exchange()
    with session.store.writing() as db:
        lists.change(session, db, "household", house, {"phone": "010-0000-0109"})
    form, by_hand = exchange.waiting(session)

    shown = sending_again.inside(session, by_hand.op_id)
    sending_again.drop(session, by_hand.op_id)

    assert shown is not None
    assert (shown.op_id, shown.others) == (form.op_id, 1)
    assert exchange.waiting(session) == ()
    with session.store.reading() as db:
        assert lists.standing_label(db, "household", house) == ""
    aside = {one.title: one for one in sending_again.all_aside(session)}
    left = sending_again.inside(session, aside["이 노트북에 없는 대상"].op_id)
    assert left is not None
    assert not left.can_again
    assert typed(left) == {"전화": "010-0000-0109"}


def test_of_what_waited_together_that_alone_is_told_as_taken_up_which_was(
    refused: Refused,
) -> None:
    session = refused.session
    refused.leave()
    house = registered_household(session)
    refused.laptop.exchange()
    with session.store.writing() as db:
        lists.change(session, db, "household", house, {"phone": "010-0000-0109"})
    form, by_hand = (one.op_id for one in exchange.waiting(session))

    _, drafted = sending_again.again(session, form)

    told = {one.op_id: one.is_again for one in sending_again.all_aside(session)}
    assert told == {form: True, by_hand: False}
    assert drafted is not None
    welfare = replace(session, worker=replace(session.worker, roles=frozenset({"dong_welfare"})))
    finishing.finish(welfare, filling.open_draft(welfare, drafted).snapshot(None))
    # The record is being written again: nothing of that is in the way of the change by hand.
    filling.keep_draft(welfare, filling.open_record(welfare, drafted).snapshot(None))
    sending_again.again(session, by_hand)
    with session.store.reading() as db:
        assert entities.find(db, "household", house).props["phone"] == "010-0000-0109"
    assert all(one.is_again for one in sending_again.all_aside(session))


def test_refused_change_of_a_record_that_is_still_to_be_pulled_begins_no_second_one(
    refused: Refused,
) -> None:
    session = refused.session
    record = refused.laptop.record_survey(serial="1")
    refused.laptop.amend(record, good="가상-친절함")
    replica = StoreReplica(session.store, projections_of(session.catalogue))
    first, second = pending(replica, 500, 1_000_000)
    words = (
        Receipt(op_id=first.op_id, status="applied", rev=1),
        Receipt(op_id=second.op_id, status="rejected", code="locked"),
    )
    replica.accept_receipts(
        PushReply(epoch="가상", results=words, applied_seq=2, settled_through=0)
    )

    shown = sending_again.inside(session, second.op_id)

    assert shown is not None
    assert (shown.can_again, shown.is_new) == (False, False)


def test_what_was_taken_up_and_is_on_its_way_is_not_begun_another_time(refused: Refused) -> None:
    record = refused_record(refused)
    line = refused.only_line()
    sending_again.again(refused.session, line)
    finish(refused.laptop, record)

    with pytest.raises(NothingChanged):
        sending_again.again(refused.session, line)

    refused.come_back()
    assert refused.laptop.exchange().sent == 1
    assert [one["good"] for one in refused.on_server()] == ["가상-친절함"]


def test_refused_change_of_a_household_that_turned_out_to_be_another_is_made_of_that_one(
    refused: Refused, server: Server, tmp_path: Path
) -> None:
    session, town = refused.session, refused.session.worker.scope
    officer = new_laptop(
        tmp_path / "officer",
        server.packs,
        user=server.new_user(town, roles=("dong_welfare",)),
        scope=town,
        roles=frozenset({"dong_welfare"}),
    )
    officer.enrol(server)
    twin, standing = (str(new_record_id(session.clock.now())) for _ in range(2))
    with session.store.writing() as db:
        for house in (twin, standing):
            lists.register(session, db, "household", house, label="가상-김하나", props={})
    refused.laptop.exchange()
    officer.exchange()
    refused.leave()
    with session.store.writing() as db:
        lists.change(session, db, "household", twin, {"phone": "010-0000-0109"})
    refused.laptop.exchange()
    (line,) = exchange.waiting(session)
    refused.come_back()
    merging.join(officer.session, twin, standing)
    officer.exchange()
    refused.laptop.exchange()

    sending_again.again(session, line.op_id)

    assert refused.laptop.exchange().sent == 1
    officer.exchange()
    for laptop in (officer, refused.laptop):
        with laptop.session.store.reading() as db:
            assert entities.find(db, "household", standing).props["phone"] == "010-0000-0109"
    officer.close()
