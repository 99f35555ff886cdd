"""Any edits, losses and retries on two replicas and a server, and what must hold afterwards.

The promise is one; it is kept once over models (many schedules) and once over the real parts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hypothesis import strategies as st

from fieldapp.errors import Cancelled, ServerUnreachable
from tests.sync.lines import Cut

#: Each round may end an own chain of held operations, so a few are needed, and no more.
ROUNDS_TO_REST = 3


@dataclass(frozen=True)
class Write:
    """Someone writes a record, or amends the record of this number modulo those they hold."""

    who: int
    record: int | None
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Sync:
    """Someone exchanges: over a whole line, over one that is cut, or until they press 멈춤."""

    who: int
    cut: Cut | None = None
    stop_after: int | None = None


Step = Write | Sync


def schedules(paths: Sequence[str], max_size: int) -> st.SearchStrategy[list[Step]]:
    """Schedules of two workers over these paths."""
    who = st.integers(0, 1)
    answers = st.dictionaries(
        st.sampled_from(paths), st.sampled_from(["1", "2", "3", "4", "5"]), min_size=1, max_size=3
    )
    write = st.builds(Write, who, st.none() | st.integers(0, 9), answers)
    cut = st.builds(Cut, st.sampled_from(["up", "down"]), st.integers(1, 6000))
    sync = st.builds(Sync, who) | st.builds(Sync, who, cut=cut)
    stopped = st.builds(Sync, who, stop_after=st.integers(0, 4))
    return st.lists(write | sync | stopped, max_size=max_size)


@dataclass(frozen=True, order=True)
class Value:
    """What an operation sets at a path."""

    op_id: str
    path: str
    text: str


class World(Protocol):
    """Two replicas and a server, real or modelled."""

    def create(self, who: int, answers: Mapping[str, str]) -> None:
        """Write a new record."""

    def amend(self, who: int, record: str, answers: Mapping[str, str]) -> None:
        """Change answers of a record, if they change."""

    def exchange(self, who: int, cut: Cut | None, stop_after: int | None) -> None:
        """One round. Raises what the round raises."""

    def seen_by(self, who: int) -> dict[str, dict[str, str]]:
        """Every record as this worker sees it."""

    def on_server(self) -> dict[str, dict[str, str]]:
        """Every record as the server has it."""

    def unsent(self, who: int) -> int:
        """Operations of theirs without a final receipt."""

    def written(self) -> list[Value]:
        """Every value of every operation that was written."""

    def kept(self) -> list[Value]:
        """The same as the server has it, standing or in a conflict, once for each time applied."""

    def conflicts_of(self, who: int) -> set[str]:
        """The conflicts that this worker is shown."""

    def conflicts_on_server(self) -> set[str]:
        """The conflicts that the server keeps."""


def play(world: World, schedule: Sequence[Step]) -> None:
    """Let it all happen; a broken line is part of it."""
    for step in schedule:
        if isinstance(step, Sync):
            with contextlib.suppress(ServerUnreachable, Cancelled):
                world.exchange(step.who, step.cut, step.stop_after)
            continue
        held = sorted(world.seen_by(step.who))
        if step.record is None or not held:
            world.create(step.who, step.answers)
        else:
            world.amend(step.who, held[step.record % len(held)], step.answers)


def bring_to_rest(world: World) -> None:
    """Mend the line and let both exchange: it must come to rest in so many rounds (I8)."""
    for _ in range(ROUNDS_TO_REST):
        for who in (0, 1):
            world.exchange(who, None, None)


def assert_nothing_is_lost_or_doubled(world: World) -> None:
    """I1, I3, I4, I7 of the protocol's test plan."""
    assert world.unsent(0) == world.unsent(1) == 0
    assert world.seen_by(0) == world.seen_by(1) == world.on_server()
    assert world.conflicts_of(0) == world.conflicts_of(1) == world.conflicts_on_server()
    assert sorted(world.kept()) == sorted(world.written())
