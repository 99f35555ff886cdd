"""Who sees which site and which case (F8): monitors what was assigned to them, of a restricted case
nobody but its named members, and not a byte more on their lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from fieldapp.domain.entity import LABEL
from fieldapp.domain.operation import ObjectRef, Subject
from fieldapp.server import accounts
from fieldapp.storage import entities
from tests.servers import Server
from tests.sync import houses
from tests.sync.lines import Line
from tests.sync.round_laptop import RoundLaptop
from tests.sync.sights import Seen


class Desks:
    """Laptops of one office over one line; what each is sent is read byte by byte."""

    def __init__(self, folder: Path, server: Server, line: Line, stack: ExitStack) -> None:
        self._folder, self._server, self._line, self._stack = folder, server, line, stack
        self.written = Seen()

    def laptop(self, *scopes: str) -> RoundLaptop:
        """One more person's, who belongs to these scopes."""
        made = RoundLaptop(self._folder, self._server, scopes, self._line, self.written)
        self._stack.callback(made.store.close)
        return made

    def scope(self, kind: str) -> str:
        """A new one."""
        scope = self._server.new_scope()
        with accounts.owner_connection(self._server.postgres.owner_url) as owner:
            owner.execute("update fieldapp.scope set kind = %s where id = %s", [kind, scope])
        return scope

    def leave(self, laptop: RoundLaptop, scope: str) -> None:
        """Its worker is named there no more."""
        laptop.place.scopes.discard(scope)
        with accounts.owner_connection(self._server.postgres.owner_url) as owner:
            accounts.remove_member(owner, laptop.user, scope)


@pytest.fixture
def desks(tmp_path: Path, server: Server) -> Iterator[Desks]:
    with Line(server.base_url) as line, ExitStack() as stack:
        yield Desks(tmp_path, server, line, stack)


def site(laptop: RoundLaptop) -> ObjectRef:
    """A site that planning knows."""
    return houses.add(laptop, "site", laptop.scope, {LABEL: laptop.written.canary()})


def sites(laptop: RoundLaptop) -> set[str]:
    with laptop.store.reading() as db:
        return {str(one.entity_id) for one in entities.page(db, "site")}


def exchange(*laptops: RoundLaptop) -> None:
    for laptop in laptops:
        laptop.exchange()


def test_monitors_receive_the_sites_that_were_assigned_to_their_team_and_no_others(
    desks: Desks,
) -> None:
    planning = desks.laptop(desks.scope("org"))
    team, other_team = desks.scope("org"), desks.scope("org")
    monitor, colleague, stranger = (desks.laptop(one) for one in (team, team, other_team))
    first, second, third = (site(planning) for _ in range(3))
    houses.share(planning, first, team, "full")
    houses.share(planning, second, other_team, "full")
    exchange(planning, monitor, colleague, stranger)
    assert sites(monitor) == sites(colleague) == {first.id}
    assert sites(stranger) == {second.id}

    # Assigned anew: the one comes, the other goes, with what planning wrote meanwhile.
    houses.share(planning, first, team, None)
    houses.share(planning, third, team, "full")
    houses.write(planning, first, LABEL, desks.written.canary())
    exchange(planning, monitor, colleague, stranger)

    assert sites(monitor) == sites(colleague) == {third.id}
    assert sites(stranger) == {second.id}


def test_what_a_monitor_wrote_of_a_site_reaches_planning_after_it_was_taken_back(
    desks: Desks,
) -> None:
    planning, team = desks.laptop(desks.scope("org")), desks.scope("org")
    monitor = desks.laptop(team)
    of = site(planning)
    houses.share(planning, of, team, "full")
    exchange(planning, monitor)
    said = desks.written.canary()
    houses.write(monitor, of, "memo", said)

    houses.share(planning, of, team, None)
    exchange(planning, monitor, monitor, planning)

    assert sites(monitor) == set()
    with planning.store.reading() as db:
        assert entities.find(db, "site", of.id).props == {"memo": said}


def test_a_restricted_case_reaches_its_named_members_and_nobody_else(desks: Desks) -> None:
    town, case = desks.scope("town"), desks.scope("private")
    named, also_named = desks.laptop(town, case), desks.laptop(town, case)
    leader, clerk = desks.laptop(town), desks.laptop(town)
    everybody = (named, also_named, leader, clerk)
    house = houses.register(named, case)
    about = Subject(list="household", id=house.id)
    record = named.begin(case, {"remark": desks.written.canary()}, about)
    exchange(*everybody)
    # Both write at once: what waits for a person is as restricted as what stands.
    for laptop in (named, also_named):
        laptop.fill(record, {"remark": desks.written.canary()})
        houses.write(laptop, house, "memo", desks.written.canary())
        laptop.add_area(record, desks.written.canary())
        laptop.step(record, 0)
    exchange(*everybody, *everybody)

    assert also_named.held() == named.held() == [record]
    assert also_named.open_conflicts() == named.open_conflicts() != set()
    for laptop in (leader, clerk):
        assert laptop.held() == []
        assert laptop.open_conflicts() == set()
        assert everything(laptop) == []


def everything(laptop: RoundLaptop) -> Sequence[str]:
    """The entities and the records that a laptop's store knows of in any way."""
    with laptop.store.reading() as db:
        rows = db.rows(
            "SELECT id FROM entity UNION SELECT id FROM record UNION SELECT id FROM held_row"
        )
    return [one for (one,) in rows]


def test_a_named_member_who_leaves_a_case_keeps_nothing_of_it(desks: Desks) -> None:
    town, case = desks.scope("town"), desks.scope("private")
    named, leaving = desks.laptop(town, case), desks.laptop(town, case)
    house = houses.register(named, case)
    named.begin(case, {"remark": desks.written.canary()}, Subject(list="household", id=house.id))
    exchange(named, leaving)
    assert len(leaving.held()) == 1

    desks.leave(leaving, case)
    named.fill(named.held()[0], {"remark": desks.written.canary()})
    exchange(named, leaving)

    assert everything(leaving) == []


def test_a_text_on_the_line_of_somebody_who_may_not_read_it_is_noticed(desks: Desks) -> None:
    scope = desks.scope("org")
    planning, monitor = desks.laptop(scope), desks.laptop(scope)
    site(planning)
    planning.exchange()

    # Only this test believes that the monitor has left: the server goes on telling them.
    monitor.place.scopes.clear()

    with pytest.raises(AssertionError, match="canary"):
        monitor.exchange()
