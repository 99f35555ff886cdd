"""What two people rightly amended and together is not right stands as a remark in 확인 (F5)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from fieldapp.clock import instant_text, today
from fieldapp.domain.ids import RecordId
from fieldapp.domain.record import RevisionHeader
from fieldapp.packs import Pack
from fieldapp.storage import records
from fieldapp.storage.replica import StoreReplica
from fieldapp.usecases import conflicts, history, review
from fieldapp.usecases.exchange import projections_of
from fieldapp.usecases.remarks import is_finished, remarks
from tests.laptops import AppLaptop, new_laptop
from tests.servers import Server
from tests.storage import building as b
from tests.ui.neighbourhood import (
    as_colleague,
    fill_round,
    household_named,
    move_in,
    open_sites,
    write,
)
from tests.usecases.monitors import enrolled

AGAIN = "absence/retry_on"


@dataclass
class Town:
    """Two officers and their team leader, each at a laptop of their own; one visit to no avail."""

    mine: AppLaptop
    yours: AppLaptop
    lead: AppLaptop
    record: RecordId = field(init=False)

    def day(self, before: int) -> str:
        """So many days ago."""
        return str(today(self.mine.session.clock) - timedelta(days=before))

    def exchange_all(self) -> None:
        """Until everybody has everything."""
        for laptop in (self.mine, self.yours, self.mine, self.lead):
            laptop.exchange()

    def remarks(self) -> dict[str, str]:
        """What the leader is told, by path."""
        lines = review.review(self.lead.session, self.record).lines
        return {line.path: line.remark for line in lines if line.remark}


@pytest.fixture
def town(server: Server, tmp_path: Path) -> Iterator[Town]:
    """The visit was ten days ago, another is to come three days ago; everybody has it."""
    scope = server.new_scope()
    made = Town(
        enrolled(server, tmp_path / "mine", scope, "dong_welfare"),
        enrolled(server, tmp_path / "yours", scope, "dong_welfare"),
        enrolled(server, tmp_path / "lead", scope, "team_lead"),
    )
    with closing(made.mine), closing(made.yours), closing(made.lead):
        move_in(made.mine.session)
        write(
            made.mine.session,
            "P01",
            household_named(made.mine.session, "가상-김하나"),
            method="phone",
            visit_date=made.day(10),
            result="no_answer",
            absence__noncontact="revisit",
            absence__revisit_reason="가상-이웃이 어제 보았다고 함",
            absence__retry_on=made.day(3),
        )
        with made.mine.session.store.reading() as db:
            (row,) = records.of_form(db, "P01")
        made.record = row.record_id
        made.exchange_all()
        yield made


def test_amendments_that_break_a_rule_together_are_a_remark_at_its_question(town: Town) -> None:
    town.mine.amend(town.record, visit_date=town.day(5))
    town.yours.amend(town.record, retry_on=town.day(8))
    town.exchange_all()

    assert conflicts.open_conflicts(town.lead.session) == ()
    assert town.remarks() == {AGAIN: "만나러 간 날보다 빠릅니다"}
    told = history.history(town.yours.session, town.record).remarks
    assert [sentence for _, sentence in told] == ["만나러 간 날보다 빠릅니다"]
    assert AGAIN not in dict(told)  # named by its question

    town.yours.exchange()
    town.yours.amend(town.record, retry_on=town.day(5))
    town.exchange_all()

    assert town.remarks() == {}
    assert history.history(town.yours.session, town.record).remarks == ()


def test_amendments_that_fit_together_leave_no_remark(town: Town) -> None:
    town.mine.amend(town.record, visit_date=town.day(5))
    town.yours.amend(town.record, retry_on=town.day(4))
    town.exchange_all()

    assert town.remarks() == {}


def test_record_with_a_remark_is_never_among_those_confirmed_without_a_look(
    tmp_path: Path, compiled_packs: Path
) -> None:
    with closing(
        new_laptop(tmp_path, compiled_packs, scope=b.SCOPE, roles=frozenset({"team_lead"}))
    ) as lead:
        officer = as_colleague(lead.session, "가상-이담당", "dong_welfare")
        move_in(officer)
        house = household_named(officer, "가상-김하나")
        write(officer, "P01", house, method="phone", result="self", cared__voice="same")
        with lead.session.store.reading() as db:
            (row,) = records.of_form(db, "P01")
        whole, headers = row.doc.answers, (_written(2), _written(1))
        broken = {**whole, "next/next_date": "2020-01-01"}
        once, ids = (_written(1),), [b.record_id_at(n) for n in range(3)]
        told = {"form": row.doc.form, "kind": "visit", "state": "완료", "author": "가상-이담당"}
        StoreReplica(lead.session.store, projections_of(lead.session.catalogue)).accept_rows(
            b.page(
                b.put(ids[0], 2, whole, scope_seq=1, history=headers, **told),
                b.put(ids[1], 2, broken, scope_seq=2, history=headers, **told),
                b.put(ids[2], 1, broken, scope_seq=3, history=once, **told),
            )
        )

        clean = {one.record_id: one.is_clean for one in review.queue(lead.session)}

        assert [clean[one] for one in ids] == [True, False, True]


def _written(rev: int) -> RevisionHeader:
    return RevisionHeader(
        rev=rev, who="가상-이담당", when=instant_text(b.NOON), state="완료", paths=("talk/said",)
    )


@pytest.mark.parametrize(
    ("form", "finished"),
    [
        ("P01", {"완료", "확인"}),
        ("P11", {"서명 전", "완료", "취합"}),
        ("P03", {"종료"}),
        ("P13e", {"완료"}),
    ],
)
def test_only_what_somebody_has_finished_is_remarked_on(
    compiled_packs: Path, form: str, finished: set[str]
) -> None:
    workflow = Pack.from_stored((compiled_packs / f"{form}.pack").read_bytes()).plans.workflow
    states = {step.target for step in workflow.steps if step.object == "record"}

    assert {state for state in states if is_finished(workflow, state)} == finished


def test_what_a_form_let_past_is_right_without_its_lists_too(
    tmp_path: Path, compiled_packs: Path
) -> None:
    with closing(
        new_laptop(tmp_path, compiled_packs, scope=b.SCOPE, roles=frozenset({"monitor"}))
    ) as laptop:
        session = laptop.session
        officer = as_colleague(session, "가상-이담당", "dong_welfare")
        move_in(officer)
        house = household_named(officer, "가상-김하나")
        write(officer, "P01", house, method="phone", result="self", cared__voice="same")
        open_sites(session)
        fill_round(session)
        with session.store.reading() as db:
            written = records.page(db, limit=10)
        told = {
            row.doc.form.id: remarks(
                session,
                row.record_id,
                # As if it had been amended: all of it is looked at again.
                structs.replace(row.doc, history=(_written(2), _written(1))),
            )
            for row in written
        }

    assert told == {"household": {}, "P01": {}, "P11": {}}
