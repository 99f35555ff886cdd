"""What a month does to an office, as rules that are played in any order (T1).

Records, entities, lines, disks and those who decide who may do what: a class each.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from fieldapp.domain import exchange as ex
from fieldapp.domain.operation import ObjectRef, Subject
from fieldapp.errors import Cancelled, ReplicaRevoked, ServerUnreachable
from tests.servers import Server
from tests.sync import houses
from tests.sync.lines import Cut, Way
from tests.sync.round_laptop import RoundLaptop
from tests.sync.truth import Office, assert_truth, office
from tests.sync.workbook import FIRST

WHO, WHICH = st.integers(0, 9), st.integers(0, 9)
PROPERTIES = ("label", "memo", "tel")
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
CHAINS = st.tuples(CHAIN, CHAIN)


class Days(RuleBasedStateMachine):
    """An office, from its first day to its rest."""

    server: Server

    @initialize()
    def first_day(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fieldapp-test-"))
        self.open = contextlib.ExitStack()
        self.office: Office = self.open.enter_context(office(self.folder, self.server))
        one, two, org, private = self.office.towns
        for laptop, scope in zip(self.office.laptops, (org, two, one), strict=True):
            laptop.begin(scope, {"score": "1", "again": "1", "began": "1", "ended": "2"})
        for laptop, scope in zip(self.office.laptops, (one, two, private), strict=True):
            house = houses.register(laptop, scope)
            about = Subject(list="household", id=house.id)
            laptop.begin(scope, {"remark": laptop.written.canary()}, about)
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

    def chosen_house(self, who: int, which: int) -> tuple[RoundLaptop, ObjectRef | None]:
        laptop = self.laptop(who)
        held = houses.houses(laptop)
        return laptop, held[which % len(held)] if held else None

    def town(self, where: int) -> str:
        return self.office.towns[where % len(self.office.towns)]

    @rule(who=WHO)
    def exchange(self, who: int) -> None:
        with contextlib.suppress(ReplicaRevoked):
            self.laptop(who).exchange()

    @rule()
    def all_exchange(self) -> None:
        for who in range(len(self.office.laptops)):
            self.exchange(who)

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


class RecordDays(Days):
    """What workers do to records."""

    @rule(who=WHO, where=WHICH, which=WHICH, answers=ANSWERS)
    def begin(self, who: int, where: int, which: int, answers: Mapping[str, str]) -> None:
        laptop, house = self.chosen_house(who, which)
        scopes = sorted(laptop.scopes)
        about = None if house is None else Subject(list="household", id=house.id)
        laptop.begin(scopes[where % len(scopes)], answers, about if which % 3 else None)

    @rule(who=WHO, which=WHICH, answers=CHANGES)
    def fill(self, who: int, which: int, answers: Mapping[str, str | None]) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            said = {"remark": laptop.written.canary()} if answers.get("remark") else {}
            laptop.fill(record, {**answers, **said})

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

    @rule(who=WHO, which=WHICH)
    def note_what_happened(self, who: int, which: int) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            log, words = laptop.stored(record).doc.answers.get("log"), laptop.written.canary()
            laptop.fill(record, {"log": f"{log}\n{words}" if log else words})

    @rule(who=WHO, which=WHICH)
    def add_an_area(self, who: int, which: int) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            laptop.add_area(record, laptop.written.canary())

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

    @rule(who=WHO, which=WHICH, is_own=st.booleans())
    def delete(self, who: int, which: int, is_own: bool) -> None:
        laptop, record = self.chosen(who, which)
        if record:
            laptop.delete(record, None if is_own else laptop.written.canary())

    @rule(who=WHO, other=WHO, which=WHICH, chains=CHAINS, first=st.booleans())
    def two_meet_at_the_server(
        self, who: int, other: int, which: int, chains: tuple[Chain, Chain], first: bool
    ) -> None:
        """As above, and both exchange, in either order."""
        self.two_fill_the_same(who, other, which, *chains)
        for each in (who, other) if first else (other, who):
            self.exchange(each)

    @rule(who=WHO, which=WHICH, answers=CHANGES)
    def what_was_done_is_sent_back_and_amended(
        self, who: int, which: int, answers: Mapping[str, str | None]
    ) -> None:
        """From 작성 on: 완료, 보완 요청, amended with another area, 완료 again."""
        laptop, record = self.chosen(who, which)
        if record and laptop.stored(record).doc.state == FIRST:
            laptop.add_area(record, laptop.written.canary())
            laptop.step(record, 0)
            self.exchange(who)
            laptop.step(record, 0)
            laptop.add_area(record, laptop.written.canary())
            laptop.fill(record, answers)
            laptop.remove_area(record, which)
            laptop.step(record, 0)


class HouseDays(RecordDays):
    """What workers do to households."""

    @rule(who=WHO, where=WHICH)
    def register_a_household(self, who: int, where: int) -> None:
        laptop = self.laptop(who)
        scopes = sorted(laptop.scopes)
        houses.register(laptop, scopes[where % len(scopes)])

    @rule(
        who=WHO, which=WHICH, name=st.sampled_from(["label", "memo", "tel"]), is_set=st.booleans()
    )
    def write_of_a_household(self, who: int, which: int, name: str, is_set: bool) -> None:
        laptop, house = self.chosen_house(who, which)
        if house:
            houses.write(laptop, house, name, laptop.written.canary() if is_set else None)

    @rule(who=WHO, other=WHO, which=WHICH)
    def two_write_of_the_same(self, who: int, other: int, which: int) -> None:
        here, there = self.laptop(who), self.laptop(other)
        shared = sorted({*houses.houses(here)} & {*houses.houses(there)}, key=lambda of: of.id)
        if shared:
            for laptop in (here, there, here):
                houses.write(laptop, shared[which % len(shared)], "memo", laptop.written.canary())

    @rule(who=WHO, which=WHICH, where=WHICH)
    def move_a_household(self, who: int, which: int, where: int) -> None:
        laptop, house = self.chosen_house(who, which)
        if house:
            houses.move(laptop, house, self.town(where))

    @rule(who=WHO, which=WHICH, where=WHICH, view=st.sampled_from(["full", "card", None]))
    def share_a_household(self, who: int, which: int, where: int, view: str | None) -> None:
        laptop, house = self.chosen_house(who, which)
        if house:
            houses.share(laptop, house, self.town(where), view)

    @rule(who=WHO, which=WHICH, other=WHICH)
    def find_that_two_are_one(self, who: int, which: int, other: int) -> None:
        laptop, house = self.chosen_house(who, which)
        _, into = self.chosen_house(who, other)
        if house and into:
            houses.merge(laptop, house, into)

    @rule(who=WHO, which=WHICH)
    def delete_a_household(self, who: int, which: int) -> None:
        laptop, house = self.chosen_house(who, which)
        if house:
            houses.delete(laptop, house)

    @rule(who=WHO, which=WHICH, takes_theirs=st.booleans())
    def decide_of_a_household(self, who: int, which: int, takes_theirs: bool) -> None:
        houses.settle(self.laptop(who), which, takes_theirs=takes_theirs)

    @rule(who=WHO, other=WHO, which=WHICH, where=WHICH, first=st.booleans())
    def one_moves_what_another_writes_of(
        self, who: int, other: int, which: int, where: int, first: bool
    ) -> None:
        """A late word on a household, and a record about it, from where it was."""
        here, there = self.laptop(who), self.laptop(other)
        shared = sorted({*houses.houses(here)} & {*houses.houses(there)}, key=lambda of: of.id)
        if shared:
            house = shared[which % len(shared)]
            houses.move(here, house, self.town(where))
            houses.write(there, house, "tel", there.written.canary())
            scope = sorted(there.scopes)[where % len(there.scopes)]
            record = there.begin(
                scope,
                {"remark": there.written.canary()},
                Subject(list="household", id=house.id),
            )
            there.step(record, 0)
            for each in (who, other) if first else (other, who):
                self.exchange(each)


class LineDays(HouseDays):
    """Lines that break, and what comes late."""

    @rule(who=WHO, way=st.sampled_from(["up", "down"]), after=st.integers(1, 9000))
    def exchange_until_the_line_breaks(self, who: int, way: Way, after: int) -> None:
        with contextlib.suppress(ServerUnreachable, ReplicaRevoked):
            self.laptop(who).exchange(Cut(way, after))

    @rule(who=WHO, after=st.integers(0, 4))
    def exchange_until_the_worker_stops_it(self, who: int, after: int) -> None:
        with contextlib.suppress(Cancelled, ReplicaRevoked):
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


class OfficeLife(LineDays):
    """Who may do what, clocks and disks."""

    @rule(who=WHO, where=WHICH)
    def a_worker_leaves(self, who: int, where: int) -> None:
        self.office.leave(self.laptop(who), self.town(where))

    @rule(who=WHO, where=WHICH)
    def a_worker_joins(self, who: int, where: int) -> None:
        self.office.join(self.laptop(who), self.town(where))

    @rule(who=WHO, state=st.sampled_from(["active", "drain", "revoked"]))
    def a_laptop_is_set_aside(self, who: int, state: ex.DeviceState) -> None:
        self.office.set_state(self.laptop(who), state)

    @rule()
    def the_server_is_backed_up(self) -> None:
        self.office.kept.keep()

    @precondition(lambda self: bool(self.office.kept))
    @rule()
    def the_newest_backup_is_good(self) -> None:
        self.office.kept.settle()

    @precondition(lambda self: bool(self.office.kept))
    @rule(which=WHICH)
    def the_server_is_restored(self, which: int) -> None:
        self.office.restore_server(which)

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

    @rule(who=WHO, other=WHO, which=WHICH, chains=CHAINS, area=WHICH)
    def the_server_loses_what_everybody_had_sent(
        self, who: int, other: int, which: int, chains: tuple[Chain, Chain], area: int
    ) -> None:
        """A backup, days of work, and the disk is gone."""
        self.two_meet_at_the_server(who, other, which, chains, first=True)
        self.office.kept.keep()
        self.two_meet_at_the_server(other, who, which, chains, first=False)
        self.move_a_household(who, which, area)
        self.add_an_area(other, which)
        self.take_a_step(other, which, area)
        self.all_exchange()
        self.all_exchange()
        self.office.restore_server(-1)
