"""What P13e does not ask for yet: steps that need to be seen, steps back, calculates after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldapp.domain.exchange import Receipt
from fieldapp.domain.operation import (
    Base,
    ClockStamp,
    FormRef,
    ObjectRef,
    Operation,
    PatchLine,
    Transition,
)
from fieldapp.domain.plans import (
    Condition,
    MergePlan,
    Plans,
    Projection,
    Workflow,
    WorkflowStep,
)
from fieldapp.domain.record import RecordDoc, RevisionHeader
from fieldapp.server.forms import FormRules
from fieldapp.server.judging import judge
from fieldapp.server.scopes import Homes, Sights
from fieldapp.server.sessions import Account
from fieldapp.server.standing import EntityStanding, Standing, StoredConflict

FORM = FormRef(id="가상", version="1")
RECORD = "01937000-0000-7000-8000-000000000100"
OPERATION = "01937000-0000-7000-8000-000000000001"
AT = "2026-12-01T09:14:03+09:00"


def step(
    source: str | None, target: str, *, seen: bool = False, reason: bool = False
) -> WorkflowStep:
    return WorkflowStep(
        object="record", source=source, target=target, label=target,
        roles=("team_lead",), needs_seen=seen, needs_reason=reason,
    )  # fmt: skip


WORKFLOW = Workflow(
    (
        step(None, "완료"),
        step("완료", "승인", seen=True),
        step("완료", "반려", reason=True),
        step("반려", "완료"),
    )
)


def holds(_condition: Condition, _answers: Mapping[str, str]) -> bool:
    return True


class Towns(Homes):
    """Every scope is a town, and nobody is at home in a private one."""

    def __init__(self) -> None:
        """No database stands behind it."""

    def kind_of(self, scope: str) -> str | None:  # noqa: ARG002
        return "town"


class Desk:
    """One record at revision 3, whose last revision another replica made."""

    account = Account(id="lead", name="가상-팀장", roles=frozenset({"team_lead"}))
    scopes = frozenset({"town-1"})
    is_refilling = False
    homes: Homes = Towns()

    def __init__(self, state: str = "완료") -> None:
        self.state = state

    def rules(self, form: FormRef) -> FormRules:
        plans = Plans(
            form=form, title="가상", kind="visit", about={}, workflow=WORKFLOW,
            merge=MergePlan(calculated=frozenset({"sum"})),
            projection=Projection(form.id, ()), summaries=(),
        )  # fmt: skip
        return FormRules(plans, holds, lambda _record, answers: {**answers, "sum": "새 값"})

    def standing(self, record: str) -> Standing | None:  # noqa: ARG002
        header = RevisionHeader(rev=3, who="worker", when=AT, state=self.state, paths=("a",))
        return Standing(
            RecordDoc(
                form=FORM, kind="visit", scope="town-1", state=self.state, author="worker",
                created=AT, updated=AT, answers={"a": "2", "b": "1", "sum": "옛 값"},
                history=(header,),
            ),
            3,
        )  # fmt: skip

    def entity(self, of: ObjectRef) -> EntityStanding | None:  # noqa: ARG002
        return None

    def receipt_of(self, op_id: str) -> Receipt | None:  # noqa: ARG002
        return None

    def seen_by(self, op_id: str) -> int | None:  # noqa: ARG002
        return None

    def entity_rev_of(self, op_id: str, of: ObjectRef) -> int | None:  # noqa: ARG002
        return None

    def open_conflicts(self, of: ObjectRef) -> Sequence[StoredConflict]:  # noqa: ARG002
        return ()

    def last_touched(self, of: ObjectRef, paths: Sequence[str]) -> tuple[str, str] | None:  # noqa: ARG002
        return "worker", AT

    def paths_since(self, of: ObjectRef, rev: int) -> frozenset[str]:  # noqa: ARG002
        return frozenset({"a", "@signed/monitor1"}) if rev < 3 else frozenset()

    def next_number(self, of: ObjectRef, scope: str) -> str:  # noqa: ARG002
        return "2026-1"

    def moment(self) -> str:
        return AT

    def sights(self, of: ObjectRef) -> Sights:  # noqa: ARG002
        return ()

    def is_named(self, of: ObjectRef) -> bool:  # noqa: ARG002
        return False

    def followers(self, of: ObjectRef) -> Sequence[ObjectRef]:  # noqa: ARG002
        return ()

    def following_records(self, of: ObjectRef) -> Sequence[ObjectRef]:  # noqa: ARG002
        return ()


def taking(
    to: str, seen_rev: int, *, lines: tuple[PatchLine, ...] = (), reason: str | None = None
) -> Operation:
    return Operation(
        op_id=OPERATION, replica=RECORD, seq=1, object=ObjectRef(type="record", id=RECORD),
        kind="change", form=FORM, author="lead", at=AT,
        clock=ClockStamp(offset_ms=0, boot_id="b"), base=Base(rev=seen_rev), patch=lines,
        transition=Transition(to=to, seen_rev=seen_rev), reason=reason,
    )  # fmt: skip


def test_approval_is_refused_when_answers_changed_after_what_was_seen() -> None:
    verdict = judge(taking("승인", 2), Desk())

    assert (verdict.receipt.status, verdict.receipt.code) == ("rejected", "step_refused")
    assert verdict.receipt.fields == ("a",)
    assert verdict.records == ()
    assert verdict.is_kept


def test_approval_of_what_stands_is_taken() -> None:
    verdict = judge(taking("승인", 3), Desk())

    assert verdict.receipt.status == "applied"
    assert verdict.records[-1].standing.doc.state == "승인"


def test_sending_back_is_taken_whatever_was_seen_but_not_without_a_reason() -> None:
    sent_back = judge(taking("반려", 2, reason="가상-까닭"), Desk())

    assert sent_back.records[-1].standing.doc.state == "반려"
    assert judge(taking("반려", 2), Desk()).receipt.code == "step_refused"


def test_a_step_that_somebody_has_taken_already_is_no_refusal() -> None:
    verdict = judge(taking("승인", 2), Desk(state="승인"))

    assert (verdict.receipt.status, verdict.receipt.code) == ("applied", None)


def test_answers_apply_and_calculates_are_refreshed_when_their_step_is_refused() -> None:
    line = PatchLine(path="b", old="1", new="5")

    verdict = judge(taking("승인", 2, lines=(line,)), Desk())

    assert (verdict.receipt.status, verdict.receipt.code) == ("merged", "step_refused")
    left = verdict.records[-1].standing.doc
    assert (left.answers, left.state) == ({"a": "2", "b": "5", "sum": "새 값"}, "완료")
    assert verdict.is_kept
