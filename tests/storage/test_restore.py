"""A damaged store is put back from its backup, and nothing unsent that could be read is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from fieldapp.domain.operation import Transition, changed_answers
from fieldapp.errors import BackupDamaged, StoreDamaged, StoreInUse
from fieldapp.storage import blobs, drafts, entities, meta, operations, records
from fieldapp.storage.backup import make_backup
from fieldapp.storage.replica import StoreReplica
from fieldapp.storage.restore import Restored, end_restore
from tests.outbox import pending
from tests.storage import building as b
from tests.storage import entity_building as e
from tests.storage.damaging import LATER, LONG, PAGE, Profile, backed_up_profile

GENEROUS_S = 120
_SAVE_AND_DIE = (
    "import os, signal, sys\nfrom pathlib import Path\n"
    "from fieldapp.storage.database import Store\nfrom tests.storage import building as b\n"
    "store = Store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
    "b.create(store, {'mode': 'paper'}, record_id=b.record_id_at(50))\n"
    "os.kill(os.getpid(), signal.SIGKILL)\n"
)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return backed_up_profile(tmp_path)


def test_what_was_written_since_the_backup_is_there_after_it_was_wished_back(
    profile: Profile,
) -> None:
    store = profile.open()
    b.amend(store, profile.before[0], {"mode": "self"})
    typed = b.draft(b.record_id_at(40), {"mode": "paper"}, at=LATER)
    with store.writing() as db:
        drafts.keep(db, typed)
    name = blobs.keep(store, b"%PDF-2", "pdf")
    store.close()

    restored = profile.restore()

    assert restored.recovered_operations == 11
    assert restored.recovered_drafts == 1
    assert restored.unread == 0
    store = profile.open()
    assert b.answers_of(store, profile.before[0])["mode"] == "self"
    assert all(b.answers_of(store, record) == LONG for record in profile.since)
    assert blobs.read(store, name) == b"%PDF-2"
    with store.reading() as db:
        assert drafts.all_drafts(db) == (typed,)
        assert b.count_waiting(db) == 2
    store.close()


def test_draft_typed_after_the_clock_went_back_is_the_later_one_all_the_same(
    profile: Profile, tmp_path: Path
) -> None:
    record = b.record_id_at(40)
    store = profile.open()
    with store.writing() as db:
        drafts.keep(db, b.draft(record, {"mode": "paper"}, at=LATER))
    profile.backup = make_backup(store, tmp_path / "usb", made_at=LATER, kind="manual")
    typed = b.draft(record, {"mode": "paper", "good": "가"}, at=LATER - timedelta(days=365))
    with store.writing() as db:
        drafts.keep(db, typed)
    store.close()

    profile.restore()

    store = profile.open()
    with store.reading() as db:
        assert drafts.all_drafts(db) == (typed,)
    store.close()


@pytest.mark.parametrize("at", [3, 2000], ids=["salt", "tables"])
def test_draft_that_was_thrown_away_since_the_backup_does_not_come_back(
    profile: Profile, tmp_path: Path, at: int
) -> None:
    thrown, kept = (b.draft(b.record_id_at(minute), {"mode": "self"}) for minute in (40, 41))
    store = profile.open()
    with store.writing() as db:
        drafts.keep(db, thrown)
        drafts.keep(db, kept)
    profile.backup = make_backup(store, tmp_path / "usb", made_at=LATER, kind="manual")
    with store.writing() as db:
        drafts.discard(db, thrown.record_id)
    store.close()
    profile.flip(1, at)

    profile.restore()

    store = profile.open()
    with store.reading() as db:
        assert drafts.all_drafts(db) == (kept,)
    store.close()


def test_restored_store_goes_on_in_the_next_incarnation_without_holes(profile: Profile) -> None:
    profile.restore()

    store = profile.open()
    with store.reading() as db:
        assert meta.identity(db).incarnation == 2
    offered = pending(StoreReplica(store, b.projections), 100, 10_000_000)
    store.close()
    assert [operation.seq for operation in offered] == list(range(1, 21))
    assert [operation.object.id for operation in offered] == profile.before + profile.since


def test_every_bad_page_of_operations_costs_the_operations_on_it_alone(profile: Profile) -> None:
    pages = profile.pages_where("SELECT doc FROM operation WHERE position > 10")
    whole = profile.path.read_bytes()
    assert len(pages) >= 5
    costs = []
    for page in pages:
        profile.path.write_bytes(whole)
        profile.flip(page)

        restored = profile.restore()

        assert restored.recovered_operations + restored.unread >= 10
        costs.append(10 - restored.recovered_operations)
        store = profile.open()
        with store.reading() as db:
            assert db.count("SELECT count(*) FROM operation") == 20 - costs[-1]
            assert db.rows("PRAGMA integrity_check") == [("ok",)]
        store.close()
    # A root costs more: what its backup does not know of.
    assert sorted(costs)[len(costs) // 2] <= 2


def test_bad_page_of_answers_costs_no_operation(profile: Profile) -> None:
    pages = profile.pages_where("SELECT local_doc FROM record WHERE id = ?", profile.since[-1])
    assert pages
    profile.flip(pages[-1])

    restored = profile.restore()

    assert (restored.recovered_operations, restored.unread) == (10, 0)
    store = profile.open()
    assert b.answers_of(store, profile.since[-1]) == LONG
    store.close()


@pytest.mark.parametrize("at", [3, 2000], ids=["salt", "tables"])
def test_bad_first_page_costs_nothing(profile: Profile, at: int) -> None:
    profile.flip(1, at)
    with pytest.raises(StoreDamaged):
        profile.open()

    restored = profile.restore()

    assert (restored.recovered_operations, restored.unread) == (10, 0)
    store = profile.open()
    assert all(b.answers_of(store, record) == LONG for record in profile.since)
    store.close()
    assert not list(profile.folder.glob("*.salvage*"))


def test_bad_first_page_costs_nothing_of_a_store_that_grew_and_left_a_log(
    profile: Profile,
) -> None:
    store = profile.open()
    typed = b.draft(b.record_id_at(40), {"good": "가상-긴-글 " * 3_000}, at=LATER)
    with store.writing() as db:
        drafts.keep(db, typed)
    store.close()
    run(_SAVE_AND_DIE, str(profile.path), profile.key.hex())
    profile.flip(1)

    restored = profile.restore()

    assert (restored.recovered_operations, restored.recovered_drafts) == (11, 1)
    store = profile.open()
    with store.reading() as db:
        assert drafts.all_drafts(db) == (typed,)
    store.close()


def test_bad_salt_of_a_store_that_was_itself_restored_costs_nothing(profile: Profile) -> None:
    profile.path.unlink()
    profile.restore()
    store = profile.open()
    written = b.create(store, LONG, record_id=b.record_id_at(40))
    store.close()
    profile.flip(1, 3)

    restored = profile.restore()

    assert (restored.recovered_operations, restored.unread) == (1, 0)
    store = profile.open()
    assert b.answers_of(store, written) == LONG
    store.close()


def test_log_left_by_a_death_is_read_and_does_not_reach_the_new_file(profile: Profile) -> None:
    run(_SAVE_AND_DIE, str(profile.path), profile.key.hex())
    assert profile.path.with_name("store.db-wal").stat().st_size > 0

    assert profile.restore().recovered_operations == 11

    store = profile.open()
    with store.reading() as db:
        assert db.count("SELECT count(*) FROM record") == 21
        assert db.rows("PRAGMA integrity_check") == [("ok",)]
    store.close()


def test_file_that_is_gone_is_put_back_with_its_attachments(profile: Profile) -> None:
    profile.path.unlink()
    for sealed in (profile.folder / "attachments").iterdir():
        sealed.unlink()

    restored = profile.restore()

    assert restored == Restored(0, 0, 0, None, b.NOON)
    store = profile.open()
    assert all(b.answers_of(store, record) == LONG for record in profile.before)
    with store.reading() as db:
        (name,) = db.rows("SELECT name FROM blob")
    assert blobs.read(store, *name) == b"%PDF-1"
    store.close()


@pytest.mark.parametrize("left", [0, 100, 3 * PAGE, 40 * PAGE])
def test_file_that_was_cut_short_is_put_back_with_what_it_still_holds(
    profile: Profile, left: int
) -> None:
    profile.path.write_bytes(profile.path.read_bytes()[:left])

    profile.restore()

    store = profile.open()
    assert all(b.answers_of(store, record) == LONG for record in profile.before)
    store.close()


def test_damaged_file_is_kept_beside_and_still_encrypted(profile: Profile) -> None:
    content = profile.path.read_bytes()

    restored = profile.restore()

    assert restored.damaged is not None
    assert restored.damaged.name == "damaged-20261201T080000Z.db"
    assert restored.damaged.read_bytes() == content


def test_change_of_a_record_that_came_after_the_backup_is_shown_again(profile: Profile) -> None:
    store = profile.open()
    pulled = b.record_id_at(60)
    StoreReplica(store, b.projections).accept_rows(b.page(b.put(pulled, 1, {"mode": "paper"})))
    b.amend(store, pulled, {"mode": "self"})
    store.close()

    profile.restore()

    store = profile.open()
    assert b.answers_of(store, pulled) == {"mode": "self"}
    assert b.found(store, pulled).rev == 1
    store.close()


def test_entities_that_operations_made_are_there_again(profile: Profile) -> None:
    store = profile.open()
    record, entity = b.record_id_at(61), b.new_uuid()
    with store.writing() as db:
        operation = b.next_operation(
            db,
            record,
            "create",
            scope=b.SCOPE,
            patch=changed_answers(None, {"mode": "paper"}),
            transition=Transition(to="완료", seen_rev=0),
            effects=(e.making(entity, {"grade": "risk"}),),
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="visit")
        entities.apply_effects(db, operation)
    store.close()

    profile.restore()

    store = profile.open()
    assert e.props_of(store, entity) == {"grade": "risk"}
    store.close()


def test_restored_twice_before_it_met_the_server_it_is_still_one_incarnation_ahead(
    profile: Profile,
) -> None:
    profile.restore()
    store = profile.open()
    b.create(store, {"mode": "paper"}, record_id=b.record_id_at(70))
    store.close()

    restored = profile.restore()

    assert restored.recovered_operations == 11
    store = profile.open()
    with store.reading() as db:
        assert meta.identity(db).incarnation == 2
    pending(StoreReplica(store, b.projections), 100, 10_000_000)
    store.close()
    profile.restore()
    store = profile.open()
    with store.reading() as db:
        assert meta.identity(db).incarnation == 3
        assert operations.count_unsent(db) == 21
    store.close()


def test_store_in_use_is_not_restored(profile: Profile) -> None:
    store = profile.open()

    with pytest.raises(StoreInUse):
        profile.restore()

    store.close()


def test_damaged_backup_is_not_put_in_place_of_anything(profile: Profile) -> None:
    content = bytearray(profile.backup.path.read_bytes())
    content[-1000] ^= 1
    profile.backup.path.write_bytes(content)

    with pytest.raises(BackupDamaged):
        profile.restore()

    store = profile.open()
    assert b.answers_of(store, profile.since[-1]) == LONG
    store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX")
@pytest.mark.parametrize("failpoint", ["restore.before_swap", "restore.in_swap"])
def test_death_in_a_restore_leaves_the_old_store_or_the_new_one(
    profile: Profile, failpoint: str
) -> None:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from fieldapp.storage.backup import list_backups\n"
        "from fieldapp.storage.restore import restore\nfrom tests.storage import building as b\n"
        "folder, key, place = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), Path(sys.argv[3])\n"
        "(backup,) = list_backups(place, folder.name)\n"
        "restore(folder, backup, key, now=b.NOON, kind_of=lambda _: 'survey')\n"
    )
    place = profile.backup.path.parent.parent
    run(program, str(profile.folder), profile.key.hex(), str(place), failpoint=failpoint)

    assert end_restore(profile.folder, LATER) == (failpoint == "restore.in_swap")
    store = profile.open()
    with store.reading() as db:
        assert db.count("SELECT count(*) FROM record") == 20
        assert meta.identity(db).incarnation == (2 if failpoint == "restore.in_swap" else 1)
    store.close()
    profile.restore()
    store = profile.open()
    assert all(b.answers_of(store, record) == LONG for record in profile.since)
    store.close()


def run(program: str, *arguments: str, failpoint: str = "") -> None:
    """Run a program in a process of its own until it dies."""
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "FIELDAPP_FAILPOINT": failpoint},
        capture_output=True,
        text=True,
        check=False,
        timeout=GENEROUS_S,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
