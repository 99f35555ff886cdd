"""Two laptops under one name, one a copy of the other's disk: what each wrote is the other's."""

from __future__ import annotations

import pytest
from msgspec import structs

from fieldapp.domain.operation import Operation
from tests.server.errands import Town, new_town, planned, record_of, said
from tests.server.workbooks import CHECK
from tests.servers import Laptop, Server


@pytest.fixture
def town(server: Server) -> Town:
    return new_town(server)


def again(laptop: Laptop, *operations: Operation) -> list[Operation]:
    """The same operations, numbered for the laptop's next life."""
    laptop.incarnation += 1
    laptop.seq = len(operations)
    return [structs.replace(one, seq=seq) for seq, one in enumerate(operations, start=1)]


def test_half_of_a_group_that_the_origin_wrote_is_not_torn_by_its_copy(town: Town) -> None:
    laptop = town.laptop("secretariat", "monitor")
    made = planned(laptop, began="09:00", ended="10:00")
    record = made.object.id
    laptop.push(made)
    laptop.push(laptop.change(record, 1, [("ended", "10:00", "17:00")], form=CHECK))

    # The copy of its disk, made before that.
    brought = again(laptop, made)
    late = laptop.change(record, 1, [("began", "09:00", "08:00")], form=CHECK)
    receipts = laptop.push(*brought, late).results

    assert [one.status for one in receipts] == ["duplicate", "conflict"]
    answers = record_of(laptop.pull(), record).answers
    assert (answers["began"], answers["ended"]) == ("09:00", "17:00")


def test_own_half_of_a_group_stays_own_in_a_later_life(town: Town) -> None:
    laptop = town.laptop("secretariat", "monitor")
    made = planned(laptop, began="09:00", ended="10:00")
    record = made.object.id
    mine = laptop.change(record, made.op_id, [("ended", "10:00", "17:00")], form=CHECK)
    laptop.push(made, mine)

    brought = again(laptop, made, mine)
    late = laptop.change(record, mine.op_id, [("began", "09:00", "08:00")], form=CHECK)
    receipts = laptop.push(*brought, late).results

    assert [said(one) for one in receipts] == [
        ("duplicate", None), ("duplicate", None), ("applied", None)
    ]  # fmt: skip
