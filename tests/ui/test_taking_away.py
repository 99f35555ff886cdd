"""The strip that asks before much leaves the laptop at once."""

from __future__ import annotations

from fieldapp.domain.exchange import PulledRow, PullReply
from fieldapp.domain.ids import new_record_id
from fieldapp.domain.operation import FormRef, ObjectRef
from fieldapp.domain.record import RecordDoc, document_hash
from fieldapp.domain.shapes import to_wire
from fieldapp.storage.replica import StoreReplica
from fieldapp.storage.taking import FEW
from fieldapp.ui.jobs import Lane
from fieldapp.usecases import records
from fieldapp.usecases.backup_places import kept_backups
from fieldapp.usecases.exchange import projections_of
from fieldapp.usecases.session import Session
from tests.ui.conftest import AtWork
from tests.ui.looking import cut, outside
from tests.ui.samples import NOON, go
from tests.ui.test_passing_on import held

EPOCH = "0193a000-0000-4000-8000-000000000001"
MANY = FEW + 5


def pulled(*rows: PulledRow) -> PullReply:
    return PullReply(epoch=EPOCH, rows=rows, cursors={"가상-햇살동": "c"}, more=False)


def brought(seq: int, record: str) -> PulledRow:
    at = NOON.isoformat()
    doc = RecordDoc(
        form=FormRef(id="P13e", version="2026120101"), kind="survey", scope="가상-햇살동",
        state="완료", author="가상-이담당", created=at, updated=at, answers={"serial": str(seq)},
    )  # fmt: skip
    return PulledRow(
        scope="가상-햇살동", scope_seq=seq, change="put", rev=1, doc=to_wire(doc),
        object=ObjectRef(type="record", id=record), hash=document_hash(doc),
    )  # fmt: skip


def taken(seq: int, record: str) -> PulledRow:
    return PulledRow(
        scope="가상-햇살동", scope_seq=seq, change="evict", rev=1,
        object=ObjectRef(type="record", id=record),
    )  # fmt: skip


def take_many(session: Session) -> None:
    """What the server brought, it wants off the laptop again."""
    replica = StoreReplica(session.store, projections_of(session.catalogue))
    ids = [str(new_record_id(NOON)) for _ in range(MANY)]
    replica.accept_rows(pulled(*(brought(seq, one) for seq, one in enumerate(ids, 1))))
    replica.accept_rows(pulled(*(taken(MANY + seq, one) for seq, one in enumerate(ids, 1))))


def test_what_was_agreed_to_is_not_asked_again_while_the_backup_is_made(in_town: AtWork) -> None:
    window, hands, desk = in_town
    take_many(desk.session)
    go(window, hands, "syncing")

    with held(window, Lane.NETWORK):
        desk.syncing.leaving.button.click()
        desk.exchange.reload()
        window.jobs.wait(Lane.STORAGE)
        hands.settle()
        assert desk.syncing.leaving.words().startswith("예비본을 만들고 거두는 중입니다.")
        assert not desk.syncing.leaving.button.isVisible()
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")

    assert desk.syncing.leaving.words() == ""


def test_much_that_would_leave_is_asked_about_and_goes_after_a_backup(in_town: AtWork) -> None:
    window, hands, desk = in_town
    session = desk.session
    take_many(session)
    go(window, hands, "syncing")

    assert desk.syncing.leaving.words().startswith(
        f"서버가 기록 {MANY}건을 이 노트북에서 거두라고 합니다."
    )
    assert cut(window) == []
    assert outside(window) == []
    before = records.records_page(session).total
    desk.syncing.leaving.button.click()
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()

    assert before - records.records_page(session).total == MANY
    assert desk.syncing.leaving.words() == ""
    assert kept_backups(session) != ()
