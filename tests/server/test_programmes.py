"""The shipped register, from a device's own effects: an improvement goes through every hand."""

from __future__ import annotations

from dataclasses import replace

from fieldapp.domain.entity import flat
from fieldapp.domain.operation import Base, FormRef, ObjectRef, Operation, Subject, Transition
from fieldapp.packs import EntityStanding, effects_of, open_form
from tests.forms.rows import Rows
from tests.packs.shipped import SURROUNDINGS, answered, missing, shipped
from tests.server.errands import (
    create_entity,
    entity,
    entity_of,
    new_id,
    new_town,
    said,
)
from tests.servers import Laptop, Server

LABEL = "가상-냉장고 라벨"


def handled(laptop: Laptop, of: ObjectRef, answers: dict[str, str]) -> Operation:
    """The next step of the improvement, as this laptop has pulled it."""
    laptop.cursors = {}
    rows = laptop.pull()
    stands = flat(entity_of(rows, of))
    (rev,) = [row.rev for row in rows if row.object == of and row.change == "put"]
    row = {"name": of.id, "__version": str(rev), **stands}
    # Whoever answers may not confirm: the workbook asks who writes.
    writer = replace(SURROUNDINGS, properties={"username": laptop.user})
    filling = answered(
        open_form(shipped("P12"), writer, None, {"improvement": Rows(row)}),
        {"improvement": of.id, **answers},
    )
    assert missing(filling) == []
    standing = EntityStanding(stands, Base(rev=rev))
    return laptop.create(
        {path: text for path, text in filling.answers().items() if path != "meta/instanceID"},
        form=FormRef(id="P12", version=shipped("P12").form.version),
        transition=Transition(to="완료", seen_rev=0),
        subject=Subject(list="improvement", id=of.id),
        effects=effects_of(shipped("P12"), None, filling, lambda *_: standing),
    )


def test_an_improvement_is_passed_on_answered_confirmed_and_shared(server: Server) -> None:
    town = new_town(server)
    office, dept = town.laptop("secretariat"), town.laptop("dept_officer")
    of = entity("improvement", new_id())
    office.push(create_entity(office, of, {"label": LABEL, "content": LABEL, "state": "접수",
                                           "no": "2026-15"}))  # fmt: skip
    answer = {"answering/decision": "adopt", "answering/plan": "가상-산다",
              "answering/plan_due": "2026-12-31"}  # fmt: skip
    steps = [
        (office, dept, {"step": "forward", "forwarding/dept": "가상-돌봄팀"}),
        (dept, office, {"step": "answer", **answer}),
        (office, dept, {"step": "confirm", "confirming/done_note": "가상-봄"}),
        (office, dept, {"step": "share", "sharing/shared_where": "가상-회의"}),
    ]

    for mine, other, answers in steps:
        assert other.receipt(handled(other, of, answers)).code == "step_refused"
        assert said(mine.receipt(handled(mine, of, answers))) == ("applied", None)

    doc = entity_of(office.pull(), of)
    assert (doc.props["state"], doc.props["no"], doc.props["plan"]) == (
        "공유", "2026-15", "가상-산다",
    )  # fmt: skip
    assert [header.state for header in doc.history] == [
        "공유", "반영 확인", "반영", "부서 전달", "접수",
    ]  # fmt: skip
