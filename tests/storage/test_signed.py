"""Lines of a record that are no answers: signatures and the subject; and what reviewers saw."""

from __future__ import annotations

from datetime import date

from fieldapp.domain.canonical import canonical_json
from fieldapp.domain.operation import Operation, PatchLine, Subject, Transition, changed_answers
from fieldapp.domain.record import Signature
from fieldapp.domain.shapes import to_wire
from fieldapp.domain.workflow import signed_hash
from fieldapp.storage import marks, meta, operations, plans, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b
from tests.storage import entity_building as e

FIRST = {"mode": "paper", "items/q1": "4"}


def change(store: Store, record: str, *lines: PatchLine, **facts: object) -> Operation:
    with store.writing() as db:
        operation = b.next_operation(
            db, record, "change", patch=lines, base=records.find(db, record).base, **facts
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="checklist")
    return operation


def signature(answers: dict[str, str], seat: str = "monitor1") -> Signature:
    return Signature(
        by=f"가상-{seat}", at="2026-12-01T12:00:00+09:00", part=seat, hash=signed_hash(answers)
    )


def line(signed: Signature, old: Signature | None = None) -> PatchLine:
    texts = [canonical_json(to_wire(one)).decode() if one else None for one in (old, signed)]
    return PatchLine(path=f"@signed/{signed.part}", old=texts[0], new=texts[1])


def test_signature_is_laid_over_the_record_and_is_no_answer(store: Store) -> None:
    record = b.create(store, FIRST, state="서명 전")
    one, two = signature(FIRST), signature(FIRST, "monitor2")

    change(store, record, line(one))
    change(store, record, line(two))

    stored = b.found(store, record)
    assert stored.doc.signatures == (one, two)
    assert stored.doc.answers == FIRST
    with store.reading() as db:
        (row,) = records.of_form(db, b.FORM.id, states=("서명 전",))
        assert records.of_form(db, b.FORM.id, states=("완료",)) == ()
    assert (row.signatures, row.state, row.subject) == ((one, two), "서명 전", None)


def test_seat_signs_again_and_takes_its_signature_back(store: Store) -> None:
    record = b.create(store, FIRST, state="서명 전")
    first, again = signature({}), signature(FIRST)
    change(store, record, line(first))

    change(store, record, line(again, first))
    assert b.found(store, record).doc.signatures == (again,)

    taken = PatchLine(path="@signed/monitor1", old=canonical_json(to_wire(again)).decode())
    change(store, record, taken)
    assert b.found(store, record).doc.signatures == ()


def test_voided_signatures_stay_voided_whatever_the_server_still_sends(
    store: Store, replica: StoreReplica
) -> None:
    record, one = b.record_id_at(), signature(FIRST)
    replica.accept_rows(b.page(b.put(record, 1, FIRST, state="완료", signatures=(one,))))
    amended = b.amend(store, record, {"items/q1": "5"})

    with store.writing() as db:
        records.void_signatures(db, record, state="서명 전")
    replica.accept_rows(
        b.page(
            b.put(record, 2, {**FIRST, "wish": "x"}, state="완료", signatures=(one,), scope_seq=2)
        )
    )

    shown = b.found(store, record).doc
    assert (shown.state, shown.signatures) == ("서명 전", ())
    assert shown.answers == {**FIRST, "items/q1": "5", "wish": "x"}

    replica.accept_receipts(b.reply([b.receipt(amended, "rejected", code="locked")]))
    shown = b.found(store, record).doc
    assert (shown.state, shown.signatures) == ("완료", (one,))


def test_subject_is_given_with_the_create_and_changed_by_a_line(store: Store) -> None:
    household, other, record = b.new_uuid(), b.new_uuid(), b.record_id_at()
    with store.writing() as db:
        operation = b.next_operation(
            db,
            record,
            "create",
            patch=changed_answers(None, FIRST),
            scope=b.SCOPE,
            subject=Subject(list=e.LIST, id=household),
            transition=Transition(to="완료", seen_rev=0),
        )
        operations.append(db, operation)
        records.apply_operation(db, operation, kind="visit")
    with store.reading() as db:
        assert [row.record_id for row in records.of_subject(db, e.LIST, household)] == [record]

    change(
        store,
        record,
        PatchLine(path="@subject", old=f"{e.LIST}/{household}", new=f"{e.LIST}/{other}"),
    )

    with store.reading() as db:
        assert records.of_subject(db, e.LIST, household) == ()
        (row,) = records.of_subject(db, e.LIST, other)
    assert row.subject == Subject(list=e.LIST, id=other)
    assert row.doc.answers == FIRST


def test_answers_that_a_reviewer_saw_are_kept_until_the_next_look(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, FIRST)))
    with store.reading() as db:
        assert records.reviewed_answers(db, record) is None

    change(store, record, transition=Transition(to="보완 요청", seen_rev=1), author="가상-팀장")
    replica.accept_rows(b.page(b.put(record, 3, {**FIRST, "items/q1": "1"}, scope_seq=2)))

    with store.reading() as db:
        assert records.reviewed_answers(db, record) == FIRST


def test_step_of_the_author_is_no_review(store: Store) -> None:
    record = b.create(store, FIRST)

    b.step(store, record, "다시")

    with store.reading() as db:
        assert records.reviewed_answers(db, record) is None


# What is of this laptop alone


def test_plan_of_a_day_is_in_the_order_in_which_it_was_made(store: Store) -> None:
    day, other = date(2026, 12, 1), date(2026, 12, 2)
    one, two, three = (b.new_uuid() for _ in range(3))
    with store.writing() as db:
        assert all(plans.toggle(db, day, e.LIST, entity) for entity in (two, one, three))
        assert plans.toggle(db, other, e.LIST, one)
        assert not plans.toggle(db, day, e.LIST, two)
        assert plans.toggle(db, day, e.LIST, two)

    with store.reading() as db:
        assert plans.of_day(db, day) == (one, three, two)
        assert plans.of_day(db, other) == (one,)


def test_copied_texts_and_the_hiding_code_are_remembered(store: Store) -> None:
    one, other = b.record_id_at(), b.record_id_at(1)
    with store.writing() as db:
        marks.put_copied(db, one, at=b.NOON)
        marks.put_copied(db, one, at=b.NOON)
        assert meta.hiding_code(db) is None
        meta.put_hiding_code(db, "$argon2id$1")
        meta.put_hiding_code(db, "$argon2id$2")

    with store.reading() as db:
        assert marks.copied(db, [one, other]) == {one}
        assert meta.hiding_code(db) == "$argon2id$2"
