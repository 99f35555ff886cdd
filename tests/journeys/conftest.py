"""The real window, the real server, hands on the keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtWidgets import QApplication

from fieldapp.clock import KOREA, Clock, StillClock, SystemClock
from fieldapp.demo.story import WINDOW_PX
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.settings import read_settings
from fieldapp.start import open_laptop
from tests.journeys.town import Town, at_work
from tests.servers import PASSWORD as SERVER_PASSWORD
from tests.servers import Server, compiled_packs, postgres, server
from tests.ui.conftest import qapp

__all__ = ["compiled_packs", "postgres", "qapp", "server"]

LAPTOP_PASSWORD = "gasang-noteubuk-2026"
#: Ten days before a visit that is to be made at noon of 30 November.
EARLIER = datetime(2026, 11, 20, 10, 30, tzinfo=KOREA)


class AtLaptop(Protocol):
    """Opens a window over the profiles of a folder."""

    def __call__(
        self,
        folder: Path,
        worker: Worker,
        packs: Path | None = None,
        clock: Clock | None = None,
    ) -> WorkerAtLaptop: ...


class Enrolled(Protocol):
    """A worker of a role at a laptop that was enrolled through its window."""

    def __call__(self, scope: str, role: str) -> WorkerAtLaptop: ...


@pytest.fixture
def at_laptop(qapp: QApplication, compiled_packs: Path, tmp_path: Path) -> Iterator[AtLaptop]:
    """Opens a window over the profiles of a folder; its files go to `tmp_path / "out"`."""
    opened: list[WorkerAtLaptop] = []
    (tmp_path / "out").mkdir()

    def open_one(
        folder: Path,
        worker: Worker,
        packs: Path | None = None,
        clock: Clock | None = None,
    ) -> WorkerAtLaptop:
        settings = replace(read_settings(), packs=packs or compiled_packs)
        window = open_laptop(settings, folder, clock or SystemClock(), tmp_path / "out")
        window.resize(*WINDOW_PX)
        opened.append(WorkerAtLaptop(window, worker))
        return opened[-1]

    yield open_one
    for worker in opened:
        worker.window.close()
        worker.window.deleteLater()


def worker_of(user: str, scope: str, role: str = "secretariat") -> Worker:
    """An account of the test server as its laptop knows it."""
    return Worker(UserId(user), user, frozenset({role}), ScopeId(scope))


@pytest.fixture
def enrolled(at_laptop: AtLaptop, server: Server, tmp_path: Path) -> Enrolled:
    """Makes accounts, and a laptop for each."""

    def enrol(scope: str, role: str) -> WorkerAtLaptop:
        worker = worker_of(server.new_user(scope, roles=(role,)), scope, role)
        laptop = at_laptop(tmp_path / worker.user, worker)
        laptop.make_profile(LAPTOP_PASSWORD)
        laptop.sign_in(server.base_url, SERVER_PASSWORD, server.invite(worker.user, scope))
        return laptop

    return enrol


@pytest.fixture
def pair(enrolled: Enrolled, server: Server) -> tuple[WorkerAtLaptop, WorkerAtLaptop]:
    """Two workers of one town, each at a laptop that is enrolled through its window."""
    scope = server.new_scope()
    return enrolled(scope, "secretariat"), enrolled(scope, "secretariat")


@pytest.fixture
def town(at_laptop: AtLaptop, tmp_path: Path) -> Town:
    """A town officer's laptop that never met a server, on 20 November 2026."""
    clock = StillClock(EARLIER)
    worker = worker_of("가상-이담당", "가상-햇살동", "dong_welfare")
    laptop = at_laptop(tmp_path / "laptop", worker, clock=clock)
    laptop.make_profile(LAPTOP_PASSWORD)
    return at_work(laptop, clock)
