"""Any order of typing, saving, amending, locking, dying, backing up and restoring, over the real
use cases, against a model of what was acknowledged: plain Python, nothing of how it is kept.

`FIELDAPP_MACHINE_EXAMPLES=500` lets it live through more days than `make test` does.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fieldapp.domain.ids import RecordId
from fieldapp.errors import BackupMissing
from fieldapp.storage import access_log
from fieldapp.storage.restore import Restored
from fieldapp.usecases import backups, filling
from fieldapp.usecases.session import lock
from tests.faults.mortal import FORM, Model, MortalLaptop, make_home
from tests.laptops import ANSWERS

EXAMPLES = int(os.environ.get("FIELDAPP_MACHINE_EXAMPLES", "15"))
PAGE = 4096
#: More than a page holds.
LONG = "가상-긴-글 " * 400
WHICH = st.integers(0, 30)
TYPED = st.fixed_dictionaries(
    {},
    optional={
        "serial": st.sampled_from(["2", "3", "4"]),
        "items/q1": st.sampled_from(["1", "5"]),
        "items/q2": st.sampled_from(["1", "5"]),
        "good": st.sampled_from(["가상-좋음", "long"]),
    },
)


class StoreLife(RuleBasedStateMachine):
    """What a worker, a battery and a bad disk do to one laptop."""

    home: Path

    @initialize()
    def first_day(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fieldapp-test-"))
        self.laptop = MortalLaptop(self.home, self.folder)
        self.backed_up: list[Model] = []

    def teardown(self) -> None:
        if hasattr(self, "laptop"):
            self.laptop.session.store.close()
            shutil.rmtree(self.folder)

    @property
    def model(self) -> Model:
        return self.laptop.model

    # What the worker does

    @rule(typed=TYPED)
    def type_in_a_new_form(self, typed: Mapping[str, str]) -> None:
        self.laptop.keep(self.new_form(typed))

    @rule(typed=TYPED)
    def type_and_save(self, typed: Mapping[str, str]) -> None:
        self.laptop.save(self.new_form(typed))

    @precondition(lambda self: self.model.drafts)
    @rule(which=WHICH, typed=TYPED)
    def type_on(self, which: int, typed: Mapping[str, str]) -> None:
        self.laptop.keep(self.draft(which, typed))

    @precondition(lambda self: self.model.drafts)
    @rule(which=WHICH)
    def save_a_draft(self, which: int) -> None:
        self.laptop.save(self.draft(which, {}))

    @precondition(lambda self: self.model.records)
    @rule(which=WHICH, typed=TYPED, is_saved=st.booleans())
    def amend(self, which: int, typed: Mapping[str, str], is_saved: bool) -> None:
        record_id = RecordId(chosen(self.model.records, which))
        form = filling.open_record(self.laptop.session, record_id)
        answer(form, typed)
        if is_saved:
            self.laptop.save(form)
        else:
            self.laptop.keep(form)

    @precondition(lambda self: self.model.drafts)
    @rule(which=WHICH)
    def throw_a_draft_away(self, which: int) -> None:
        record_id = RecordId(chosen(self.model.drafts, which))
        filling.discard_draft(self.laptop.session, record_id)
        del self.model.drafts[record_id]

    @rule()
    def lock_and_unlock(self) -> None:
        filling.put_away(self.laptop.session, None)
        lock(self.laptop.session)
        self.laptop.unlock()

    def new_form(self, typed: Mapping[str, str]) -> filling.OpenForm:
        form = filling.open_new(self.laptop.session, FORM)
        answer(form, typed)
        return form

    def draft(self, which: int, typed: Mapping[str, str]) -> filling.OpenForm:
        record_id = RecordId(chosen(self.model.drafts, which))
        form = filling.open_draft(self.laptop.session, record_id)
        assert dict(form.snapshot(None).answers) == self.model.drafts[record_id]
        answer(form, typed)
        return form

    # What the battery does

    @rule()
    def die_between_two_deeds(self) -> None:
        self.laptop.closed(dies=True)
        self.laptop.unlock()

    @rule(typed=TYPED, which=WHICH, is_saved=st.booleans())
    def die_before_it_is_committed(
        self, typed: Mapping[str, str], which: int, is_saved: bool
    ) -> None:
        """The stamp of an operation and of a draft is taken inside the transaction."""
        laptop, before = self.laptop, deepcopy(self.model)
        form = self.draft(which, typed) if self.model.drafts and which % 3 else self.new_form(typed)
        left: list[Path] = []
        laptop.clock.at_next_look = lambda: left.append(laptop.copied())
        if is_saved:
            laptop.save(form)
        else:
            laptop.keep(form)
        laptop.clock.at_next_look = None
        laptop.go_on_with(left[0] if left else laptop.copied())
        laptop.model = before
        laptop.unlock()

    # What the disk does

    @rule()
    def back_up(self) -> None:
        self.laptop.clock.at += timedelta(minutes=1)
        backups.back_up_now(self.laptop.session, self.laptop.folder / "backups")
        self.backed_up.append(deepcopy(self.model))

    @precondition(lambda self: not self.backed_up)
    @rule()
    def lose_page_1_without_a_backup(self) -> None:
        path = self.laptop.closed(dies=False)
        flip(path, 1000)
        content = path.read_bytes()

        with pytest.raises(BackupMissing):
            self.laptop.restore()

        assert path.read_bytes() == content
        flip(path, 1000)
        self.laptop.unlock()

    @precondition(lambda self: self.backed_up)
    @rule(at=st.sampled_from([3, 1000]), dies=st.booleans())
    def lose_page_1(self, at: int, dies: bool) -> None:
        flip(self.laptop.closed(dies=dies), at)

        told = self.laptop.restore()

        assert told.unread == told.lost_log == 0
        self.laptop.unlock()

    @precondition(lambda self: self.backed_up)
    @rule(page=st.integers(1, 10_000), dies=st.booleans())
    def lose_some_page(self, page: int, dies: bool) -> None:
        path = self.laptop.closed(dies=dies)
        flip(path, page % (path.stat().st_size // PAGE) * PAGE + 1000)

        told = self.laptop.restore()

        self.laptop.unlock()
        if told.unread:
            self.take_what_is_left(told)
        else:
            self.take_drafts_in_doubt()

    @precondition(lambda self: self.backed_up)
    @rule()
    def lose_the_file(self) -> None:
        self.laptop.closed(dies=False).unlink()

        told = self.laptop.restore()

        assert (told.recovered_operations, told.recovered_drafts) == (0, 0)
        self.laptop.model = deepcopy(self.backed_up[-1])
        self.laptop.unlock()

    def take_what_is_left(self, told: Restored) -> None:
        """No more is lost than was told, and nothing that the backup has."""
        backup, standing = self.backed_up[-1], self.laptop.standing()
        assert set(backup.records) <= set(standing.records)
        assert standing.operations >= backup.operations
        lost = self.model.operations - standing.operations
        lost += len(set(self.model.drafts) - set(standing.drafts))
        assert lost <= told.unread
        self.laptop.model = standing

    def take_drafts_in_doubt(self) -> None:
        """Where a page was lent, a draft that had ended may be one too many (decision 83)."""
        standing, backup = self.laptop.standing().drafts, self.backed_up[-1].drafts
        too_many = standing.keys() - self.model.drafts.keys()
        assert too_many <= backup.keys()
        self.model.drafts |= {record_id: standing[record_id] for record_id in too_many}

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        assert self.laptop.standing() == self.model

    @invariant()
    def log_is_whole_and_numbers_have_no_holes(self) -> None:
        with self.laptop.session.store.reading() as db:
            assert access_log.verify(db) is None
            seqs = [seq for (seq,) in db.rows("SELECT seq FROM operation ORDER BY seq")]
        assert seqs == list(range(1, len(seqs) + 1))


def chosen(among: Mapping[str, object], which: int) -> str:
    return list(among)[which % len(among)]


def answer(form: filling.OpenForm, typed: Mapping[str, str]) -> None:
    """Every question that must be answered and is not, then what was typed."""
    given = form.filling.answers()
    missing = {path: text for path, text in ANSWERS.items() if path not in given}
    for path, text in {**missing, **typed}.items():
        form.filling.answer(path, LONG if text == "long" else text)


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_nothing_acknowledged_is_lost_in_any_order_of_days_deaths_and_bad_pages(
    tmp_path: Path,
) -> None:
    make_home(tmp_path)
    run_state_machine_as_test(
        type("StoreLifeAtHome", (StoreLife,), {"home": tmp_path}),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
