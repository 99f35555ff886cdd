"""Push: every operation gets its receipt, once, and no bad one stands in the way of another."""

from __future__ import annotations

import msgspec

from fieldapp.domain.operation import FormRef, Transition
from fieldapp.domain.record import RecordDoc, document_hash
from fieldapp.domain.shapes import read
from tests.servers import Laptop, Server, survey


def stored_doc(server: Server, record: str) -> RecordDoc:
    return read(
        RecordDoc, server.sql("select doc from fieldapp.record where id = %s", [record])[0][0]
    )


def kept(server: Server, op_id: str) -> list[str]:
    rows = server.sql("select code from fieldapp.quarantine where op_id = %s", [op_id])
    return [row[0] for row in rows]


def test_a_finished_survey_is_stored_with_its_state_its_author_and_its_revision(
    server: Server, laptop: Laptop
) -> None:
    operation = laptop.create(survey())

    reply = laptop.push(operation)

    assert reply.results[0].status == "applied"
    assert (reply.results[0].rev, reply.applied_seq, reply.settled_through) == (1, 1, 0)
    doc = stored_doc(server, operation.object.id)
    assert doc.state == "완료"
    assert doc.author == laptop.user
    assert doc.answers == survey() | {"meta/instanceID": f"uuid:{operation.object.id}"}
    assert [header.who for header in doc.history] == [laptop.user]
    assert server.sql("select hash from fieldapp.record where id = %s", [operation.object.id]) == [
        (document_hash(doc),)
    ]


def test_an_operation_brought_again_is_stored_once_and_told_its_first_result(
    server: Server, laptop: Laptop
) -> None:
    operation = laptop.create(survey())
    first = laptop.receipt(operation)

    again = laptop.receipt(operation)

    assert (again.status, again.rev) == ("duplicate", first.rev)
    versions = server.sql(
        "select count(*) from fieldapp.record_version where record = %s", [operation.object.id]
    )
    assert versions == [(1,)]


def test_an_operation_that_changed_on_the_way_is_refused_and_kept(
    server: Server, laptop: Laptop
) -> None:
    operation = laptop.create(survey())
    laptop.push(operation)

    mutated = msgspec.structs.replace(operation, reason="나중에 붙인 까닭")

    assert laptop.receipt(mutated).code == "op_mutated"
    assert kept(server, operation.op_id) == ["op_mutated"]
    assert stored_doc(server, operation.object.id).history[0].reason is None


def test_a_number_that_another_operation_has_taken_means_a_clone(
    server: Server, laptop: Laptop
) -> None:
    laptop.push(laptop.create(survey()))
    laptop.seq -= 1
    other = laptop.create(survey())

    reply = laptop.post_push(other)

    assert reply.status_code == 409
    assert reply.json()["code"] == "replica_cloned"
    assert server.sql("select 1 from fieldapp.record where id = %s", [other.object.id]) == []


def test_an_incarnation_that_is_over_means_a_clone_and_is_told_which_one_stands(
    laptop: Laptop,
) -> None:
    laptop.incarnation = 3
    laptop.push(laptop.create(survey()))
    laptop.incarnation = 2

    reply = laptop.post_push(laptop.create(survey()))

    assert (reply.status_code, reply.json()["incarnation"]) == (409, 3)


def test_a_server_restored_from_a_backup_takes_a_laptop_that_has_lived_on(laptop: Laptop) -> None:
    laptop.push(laptop.create(survey()))
    laptop.incarnation, laptop.seq = 5, 0

    reply = laptop.push(laptop.create(survey()))

    assert (reply.results[0].status, reply.applied_seq) == ("applied", 1)


def test_laptop_restored_from_a_backup_brings_everything_again_and_nothing_doubles(
    server: Server, laptop: Laptop
) -> None:
    first, second = laptop.create(survey(1)), laptop.create(survey(2))
    laptop.push(first, second)
    # The second was lost with the disk, and comes after another written since.
    laptop.incarnation, laptop.seq = 2, 1
    third = laptop.create(survey(3))
    again = msgspec.structs.replace(second, seq=3)

    reply = laptop.push(first, third, again)

    assert [one.status for one in reply.results] == ["duplicate", "applied", "duplicate"]
    assert (reply.applied_seq, reply.settled_through) == (3, 0)
    numbers = server.sql(
        "select incarnation, seq, op_id::text from fieldapp.op_receipt where replica = %s"
        " order by seq",
        [laptop.replica],
    )
    assert numbers == [(2, 1, first.op_id), (2, 2, third.op_id), (2, 3, second.op_id)]
    assert [row.rev for row in laptop.pull()] == [1, 1, 1]


def test_restored_laptop_that_reuses_a_number_is_still_a_clone(laptop: Laptop) -> None:
    laptop.push(laptop.create(survey(1)))
    laptop.incarnation, laptop.seq = 2, 0
    laptop.push(laptop.create(survey(2)))
    laptop.seq = 0

    assert laptop.post_push(laptop.create(survey(3))).status_code == 409


def test_a_gap_left_by_operations_that_wait_holds_nothing_up(laptop: Laptop) -> None:
    first, left_out, third = (laptop.create(survey(number)) for number in (1, 2, 3))

    reply = laptop.push(first, third)

    assert [receipt.status for receipt in reply.results] == ["applied", "applied"]
    assert reply.applied_seq == 1
    assert laptop.push(left_out).applied_seq == 3


def test_one_bad_operation_never_blocks_the_others(server: Server, laptop: Laptop) -> None:
    good = laptop.create(survey(1))
    elsewhere = laptop.create(survey(2), scope="가상-모르는-동")
    neighbour = server.new_laptop()
    theirs = neighbour.create(survey())
    neighbour.push(theirs)
    taken = laptop.create(survey(3), record=theirs.object.id)
    unknown_form = laptop.create(survey(4), form=FormRef(id="P13e", version="1"))
    unfinished = laptop.create(survey(5) | {"answered": "0"})
    last = laptop.create(survey(6))
    ops = (good, elsewhere, taken, unknown_form, unfinished, last)

    reply = laptop.push(*ops)

    said = [(receipt.status, receipt.code) for receipt in reply.results]
    assert said == [
        ("applied", None),
        ("rejected", "not_a_member"),
        ("rejected", "id_taken"),
        ("held", "unknown_form"),
        ("rejected", "step_refused"),
        ("applied", None),
    ]
    assert reply.applied_seq == 6
    assert [kept(server, operation.op_id) for operation in ops] == [
        [], ["not_a_member"], ["id_taken"], ["unknown_form"], ["step_refused"], [],
    ]  # fmt: skip
    assert [receipt.status for receipt in laptop.push(*ops).results] == [
        "duplicate", "rejected", "rejected", "held", "rejected", "duplicate",
    ]  # fmt: skip


def test_a_held_operation_is_judged_again_when_it_comes_again(
    server: Server, laptop: Laptop
) -> None:
    refused = laptop.create(survey(), scope="가상-모르는-동")
    waiting = laptop.change(refused.object.id, refused.op_id, [("serial", "1", "2")])
    assert laptop.push(refused, waiting).results[1].code == "base_waits"

    # What a person does who lets the first one through after all.
    server.sql(
        'update fieldapp.op_receipt set result = result || \'{"status": "held"}\' where op_id = %s',
        [refused.op_id],
    )
    with_scope = server.sql("select 1 from fieldapp.scope where id = '가상-모르는-동'")
    assert with_scope == []
    server.sql("insert into fieldapp.scope (id, kind) values ('가상-모르는-동', 'town')")
    server.sql("insert into fieldapp.scope_head (scope) values ('가상-모르는-동')")
    server.sql(
        "insert into fieldapp.membership (account, scope) values (%s, '가상-모르는-동')",
        [laptop.user],
    )

    reply = laptop.push(refused, waiting)

    assert [receipt.status for receipt in reply.results] == ["applied", "applied"]
    assert kept(server, refused.op_id) == kept(server, waiting.op_id) == []
    assert stored_doc(server, refused.object.id).answers["serial"] == "2"


def test_what_no_record_does_is_refused_by_name_and_kept(server: Server, laptop: Laptop) -> None:
    created = laptop.create(survey())
    move = laptop.change(created.object.id, created.op_id, [], kind="move", scope=laptop.scope)

    reply = laptop.push(created, move)

    assert [receipt.code for receipt in reply.results] == [None, "unsupported"]
    assert kept(server, move.op_id) == ["unsupported"]


def test_nobody_writes_in_another_name(server: Server, laptop: Laptop) -> None:
    operation = laptop.create(survey(), author="가상-다른사람")

    assert laptop.receipt(operation).code == "not_the_author"
    named = laptop.create(survey(), author=f"{laptop.user} 이름")
    assert laptop.receipt(named).status == "applied"


def test_an_id_that_is_another_records_is_refused_without_showing_it(server: Server) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    first = here.create(survey())
    here.push(first)

    taken = there.create(survey(), record=first.object.id)

    assert there.receipt(taken).code == "id_taken"
    assert stored_doc(server, first.object.id).author == here.user


def test_a_change_of_a_record_one_may_not_see_is_refused_as_unknown(server: Server) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    first = here.create(survey())
    here.push(first)

    change = there.change(first.object.id, 1, [("serial", "1", "2")])

    assert there.receipt(change).code == "unknown_object"
    assert stored_doc(server, first.object.id).answers["serial"] == "1"


def test_a_base_that_nobody_is_going_to_bring_is_refused_and_kept(laptop: Laptop) -> None:
    created = laptop.create(survey())
    laptop.push(created)

    ahead = laptop.change(created.object.id, 7, [("serial", "1", "2")])

    receipt = laptop.receipt(ahead)
    assert (receipt.status, receipt.code) == ("rejected", "base_not_visible")


def test_a_role_that_may_not_finish_is_refused(server: Server) -> None:
    scope = server.new_scope()
    reader = server.laptop(server.new_user(scope, roles=("team_lead",)), scope)

    assert reader.receipt(reader.create(survey())).code == "step_refused"


def test_answers_are_kept_when_the_step_with_them_is_refused(
    server: Server, laptop: Laptop
) -> None:
    created = laptop.create(survey())
    laptop.push(created)
    change = laptop.change(
        created.object.id, 1, [("serial", "1", "2")], transition=Transition(to="반려", seen_rev=1)
    )

    receipt = laptop.receipt(change)

    assert (receipt.status, receipt.code) == ("applied", "step_refused")
    doc = stored_doc(server, created.object.id)
    assert (doc.answers["serial"], doc.state) == ("2", "완료")
    assert kept(server, change.op_id) == ["step_refused"]


def test_a_record_carries_the_headers_of_its_last_twenty_revisions(
    server: Server, laptop: Laptop
) -> None:
    created = laptop.create(survey())
    ops = [created]
    for number in range(1, 25):
        line = ("serial", str(number), str(number + 1))
        ops.append(laptop.change(created.object.id, ops[-1].op_id, [line]))

    laptop.push(*ops)

    doc = stored_doc(server, created.object.id)
    assert doc.answers["serial"] == "25"
    assert [header.rev for header in doc.history] == list(range(25, 5, -1))
    versions = server.sql(
        "select rev, doc->'answers'->>'serial' from fieldapp.record_version"
        " where record = %s order by rev",
        [created.object.id],
    )
    assert versions == [(number, str(number)) for number in range(1, 26)]


def test_a_patch_of_unknown_questions_is_kept_as_it_came(server: Server, laptop: Laptop) -> None:
    operation = laptop.create(survey() | {"새_문항": "가상-답"})
    laptop.push(operation)

    assert stored_doc(server, operation.object.id).answers["새_문항"] == "가상-답"
