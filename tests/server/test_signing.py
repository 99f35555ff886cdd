"""Two people sign one record (F6): who may, what stands, what voids it, and the server's step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from fieldapp.domain.canonical import canonical_json
from fieldapp.domain.operation import Operation
from fieldapp.domain.record import RecordDoc, Signature
from fieldapp.domain.shapes import to_wire
from fieldapp.domain.workflow import signed_hash
from tests.server.errands import Town, checked, new_town, record_of, said, step
from tests.server.workbooks import CHECK
from tests.servers import Laptop, Server


@dataclass
class Joint:
    """A checklist that waits for two signatures, and the laptops of those who sign it."""

    first: Laptop
    second: Laptop
    office: Laptop
    record: str
    answers: dict[str, str]

    def doc(self) -> RecordDoc:
        """The record as the server gives it to a laptop that has nothing yet."""
        self.office.cursors = {}
        return record_of(self.office.pull(), self.record)

    def sign(
        self, laptop: Laptop, seat: str, base: int, *, answers: dict[str, str] | None = None,
        **facts: Any,
    ) -> Operation:  # fmt: skip
        """A signature for a seat, of the answers as they were when the record was opened."""
        given = {"by": laptop.user, "part": seat, **facts}
        signature = Signature(
            at="2026-11-30T14:10:00+09:00",
            hash=signed_hash(self.answers if answers is None else answers),
            **given,
        )
        text = canonical_json(to_wire(signature)).decode()
        return self.change(laptop, base, (f"@signed/{seat}", None, text))

    def change(
        self, laptop: Laptop, base: int, *lines: tuple[str, str | None, str | None]
    ) -> Operation:
        """Lines over a revision."""
        return laptop.change(self.record, base, lines, form=CHECK)


@pytest.fixture
def town(server: Server) -> Town:
    return new_town(server)


@pytest.fixture
def joint(town: Town) -> Joint:
    first, second = town.laptop("monitor"), town.laptop("monitor")
    made = checked(first, score="4", again="3", total="7")
    assert first.receipt(made).status == "applied"
    answers = {line.path: line.new for line in made.patch if line.new is not None}
    office = town.laptop("secretariat")
    return Joint(first, second, office, made.object.id, answers)


def test_the_server_confirms_when_both_have_signed_what_stands(joint: Joint) -> None:
    one = joint.first.receipt(joint.sign(joint.first, "monitor1", 1))
    two = joint.second.receipt(joint.sign(joint.second, "monitor2", 1))

    assert [said(one), said(two)] == [("applied", None)] * 2
    assert (one.rev, two.rev) == (2, 4)
    doc = joint.doc()
    assert (doc.state, [signature.part for signature in doc.signatures]) == (
        "완료", ["monitor1", "monitor2"],
    )  # fmt: skip
    assert [(header.who, header.state, header.reason) for header in doc.history[:2]] == [
        ("server", "완료", "공동 확인"), (joint.second.user, "서명 전", None),
    ]  # fmt: skip
    assert doc.history[1].paths == ("@signed/monitor2",)


def test_the_servers_step_is_taken_once_when_the_signature_comes_again(joint: Joint) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))
    signature = joint.sign(joint.second, "monitor2", 1)
    joint.second.push(signature)
    before = joint.doc()

    assert joint.second.receipt(signature).status == "duplicate"
    assert joint.doc() == before


def test_two_signatures_that_arrive_at_once_are_confirmed_once(joint: Joint) -> None:
    signing = [
        (joint.first, joint.sign(joint.first, "monitor1", 1)),
        (joint.second, joint.sign(joint.second, "monitor2", 1)),
    ]

    with ThreadPoolExecutor(2) as pool:
        receipts = list(pool.map(lambda one: one[0].receipt(one[1]), signing))

    assert [said(receipt) for receipt in receipts] == [("applied", None)] * 2
    assert [(header.rev, header.who == "server") for header in joint.doc().history] == [
        (4, True), (3, False), (2, False), (1, False),
    ]  # fmt: skip


def test_nobody_signs_for_two_seats(joint: Joint) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))

    again = joint.sign(joint.first, "monitor2", 2)
    by_name = joint.sign(joint.first, "monitor2", 2, by=f"{joint.first.user} 이름")

    codes = [receipt.code for receipt in joint.first.push(again, by_name).results]
    assert codes == ["co_signer", "co_signer"]
    assert joint.doc().state == "서명 전"


def test_a_second_person_signs_on_the_same_screen_but_never_the_one_who_is_signed_in(
    joint: Joint,
) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))
    other = f"{joint.second.user} 이름"

    unmarked = joint.sign(joint.first, "monitor2", 2, by=other)
    oneself = joint.sign(joint.first, "monitor2", 2, same_device=True)
    marked = joint.sign(joint.first, "monitor2", 2, by=other, same_device=True)

    codes = [receipt.code for receipt in joint.first.push(unmarked, oneself, marked).results]
    assert codes == ["not_the_author", "co_signer", None]
    doc = joint.doc()
    assert doc.state == "완료"
    assert [signature.same_device for signature in doc.signatures] == [False, True]


def test_an_edit_voids_both_signatures_and_the_record_stands_before_signing(joint: Joint) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))
    joint.second.push(joint.sign(joint.second, "monitor2", 2))
    assert joint.doc().state == "완료"

    receipt = joint.first.receipt(joint.change(joint.first, 4, ("score", "4", "5")))

    assert (receipt.status, receipt.rev) == ("applied", 5)
    doc = joint.doc()
    assert (doc.state, doc.signatures) == ("서명 전", ())
    assert doc.history[0].paths == ("@signed/monitor1", "@signed/monitor2", "score")


def test_what_was_signed_stays_in_the_versions(server: Server, joint: Joint) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))
    joint.first.push(joint.change(joint.first, 2, ("score", "4", "5")))

    kept = server.sql(
        "select rev, jsonb_array_length(coalesce(doc->'signatures', '[]'))"
        " from fieldapp.record_version where record = %s order by rev",
        [joint.record],
    )
    assert kept == [(1, 0), (2, 1), (3, 0)]


def test_both_sign_again_after_an_edit(joint: Joint) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))
    joint.first.push(joint.change(joint.first, 2, ("score", "4", "5"), ("total", "7", "8")))
    now = joint.answers | {"score": "5", "total": "8"}

    joint.first.push(joint.sign(joint.first, "monitor1", 3, answers=now))
    joint.second.push(joint.sign(joint.second, "monitor2", 4, answers=now))

    assert joint.doc().state == "완료"


def test_a_signature_given_to_answers_that_changed_meanwhile_does_not_stand(
    server: Server, joint: Joint
) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))
    late = joint.sign(joint.second, "monitor2", 1)
    joint.first.push(joint.change(joint.first, 2, ("score", "4", "5"), ("total", "7", "8")))

    receipt = joint.second.receipt(late)

    assert (said(receipt), receipt.rev) == (("applied", "signature_void"), 4)
    doc = joint.doc()
    assert (doc.state, doc.signatures) == ("서명 전", ())
    kept = server.sql("select code from fieldapp.quarantine where op_id = %s", [late.op_id])
    assert kept == [("signature_void",)]


def test_an_edit_that_changes_nothing_leaves_the_signatures(joint: Joint) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))

    joint.second.push(joint.change(joint.second, 1, ("score", "3", "4")))

    assert [signature.part for signature in joint.doc().signatures] == ["monitor1"]


def test_a_signature_may_be_given_again_or_taken_back_by_its_signer_alone(joint: Joint) -> None:
    signature = joint.sign(joint.first, "monitor1", 1)
    joint.first.push(signature)
    text = signature.patch[0].new

    other = joint.change(joint.second, 2, ("@signed/monitor1", text, None))
    assert said(joint.second.receipt(other)) == ("rejected", "not_the_author")
    joint.first.push(joint.sign(joint.first, "monitor1", 2))
    assert len(joint.doc().signatures) == 1

    joint.first.push(joint.change(joint.first, 3, ("@signed/monitor1", text, None)))
    joint.second.push(joint.sign(joint.second, "monitor2", 4))
    doc = joint.doc()
    assert ([signature.part for signature in doc.signatures], doc.state) == (
        ["monitor2"],
        "서명 전",
    )


@pytest.mark.parametrize(
    ("seat", "text"),
    [("monitor1", "가상"), ("monitor1", "{}"), ("nurse", None), ("monitor2", None)],
)
def test_what_is_no_signature_of_the_seat_is_refused(
    joint: Joint, seat: str, text: str | None
) -> None:
    if text is None:
        signature = joint.sign(joint.first, "nurse" if seat == "nurse" else "monitor1", 1)
        text = signature.patch[0].new
        joint.first.seq -= 1

    refused = joint.change(joint.first, 1, (f"@signed/{seat}", None, text))

    assert said(joint.first.receipt(refused)) == ("rejected", "unsupported")


def test_a_record_is_collected_by_who_has_seen_it_and_is_locked_then(
    server: Server, joint: Joint
) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))
    joint.second.push(joint.sign(joint.second, "monitor2", 2))

    # The signatures are no answers: who saw the answers has seen enough.
    assert said(joint.office.receipt(step(joint.office, joint.record, 1, "취합"))) == (
        "applied", None,
    )  # fmt: skip
    late = joint.change(joint.first, 4, ("score", "4", "5"))
    assert said(joint.first.receipt(late)) == ("conflict", "locked")
    nothing = joint.change(joint.first, 4, ("score", "3", "4"))
    assert joint.first.receipt(nothing).code is None
    assert (joint.doc().state, joint.doc().answers["score"]) == ("취합", "4")
    assert len(joint.doc().signatures) == 2
    kept = server.sql("select code from fieldapp.quarantine where op_id = %s", [late.op_id])
    assert kept == [("locked",)]


def test_a_step_that_unlocks_may_bring_the_correction_and_opens_the_record(joint: Joint) -> None:
    joint.first.push(joint.sign(joint.first, "monitor1", 1))
    joint.second.push(joint.sign(joint.second, "monitor2", 2))
    joint.office.push(step(joint.office, joint.record, 4, "취합"))

    unlock = step(
        joint.office, joint.record, 5, "점검 중", lines=[("again", "3", "2")], reason="가상-오기"
    )
    assert said(joint.office.receipt(unlock)) == ("applied", None)

    assert joint.first.receipt(joint.change(joint.first, 6, ("score", "4", "5"))).code is None
    assert (joint.doc().state, joint.doc().signatures) == ("점검 중", ())
