"""Any interleaving of what two monitors do gives what people made, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.errors import NothingChanged
from fieldapp.packs import Filling
from fieldapp.usecases import filling, finishing
from tests.laptops import AppLaptop
from tests.servers import Server
from tests.usecases.monitors import (
    AREAS,
    STATEMENTS,
    Team,
    answers_of,
    area_names,
    begin,
    improve,
    monitoring_team,
    planned,
    score,
)

Deed = Literal["add", "remove", "score", "exchange"]
deeds = st.lists(
    st.tuples(st.sampled_from((0, 1)), st.sampled_from(("add", "remove", "score", "exchange"))),
    max_size=8,
)


@pytest.fixture(scope="module")
def team(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Three laptops that serve every example; each has a checklist of its own."""
    made = monitoring_team(server, tmp_path_factory.mktemp("team"))
    yield made
    made.close()


class Checklist:
    """One checklist in four hands, and what they made of it."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.record = planned(*team.laptops)
        self.wanted: set[str] = set()
        self.number = 0

    def monitor(self, who: int) -> AppLaptop:
        """The laptop of one of the two."""
        return (self.team.first, self.team.second)[who]

    def do(self, who: int, deed: str) -> None:
        """One monitor does one thing and keeps it."""
        laptop = self.monitor(who)
        if deed == "exchange":
            laptop.exchange()
            return
        form = filling.open_record(laptop.session, self.record)
        begin(form.filling)
        if deed == "score":
            # Each has areas of their own, as two people who share the work do.
            score(form.filling, 1 + who + 2 * (self.number % 2), "4")
        elif deed == "add":
            self.number += 1
            improve(form.filling, f"가상-개선 {self.number}")
            self.wanted.add(f"가상-개선 {self.number}")
        else:
            self._remove(form.filling)
        try:
            finishing.save_part(laptop.session, form.snapshot(None))
        except NothingChanged:
            return

    def _remove(self, form: Filling) -> None:
        paths = form.repeat_paths("improvements")
        if paths and (content := form.value(f"{paths[-1]}/content")):
            form.remove_repeat(paths[-1])
            self.wanted.discard(content)


def contents(answers: dict[str, str]) -> list[str]:
    """What the improvements say."""
    return sorted(value for path, value in answers.items() if path.endswith("/content"))


@given(deeds)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_two_monitors_made_is_what_stands_everywhere(
    team: Team, done: list[tuple[int, Deed]]
) -> None:
    checklist = Checklist(team)
    for who, deed in done:
        checklist.do(who, deed)

    for _ in range(2):
        for laptop in team.laptops:
            laptop.exchange()

    everywhere = [dict(answers_of(laptop, checklist.record)) for laptop in team.laptops]
    assert everywhere[0] == everywhere[1] == everywhere[2]
    assert contents(everywhere[0]) == sorted(checklist.wanted)
    form = filling.open_record(team.first.session, checklist.record).filling
    begin(form)
    assert len(area_names(form)) == AREAS
    scored = [path for path in form.answers() if path.endswith("/score")]
    assert len(scored) == len(set(scored)) <= STATEMENTS
