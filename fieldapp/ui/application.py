"""Builds the Qt application and its one window. Safe without a display.

Qt aborts the whole process when it finds no display and was told of no platform, so the platform is
chosen here, before any window exists.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from fieldapp.clock import Clock
from fieldapp.settings import Settings
from fieldapp.ui.crash import CrashDesk
from fieldapp.ui.filling.choosing_files import ask_for_picture
from fieldapp.ui.fonts import load_fonts
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.questions.aids import PictureChooser
from fieldapp.ui.style import apply_style
from fieldapp.ui.summaries.presenter import FolderChooser
from fieldapp.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Tokens


def has_display() -> bool:
    """Whether a window could be seen on this machine."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def choose_platform() -> None:
    """Draw into memory where there is no display, unless Qt was told otherwise."""
    if "QT_QPA_PLATFORM" not in os.environ and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def build_application(arguments: Sequence[str], fonts: Path) -> QApplication:
    """The application, with the bundled typeface and the theme of the system. One a process."""
    choose_platform()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    application = QApplication(list(arguments))
    application.setApplicationName("fieldapp")
    QLocale.setDefault(QLocale(QLocale.Language.Korean, QLocale.Country.SouthKorea))
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(), "qtbase", "_", folder):
        application.installTranslator(translator)
    load_fonts(fonts)
    apply_style(application, _system_theme(application))
    return application


def open_window(
    settings: Settings,
    clock: Clock,
    choose_folder: FolderChooser | None = None,
    choose_picture: PictureChooser = ask_for_picture,
) -> MainWindow:
    """The window, not shown yet, with the net for the unexpected under it.

    `choose_folder` answers where files go, `choose_picture` which picture is taken, instead of the
    system's dialogs.
    """
    crash = CrashDesk(folder=settings.profiles.parent / "crashes", now=clock.now)
    window = MainWindow(settings, clock, crash, choose_folder, choose_picture)
    crash.tell = window.show_crash
    crash.install()
    return window


def _system_theme(application: QApplication) -> Tokens:
    hints = application.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    preference = accessibility().contrastPreference() if accessibility else None
    if preference == Qt.ContrastPreference.HighContrast:
        return HIGH_CONTRAST
    return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT


__all__ = ["QApplication", "build_application", "choose_platform", "has_display", "open_window"]
