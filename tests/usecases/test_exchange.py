"""Two laptops and a server: what one writes the other has, once, or a person decides."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from fieldapp.domain.ids import new_record_id
from fieldapp.errors import ReasonMissing, ServerUnreachable, SignInRefused
from fieldapp.usecases import conflicts, exchange, filling, finishing, lists, records
from tests.laptops import AppLaptop, new_laptop
from tests.servers import Server

Pair = tuple[AppLaptop, AppLaptop]


def test_a_survey_written_on_one_laptop_arrives_on_the_other(pair: Pair) -> None:
    first, second = pair
    record_id = first.record_survey(serial="5")

    assert first.exchange().sent == 1
    assert second.exchange().received == 1

    assert second.answers(record_id) == first.answers(record_id)
    assert records.status(first.session).unsent == 0
    (row,) = records.records_page(first.session).rows
    assert row.delivery == "received"


def test_two_fields_of_one_survey_changed_on_two_laptops_merge(pair: Pair) -> None:
    first, second = pair
    record_id = first.record_survey()
    first.exchange()
    second.exchange()

    first.amend(record_id, good="가상-친절함")
    second.amend(record_id, q1="1")
    first.exchange()
    outcome = second.exchange()
    first.exchange()

    assert (outcome.merged, outcome.conflicts) == (1, 0)
    assert first.answers(record_id) == second.answers(record_id)
    assert first.answers(record_id)["good"] == "가상-친절함"
    assert first.answers(record_id)["mean5"] == "3.57"  # the server ran the form again


def test_one_field_changed_on_two_laptops_waits_for_a_person_with_both_values(pair: Pair) -> None:
    first, second = pair
    record_id = first.record_survey()
    first.exchange()
    second.exchange()
    first.amend(record_id, q1="1")
    second.amend(record_id, q1="3")
    first.exchange()
    assert second.exchange().conflicts == 1
    first.exchange()

    for laptop in pair:
        (conflict,) = conflicts.open_conflicts(laptop.session)
        assert (conflict.ours_author, conflict.theirs_author) == (
            first.session.worker.name,
            second.session.worker.name,
        )
        (line,) = conflict.lines
        assert (line.question, line.base, line.ours, line.theirs) == (
            "약속한 시간에 오고 마쳤다",
            "그렇다",
            "전혀 그렇지 않다",
            "보통이다",
        )

    (conflict,) = conflicts.open_conflicts(first.session)
    with pytest.raises(ReasonMissing):
        conflicts.settle(first.session, conflict.conflict_id, {"items/q1": "theirs"}, " ")
    conflicts.settle(first.session, conflict.conflict_id, {"items/q1": "theirs"}, "가상-확인함")
    first.exchange()
    second.exchange()

    for laptop in pair:
        assert conflicts.open_conflicts(laptop.session) == ()
        assert laptop.answers(record_id)["items/q1"] == "3"


def test_a_pull_in_the_middle_of_an_amendment_overwrites_nothing_typed(pair: Pair) -> None:
    first, second = pair
    record_id = first.record_survey()
    first.exchange()
    second.exchange()
    form = filling.open_record(first.session, record_id)
    form.filling.answer("wish", "가상-오전에 오면 좋겠음")
    filling.keep_draft(first.session, form.snapshot("wish"))
    second.amend(record_id, good="가상-친절함")
    second.exchange()
    first.exchange()

    finishing.finish(first.session, form.snapshot("wish"), reason="가상-정정")
    first.exchange()
    second.exchange()

    for laptop in pair:
        assert laptop.answers(record_id)["good"] == "가상-친절함"
        assert laptop.answers(record_id)["wish"] == "가상-오전에 오면 좋겠음"


def test_without_a_network_the_worker_is_told_and_everything_waits(
    pair: Pair, server: Server
) -> None:
    first, _ = pair
    dead = server.another()
    exchange.sign_in(
        first.session,
        address=dead.base_url,
        user=first.session.worker.user,
        password="가상-비밀번호-1",
    )
    dead.stop()
    first.record_survey(serial="8")

    with pytest.raises(ServerUnreachable) as unreachable:
        first.exchange()

    assert unreachable.value.facts["unsent"] == 1
    (waiting,) = exchange.waiting(first.session)
    assert (waiting.title, waiting.delivery) == ("설문 8", "unsent")


def test_what_was_changed_by_hand_waits_by_its_name_and_every_operation_has_its_line(
    pair: Pair,
) -> None:
    first, second = pair
    session = first.session
    house = str(new_record_id(session.clock.now()))
    with session.store.writing() as db:
        lists.register(session, db, "household", house, label="가상-김하나", props={"tong": "3통"})
    first.exchange()
    second.exchange()
    with session.store.writing() as db:
        lists.change(session, db, "household", house, {"phone": "010-0000-0109", "worker": "가상"})
        lists.register(session, db, "site", str(uuid4()), label="가상-햇살 센터", props={})
    first.record_survey(serial="8")

    waiting = exchange.waiting(session)

    assert len(waiting) == records.status(session).unsent == 3
    assert [one.title for one in waiting] == [
        "설문 8", "가구 가상-김하나: 전화, 담당 고침", "시설 가상-햇살 센터: 새로 적음",
    ]  # fmt: skip
    assert (waiting[1].list, waiting[1].entity_id) == ("household", house)
    assert {one.delivery for one in waiting} == {"unsent"}
    first.exchange()
    assert exchange.waiting(session) == ()


def test_a_laptop_that_never_signed_in_is_told_so(alone: AppLaptop) -> None:
    with pytest.raises(SignInRefused):
        alone.exchange()


def test_surveys_written_before_enrolment_are_sent_under_the_name_the_server_gave(
    tmp_path: Path, server: Server
) -> None:
    scope = server.new_scope()
    user = server.new_user(scope)
    laptop = new_laptop(tmp_path / "late", server.packs, user=user, scope=scope)
    laptop.record_survey(serial="1")
    laptop.record_survey(serial="2")

    laptop.enrol(server)

    assert laptop.exchange().sent == 2
    assert server.sql(
        "select count(*) from fieldapp.op_receipt r join fieldapp.replica l on l.id = r.replica"
        " where l.account = %s",
        [user],
    ) == [(2,)]
    laptop.close()
