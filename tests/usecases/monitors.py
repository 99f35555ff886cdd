"""A secretariat and two monitors, each at a laptop of their own, and one planned checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from fieldapp.domain.access import Worker
from fieldapp.domain.ids import RecordId, ScopeId, UserId
from fieldapp.packs import Filling
from fieldapp.storage import records
from fieldapp.usecases import filling, finishing, lists, monitoring, signing
from tests.laptops import AppLaptop, new_laptop
from tests.servers import Server

VISITED = date(2026, 11, 30)
#: A checklist of 돌봄센터 has five areas of four statements.
AREAS, STATEMENTS = 5, 20


@dataclass
class Team:
    """Three laptops of one office; `record` is the checklist that was planned."""

    secretariat: AppLaptop
    first: AppLaptop
    second: AppLaptop
    record: RecordId

    @property
    def laptops(self) -> tuple[AppLaptop, AppLaptop, AppLaptop]:
        """All three."""
        return self.secretariat, self.first, self.second

    def exchange_all(self, rounds: int = 2) -> None:
        """Everybody exchanges until nothing is new."""
        for _ in range(rounds):
            for laptop in self.laptops:
                laptop.exchange()

    def close(self) -> None:
        """Close the stores."""
        for laptop in self.laptops:
            laptop.close()


def monitoring_team(server: Server, folder: Path) -> Team:
    """Sites, monitors and a planned checklist, on every laptop."""
    scope = server.new_scope()
    laptops = [
        enrolled(server, folder / name, scope, role)
        for name, role in (("s", "secretariat"), ("a", "monitor"), ("b", "monitor"))
    ]
    secretariat, first, second = laptops
    with secretariat.session.store.writing() as db:
        lists.register(
            secretariat.session, db, "site", str(uuid4()),
            label="가상-햇살 다함께돌봄센터", props={"programme": "care"},
        )  # fmt: skip
        for laptop in (first, second):
            name = laptop.session.worker.name
            lists.register(
                secretariat.session, db, "monitor", str(uuid4()), label=name, props={"user": name}
            )
    return Team(secretariat, first, second, planned(secretariat, first, second))


def planned(secretariat: AppLaptop, first: AppLaptop, second: AppLaptop) -> RecordId:
    """One more checklist for the two, which everybody has received."""
    known = monitoring.plan_choices(secretariat.session)
    by_name = {label: person for person, label in known.monitors}
    (site, *_), *_ = known.sites
    changes = monitoring.plan(
        secretariat.session,
        programme="care",
        site=site,
        round="onsite",
        round_no=2,
        monitors=(
            by_name[first.session.worker.name],
            by_name[second.session.worker.name],
        ),
        visit_date=VISITED,
    )
    for laptop in (secretariat, first, second):
        laptop.exchange()
    (record,) = changes.records
    return record


def enrolled(server: Server, folder: Path, scope: str, role: str) -> AppLaptop:
    """A laptop of a new account of that role."""
    user = server.new_user(scope, roles=(role,))
    laptop = new_laptop(folder, server.packs, user=user, scope=scope, roles=frozenset({role}))
    laptop.enrol(server)
    return laptop


def worker(user: str, scope: str, role: str) -> Worker:
    """An account as its laptop knows it."""
    return Worker(UserId(user), user, frozenset({role}), ScopeId(scope))


def begin(form: Filling) -> None:
    """What is asked before the statements: they were inspected."""
    form.answer("visit_state", "done")
    form.answer("conflict_free", "yes")


def score(form: Filling, area: int, value: str = "4") -> None:
    """Every statement of an area by the same score, with evidence where it needs some."""
    for item in form.repeat_paths(f"areas[n{area}]/items"):
        form.answer(f"{item}/score", value)
        if value in ("1", "2", "na", "unk"):
            form.answer(f"{item}/evidence", "가상-근거")
    if value in ("1", "2", "3"):
        form.answer(f"areas[n{area}]/opinion", "가상-의견")


def improve(form: Filling, content: str) -> str:
    """One more improvement; returns the path of its instance."""
    form.add_repeat("improvements")
    path = form.repeat_paths("improvements")[-1]
    form.answer(f"{path}/content", content)
    form.answer(f"{path}/of_area", area_names(form)[0])
    form.answer(f"{path}/urgency", "normal")
    return path


def area_names(form: Filling) -> list[str]:
    """The areas of the programme, by their choice."""
    return [form.value(f"{path}/area") for path in form.repeat_paths("areas")]


def saved_part(laptop: AppLaptop, record: RecordId, **areas: str) -> None:
    """Open the checklist, score areas (a1="4"), keep one's part."""
    form = filling.open_record(laptop.session, record)
    if not form.filling.value("visit_state"):
        begin(form.filling)
    for name, value in areas.items():
        score(form.filling, int(name.removeprefix("a")), value)
    finishing.save_part(laptop.session, form.snapshot(None))


def improvements_of(laptop: AppLaptop) -> list[str]:
    """What the board of this laptop says."""
    return sorted(row.content for row in monitoring.improvements(laptop.session))


def answers_of(laptop: AppLaptop, record: RecordId) -> Mapping[str, str]:
    """What this laptop keeps of the checklist."""
    with laptop.session.store.reading() as db:
        return records.find(db, record).doc.answers


def sign_both(team: Team) -> None:
    """Each monitor signs on their own laptop."""
    for laptop, seat in ((team.first, "monitor1"), (team.second, "monitor2")):
        signing.sign(laptop.session, team.record, seat)
        laptop.exchange()
