"""kill -9 on both sides of an exchange: `python -m tests.faults.kill_sync [--every-pass]`.

A laptop and an app server are forked from this process, each with one place to die at. By default
each place is passed once and the next death comes before the last one was recovered from; with
`--every-pass` the n-th pass of each is tried for every n there is, with all that must stand asked
after every death. The last lines are the figures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.errors import FieldAppError, ServerUnreachable
from fieldapp.packs import Catalogue, read_pack
from fieldapp.packs.conversion import convert
from fieldapp.server import accounts, settlement
from fieldapp.server.configuration import FILES_VARIABLE, LISTENING, ServerSettings
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.serving import serve
from fieldapp.sync import exchange, files, log_upload
from tests.faults.killing import arm, came_through, outlives
from tests.faults.sync_places import ON_ANY_COMMAND, PLACES, SPOILT, Place
from tests.faults.sync_town import Device, Town
from tests.server import workbooks
from tests.servers import PACKS, Server, beside, compiled, embedded_postgres

#: A town lives through so many deaths before a new one takes its place.
DEATHS_A_TOWN = 25


@dataclass
class Tally:
    """What was seen, over all deaths."""

    kills: Counter[str] = field(default_factory=Counter)
    never_passed: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def holds(self) -> bool:
        """Whether every place was died at, and nothing was lost by it."""
        return not self.never_passed and not self.broken


def cut_small() -> None:
    """Few operations, rows, bytes and lines at once, so that a round has many of each."""
    vars(exchange).update(PUSH_MAX_OPERATIONS=2, PULL_BUDGET_BYTES=20_000)
    vars(files).update(FILE_CHUNK_BYTES=1_000)
    vars(log_upload).update(LOG_MAX_LINES=3)


@dataclass
class Office:
    """The server that lives, and those that are made to die."""

    server: Server
    catalogue: Catalogue
    folder: Path
    tally: Tally
    settings: ServerSettings

    def town(self) -> Town:
        """A fresh one."""
        return Town(self.folder, self.server, self.catalogue)

    def dies(self, town: Town, place: Place, nth: int) -> bool:
        """One death, unless the place is passed less often."""
        device = town.new_device() if place.errand == "enrolment" else town.devices[0]
        if place.errand != "enrolment":
            town.write(device, spoils=place.name in SPOILT)
        if place.errand == "copied":
            town.overtake(device)
        failpoint = f"{place.name}:{nth}"
        errand = device.sign_in_at if place.errand == "enrolment" else device.whole_round
        if place.side == "laptop":
            has_died = self._laptop_dies(device, errand, failpoint)
        else:
            has_died = self._server_dies(errand, failpoint)
        if has_died:
            self.tally.kills[str(place)] += 1
        if place.errand == "enrolment":
            device.sign_in_at(self.server.base_url)
        return has_died

    def _laptop_dies(self, device: Device, errand: Callable[[str], object], failpoint: str) -> bool:
        def work() -> None:
            device.open_again()
            errand(self.server.base_url)

        device.closed()
        try:
            return not outlives(work, failpoint)
        finally:
            device.open_again()

    def _server_dies(self, errand: Callable[[str], object], failpoint: str) -> bool:
        pid, address = forked_server(self.settings, failpoint)
        try:
            with suppress(ServerUnreachable):
                errand(address)
        finally:
            # One that lives stops; one that is being killed cannot be asked any more.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGTERM:
            return False
        return not came_through(status, failpoint)

    def commands_die(self) -> None:
        """Mark, settle, a restore told of, the end of a refill: each is done or is not."""
        url = self.server.postgres.owner_url
        for place in ON_ANY_COMMAND:
            with accounts.owner_connection(url) as owner:
                marked = settlement.mark(owner)

            def settle(marked: str = marked) -> None:
                with accounts.owner_connection(url) as owner:
                    settlement.settle(owner, marked)

            def begin_life() -> None:
                with accounts.owner_connection(url) as owner:
                    settlement.begin_life(owner)

            def end_refill() -> None:
                with accounts.owner_connection(url) as owner:
                    settlement.end_refill(owner)

            for command in (settle, begin_life, end_refill):
                is_done = place == "owner.after_commit"
                before = self._life()
                if outlives(command, f"{place}:1"):
                    self.tally.never_passed.append(place)
                assert (self._life() != before) == is_done, (place, command)
                self.tally.kills[f"{place} (command)"] += 1

    def _life(self) -> list[tuple[object, ...]]:
        return self.server.sql(
            "select epoch, refilling, (select sum(settled_seq) from fieldapp.replica)"
            " from fieldapp.server_meta"
        )


def forked_server(settings: ServerSettings, failpoint: str) -> tuple[int, str]:
    """A child that serves until it is killed at the place; its id and address."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        os.dup2(writing, sys.stdout.fileno())
        code = 3
        try:
            arm(failpoint)
            code = serve(settings, host="127.0.0.1", port=0)
        except BaseException:  # noqa: BLE001 - told to whoever runs the test, in another process
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as output:
        line = output.readline()
    assert line.startswith(LISTENING), line
    return pid, line.removeprefix(LISTENING).strip()


class Elsewhere(EmbeddedPostgres):
    """A migrated cluster that somebody else started."""

    def __init__(self, owner_url: str, sync_url: str) -> None:
        self._urls = owner_url, sync_url

    @property
    def owner_url(self) -> str:
        """As whoever started it said."""
        return self._urls[0]

    @property
    def sync_url(self) -> str:
        """As whoever started it said."""
        return self._urls[1]


@contextmanager
def offices(cluster: EmbeddedPostgres, tally: Tally) -> Iterator[Office]:
    """A server that lives, over two programmes."""
    folder = Path(tempfile.mkdtemp(prefix="fieldapp-kill-sync-"))
    packs = folder / "packs"
    packs.mkdir()
    catalogue = Catalogue()
    (packs / "P13e.pack").write_bytes(compiled(PACKS / "P13e.xlsx"))
    check = read_pack(workbooks.check(), "check.xlsx", converter=convert)
    (packs / "check.pack").write_bytes(check.to_stored())
    for path in packs.iterdir():
        catalogue.add_compiled(path.read_bytes())
    settings = ServerSettings(cluster.sync_url, packs, Path(beside(packs)[FILES_VARIABLE]))
    pid, address = forked_server(settings, "")
    try:
        with closing(Server(address, cluster, None, packs)) as server:
            yield Office(server, catalogue, folder, tally, settings)
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        shutil.rmtree(folder, ignore_errors=True)


def each_place_once(office: Office, places: Sequence[Place]) -> None:
    """One death at each, each the recovery of the one before."""
    with closing(office.town()) as town:
        for place in places:
            if place.name in SPOILT and not town.is_spoiled:
                _ask(town, office.tally, "before anything was spoilt")
            if place.once and not office.dies(town, place, place.once):
                office.tally.never_passed.append(str(place))
        office.commands_die()
        _ask(town, office.tally, "after every place once")


def every_pass(office: Office, places: Sequence[Place]) -> None:
    """The n-th pass of each, until there is none, and everything asked in between."""
    for place in places:
        nth, town = 1, office.town()
        while office.dies(town, place, nth):
            if not _ask(town, office.tally, f"{place}, pass {nth}") or nth % DEATHS_A_TOWN == 0:
                town.close()
                town = office.town()
            nth += 1
        if nth == 1:
            office.tally.never_passed.append(str(place))
        town.close()
        print(f"{nth - 1:6} passes of {place}", flush=True)
    with closing(office.town()) as town:
        office.commands_die()
        _ask(town, office.tally, "after every command")


def _ask(town: Town, tally: Tally, when: str) -> bool:
    try:
        town.bring_to_rest()
        town.check()
    except (AssertionError, FieldAppError) as error:
        traceback.print_exc()
        tally.broken.append(f"{when}: {error!r}")
        return False
    return True


def report(tally: Tally, took_s: float) -> str:
    """By place, then the figures, last."""
    lines = [f"{count:6} kills at {place}" for place, count in tally.kills.items()]
    lines += [f"NEVER PASSED: {place}" for place in tally.never_passed]
    lines += [f"BROKEN {what}" for what in tally.broken]
    lines += [
        f"{tally.kills.total()} kills in {took_s:.0f} s",
        f"places never passed: {len(tally.never_passed)}",
        f"promises broken: {len(tally.broken)}",
    ]
    return "\n".join(lines)


def main() -> int:
    """0 when every place was died at and nothing was lost by it."""
    parser = argparse.ArgumentParser(description="kill -9 on both sides of an exchange")
    parser.add_argument("--every-pass", action="store_true")
    parser.add_argument("--at", default="", help="only places whose name or errand has this")
    parser.add_argument("--cluster", nargs=2, metavar=("OWNER_URL", "SYNC_URL"))
    asked = parser.parse_args()
    began = time.monotonic()
    cut_small()
    tally = Tally()
    with ExitStack() as stack:
        if asked.cluster:
            cluster: EmbeddedPostgres = Elsewhere(*asked.cluster)
        else:
            cluster = stack.enter_context(embedded_postgres())
        office = stack.enter_context(offices(cluster, tally))
        places = [place for place in PLACES if asked.at in str(place)]
        (every_pass if asked.every_pass else each_place_once)(office, places)
    print(report(tally, time.monotonic() - began))
    return 0 if tally.holds() else 1


if __name__ == "__main__":
    sys.exit(main())
