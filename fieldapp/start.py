"""Builds the parts of the app and hands them to each other; opens the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fieldapp.clock import Clock, SystemClock
from fieldapp.settings import Settings, read_settings
from fieldapp.ui.application import QApplication, build_application, open_window
from fieldapp.ui.main_window import MainWindow


def open_app(arguments: Sequence[str]) -> int:
    """Open the app and stay until its window is closed; returns the process's exit code."""
    settings = read_settings()
    return stay_open(build_application(arguments, settings.fonts), settings)


def stay_open(application: QApplication, settings: Settings, clock: Clock | None = None) -> int:
    """Show the window over these profiles until it is closed; returns the exit code.

    clock: the demo's own, in whose November it plays.
    """
    window = open_window(settings, clock or SystemClock())
    window.show()
    return application.exec()


def open_laptop(settings: Settings, profiles: Path, clock: Clock, exports: Path) -> MainWindow:
    """A window over the profiles of one folder, whose files go to `exports` without being asked.

    The application must stand; the demo opens two such windows in one process, one after the other.
    """
    profiles.mkdir(parents=True, exist_ok=True)
    return open_window(replace(settings, profiles=profiles), clock, lambda _: exports)
