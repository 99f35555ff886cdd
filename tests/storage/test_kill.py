"""A process that dies at the worst moment: the acknowledged is there, nothing is half there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.errors import RecordMissing, StoreDamaged
from fieldapp.storage import entities, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.outbox import pending
from tests.storage import building as b
from tests.storage import entity_building as e

GENEROUS_S = 60
FIRST = {"mode": "paper", "items/q1": "4"}
PRELUDE = """
import sys
from pathlib import Path
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b
path, key, arguments = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3:]
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX")


def die_in(program: str, failpoint: str, path: Path, key: bytes, *arguments: str) -> None:
    """Run a program in a process of its own until it dies at the named place."""
    ended = subprocess.run(
        [sys.executable, "-c", PRELUDE + program, str(path), key.hex(), *arguments],
        env={**os.environ, "FIELDAPP_FAILPOINT": failpoint},
        capture_output=True,
        text=True,
        check=False,
        timeout=GENEROUS_S,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def is_sound(store: Store) -> bool:
    with store.reading() as db:
        return db.rows("PRAGMA integrity_check") == [("ok",)] and not db.rows(
            "PRAGMA cipher_integrity_check"
        )


def test_death_while_rows_are_stored_leaves_neither_rows_nor_cursor(
    path: Path, data_key: bytes
) -> None:
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()
    record = b.record_id_at()

    die_in(
        "replica = StoreReplica(Store.open(path, key), b.projections)\n"
        "replica.accept_rows(b.page(b.put(arguments[0], 1, {'mode': 'self'})))",
        "rows.before_commit",
        path,
        data_key,
        record,
    )

    store = Store.open(path, data_key)
    replica = StoreReplica(store, b.projections)
    with pytest.raises(RecordMissing):
        b.found(store, record)
    assert replica.cursors() == {}
    replica.accept_rows(b.page(b.put(record, 1, {"mode": "self"})))
    assert b.answers_of(store, record) == {"mode": "self"}
    assert is_sound(store)
    store.close()


def test_death_while_receipts_are_stored_offers_everything_again(
    path: Path, data_key: bytes
) -> None:
    store = Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON)
    record = b.create(store, FIRST)
    sent = pending(StoreReplica(store, b.projections), 500, 1_000_000)
    store.close()

    die_in(
        "replica = StoreReplica(Store.open(path, key), b.projections)\n"
        "replica.accept_receipts(b.reply([b.receipt(arguments[0], 'applied', rev=1)]))",
        "receipts.before_commit",
        path,
        data_key,
        sent[0].op_id,
    )

    store = Store.open(path, data_key)
    assert pending(StoreReplica(store, b.projections), 500, 1_000_000) == sent
    assert b.answers_of(store, record) == FIRST
    assert is_sound(store)
    store.close()


def test_death_while_everything_is_numbered_anew_leaves_every_number_as_it_was(
    path: Path, data_key: bytes
) -> None:
    store = Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON)
    for minute in range(3):
        b.create(store, FIRST, record_id=b.record_id_at(minute))
    before = pending(StoreReplica(store, b.projections), 500, 1_000_000)
    store.close()

    die_in(
        "StoreReplica(Store.open(path, key), b.projections).begin_incarnation(4)",
        "incarnation.before_commit",
        path,
        data_key,
    )

    store = Store.open(path, data_key)
    replica = StoreReplica(store, b.projections)
    assert replica.identity() == b.IDENTITY
    assert pending(replica, 500, 1_000_000) == before
    replica.begin_incarnation(4)
    assert replica.identity().incarnation == 5
    after = pending(replica, 500, 1_000_000)
    assert [(op.op_id, op.seq) for op in after] == [(op.op_id, op.seq) for op in before]
    assert is_sound(store)
    store.close()


@pytest.mark.parametrize("nth", [1, 2, 5, 9])
def test_every_save_acknowledged_before_a_death_is_there_after_it(
    path: Path, data_key: bytes, nth: int
) -> None:
    """The process dies inside the save after the acknowledged ones, with the log left behind."""
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()
    acknowledged = path.with_name("acknowledged")
    acknowledged.touch()

    die_in(
        "from fieldapp.failpoints import reach\n"
        "store = Store.open(path, key)\n"
        "acknowledged = open(arguments[0], 'a', buffering=1)\n"
        "for number in range(100):\n"
        "    record = b.record_id_at(number)\n"
        "    with store.writing() as db:\n"
        "        op = b.next_operation(db, record, 'create', scope=b.SCOPE,\n"
        "            patch=b.changed_answers(None, {'serial': str(number + 1)}),\n"
        "            transition=b.Transition(to='완료', seen_rev=0))\n"
        "        b.operations.append(db, op)\n"
        "        b.records.apply_operation(db, op, kind='survey')\n"
        "        reach('save.before_commit')\n"
        "    acknowledged.write(record + chr(10))\n",
        f"save.before_commit:{nth}",
        path,
        data_key,
        str(acknowledged),
    )

    expected = acknowledged.read_text().split()
    store = Store.open(path, data_key)
    with store.reading() as db:
        kept = [row.record_id for row in records.page(db, limit=100)]
        assert db.count("SELECT count(*) FROM operation") == len(kept)
    assert len(expected) == nth - 1
    assert sorted(kept) == sorted(expected)
    assert is_sound(store)
    store.close()


def test_death_in_the_first_migration_leaves_a_file_that_says_it_is_no_store(
    path: Path, data_key: bytes
) -> None:
    die_in(
        "Store.create(path, key, identity=None, created_at=b.NOON)",
        "migrate.before_commit",
        path,
        data_key,
    )

    with pytest.raises(StoreDamaged):
        Store.open(path, data_key)


@pytest.mark.parametrize("nth", [1, 3])
def test_form_and_the_entities_that_it_writes_are_there_together_or_not_at_all(
    path: Path, data_key: bytes, nth: int
) -> None:
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()

    die_in(
        "from fieldapp.failpoints import reach\n"
        "from fieldapp.storage import entities\n"
        "from tests.storage import entity_building as e\n"
        "store = Store.open(path, key)\n"
        "for number in range(100):\n"
        "    record, entity = b.record_id_at(number), b.new_uuid()\n"
        "    with store.writing() as db:\n"
        "        op = b.next_operation(db, record, 'create', scope=b.SCOPE,\n"
        "            patch=b.changed_answers(None, {'serial': str(number + 1)}),\n"
        "            transition=b.Transition(to='완료', seen_rev=0),\n"
        "            effects=(e.making(entity, {'grade': 'risk'}),))\n"
        "        b.operations.append(db, op)\n"
        "        b.records.apply_operation(db, op, kind='visit')\n"
        "        entities.apply_effects(db, op)\n"
        "        reach('save.before_commit')\n",
        f"save.before_commit:{nth}",
        path,
        data_key,
    )

    store = Store.open(path, data_key)
    with store.reading() as db:
        for table in ("operation", "record", "entity", "entity_value", "search"):
            assert db.count(f"SELECT count(*) FROM {table}") == nth - 1, table  # noqa: S608
    assert is_sound(store)
    store.close()


def test_death_while_entities_are_stored_leaves_neither_them_nor_the_cursor(
    path: Path, data_key: bytes
) -> None:
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()
    entity = b.new_uuid()

    die_in(
        "from tests.storage import entity_building as e\n"
        "replica = StoreReplica(Store.open(path, key), b.projections)\n"
        "replica.accept_rows(b.page(e.put_entity(arguments[0], 1, {'grade': 'risk'})))",
        "rows.before_commit",
        path,
        data_key,
        entity,
    )

    store = Store.open(path, data_key)
    replica = StoreReplica(store, b.projections)
    with store.reading() as db:
        assert entities.find_or_none(db, e.LIST, entity) is None
        assert db.count("SELECT count(*) FROM entity_value") == 0
    assert replica.cursors() == {}
    replica.accept_rows(b.page(e.put_entity(entity, 1, {"grade": "risk"})))
    assert e.props_of(store, entity) == {"grade": "risk"}
    assert is_sound(store)
    store.close()
