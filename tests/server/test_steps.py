"""Steps on the server: those it takes by itself, locked records, and what a merge recalculates."""

from __future__ import annotations

import pytest

from fieldapp.domain.operation import Subject
from tests.server.errands import (
    Town,
    changing,
    checked,
    conflicts_of,
    create_entity,
    entity,
    new_id,
    new_town,
    planned,
    record_of,
    said,
    step,
    visited,
)
from tests.server.workbooks import CHECK, VISIT
from tests.servers import Laptop, Server

NIL = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def town(server: Server) -> Town:
    return new_town(server)


def headers(laptop: Laptop, record: str) -> list[tuple[str, str, str | None]]:
    """Who, state and reason of each revision, newest first, for whoever has nothing yet."""
    laptop.cursors = {}
    doc = record_of(laptop.pull(), record)
    return [(header.who, header.state, header.reason) for header in doc.history]


def test_a_clean_visit_is_confirmed_in_the_transaction_that_brings_it(town: Town) -> None:
    worker = town.laptop("secretariat")
    clean, other = visited(worker, found="good"), visited(worker, found="act")

    receipts = worker.push(clean, other).results

    assert [(said(receipt), receipt.rev) for receipt in receipts] == [
        (("applied", None), 2), (("applied", None), 1),
    ]  # fmt: skip
    assert headers(worker, clean.object.id) == [
        ("server", "확인", "자동 확인"), (worker.user, "완료", None),
    ]  # fmt: skip
    assert headers(worker, other.object.id) == [(worker.user, "완료", None)]


def test_a_clean_visit_brought_again_is_confirmed_once(server: Server, town: Town) -> None:
    worker = town.laptop("secretariat")
    clean = visited(worker, found="good")
    first = worker.receipt(clean)

    again = worker.receipt(clean)

    assert (again.status, again.rev) == ("duplicate", first.rev)
    rows = server.sql(
        "select rev, author from fieldapp.record_version where record = %s order by rev",
        [clean.object.id],
    )
    assert rows == [(1, worker.user), (2, "server")]


def test_what_builds_on_a_confirmed_visit_knows_the_servers_revision(town: Town) -> None:
    worker = town.laptop("secretariat")
    clean = visited(worker, found="good")
    amended = worker.change(clean.object.id, clean.op_id, [("note", None, "가상-더함")], form=VISIT)

    receipts = worker.push(clean, amended).results

    # It came after the confirmation, which locks: 정정 요청.
    assert [said(receipt) for receipt in receipts] == [("applied", None), ("conflict", "locked")]


def test_nobody_takes_a_step_of_the_server_by_calling_themselves_so(town: Town) -> None:
    worker, pretender = town.laptop("secretariat"), town.laptop("server")
    visit = visited(worker, found="act")
    worker.push(visit)

    taken = step(pretender, visit.object.id, 1, "확인", form=VISIT)

    assert said(pretender.receipt(taken)) == ("rejected", "step_refused")


def test_a_request_to_complete_is_taken_on_an_old_base_and_confirmed_after_the_answer(
    town: Town,
) -> None:
    worker, lead = town.laptop("secretariat"), town.laptop("team_lead")
    visit = visited(worker, found="act")
    worker.push(visit)
    worker.push(worker.change(visit.object.id, 1, [("note", None, "가상-더함")], form=VISIT))

    sent_back = step(lead, visit.object.id, 1, "보완 요청", form=VISIT, reason="가상-까닭")
    assert said(lead.receipt(sent_back)) == ("applied", None)
    mended = step(worker, visit.object.id, 3, "완료", form=VISIT, lines=[("found", "act", "good")])
    assert said(worker.receipt(mended)) == ("applied", None)

    assert [state for _, state, _ in headers(worker, visit.object.id)] == [
        "확인", "완료", "보완 요청", "완료", "완료",
    ]  # fmt: skip


def test_the_server_confirms_nothing_that_a_person_has_to_decide(town: Town) -> None:
    worker, other = town.laptop("secretariat"), town.laptop("secretariat")
    home = entity("household", new_id())
    worker.push(create_entity(worker, home, {"label": "가상-집", "last_note": "가상-처음"}))
    worker.push(visited(worker, changing(home, 1, [("last_note", "가상-처음", "가상-갑")])))

    disputed = visited(
        other, changing(home, 1, [("last_note", "가상-처음", "가상-을")]), found="good"
    )

    assert other.receipt(disputed).status == "conflict"
    assert headers(other, disputed.object.id) == [(other.user, "완료", None)]


def test_a_merge_keeps_what_was_looked_up_in_a_list_and_refreshes_what_builds_on_it(
    town: Town,
) -> None:
    mine, yours = town.laptop("secretariat"), town.laptop("secretariat")
    visit = visited(mine, found="act", grade_now="risk", note="가상-앞", words="risk / 가상-앞")
    mine.push(visit)
    record = visit.object.id
    mine.push(mine.change(record, 1, [("place", None, "집")], form=VISIT))

    late = [("note", "가상-앞", "가상-뒤"), ("words", "risk / 가상-앞", "caution / 가상-뒤")]
    assert yours.receipt(yours.change(record, 1, late, form=VISIT)).status == "merged"

    answers = record_of(mine.pull(), record).answers
    assert (answers["grade_now"], answers["words"]) == ("risk", "risk / 가상-뒤")


def test_a_group_of_answers_that_another_moved_is_theirs_as_a_whole(town: Town) -> None:
    mine, yours = town.laptop("monitor"), town.laptop("monitor")
    made = checked(mine, began="10:00:00.000+09:00", ended="11:00:00.000+09:00")
    mine.push(made)
    record = made.object.id
    moved = [("began", "10:00:00.000+09:00", "13:00:00.000+09:00")]
    mine.push(mine.change(record, 1, moved, form=CHECK))

    other = [("ended", "11:00:00.000+09:00", "11:30:00.000+09:00"), ("score", None, "3")]
    receipt = yours.receipt(yours.change(record, 1, other, form=CHECK))

    assert receipt.status == "conflict"
    assert receipt.conflict is not None
    assert receipt.conflict.paths == ("ended",)
    rows = mine.pull()
    doc = record_of(rows, record)
    assert (doc.answers["began"], doc.answers["ended"]) == (
        "13:00:00.000+09:00", "11:00:00.000+09:00",
    )  # fmt: skip
    assert doc.answers["score"] == "3"
    assert len(conflicts_of(rows, made.object)) == 1


def test_a_record_keeps_its_subject_and_may_be_put_right(town: Town) -> None:
    mine, yours = town.laptop("secretariat"), town.laptop("secretariat")
    first, second, third = (new_id() for _ in range(3))
    visit = visited(mine, found="act", subject=Subject(list="household", id=first))
    mine.push(visit)
    record = visit.object.id

    line = ("@subject", f"household/{first}", f"household/{second}")
    assert said(mine.receipt(mine.change(record, 1, [line], form=VISIT))) == ("applied", None)
    doc = record_of(mine.pull(), record)
    assert (doc.subject, doc.history[0].paths) == (
        Subject(list="household", id=second), ("@subject",),
    )  # fmt: skip

    line = ("@subject", f"household/{first}", f"household/{third}")
    receipt = yours.receipt(yours.change(record, 1, [line], form=VISIT))
    assert receipt.status == "conflict"
    assert receipt.conflict is not None
    assert receipt.conflict.paths == ("@subject",)
    line = ("@subject", f"household/{second}", f"household/{third}")
    mine.push(mine.change(record, 3, [line], form=VISIT, kind="resolve"))
    rows = yours.pull()
    assert record_of(rows, record).subject == Subject(list="household", id=third)
    assert [one.decided_by for one in conflicts_of(rows, visit.object)] == [mine.user]


@pytest.mark.parametrize(
    "text", ["household", "household/1", "/", f"/{NIL}", f"a\nb/{NIL}", f"{'x' * 201}/{NIL}"]
)
def test_a_subject_that_is_none_is_refused(town: Town, text: str) -> None:
    worker = town.laptop("secretariat")
    visit = visited(worker, found="act")
    worker.push(visit)

    strange = worker.change(visit.object.id, 1, [("@subject", None, text)], form=VISIT)

    assert said(worker.receipt(strange)) == ("rejected", "unsupported")


def test_a_planned_record_is_begun_in_its_planned_state_and_finished_by_another(
    town: Town,
) -> None:
    office, monitor = town.laptop("secretariat"), town.laptop("monitor")
    plan = planned(office, monitor1=new_id())
    assert said(office.receipt(plan)) == ("applied", None)
    assert record_of(office.pull(), plan.object.id).state == "예정"

    done = step(monitor, plan.object.id, 1, "서명 전", lines=[("score", None, "4")])
    assert said(monitor.receipt(done)) == ("applied", None)
    assert record_of(office.pull(), plan.object.id).state == "서명 전"


def test_what_one_saved_is_taken_in_after_the_other_has_finished(town: Town) -> None:
    mine, yours, office = (town.laptop(role) for role in ("monitor", "monitor", "secretariat"))
    plan = planned(office)
    office.push(plan)
    record = plan.object.id
    mine.push(step(mine, record, 1, "점검 중", lines=[("score", None, "4")]))
    mine.push(step(mine, record, 2, "서명 전"))

    begun = step(yours, record, 1, "점검 중", lines=[("again", None, "3")])
    saved = step(yours, record, begun.op_id, "점검 중", seen=1, lines=[("again", "3", "2")])
    finished = step(yours, record, saved.op_id, "서명 전", seen=1, lines=[("again", "2", "1")])

    receipts = yours.push(begun, saved, finished).results
    assert [receipt.code for receipt in receipts] == [None, None, None]
    doc = record_of(office.pull(), record)
    assert (doc.state, doc.answers["score"], doc.answers["again"]) == ("서명 전", "4", "1")


def test_a_step_that_nobody_took_meanwhile_is_refused_where_it_does_not_lead(town: Town) -> None:
    office = town.laptop("secretariat")
    plan = planned(office)
    office.push(plan)

    skipping = step(office, plan.object.id, 1, "취합")

    assert said(office.receipt(skipping)) == ("rejected", "step_refused")
