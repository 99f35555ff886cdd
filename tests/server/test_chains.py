"""Operations that build on one's own, written before any of them was answered.

Their author saw what the first of them was written over, and nothing that others did since.
"""

from __future__ import annotations

import pytest

from tests.server.errands import Town, new_town, planned, record_of, said, step
from tests.server.workbooks import CHECK
from tests.servers import Laptop, Server, survey


@pytest.fixture
def town(server: Server) -> Town:
    return new_town(server)


def both_hold(town: Town, **answers: str) -> tuple[Laptop, Laptop, str]:
    """Two laptops that have seen the first revision of a checklist."""
    here, there = town.laptop("secretariat", "monitor"), town.laptop("secretariat", "monitor")
    operation = planned(here, **answers)
    here.push(operation)
    there.pull()
    return here, there, operation.object.id


def test_calculates_are_right_after_a_chain_that_others_wrote_between(town: Town) -> None:
    here, there, record = both_hold(town, score="1", again="1", total="2")
    there.push(there.change(record, 1, [("again", "1", "5"), ("total", "2", "6")], form=CHECK))
    first = here.change(record, 1, [("score", "1", "2"), ("total", "2", "3")], form=CHECK)
    later = here.change(record, first.op_id, [("score", "2", "3"), ("total", "3", "4")], form=CHECK)

    here.push(first, later)

    assert record_of(here.pull(), record).answers["total"] == "8"


@pytest.mark.parametrize("at_once", [True, False])
def test_calculates_are_right_after_a_chain_that_begins_with_a_step_alone(
    town: Town, at_once: bool
) -> None:
    here, there, record = both_hold(town, score="1", again="1", total="2")
    there.push(there.change(record, 1, [("again", "1", "5"), ("total", "2", "6")], form=CHECK))
    first = step(here, record, 1, "점검 중")
    later = here.change(record, first.op_id, [("score", "1", "3"), ("total", "2", "4")], form=CHECK)

    batches = ((first, later),) if at_once else ((first,), (later,))
    receipts = [receipt for batch in batches for receipt in here.push(*batch).results]

    assert [said(receipt) for receipt in receipts] == [("applied", None), ("merged", None)]
    assert record_of(here.pull(), record).answers["total"] == "8"


@pytest.mark.parametrize("at_once", [True, False])
def test_half_of_a_group_is_not_laid_by_a_chain_whose_author_saw_another_half(
    town: Town, at_once: bool
) -> None:
    here, there, record = both_hold(town, began="09:00", ended="10:00")
    there.push(there.change(record, 1, [("ended", "10:00", "17:00")], form=CHECK))
    first = here.change(record, 1, [("content", None, "가상-문턱")], form=CHECK)
    second = here.change(record, first.op_id, [("content", "가상-문턱", "가상-계단")], form=CHECK)
    later = here.change(record, second.op_id, [("began", "09:00", "08:00")], form=CHECK)

    batches = ((first, second, later),) if at_once else ((first,), (second,), (later,))
    receipts = [receipt for batch in batches for receipt in here.push(*batch).results]

    assert [said(receipt) for receipt in receipts] == [
        ("merged", None), ("merged", None), ("conflict", None)
    ]  # fmt: skip
    answers = record_of(here.pull(), record).answers
    assert (answers["began"], answers["ended"]) == ("09:00", "17:00")


def test_a_chain_that_nobody_came_between_is_applied_as_it_is(town: Town) -> None:
    here, _, record = both_hold(town, began="09:00", ended="10:00")
    first = here.change(record, 1, [("ended", "10:00", "11:00")], form=CHECK)
    second = here.change(record, first.op_id, [("began", "09:00", "08:00")], form=CHECK)
    third = here.change(record, second.op_id, [("ended", "11:00", "12:00")], form=CHECK)

    receipts = here.push(first, second, third).results

    assert [said(receipt) for receipt in receipts] == [("applied", None)] * 3


def test_a_chain_over_what_was_pulled_since_knows_what_others_wrote(town: Town) -> None:
    here, there, record = both_hold(town, began="09:00", ended="10:00")
    there.push(there.change(record, 1, [("ended", "10:00", "17:00")], form=CHECK))
    here.push(here.change(record, 1, [("content", None, "가상-문턱")], form=CHECK))
    here.pull()
    first = here.change(record, 3, [("content", "가상-문턱", "가상-계단")], form=CHECK)
    later = here.change(record, first.op_id, [("began", "09:00", "08:00")], form=CHECK)

    receipts = here.push(first, later).results

    assert [said(receipt) for receipt in receipts] == [("applied", None)] * 2


def test_what_was_known_under_a_number_that_is_taken_since_means_a_clone(server: Server) -> None:
    laptop = server.new_laptop()
    known = laptop.create(survey(1))
    laptop.push(known)
    laptop.incarnation, laptop.seq = 2, 0
    laptop.push(laptop.create(survey(2)))

    reply = laptop.post_push(known)

    assert (reply.status_code, reply.json()["code"]) == (409, "replica_cloned")
