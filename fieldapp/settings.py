"""Every setting that comes from outside: name, default, unit. Read once, at the start."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

_RESOURCES = Path(__file__).resolve().parent.parent / "resources"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where this installation keeps its things.

    profiles: folder with one sub-folder per profile (`FIELDAPP_HOME`, default: the user's own
    data folder). packs: folder of the workbooks that ship with the app.
    """

    profiles: Path
    packs: Path
    fonts: Path


def read_settings() -> Settings:
    """The settings of this process, from its environment."""
    resources = Path(getattr(sys, "_MEIPASS", _RESOURCES.parent)) / "resources"
    home = os.environ.get("FIELDAPP_HOME")
    return Settings(
        profiles=Path(home) if home else _user_data_folder() / "profiles",
        packs=resources / "packs",
        fonts=resources / "fonts",
    )


def _user_data_folder() -> Path:
    """The per-user data folder: no admin rights are needed on an office laptop."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "fieldapp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "fieldapp"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "fieldapp"
