"""Two people, one record: different fields merge, the same field is a conflict for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from fieldapp.domain.exchange import ConflictDoc, PulledRow
from fieldapp.domain.operation import Operation
from fieldapp.domain.record import RecordDoc
from fieldapp.domain.shapes import read
from fieldapp.packs import Pack, Surroundings, open_form
from tests.server.workbooks import CALL
from tests.servers import Laptop, Server, survey


def two_laptops(server: Server) -> tuple[Laptop, Laptop, Operation]:
    """Two people of one office, and a survey of the first that both have."""
    scope = server.new_scope()
    mine, yours = server.new_laptop(scope), server.new_laptop(scope)
    created = mine.create(survey(q1="3", q2="3"))
    mine.push(created)
    mine.pull()
    yours.pull()
    return mine, yours, created


def newest(rows: list[PulledRow], record: str) -> RecordDoc:
    puts = [row for row in rows if row.change == "put" and row.object.id == record]
    assert len(puts) == 1
    return read(RecordDoc, puts[0].doc)


def conflicts(rows: list[PulledRow]) -> list[ConflictDoc]:
    return [read(ConflictDoc, row.doc) for row in rows if row.change == "conflict"]


def breaches(server: Server, answers: Mapping[str, str]) -> list[str]:
    """The answers that the call's own form would not let past."""
    pack = Pack.from_stored((server.packs / "call.pack").read_bytes())
    around = Surroundings(now=lambda: datetime.now(UTC), record_id="가상", seed=1)
    return [one.path for one in open_form(pack, around, answers).violations()]


def test_amendments_of_different_fields_merge_and_calculates_are_refreshed(server: Server) -> None:
    mine, yours, created = two_laptops(server)
    record = created.object.id
    first = mine.change(record, 1, [("items/q1", "3", "5"), ("mean5", "3.71", "4")])
    second = yours.change(record, 1, [("items/q2", "3", "1"), ("mean5", "3.71", "3.43")])

    assert mine.receipt(first).status == "applied"
    receipt = yours.receipt(second)

    assert (receipt.status, receipt.rev, receipt.conflict) == ("merged", 3, None)
    doc = newest(mine.pull(), record)
    assert (doc.answers["items/q1"], doc.answers["items/q2"]) == ("5", "1")
    # (5 + 1 + 4 + 4 + 4 + 4 + 4) / 7, which neither laptop had computed.
    assert doc.answers["mean5"] == "3.71"
    assert doc.answers["today"] == "2026-11-21"
    assert [header.who for header in doc.history] == [yours.user, mine.user, mine.user]


def test_amendments_of_the_same_field_keep_both_values_and_both_authors(server: Server) -> None:
    mine, yours, created = two_laptops(server)
    record = created.object.id
    mine.push(mine.change(record, 1, [("items/q1", "3", "5")]))
    late = yours.change(record, 1, [("items/q1", "3", "1"), ("wish", None, "가상-바람")])

    receipt = yours.receipt(late)

    assert receipt.status == "conflict"
    assert receipt.conflict is not None
    assert receipt.conflict.paths == ("items/q1",)
    rows = mine.pull()
    doc = newest(rows, record)
    assert doc.answers["items/q1"] == "5"
    assert doc.answers["wish"] == "가상-바람"
    (conflict,) = conflicts(rows)
    (line,) = conflict.lines
    assert (line.path, line.base, line.ours, line.theirs) == ("items/q1", "3", "5", "1")
    assert (conflict.ours_author, conflict.theirs_author) == (mine.user, yours.user)
    assert conflict.op_id == late.op_id
    assert conflict.decided_by is None
    assert conflicts(yours.pull()) == [conflict]


def test_a_lost_reply_repeats_the_conflict_and_opens_no_second_one(server: Server) -> None:
    mine, yours, created = two_laptops(server)
    mine.push(mine.change(created.object.id, 1, [("items/q1", "3", "5")]))
    late = yours.change(created.object.id, 1, [("items/q1", "3", "1")])
    first = yours.receipt(late)

    again = yours.receipt(late)

    assert (again.status, again.rev, again.conflict) == ("duplicate", first.rev, first.conflict)
    assert len(conflicts(mine.pull())) == 1


def test_the_same_change_by_two_people_is_no_conflict(server: Server) -> None:
    mine, yours, created = two_laptops(server)
    mine.push(mine.change(created.object.id, 1, [("items/q1", "3", "5")]))

    receipt = yours.receipt(yours.change(created.object.id, 1, [("items/q1", "3", "5")]))

    assert (receipt.status, receipt.conflict) == ("merged", None)


def test_a_resolve_decides_the_conflict_for_everybody(server: Server) -> None:
    mine, yours, created = two_laptops(server)
    record = created.object.id
    mine.push(mine.change(record, 1, [("items/q1", "3", "5")]))
    yours.push(yours.change(record, 1, [("items/q1", "3", "1")]))
    (conflict,) = conflicts(mine.pull())
    yours.pull()

    resolve = mine.change(record, 3, [("items/q1", "5", "1")], kind="resolve", reason="종이 확인")
    receipt = mine.receipt(resolve)

    assert (receipt.status, receipt.rev) == ("applied", 4)
    for laptop in (mine, yours):
        rows = laptop.pull()
        doc = newest(rows, record)
        assert doc.answers["items/q1"] == "1"
        # (1 + 3 + 4 × 5) / 7: no laptop computed it.
        assert doc.answers["mean5"] == "3.43"
        (decided,) = conflicts(rows)
        assert (decided.id, decided.lines) == (conflict.id, conflict.lines)
        assert (decided.decided_by, decided.reason) == (mine.user, "종이 확인")
        assert decided.decided_at == resolve.at


def test_a_resolve_that_keeps_what_stands_decides_too(server: Server) -> None:
    mine, yours, created = two_laptops(server)
    record = created.object.id
    mine.push(mine.change(record, 1, [("items/q1", "3", "5")]))
    yours.push(yours.change(record, 1, [("items/q1", "3", "1")]))

    mine.push(mine.change(record, 3, [("items/q1", "5", "5")], kind="resolve"))

    rows = yours.pull()
    assert newest(rows, record).answers["items/q1"] == "5"
    assert conflicts(rows)[0].decided_by == mine.user


def test_a_resolve_decides_no_conflict_that_its_author_had_not_seen(server: Server) -> None:
    mine, yours, created = two_laptops(server)
    record = created.object.id
    mine.push(mine.change(record, 1, [("items/q1", "3", "5")]))
    yours.push(yours.change(record, 1, [("items/q1", "3", "1")]))

    mine.push(mine.change(record, 2, [("items/q1", "5", "5")], kind="resolve"))

    assert [conflict.decided_by for conflict in conflicts(mine.pull())] == [None]


def test_two_people_who_decide_differently_leave_a_conflict_again(server: Server) -> None:
    mine, yours, created = two_laptops(server)
    record = created.object.id
    mine.push(mine.change(record, 1, [("items/q1", "3", "5")]))
    yours.push(yours.change(record, 1, [("items/q1", "3", "1")]))
    mine.push(mine.change(record, 3, [("items/q1", "5", "1")], kind="resolve"))

    receipt = yours.receipt(yours.change(record, 3, [("items/q1", "5", "2")], kind="resolve"))

    assert receipt.status == "conflict"
    found = conflicts(mine.pull())
    assert sorted(conflict.decided_by is None for conflict in found) == [False, True]


def test_amendments_that_break_a_rule_together_both_stand_and_are_no_conflict(
    server: Server,
) -> None:
    scope = server.new_scope()
    mine, yours = server.new_laptop(scope), server.new_laptop(scope)
    call = {"memo": "가상-전화", "called": "2026-11-02", "again": "2026-11-25"}
    created = mine.create(call, form=CALL)
    mine.push(created)
    record = created.object.id
    first = mine.change(record, 1, [("called", "2026-11-02", "2026-11-20")], form=CALL)
    second = yours.change(record, 1, [("again", "2026-11-25", "2026-11-10")], form=CALL)

    assert mine.receipt(first).status == "applied"
    receipt = yours.receipt(second)

    assert (receipt.status, receipt.conflict, receipt.code) == ("merged", None, None)
    rows = mine.pull()
    assert conflicts(rows) == []
    merged = newest(rows, record).answers
    assert (merged["called"], merged["again"]) == ("2026-11-20", "2026-11-10")
    assert breaches(server, call | {"called": "2026-11-20"}) == []
    assert breaches(server, call | {"again": "2026-11-10"}) == []
    assert breaches(server, merged) == ["again"]


def test_own_operations_on_each_other_never_conflict(laptop: Laptop) -> None:
    created = laptop.create(survey(q1="1"))
    second = laptop.change(created.object.id, created.op_id, [("items/q1", "1", "2")])
    third = laptop.change(created.object.id, second.op_id, [("items/q1", "2", "3")])

    reply = laptop.push(created, second, third)

    assert [receipt.status for receipt in reply.results] == ["applied"] * 3
    assert newest(laptop.pull(), created.object.id).answers["items/q1"] == "3"


def test_who_wrote_the_standing_value_is_known_beyond_the_last_twenty_revisions(
    server: Server,
) -> None:
    mine, yours, created = two_laptops(server)
    record = created.object.id
    mine.push(mine.change(record, 1, [("items/q1", "3", "5")]))
    third = server.laptop(server.new_user(mine.scope), mine.scope)
    third.push(
        *(third.change(record, rev, [("serial", str(rev - 1), str(rev))]) for rev in range(2, 27))
    )

    yours.push(yours.change(record, 1, [("items/q1", "3", "1")]))

    (conflict,) = conflicts(mine.pull())
    assert conflict.ours_author == mine.user
