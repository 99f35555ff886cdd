"""History on demand: every revision with what it changed, for those who see the record."""

from __future__ import annotations

from itertools import pairwise

import httpx
import pytest

from fieldapp.domain.history import HistoryReply, PastRevision
from fieldapp.domain.operation import Subject
from fieldapp.domain.shapes import decode
from fieldapp.sync import protocol
from tests.server.errands import create_entity, entity, new_id, new_town, planned, step
from tests.servers import Laptop, Server, survey

CANARY = "가상-남의동네비밀"


def asked(laptop: Laptop, record: str, before: int | str | None = None) -> httpx.Response:
    given = {} if before is None else {"before": str(before)}
    return laptop.http.get(f"{protocol.HISTORY}/{record}", params=given)


def page(laptop: Laptop, record: str, before: int | None = None) -> HistoryReply:
    reply = asked(laptop, record, before)
    assert reply.status_code == 200, reply.text
    return decode(HistoryReply, reply.content)


def whole(laptop: Laptop, record: str) -> list[PastRevision]:
    """Every revision, page after page."""
    found: list[PastRevision] = []
    before: int | None = None
    while True:
        reply = page(laptop, record, before)
        found += reply.revisions
        if not reply.more:
            return found
        before = reply.revisions[-1].rev


def amended(laptop: Laptop, revisions: int) -> str:
    """A survey whose serial was changed again and again; revision n says n."""
    created = laptop.create(survey(1))
    laptop.push(
        created,
        *(
            laptop.change(created.object.id, rev, [("serial", str(rev), str(rev + 1))])
            for rev in range(1, revisions)
        ),
    )
    return created.object.id


def said(revision: PastRevision) -> list[tuple[str, str | None, str | None]]:
    assert revision.lines is not None
    return [(line.path, line.old, line.new) for line in revision.lines]


def test_every_revision_is_told_with_what_it_changed_far_beyond_the_twenty_of_a_document(
    laptop: Laptop,
) -> None:
    record = amended(laptop, protocol.HISTORY_MAX_REVISIONS + 30)

    found = whole(laptop, record)

    assert [revision.rev for revision in found] == list(range(len(found), 0, -1))
    assert len(found) == protocol.HISTORY_MAX_REVISIONS + 30
    for revision in found[:-1]:
        assert said(revision) == [("serial", str(revision.rev - 1), str(revision.rev))]
        assert (revision.who, revision.state) == (laptop.user, "완료")
    assert {line[0] for line in said(found[-1])} > {"serial", "items/q1"}
    (row,) = laptop.pull()
    assert row.doc is not None
    assert [header["rev"] for header in row.doc["history"]] == [one.rev for one in found[:20]]


def test_a_page_ends_with_the_first_revision_and_asks_for_no_more(laptop: Laptop) -> None:
    record = amended(laptop, 3)

    assert [one.rev for one in page(laptop, record, 3).revisions] == [2, 1]
    assert not page(laptop, record, 3).more
    assert page(laptop, record, 1).revisions == ()


def test_large_answers_make_smaller_pages_and_lose_no_revision(laptop: Laptop) -> None:
    created = laptop.create(survey() | {"good": "가" * 200_000})
    texts = [letter * 200_000 for letter in "가나다라"]
    changes = [
        laptop.change(created.object.id, rev, [("good", old, new)])
        for rev, (old, new) in enumerate(pairwise(texts), start=1)
    ]
    laptop.push(created)
    for change in changes:
        laptop.push(change)

    first = page(laptop, created.object.id)

    assert first.more
    assert [one.rev for one in whole(laptop, created.object.id)] == [4, 3, 2, 1]


def test_a_step_without_answers_changes_nothing_and_a_new_subject_is_told(laptop: Laptop) -> None:
    houses = [entity("household", new_id()) for _ in range(2)]
    first, second = (Subject(list="household", id=of.id) for of in houses)
    made = [create_entity(laptop, of, {"label": "가상-집"}) for of in houses]
    created = laptop.create(survey(), subject=first)
    record = created.object.id
    moved = [("@subject", f"household/{first.id}", f"household/{second.id}")]
    laptop.push(*made, created)
    laptop.push(laptop.change(record, 1, moved))

    newest, oldest = whole(laptop, record)

    assert said(newest) == moved
    assert ("@subject", None, f"household/{first.id}") in said(oldest)


def test_a_step_is_a_revision_that_changed_no_answer(server: Server) -> None:
    worker = new_town(server).laptop("secretariat", "monitor")
    plan = planned(worker)
    worker.push(plan, step(worker, plan.object.id, 1, "점검 중"))

    newest, _ = whole(worker, plan.object.id)

    assert (newest.rev, newest.state, newest.lines) == (2, "점검 중", ())


def test_a_repeat_taken_away_is_one_line_with_all_that_it_held(laptop: Laptop) -> None:
    created = laptop.create(survey() | {"areas[n1]/score": "4", "areas[n1]/note": "가상-문턱"})
    held = '{"note":"가상-문턱","score":"4"}'
    laptop.push(created, laptop.change(created.object.id, 1, [("areas[n1]", held, None)]))

    newest, _ = whole(laptop, created.object.id)

    assert said(newest) == [("areas[n1]", held, None)]


def test_of_a_record_elsewhere_nothing_is_told_not_even_that_it_is(server: Server) -> None:
    here, there = server.new_laptop(), server.new_laptop()
    created = there.create(survey() | {"good": CANARY}, reason=CANARY)
    there.push(created)

    refused, unknown = asked(here, created.object.id), asked(here, new_id())

    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.content == unknown.content
    assert CANARY.encode() not in refused.content


def test_a_former_member_is_told_no_more_of_it(server: Server) -> None:
    town, other = server.new_scope(), server.new_scope()
    member = server.laptop(server.new_user(town, other), town)
    record = amended(member, 2)
    assert len(whole(member, record)) == 2

    server.sql("delete from fieldapp.membership where account = %s and scope = %s",
               [member.user, town])  # fmt: skip

    assert asked(member, record).status_code == 404


@pytest.mark.parametrize("before", ["0", "-1", "x", "1.5", "9" * 40, "１", "1 "])
def test_a_revision_that_is_none_is_malformed(laptop: Laptop, before: str) -> None:
    assert asked(laptop, amended(laptop, 1), before).status_code == 400


@pytest.mark.parametrize("record", ["x", "01930000", "%00", "..%2Fhello"])
def test_an_id_that_is_none_is_malformed_or_no_door(laptop: Laptop, record: str) -> None:
    reply = laptop.http.get(f"{protocol.HISTORY}/{record}")

    assert reply.status_code in (400, 404)
    assert "code" in reply.json()


def test_nobody_asks_without_signing_in_or_for_a_replica_not_theirs(server: Server) -> None:
    mine, yours = server.new_laptop(), server.new_laptop()
    record = amended(mine, 1)
    headers = {protocol.REPLICA_HEADER: yours.replica}

    assert mine.http.get(f"{protocol.HISTORY}/{record}", headers=headers).status_code in (401, 403)
    del mine.http.headers["Authorization"]
    assert asked(mine, record).status_code == 401
