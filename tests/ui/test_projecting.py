"""통계 준비: received records are counted in slices, behind whatever is saved meanwhile."""

from __future__ import annotations

from fieldapp.domain.operation import FormRef
from fieldapp.storage import answers
from fieldapp.storage.replica import StoreReplica
from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.widgets.status_line import StatusLine, Truth
from fieldapp.usecases import filling
from fieldapp.usecases.exchange import projections_of
from fieldapp.usecases.projecting import SLICE_RECORDS
from tests.storage import building as b
from tests.ui.conftest import AtWork
from tests.ui.samples import PASSWORD, go

RECEIVED = 5 * SLICE_RECORDS


def waiting(desk: Desk) -> int:
    with desk.session.store.reading() as db:
        return answers.due_count(db)


def receive(desk: Desk) -> None:
    """Surveys as a server sends them, none of them counted yet."""
    form: FormRef = desk.session.catalogue.newest("P13e").plans.form
    rows = [
        b.put(b.record_id_at(n), 1, {"serial": str(n), "items/q1": "4"}, scope_seq=n + 1, form=form)
        for n in range(RECEIVED)
    ]
    StoreReplica(desk.session.store, projections_of(desk.session.catalogue)).accept_rows(
        b.page(*rows)
    )


def counted(desk: Desk) -> int:
    with desk.session.store.reading() as db:
        table = answers.table_of(db, "P13e")
        assert table is not None
        return db.count(f'SELECT count(*) FROM "{table.name}"')  # noqa: S608 - our registry


def rest(window: MainWindow, hands: Hands) -> None:
    hands.wait_until(window.jobs.is_idle, "the lanes to rest")
    hands.settle()


def test_status_line_counts_what_is_made_ready_until_it_is_done(in_town: AtWork) -> None:
    window, hands, desk = in_town
    receive(desk)
    told: list[Truth] = []
    desk.truth_changed.connect(told.append)

    go(window, hands, "records")
    rest(window, hands)

    parts = [truth.projecting for truth in told if truth.projecting]
    assert parts == [(done, RECEIVED) for done in range(SLICE_RECORDS, RECEIVED, SLICE_RECORDS)]
    assert "통계 준비" not in window.status_line.words()
    assert (waiting(desk), counted(desk)) == (0, RECEIVED)


def test_what_is_saved_meanwhile_goes_between_two_slices(in_town: AtWork) -> None:
    window, hands, desk = in_town
    receive(desk)
    form = filling.open_new(desk.session, "P13e")
    left: list[int] = []

    def keep() -> int:
        filling.keep_draft(desk.session, form.snapshot(None))
        return waiting(desk)

    def ask(truth: Truth) -> None:
        if truth.projecting and not left:
            left.append(-1)
            window.jobs.start(keep, owner=desk, on_done=left.append)

    desk.truth_changed.connect(ask)
    desk.read_status()
    rest(window, hands)

    # Only the slice that was under way already comes before it.
    assert left[1] >= RECEIVED - 2 * SLICE_RECORDS
    assert waiting(desk) == 0


def test_lock_stops_between_two_slices_and_the_next_unlock_goes_on(in_town: AtWork) -> None:
    window, hands, desk = in_town
    receive(desk)
    seen: list[Truth] = []

    def lock(truth: Truth) -> None:
        if truth.projecting and not seen:
            seen.append(truth)
            window.lock()

    desk.truth_changed.connect(lock)
    desk.read_status()
    hands.wait_until(lambda: window.screen_name() == "unlock", "the lock")
    rest(window, hands)
    assert seen[0].projecting == (SLICE_RECORDS, RECEIVED)

    hands.type_text(PASSWORD)
    hands.press("Return")
    hands.wait_until(lambda: window.desk is not None, "the desk")
    rest(window, hands)

    again = window.desk
    assert again is not None
    assert (waiting(again), counted(again)) == (0, RECEIVED)


def test_line_says_how_many_of_how_many() -> None:
    line = StatusLine()

    line.show_truth(Truth(projecting=(12_000, 100_000)))
    assert line.words().endswith("통계 준비 중 12,000/100,000")
    line.show_truth(Truth())

    assert "통계" not in line.words()
