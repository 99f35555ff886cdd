"""Whatever workers, lines, clocks and disks do, nothing is lost, doubled, torn or stuck (T1).

`FIELDAPP_TRUTH_EXAMPLES=500` lets it live through more than `make test` does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fieldapp.domain import exchange as ex
from fieldapp.errors import Cancelled, ServerUnreachable
from tests.servers import Server
from tests.sync.lines import Cut, Way
from tests.sync.truth import Office, RoundLaptop, assert_truth, office

EXAMPLES = int(os.environ.get("FIELDAPP_TRUTH_EXAMPLES", "4"))
PHASES = tuple(Phase) if os.environ.get("FIELDAPP_TRUTH_SHRINKS") else (Phase.generate,)
WHO, WHICH = st.integers(0, 9), st.integers(0, 9)
DIGITS = st.sampled_from("123456789")
ANSWERS = st.fixed_dictionaries({}, optional={"score": DIGITS, "again": DIGITS, "began": DIGITS})
CHANGES = st.dictionaries(
    st.sampled_from(["score", "again", "remark", "peak", "began", "ended"]),
    DIGITS | st.none(),
    min_size=1,
    max_size=3,
)
Chain: TypeAlias = list[dict[str, str | None]]
CHAIN = st.lists(CHANGES, min_size=1, max_size=3)


class OfficeLife(RuleBasedStateMachine):
    """What a month does to three laptops."""

    server: Server

    @initialize()
    def first_day(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fieldapp-test-"))
        self.open = contextlib.ExitStack()
        self.office: Office = self.open.enter_context(office(self.folder, self.server))
        one, two, org = self.office.towns
        for laptop, scope in zip(self.office.laptops, (org, two, one), strict=True):
            laptop.begin(scope, {"score": "1", "again": "1", "began": "1", "ended": "2"})
        self.all_exchange()
        self.all_exchange()
        self.sealed: list[tuple[RoundLaptop, ex.PushRequest]] = []

    def teardown(self) -> None:
        if hasattr(self, "open"):
            with self.open:
                self.office.bring_to_rest()
                assert_truth(self.office)
            shutil.rmtree(self.folder)

    def laptop(self, who: int) -> RoundLaptop:
        return self.office.laptops[who % len(self.office.laptops)]

    def chosen(self, who: int, which: int) -> tuple[RoundLaptop, str | None]:
        laptop = self.laptop(who)
        held = laptop.held()
        return laptop, held[which % len(held)] if held else None

    # Workers

    @rule(who=WHO, where=WHICH, answers=ANSWERS)
    def begin(self, who: int, where: int, answers: Mapping[str, str]) -> None:
        laptop = self.laptop(who)
        scopes = sorted(laptop.scopes)
        laptop.begin(scopes[where % len(scopes)], answers)

    @rule(who=WHO, which=WHICH, answers=CHANGES)
    def fill(self, who: int, which: int, answers: Mapping[str, str | None]) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            laptop.fill(record, answers)

    @rule(who=WHO, other=WHO, which=WHICH, mine=CHAIN, theirs=CHAIN)
    def two_fill_the_same(
        self, who: int, other: int, which: int, mine: Chain, theirs: Chain
    ) -> None:
        """Both write more than once before either is heard."""
        here, there = self.laptop(who), self.laptop(other)
        shared = sorted(set(here.held()) & set(there.held()))
        if shared:
            record = shared[which % len(shared)]
            for laptop, chain in ((here, mine), (there, theirs)):
                for answers in chain:
                    laptop.fill(record, answers)

    @rule(who=WHO, which=WHICH, words=DIGITS)
    def note_what_happened(self, who: int, which: int, words: str) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            log = laptop.stored(record).doc.answers.get("log")
            laptop.fill(record, {"log": f"{log}\n가상 {words}" if log else f"가상 {words}"})

    @rule(who=WHO, which=WHICH, words=DIGITS)
    def add_an_area(self, who: int, which: int, words: str) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            laptop.add_area(record, words)

    @rule(who=WHO, which=WHICH, area=WHICH)
    def remove_an_area(self, who: int, which: int, area: int) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            laptop.remove_area(record, area)

    @rule(who=WHO, which=WHICH, where=WHICH)
    def take_a_step(self, who: int, which: int, where: int) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            laptop.step(record, where)

    @rule(who=WHO, which=WHICH, takes_theirs=st.booleans())
    def decide(self, who: int, which: int, takes_theirs: bool) -> None:
        self.laptop(who).settle(which, takes_theirs=takes_theirs)

    # Lines

    @rule(who=WHO)
    def exchange(self, who: int) -> None:
        self.laptop(who).exchange()

    @rule()
    def all_exchange(self) -> None:
        for laptop in self.office.laptops:
            laptop.exchange()

    @rule(who=WHO, way=st.sampled_from(["up", "down"]), after=st.integers(1, 9000))
    def exchange_until_the_line_breaks(self, who: int, way: Way, after: int) -> None:
        with contextlib.suppress(ServerUnreachable):
            self.laptop(who).exchange(Cut(way, after))

    @rule(who=WHO, after=st.integers(0, 4))
    def exchange_until_the_worker_stops_it(self, who: int, after: int) -> None:
        with contextlib.suppress(Cancelled):
            self.laptop(who).exchange(stop_after=after)

    @rule(who=WHO, times=st.integers(1, 2))
    def deliver_and_lose_the_reply(self, who: int, times: int) -> None:
        laptop = self.laptop(who)
        request = laptop.sealed_push()
        for _ in range(times):
            laptop.deliver(request)

    @rule(who=WHO)
    def leave_a_push_on_the_way(self, who: int) -> None:
        laptop = self.laptop(who)
        self.sealed.append((laptop, laptop.sealed_push()))

    @precondition(lambda self: self.sealed)
    @rule(which=WHICH)
    def a_late_push_arrives(self, which: int) -> None:
        laptop, request = self.sealed.pop(which % len(self.sealed))
        laptop.deliver(request)

    # Clocks and disks

    @rule(who=WHO, days=st.sampled_from([-400, -1, 0, 1, 400]))
    def the_clock_jumps(self, who: int, days: int) -> None:
        self.laptop(who).ahead = timedelta(days=days)

    @rule(who=WHO)
    def back_up(self, who: int) -> None:
        self.laptop(who).back_up()

    @precondition(lambda self: any(one.backup for one in self.office.laptops))
    @rule(which=WHICH)
    def put_back(self, which: int) -> None:
        kept = [one for one in self.office.laptops if one.backup]
        self.office.put_back(kept[which % len(kept)])

    @precondition(lambda self: len(self.office.laptops) < 5)
    @rule(who=WHO)
    def copy_the_disk(self, who: int) -> None:
        self.office.laptops.append(self.laptop(who).twin())

    @precondition(lambda self: hasattr(self, "sealed"))
    @invariant()
    def numbers_have_no_holes(self) -> None:
        for laptop in self.office.laptops:
            with laptop.store.reading() as db:
                who = laptop.store.identity(db)
                seqs = [
                    row[0]
                    for row in db.rows(
                        "SELECT seq FROM operation WHERE replica = ? AND incarnation = ?"
                        " ORDER BY seq",
                        (who.replica, who.incarnation),
                    )
                ]
            assert seqs == list(range(1, len(seqs) + 1))


def test_any_month_of_three_laptops_ends_in_one_truth(server: Server) -> None:
    OfficeLife.server = server
    run_state_machine_as_test(
        OfficeLife,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            # A failure here has one cause among many steps; making it small takes many minutes.
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
