"""The real window, the real server, hands on the keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtWidgets import QApplication

from fieldapp.clock import SystemClock
from fieldapp.demo.play import WINDOW_PX
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ScopeId, UserId
from fieldapp.settings import read_settings
from fieldapp.start import open_laptop
from tests.servers import PASSWORD as SERVER_PASSWORD
from tests.servers import Server, compiled_packs, postgres, server
from tests.ui.conftest import qapp

__all__ = ["compiled_packs", "postgres", "qapp", "server"]

LAPTOP_PASSWORD = "gasang-noteubuk-2026"


class AtLaptop(Protocol):
    """Opens a window over the profiles of a folder."""

    def __call__(
        self, folder: Path, worker: Worker, packs: Path | None = None
    ) -> WorkerAtLaptop: ...


@pytest.fixture
def at_laptop(qapp: QApplication, compiled_packs: Path, tmp_path: Path) -> Iterator[AtLaptop]:
    """Opens a window over the profiles of a folder; its files go to `tmp_path / "out"`."""
    opened: list[WorkerAtLaptop] = []
    (tmp_path / "out").mkdir()

    def open_one(folder: Path, worker: Worker, packs: Path | None = None) -> WorkerAtLaptop:
        settings = replace(read_settings(), packs=packs or compiled_packs)
        window = open_laptop(settings, folder, SystemClock(), tmp_path / "out")
        window.resize(*WINDOW_PX)
        opened.append(WorkerAtLaptop(window, worker))
        return opened[-1]

    yield open_one
    for worker in opened:
        worker.window.close()
        worker.window.deleteLater()


def worker_of(user: str, scope: str) -> Worker:
    """An account of the test server as its laptop knows it."""
    return Worker(UserId(user), user, frozenset({"secretariat"}), ScopeId(scope))


@pytest.fixture
def pair(
    at_laptop: AtLaptop, server: Server, tmp_path: Path
) -> tuple[WorkerAtLaptop, WorkerAtLaptop]:
    """Two workers of one town, each at a laptop that is enrolled through its window."""
    scope = server.new_scope()
    both = []
    for name in ("a", "b"):
        worker = worker_of(server.new_user(scope), scope)
        laptop = at_laptop(tmp_path / name, worker)
        laptop.make_profile(LAPTOP_PASSWORD)
        laptop.sign_in(server.base_url, SERVER_PASSWORD, server.invite(worker.user, scope))
        both.append(laptop)
    return both[0], both[1]
