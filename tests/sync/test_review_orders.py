"""Someone reviews a record while its author amends it: the four orders, and what both then see.

The reviewer corrects an answer and takes a step, 승인 (which asks that everything was seen) or
보완 요청 (which is always taken). The author amends the same answer or another one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import Server
from tests.sync.round_laptop import RoundLaptop
from tests.sync.truth import Office, assert_truth, office
from tests.sync.workbook import LOCKED, STEPS

APPROVAL, RETURN = "승인", "보완 요청"


@dataclass(frozen=True)
class Desk:
    """An author, a reviewer, and a finished record that both hold: score 1, remark 가."""

    author: RoundLaptop
    reviewer: RoundLaptop
    record: str
    step: str
    reviewed: str

    def amend(self) -> None:
        self.author.fill(self.record, {"score": "2"})

    def review(self) -> None:
        self.reviewer.fill(self.record, {self.reviewed: "3"})
        self.reviewer.step(self.record, STEPS["완료"].index(self.step))


def review_after_it_saw_the_amendment(desk: Desk) -> None:
    desk.amend()
    desk.author.exchange()
    desk.reviewer.exchange()
    desk.review()
    desk.reviewer.exchange()


def review_after_the_amendment_unseen(desk: Desk) -> None:
    desk.amend()
    desk.review()
    desk.author.exchange()
    desk.reviewer.exchange()


def amendment_after_it_saw_the_review(desk: Desk) -> None:
    desk.review()
    desk.reviewer.exchange()
    desk.author.exchange()
    desk.amend()
    desk.author.exchange()


def amendment_after_the_review_unseen(desk: Desk) -> None:
    desk.review()
    desk.amend()
    desk.reviewer.exchange()
    desk.author.exchange()


@dataclass(frozen=True)
class Outcome:
    """What the server has in the end, and what waits: conflicts, and operations it refused."""

    state: str
    score: str
    remark: str
    conflicts: int = 0
    refused_of_author: int = 0
    refused_of_reviewer: int = 0


Order = Callable[[Desk], None]
#: Step and reviewed field → outcome, by order.
OUTCOMES: dict[Order, dict[tuple[str, str], Outcome]] = {
    review_after_it_saw_the_amendment: {
        (APPROVAL, "score"): Outcome(LOCKED, "3", "가"),
        (APPROVAL, "remark"): Outcome(LOCKED, "2", "3"),
        (RETURN, "score"): Outcome(RETURN, "3", "가"),
        (RETURN, "remark"): Outcome(RETURN, "2", "3"),
    },
    # What was not seen is not approved; a return is taken whatever else happened.
    review_after_the_amendment_unseen: {
        (APPROVAL, "score"): Outcome("완료", "2", "가", conflicts=1, refused_of_reviewer=1),
        (APPROVAL, "remark"): Outcome("완료", "2", "3", refused_of_reviewer=1),
        (RETURN, "score"): Outcome(RETURN, "2", "가", conflicts=1),
        (RETURN, "remark"): Outcome(RETURN, "2", "3"),
    },
    # A laptop that shows a record as approved offers no amendment.
    amendment_after_it_saw_the_review: {
        (APPROVAL, "score"): Outcome(LOCKED, "3", "가"),
        (APPROVAL, "remark"): Outcome(LOCKED, "1", "3"),
        (RETURN, "score"): Outcome(RETURN, "2", "가"),
        (RETURN, "remark"): Outcome(RETURN, "2", "3"),
    },
    # An amendment that reaches an approved record is a 정정 요청: it waits with its text.
    amendment_after_the_review_unseen: {
        (APPROVAL, "score"): Outcome(LOCKED, "3", "가", conflicts=1),
        (APPROVAL, "remark"): Outcome(LOCKED, "1", "3", conflicts=1),
        (RETURN, "score"): Outcome(RETURN, "3", "가", conflicts=1),
        (RETURN, "remark"): Outcome(RETURN, "2", "3"),
    },
}


@pytest.mark.parametrize("step", [APPROVAL, RETURN])
@pytest.mark.parametrize("reviewed", ["score", "remark"])
@pytest.mark.parametrize("order", OUTCOMES, ids=lambda order: order.__name__)
def test_review_and_amendment_come_to_what_both_can_see(
    tmp_path: Path, server: Server, order: Order, reviewed: str, step: str
) -> None:
    with office(tmp_path, server) as open_office:
        desk = finished(open_office, step, reviewed)

        order(desk)
        open_office.bring_to_rest()

        assert outcome(open_office, desk) == OUTCOMES[order][step, reviewed]
        assert_truth(open_office)


def finished(open_office: Office, step: str, reviewed: str) -> Desk:
    author, _, reviewer = open_office.laptops
    record = author.begin(author.scope, {"score": "1", "remark": "가"})
    author.step(record, 0)
    author.exchange()
    reviewer.exchange()
    return Desk(author, reviewer, record, step, reviewed)


def outcome(open_office: Office, desk: Desk) -> Outcome:
    ((state, answers),) = open_office.server.sql(
        "select state, doc->'answers' from fieldapp.record where id = %s", [desk.record]
    )
    return Outcome(
        state,
        answers["score"],
        answers["remark"],
        conflicts=len(open_office.open_conflicts(open_office.towns)),
        refused_of_author=len(desk.author.waits()),
        refused_of_reviewer=len(desk.reviewer.waits()),
    )
