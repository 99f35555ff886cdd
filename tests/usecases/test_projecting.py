"""통계 준비 in slices: where it stands is in the store, whatever happens between two of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from fieldapp.domain.figures import Period
from fieldapp.storage import answers
from fieldapp.storage.replica import StoreReplica
from fieldapp.usecases import summaries
from fieldapp.usecases.exchange import projections_of
from fieldapp.usecases.projecting import SLICE_RECORDS, Slice, project_slice
from fieldapp.usecases.summaries import PageChoices
from tests.laptops import AppLaptop, open_laptop
from tests.storage import building as b

RECEIVED = 2 * SLICE_RECORDS + 1


def receive(laptop: AppLaptop) -> None:
    """Surveys as a server sends them, none of them counted yet."""
    session = laptop.session
    form = session.catalogue.newest("P13e").plans.form
    rows = [
        b.put(b.record_id_at(n), 1, {"serial": str(n), "items/q1": "4"}, scope_seq=n + 1, form=form)
        for n in range(RECEIVED)
    ]
    StoreReplica(session.store, projections_of(session.catalogue)).accept_rows(b.page(*rows))


def counted(laptop: AppLaptop) -> int:
    with laptop.session.store.reading() as db:
        table = answers.table_of(db, "P13e")
        assert table is not None
        return db.count(f'SELECT count(*) FROM "{table.name}"')  # noqa: S608 - our registry


def test_each_slice_tells_what_it_did_and_what_waits(alone: AppLaptop) -> None:
    receive(alone)

    told = [project_slice(alone.session) for _ in range(4)]

    assert told == [
        Slice(SLICE_RECORDS, SLICE_RECORDS + 1), Slice(SLICE_RECORDS, 1), Slice(1, 0), Slice(0, 0),
    ]  # fmt: skip
    assert counted(alone) == RECEIVED


def test_process_killed_between_two_slices_goes_on_where_it_stood(
    alone: AppLaptop, compiled_packs: Path, tmp_path: Path
) -> None:
    receive(alone)
    project_slice(alone.session)
    # What the disk holds at this moment is all that a killed process leaves.
    shutil.copytree(alone.folder, tmp_path / "left")

    later = open_laptop(tmp_path / "left", compiled_packs)
    told = [project_slice(later.session) for _ in range(2)]

    assert told[-1] == Slice(1, 0)
    assert counted(later) == RECEIVED
    later.close()


def test_form_that_waits_again_is_rebuilt_row_for_row(alone: AppLaptop) -> None:
    receive(alone)
    while project_slice(alone.session).waiting:
        pass
    # As the installation of another version does.
    with alone.session.store.writing() as db:
        answers.mark_due(db, "P13e")

    done = 0
    while (told := project_slice(alone.session)).done:
        done += told.done

    assert (done, counted(alone)) == (RECEIVED, RECEIVED)


def test_page_counts_a_few_that_wait_at_once(alone: AppLaptop) -> None:
    receive(alone)
    now = alone.session.clock.now()

    output = summaries.build_summary(
        alone.session,
        "P13e",
        Period.month(now.year, now.month),
        choices=PageChoices(scope=None),
    )

    assert output.document.unprojected == 0
