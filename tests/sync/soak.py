"""A town's week in minutes: `python -m tests.sync.soak --minutes 30`. The figures come last.

Thirty laptops of ten towns write, exchange and break off against two app servers, one of which is
killed and started again all the while. Then the faults end, everybody exchanges, and all that must
hold at rest is asked of everything that was ever written.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.domain.operation import Subject
from fieldapp.errors import ExchangeTrouble, FieldAppError
from fieldapp.server.process import ServerProcess
from tests.outbox import pending
from tests.servers import Server, embedded_postgres
from tests.sync import houses
from tests.sync.lines import Cut, Line
from tests.sync.round_laptop import RoundLaptop
from tests.sync.truth import Office, assert_truth, held_digest, office
from tests.sync.workbook import compiled_into

#: Each office has three laptops, in two towns and an organisation.
_LAPTOPS_AN_OFFICE = 3
#: Seconds between two deaths of an app server.
_DEATH_EVERY_S = 20.0
#: Seconds after which a worker whose round broke off tries again.
_TRY_AGAIN_S = 0.5
#: How often something is done to a household, too.
_HOUSES = 0.5
_FIGURES = (
    "rounds",
    "rounds broken off",
    "lines cut",
    "servers killed",
    "sent",
    "received",
    "merged",
    "conflicts",
)
_PATHS = ("score", "again", "remark", "peak", "began", "ended")


@dataclass
class Tally:
    """What happened, over all offices."""

    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    pause: threading.Event = field(default_factory=threading.Event)  # never set: to wait on

    def add(self, what: str, count: int = 1) -> None:
        """Count something; offices are threads."""
        with self.lock:
            self.counts[what] += count


def live(of: Office, chance: random.Random, faults: float, tally: Tally, until: float) -> None:
    """One office, until the time is over."""
    while time.monotonic() < until:
        laptop = chance.choice(of.laptops)
        for _ in range(chance.randint(0, 4)):
            live_in_records(laptop, chance)
        if chance.random() < _HOUSES:
            live_in_houses(of, laptop, chance)
        cut = None
        if chance.random() < faults:
            cut = Cut(chance.choice(("up", "down")), chance.randint(1, 20_000))
            tally.add("lines cut")
        try:
            outcome = laptop.exchange(cut)
        except ExchangeTrouble:
            tally.add("rounds broken off")
            tally.pause.wait(_TRY_AGAIN_S)
        else:
            tally.add("rounds")
            tally.add("sent", outcome.sent)
            tally.add("received", outcome.received)
            tally.add("merged", outcome.merged)
            tally.add("conflicts", outcome.conflicts)


def live_in_records(laptop: RoundLaptop, chance: random.Random) -> None:
    """One thing done to a round."""
    held = laptop.held()
    deed = chance.random()
    if not held or deed < 0.25:
        house = next(iter(houses.houses(laptop)), None)
        about = None if house is None else Subject(list="household", id=house.id)
        laptop.begin(chance.choice(sorted(laptop.scopes)), {"score": "1"}, about)
    elif deed < 0.75:
        answers = {path: str(chance.randint(1, 9)) for path in chance.sample(_PATHS, 2)}
        laptop.fill(chance.choice(held[-40:]), dict(answers))
    elif deed < 0.85:
        laptop.add_area(chance.choice(held[-40:]), laptop.written.canary())
    elif deed < 0.95:
        laptop.step(chance.choice(held[-40:]), chance.randint(0, 1))
    else:
        laptop.settle(chance.randint(0, 9), takes_theirs=chance.random() < 0.5)
        houses.settle(laptop, chance.randint(0, 9), takes_theirs=chance.random() < 0.5)


def live_in_houses(of: Office, laptop: RoundLaptop, chance: random.Random) -> None:
    """One thing done to a household, which may move, be shared, and be let go of again."""
    held, deed = houses.houses(laptop), chance.random()
    if not held or deed < 0.3:
        houses.register(laptop, chance.choice(sorted(laptop.scopes)))
        return
    house = chance.choice(held[-40:])
    if deed < 0.6:
        houses.write(laptop, house, "memo", laptop.written.canary())
    elif deed < 0.75:
        houses.move(laptop, house, chance.choice(of.towns[:2]))
    elif deed < 0.95:
        houses.share(laptop, house, chance.choice(of.towns), chance.choice(("full", "card", None)))
    else:
        houses.merge(laptop, house, chance.choice(held))


class Pair:
    """Two app servers over one database; the second dies and comes back on its port."""

    def __init__(self, server: Server, tally: Tally) -> None:
        self._server, self._tally = server, tally
        self._over = threading.Event()
        self._mortal = server.another()
        self.base_url = self._mortal.base_url
        self._killer = threading.Thread(target=self._kill)
        self._killer.start()

    def stop(self) -> None:
        """No more deaths; the last one that was started stays until the end."""
        self._over.set()
        self._killer.join()

    def close(self) -> None:
        """Stop the second server."""
        self._mortal.kill()

    def _kill(self) -> None:
        port = int(self.base_url.rpartition(":")[2])
        while not self._over.wait(_DEATH_EVERY_S):
            self._mortal.kill()
            self._mortal = self._server.another(port=port)
            self._tally.add("servers killed")


@contextlib.contextmanager
def offices(folder: Path, server: Server, pair: Pair, count: int) -> Iterator[list[Office]]:
    """So many offices, by turns at the server that lives and at the one that dies."""
    with contextlib.ExitStack() as stack:
        made = []
        for number in range(count):
            if number % 2:
                made.append(stack.enter_context(office(folder, server)))
            else:
                line = stack.enter_context(Line(pair.base_url))
                of = Office(folder, server, line)
                stack.callback(of.close)
                made.append(of)
        yield made


def run(minutes: float, replicas: int, faults: float, seed: int) -> bool:
    """Live, come to rest, ask; prints the figures last. False when something does not hold."""
    tally = Tally()
    folder = Path(tempfile.mkdtemp(prefix="fieldapp-soak-"))
    packs = folder / "packs"
    packs.mkdir()
    compiled_into(packs)
    began = time.monotonic()
    try:
        with (
            embedded_postgres() as postgres,
            ServerProcess.start(postgres.sync_url, packs_dir=packs) as process,
        ):
            server = Server(process.base_url, postgres, process, packs)
            with contextlib.closing(Pair(server, tally)) as pair:
                count = max(1, replicas // _LAPTOPS_AN_OFFICE)
                with offices(folder, server, pair, count) as all_offices:
                    soak = Soak(all_offices, tally, faults, seed)
                    soak.live(minutes)
                    pair.stop()
                    soak.come_to_rest()
                    return soak.report(time.monotonic() - began)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Soak:
    """Offices while they live, and what is found of them afterwards."""

    offices: list[Office]
    tally: Tally
    faults: float
    seed: int
    failures: list[str] = field(default_factory=list)

    def live(self, minutes: float) -> None:
        """All at once."""
        until = time.monotonic() + minutes * 60
        threads = [
            threading.Thread(target=self._live, args=(number, of, until))
            for number, of in enumerate(self.offices)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _live(self, number: int, of: Office, until: float) -> None:
        try:
            live(of, random.Random(f"{self.seed}/{number}"), self.faults, self.tally, until)
        except Exception as error:  # noqa: BLE001 - reported, and the other offices go on
            self.failures.append(f"office {number} while it lived: {error!r}")

    def come_to_rest(self) -> None:
        """One after the other, without faults; what does not hold then is a failure."""
        for number, of in enumerate(self.offices):
            try:
                of.bring_to_rest()
                assert_truth(of)
            except (AssertionError, FieldAppError) as error:
                self.failures.append(f"office {number} at rest: {error}")

    def report(self, took_s: float) -> bool:
        """Figures, those that matter last; False when something does not hold."""
        laptops = [laptop for of in self.offices for laptop in of.laptops]
        equal = sum(
            held_digest(laptop) == of.digest(laptop.scopes)
            for of in self.offices
            for laptop in of.laptops
        )
        empty = sum(pending(laptop.replica, 1, 1) == () for laptop in laptops)
        written = sum(len(of.written.operations) for of in self.offices)
        records = sum(len(of.answers()) for of in self.offices)
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        for failure in self.failures:
            print(failure)
        print(f"{took_s:8.0f} s, seed {self.seed}, {peak_mib:.0f} MiB for all laptops")
        for what in _FIGURES:
            print(f"{self.tally.counts[what]:8} {what}")
        print(f"{written:8} operations written, {records} records")
        print(f"{equal:8} of {len(laptops)} digests equal")
        print(f"{empty:8} of {len(laptops)} queues empty")
        print(f"{len(self.failures):8} promises broken")
        return not self.failures and equal == empty == len(laptops)


def main(arguments: list[str] | None = None) -> int:
    """The command; 1 when something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync.soak")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--replicas", type=int, default=30)
    parser.add_argument("--faults", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=20261121)
    asked = parser.parse_args(arguments)
    return 0 if run(asked.minutes, asked.replicas, asked.faults, asked.seed) else 1


if __name__ == "__main__":
    sys.exit(main())
