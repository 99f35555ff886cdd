"""Every setting that comes from outside: name, default, unit. Read once, at the start."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

_RESOURCES = Path(__file__).resolve().parent.parent / "resources"
_LOCK_MINUTES = 10
_LOCK_VISIT_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """Where this installation keeps its things.

    profiles: folder with one sub-folder per profile (`FIELDAPP_HOME`, default: the user's own
    data folder). packs: folder of the workbooks that ship with the app. lock_minutes: the app locks
    when nobody touched it for so long, lock_visit_minutes: the same while a visit is open
    (`FIELDAPP_LOCK_MINUTES`, `FIELDAPP_LOCK_VISIT_MINUTES`; 1 to 30).
    """

    profiles: Path
    packs: Path
    fonts: Path
    lock_minutes: int = _LOCK_MINUTES
    lock_visit_minutes: int = _LOCK_VISIT_MINUTES


def read_settings() -> Settings:
    """The settings of this process, from its environment."""
    resources = Path(getattr(sys, "_MEIPASS", _RESOURCES.parent)) / "resources"
    home = os.environ.get("FIELDAPP_HOME")
    return Settings(
        profiles=Path(home) if home else _user_data_folder() / "profiles",
        packs=resources / "packs",
        fonts=resources / "fonts",
        lock_minutes=_minutes("FIELDAPP_LOCK_MINUTES", _LOCK_MINUTES),
        lock_visit_minutes=_minutes("FIELDAPP_LOCK_VISIT_MINUTES", _LOCK_VISIT_MINUTES),
    )


def _minutes(variable: str, default: int) -> int:
    """From one to thirty: no setting lets the app stand open for good; nonsense counts as unset."""
    text = os.environ.get(variable, "")
    return min(max(int(text), 1), 30) if text.isdecimal() else default


def _user_data_folder() -> Path:
    """The per-user data folder: no admin rights are needed on an office laptop."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "fieldapp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "fieldapp"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "fieldapp"
