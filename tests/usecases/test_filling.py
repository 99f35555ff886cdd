"""Filling: nothing typed is lost, and a record comes to be all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.domain.ids import RecordId
from fieldapp.errors import (
    AnswersIncomplete,
    NothingChanged,
    ReasonMissing,
    RecordMissing,
    RoleMissing,
    TransitionRefused,
)
from fieldapp.storage import operations
from fieldapp.usecases import filling, finishing, records
from tests.laptops import AppLaptop, new_laptop


def test_a_draft_comes_back_after_the_app_was_closed(
    alone: AppLaptop, compiled_packs: Path
) -> None:
    form = filling.open_new(alone.session, "P13e")
    form.filling.answer("batch", "2026-11 가상-햇살동")
    form.filling.answer("mode", "helped")
    form.filling.answer("helper", "family")
    form.filling.answer("mode", "paper")  # the helper is irrelevant now, and still remembered
    filling.keep_draft(alone.session, form.snapshot("mode"))

    again = alone.reopen(compiled_packs)

    resumed = filling.open_draft(again.session, form.record_id)
    assert resumed.was_recovered
    assert resumed.cursor_path == "mode"
    assert resumed.filling.value("batch") == "2026-11 가상-햇살동"
    resumed.filling.answer("mode", "helped")
    assert resumed.filling.value("helper") == "family"
    again.close()


def test_a_draft_knows_whether_the_app_put_it_away_itself(alone: AppLaptop) -> None:
    form = filling.open_new(alone.session, "P13e")
    form.filling.answer("serial", "7")
    filling.keep_draft(alone.session, form.snapshot("serial"))

    assert filling.open_draft(alone.session, form.record_id).was_cut_off
    filling.put_away(alone.session, None)

    resumed = filling.open_draft(alone.session, form.record_id)
    assert not resumed.was_cut_off
    assert resumed.kept_at is not None


def test_a_finished_survey_is_a_record_an_operation_and_no_draft(alone: AppLaptop) -> None:
    record_id = alone.record_survey(serial="7")

    (row,) = records.records_page(alone.session).rows
    assert (row.record_id, row.title, row.state, row.delivery, row.is_draft) == (
        record_id,
        "설문 7",
        "완료",
        "unsent",
        False,
    )
    assert records.status(alone.session).unsent == 1
    with alone.session.store.reading() as db:
        (stored,) = operations.for_object(db, record_id)
    operation = stored.operation
    assert (operation.kind, operation.seq, operation.scope) == ("create", 1, "가상-햇살동")
    assert operation.transition is not None
    assert operation.transition.to == "완료"
    assert {line.path for line in operation.patch} >= {"items/q1", "mean5", "meta/instanceID"}


def test_an_unfinished_survey_is_refused_and_its_draft_stays(alone: AppLaptop) -> None:
    form = filling.open_new(alone.session, "P13e")
    form.filling.answer("serial", "3")
    filling.keep_draft(alone.session, form.snapshot("serial"))

    with pytest.raises(AnswersIncomplete) as refused:
        finishing.finish(alone.session, form.snapshot("serial"))

    assert refused.value.facts["count"] == 11
    (row,) = records.records_page(alone.session).rows
    assert row.is_draft
    assert records.status(alone.session).unsent == 0


def test_a_survey_without_one_answer_is_stopped_by_the_workbooks_own_sentence(
    alone: AppLaptop,
) -> None:
    with pytest.raises(TransitionRefused) as refused:
        alone.record_survey(**{f"q{number}": "9" for number in range(1, 8)})

    assert refused.value.facts["reason"] == "답한 문항이 하나도 없습니다"


def test_a_role_that_the_workbook_does_not_name_cannot_finish(
    tmp_path: Path, compiled_packs: Path
) -> None:
    monitor = new_laptop(tmp_path / "m", compiled_packs, roles=frozenset({"monitor"}))

    with pytest.raises(RoleMissing):
        monitor.record_survey()
    monitor.close()


def test_an_amendment_carries_only_what_changed_against_what_was_seen(alone: AppLaptop) -> None:
    record_id = alone.record_survey()
    form = filling.open_record(alone.session, record_id)
    form.filling.answer("items/q1", "2")

    with pytest.raises(ReasonMissing):
        finishing.finish(alone.session, form.snapshot(None))
    finishing.finish(alone.session, form.snapshot(None), reason="가상-옮겨 적다 틀림")

    with alone.session.store.reading() as db:
        change = operations.for_object(db, record_id)[-1].operation
    assert {(line.path, line.old, line.new) for line in change.patch} == {
        ("items/q1", "4", "2"),
        ("mean5", "4", "3.71"),
    }
    assert change.reason == "가상-옮겨 적다 틀림"
    assert change.base is not None
    assert change.base.op is not None


def test_an_amendment_without_a_change_is_said_to_be_none(alone: AppLaptop) -> None:
    form = filling.open_record(alone.session, alone.record_survey())

    with pytest.raises(NothingChanged):
        finishing.finish(alone.session, form.snapshot(None), reason="가상-까닭")


def test_a_discarded_draft_is_gone_and_its_record_stays(alone: AppLaptop) -> None:
    record_id = alone.record_survey()
    form = filling.open_record(alone.session, record_id)
    form.filling.answer("good", "가상-좋았음")
    filling.keep_draft(alone.session, form.snapshot("good"))
    assert len(records.records_page(alone.session).rows) == 2

    filling.discard_draft(alone.session, record_id)

    (row,) = records.records_page(alone.session).rows
    assert not row.is_draft
    assert "good" not in alone.answers(record_id)


def test_a_record_that_is_not_here_is_named_as_missing(alone: AppLaptop) -> None:
    with pytest.raises(RecordMissing):
        filling.open_record(alone.session, RecordId("01a1fc69-5203-7d27-af42-8b6f1eda7a11"))
