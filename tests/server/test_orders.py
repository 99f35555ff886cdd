"""Whatever two laptops write about one entity, and in whatever order it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fieldapp.domain.operation import Operation
from tests.server.errands import (
    change_entity,
    changing,
    conflicts_of,
    create_entity,
    entity,
    entity_of,
    new_id,
    new_town,
    visited,
)
from tests.servers import Laptop, Server

PROPERTIES = ("grade", "place", "tong")
BEGINNING = dict.fromkeys(PROPERTIES, "0")


@dataclass(frozen=True)
class Write:
    """A laptop sets a property, by an operation on the entity or as an effect of a visit."""

    who: int
    name: str
    value: str
    by_visit: bool = True


@dataclass(frozen=True)
class Outcome:
    """Every property as it stands in the end, and those that a conflict names with its values."""

    values: dict[str, str]
    disputed: dict[str, set[str | None]]


writes = st.builds(
    Write, st.integers(0, 1), st.sampled_from(PROPERTIES), st.sampled_from("012345"), st.booleans()
)


@pytest.fixture(scope="module")
def pair(server: Server) -> tuple[Laptop, Laptop]:
    town = new_town(server)
    return town.laptop("secretariat"), town.laptop("secretariat")


def arrived(pair: tuple[Laptop, Laptop], written: Sequence[Write], order: Sequence[int]) -> Outcome:
    """Both write offline upon the first revision; then their operations arrive in this order."""
    of = entity("household", new_id())
    pair[0].push(create_entity(pair[0], of, {"label": "가상-집", **BEGINNING}))
    waiting: tuple[list[Operation], list[Operation]] = ([], [])
    seen = (dict(BEGINNING), dict(BEGINNING))
    for write in written:
        laptop, mine, values = pair[write.who], waiting[write.who], seen[write.who]
        line = (write.name, values[write.name], write.value)
        if line[1] == line[2]:
            continue
        base = mine[-1].op_id if mine else 1
        mine.append(
            visited(laptop, changing(of, base, [line]), place="집")
            if write.by_visit
            else change_entity(laptop, of, base, [line])
        )
        values[write.name] = write.value
    for who in (*order, *[0] * len(waiting[0]), *[1] * len(waiting[1])):
        if waiting[who]:
            receipt = pair[who].receipt(waiting[who].pop(0))
            assert receipt.status in ("applied", "merged", "conflict")
    pair[0].cursors = {}
    rows = pair[0].pull()
    disputed: dict[str, set[str | None]] = {}
    for conflict in conflicts_of(rows, of):
        for line_ in conflict.lines:
            disputed.setdefault(line_.path, set()).update({line_.ours, line_.theirs})
    return Outcome(entity_of(rows, of).props, disputed)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    written=st.lists(writes, max_size=7),
    one=st.lists(st.integers(0, 1), max_size=7),
    other=st.lists(st.integers(0, 1), max_size=7),
)
@example(written=[Write(0, "grade", "1"), Write(1, "grade", "2")], one=[0, 1], other=[1, 0])
def test_any_order_gives_the_same_values_or_a_conflict_and_loses_nothing(
    pair: tuple[Laptop, Laptop], written: list[Write], one: list[int], other: list[int]
) -> None:
    outcomes = [arrived(pair, written, order) for order in (one, other)]

    for name in PROPERTIES:
        by = [
            [write.value for write in written if (write.who, write.name) == (who, name)]
            for who in (0, 1)
        ]
        for outcome in outcomes:
            for mine, theirs in (by, by[::-1]):
                if mine and not theirs:
                    assert (outcome.values[name], name in outcome.disputed) == (mine[-1], False)
                if mine:
                    kept = {outcome.values[name], *outcome.disputed.get(name, ())}
                    assert mine[-1] in kept | {*theirs, BEGINNING[name]}
        # Values are compared, not histories: who has come to what the other wrote, or back to the
        # beginning, goes on from there as one who knows.
        is_distinct = {*by[0]}.isdisjoint(by[1]) and BEGINNING[name] not in by[0] + by[1]
        if is_distinct:
            first, second = outcomes
            is_disputed = name in first.disputed and name in second.disputed
            assert first.values[name] == second.values[name] or is_disputed
