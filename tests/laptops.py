"""Laptops with the real app on them, without its window: encrypted store, forms, exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldapp.clock import Clock, SystemClock
from fieldapp.crypto.wrapping import FAST_FOR_TESTS
from fieldapp.domain.access import Worker
from fieldapp.domain.exchange import ExchangeOutcome
from fieldapp.domain.ids import RecordId, ScopeId, UserId
from fieldapp.storage import meta
from fieldapp.storage.profile import create_profile
from fieldapp.usecases import exchange, filling, finishing, profiles, records
from fieldapp.usecases.session import Session
from tests.servers import PASSWORD as SERVER_PASSWORD
from tests.servers import Server

PASSWORD = "gasang-noteubuk-2026"
#: A finished survey, by path.
ANSWERS: Mapping[str, str] = {
    "batch": "2026-11 가상-햇살동",
    "serial": "1",
    "mode": "paper",
    **{f"items/q{number}": "4" for number in range(1, 8)},
    "again": "1",
    "damage": "2",
}


@dataclass
class AppLaptop:
    """One profile on one laptop."""

    session: Session
    folder: Path

    def record_survey(self, **answers: str) -> RecordId:
        """Fill one survey and finish it; `answers` by name replace those of ANSWERS."""
        form = filling.open_new(self.session, "P13e")
        for path, text in _answers(answers).items():
            form.filling.answer(path, text)
        finishing.finish(self.session, form.snapshot(None))
        return form.record_id

    def amend(self, record_id: RecordId, **answers: str) -> None:
        """Open a finished record, change answers by name, finish it with a reason."""
        form = filling.open_record(self.session, record_id)
        for name, text in answers.items():
            form.filling.answer(form.filling.definition.paths[name], text)
        finishing.finish(self.session, form.snapshot(None), reason="가상-정정")

    def enrol(self, server: Server, *, address: str | None = None) -> None:
        """Sign in and enrol at the server as this profile's worker."""
        worker = self.session.worker
        exchange.sign_in(
            self.session,
            address=address or server.base_url,
            user=worker.user,
            password=SERVER_PASSWORD,
            enrol_code=server.invite(worker.user, worker.scope),
        )

    def exchange(self) -> ExchangeOutcome:
        """One round with the server."""
        outcome, _ = exchange.exchange(
            self.session, progress=lambda _: None, cancelled=lambda: False
        )
        return outcome

    def answers(self, record_id: RecordId) -> dict[str, str]:
        """What this laptop shows of a record."""
        return dict(filling.open_record(self.session, record_id).filling.answers())

    def titles(self) -> list[str]:
        """The records this laptop lists, by title."""
        return sorted(row.title for row in records.records_page(self.session).rows)

    def close(self) -> None:
        """Close the store."""
        self.session.store.close()

    def reopen(self, packs: Path, clock: Clock | None = None) -> AppLaptop:
        """The same profile unlocked again."""
        self.close()
        return open_laptop(self.folder, packs, clock)


def new_laptop(
    folder: Path,
    packs: Path,
    *,
    user: str = "가상-오사무",
    scope: str = "가상-햇살동",
    roles: frozenset[str] = frozenset({"secretariat"}),
    clock: Clock | None = None,
) -> AppLaptop:
    """A fresh profile in an empty folder."""
    session = profiles.create_profile(
        folder,
        label="가상-노트북",
        worker=Worker(UserId(user), user, roles, ScopeId(scope)),
        password=PASSWORD,
        clock=clock or SystemClock(),
        packs_dir=packs,
        cost=FAST_FOR_TESTS,
    )
    return AppLaptop(session, folder)


def cheap_laptop(
    folder: Path,
    packs: Path,
    clock: Clock,
    *,
    user: str = "가상-오사무",
    name: str = "",
    scope: str = "가상-햇살동",
    roles: frozenset[str] = frozenset({"secretariat"}),
) -> AppLaptop:
    """As `new_laptop`, with a password that costs little to try."""
    store = create_profile(
        folder / "0123456789abcdef",
        PASSWORD,
        label="가상-노트북",
        created_at=clock.now(),
        cost=FAST_FOR_TESTS,
    )
    with store.writing() as db:
        meta.put_worker(db, Worker(UserId(user), name or user, roles, ScopeId(scope)))
    return AppLaptop(profiles.begin_session(store, clock, packs, "0123456789abcdef"), folder)


def open_laptop(folder: Path, packs: Path, clock: Clock | None = None) -> AppLaptop:
    """The one profile of a folder, unlocked."""
    (profile,) = profiles.list_profiles(folder)
    session = profiles.unlock(profile, PASSWORD, clock or SystemClock(), packs)
    return AppLaptop(session, folder)


def enrolled_laptop(server: Server, folder: Path, *, user: str, scope: str) -> AppLaptop:
    """A fresh profile of an account, enrolled at the server."""
    laptop = new_laptop(folder, server.packs, user=user, scope=scope)
    laptop.enrol(server)
    return laptop


def _answers(changed: Mapping[str, str]) -> dict[str, str]:
    by_name = {path.rpartition("/")[2]: path for path in ANSWERS}
    return {**ANSWERS, **{by_name.get(name, name): text for name, text in changed.items()}}
