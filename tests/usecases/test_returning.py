"""반납 준비 and 사용 중지, as a worker meets them: told clearly, and nothing unsent is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.domain.exchange import DeviceState
from fieldapp.domain.ids import RecordId
from fieldapp.errors import ReplicaRevoked
from fieldapp.messages import message_for
from fieldapp.server import accounts, devices
from fieldapp.storage import operations
from fieldapp.storage.backup import make_backup
from fieldapp.usecases import exchange, filling, records
from fieldapp.usecases.returning import Returning, returning
from tests.laptops import AppLaptop
from tests.servers import Server

Pair = tuple[AppLaptop, AppLaptop]


def set_state(server: Server, laptop: AppLaptop, state: DeviceState) -> None:
    with accounts.owner_connection(server.postgres.owner_url) as owner:
        (device,) = devices.list_devices(owner, account=laptop.session.worker.user)
        devices.set_state(owner, device.replica, state)


def own(laptop: AppLaptop, record: RecordId) -> list[str]:
    with laptop.session.store.reading() as db:
        return [one.operation.op_id for one in operations.for_object(db, record)]


def test_laptop_being_returned_sends_what_it_has_and_takes_nothing_more_in(
    server: Server, pair: Pair
) -> None:
    returned, other = pair
    set_state(server, returned, "drain")
    mine, theirs = returned.record_survey(serial="1"), other.record_survey(serial="2")
    other.exchange()

    outcome = returned.exchange()

    assert (outcome.sent, outcome.received) == (1, 0)
    assert returned.titles() == ["설문 1"]
    assert theirs not in {row.record_id for row in records.records_page(returned.session).rows}
    other.exchange()
    assert other.answers(mine)["serial"] == "1"


def test_laptop_being_returned_says_what_is_on_it_alone_until_there_is_nothing(
    server: Server, pair: Pair
) -> None:
    returned, _ = pair
    assert returning(returned.session) is None
    set_state(server, returned, "drain")
    returned.exchange()
    returned.record_survey(serial="1")
    form = filling.open_new(returned.session, "P13e")
    form.filling.answer("wish", "가상-오전")
    filling.keep_draft(returned.session, form.snapshot("wish"))

    before = returning(returned.session)
    returned.exchange()
    after = returning(returned.session)
    filling.discard_draft(returned.session, form.record_id)

    assert before == Returning("drain", unsent=1, refused=0, drafts=1, files=0)
    assert after == Returning("drain", unsent=0, refused=0, drafts=1, files=0)
    last = returning(returned.session)
    assert last is not None
    assert last.is_empty


def test_laptop_used_no_more_is_told_so_and_keeps_all_it_has(
    server: Server, pair: Pair, tmp_path: Path
) -> None:
    revoked, other = pair
    theirs = other.record_survey(serial="1")
    other.exchange()
    revoked.exchange()
    mine = revoked.record_survey(serial="2")
    written = own(revoked, mine)
    set_state(server, revoked, "revoked")

    with pytest.raises(ReplicaRevoked) as told:
        revoked.exchange()

    assert "1건은 지우지 않았" in message_for(told.value).safe
    assert own(revoked, mine) == written
    assert revoked.answers(theirs)["serial"] == "1"
    assert [one.delivery for one in exchange.waiting(revoked.session)] == ["unsent"]
    backup = make_backup(
        revoked.session.store, tmp_path, made_at=revoked.session.clock.now(), kind="daily"
    )
    assert backup.counts.operations == len(written)


def test_laptop_used_no_more_remembers_it_without_a_server(server: Server, pair: Pair) -> None:
    revoked, _ = pair
    revoked.record_survey(serial="2")
    set_state(server, revoked, "revoked")
    with pytest.raises(ReplicaRevoked):
        revoked.exchange()

    reopened = revoked.reopen(server.packs)

    told = returning(reopened.session)
    reopened.close()
    assert told == Returning("revoked", unsent=1, refused=0, drafts=0, files=0)


def test_what_was_never_sent_arrives_once_the_laptop_may_bring_it(
    server: Server, pair: Pair
) -> None:
    revoked, other = pair
    set_state(server, revoked, "revoked")
    mine = revoked.record_survey(serial="2")
    with pytest.raises(ReplicaRevoked):
        revoked.exchange()

    set_state(server, revoked, "drain")
    outcome = revoked.exchange()
    set_state(server, revoked, "active")
    revoked.exchange()

    assert outcome.sent == 1
    assert returning(revoked.session) is None
    other.exchange()
    assert other.answers(mine)["serial"] == "2"
