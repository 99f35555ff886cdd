"""kill -9 on a laptop, at named places and never after a sleep: nothing acknowledged is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.storage import operations
from fieldapp.storage.database import Database
from fieldapp.usecases import filling, records
from tests.laptops import ANSWERS, AppLaptop, new_laptop, open_laptop


def killed(action: str, folder: Path, packs: Path, failpoint: str) -> list[str]:
    """Let an actor work until the failpoint kills it; what it had told the worker by then."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.actor", action, str(folder), str(packs)],
        env={**os.environ, "FIELDAPP_FAILPOINT": failpoint},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL
    return done.stdout.split()


def sound(laptop: AppLaptop) -> bool:
    """Whether the store's pages, tables and operation numbers are whole."""
    with laptop.session.store.reading() as db:
        numbers = [row[0] for row in db.rows("SELECT seq FROM operation ORDER BY seq")]
        return db.value("PRAGMA integrity_check") == "ok" and numbers == list(
            range(1, len(numbers) + 1)
        )


@pytest.mark.parametrize("nth", [1, 2, 6])
def test_killed_while_typing_the_draft_stands_as_last_kept(
    tmp_path: Path, compiled_packs: Path, nth: int
) -> None:
    new_laptop(tmp_path, compiled_packs).close()

    kept = killed("draft", tmp_path, compiled_packs, f"draft.before_commit:{nth}")

    laptop = open_laptop(tmp_path, compiled_packs)
    assert len(kept) == nth - 1
    drafts = records.records_page(laptop.session).rows
    assert len(drafts) == (1 if kept else 0)
    for row in drafts:
        resumed = filling.open_draft(laptop.session, row.record_id)
        assert resumed.cursor_path == kept[-1]
        assert {path: resumed.filling.value(path) for path in kept} == {
            path: ANSWERS[path] for path in kept
        }
    assert sound(laptop)
    laptop.close()


@pytest.mark.parametrize(
    ("failpoint", "extra"), [("save.before_commit:3", 0), ("save.after_commit:3", 1)]
)
def test_killed_while_saving_a_record_is_there_whole_or_not_at_all(
    tmp_path: Path, compiled_packs: Path, failpoint: str, extra: int
) -> None:
    new_laptop(tmp_path, compiled_packs).close()

    saved = killed("save", tmp_path, compiled_packs, failpoint)

    laptop = open_laptop(tmp_path, compiled_packs)
    assert len(saved) == 2
    kept = {row.record_id for row in records.records_page(laptop.session).rows}
    assert set(saved) <= kept
    assert len(kept) == 2 + extra
    assert sound(laptop)
    with laptop.session.store.reading() as db:
        assert {stored for record in kept for stored in _projected(db, record)} == kept
        assert all(len(operations.for_object(db, record)) == 1 for record in kept)
    laptop.close()


def _projected(db: Database, record_id: str) -> list[str]:
    return [
        row[0]
        for row in db.rows('SELECT record_id FROM "answer_P13e" WHERE record_id = ?', (record_id,))
    ]
