"""What question widgets ask of the world around the form: the day, files, pictures kept before.

A widget never stores a file: it hands bytes out and is told the name they are kept under. The
defaults refuse: a form that is only looked at keeps and chooses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from fieldapp.clock import KOREA
from fieldapp.ui.questions.pictures import LONGEST_EDGE_PX

#: Asks the worker for a picture file; None when they think better of it.
PictureChooser = Callable[[QWidget], Path | None]


def _no_picture(_parent: QWidget) -> Path | None:
    return None


def _nothing_kept(_name: str) -> bytes:
    return b""


def _epoch() -> datetime:
    return datetime(1970, 1, 1, tzinfo=KOREA)


@dataclass(frozen=True, slots=True)
class Aids:
    """now: aware, in the zone where the form's midnight is. read_file: name → bytes, empty: gone.

    fetch_file: asks the server for a file that is not on this laptop; the form shows it when it
    comes. None: there is nobody to ask. choose_picture: see PictureChooser. phrases: 자주 쓰는 말,
    in the worker's own order. longest_px: of the longer edge of a new picture.
    """

    now: Callable[[], datetime] = _epoch
    choose_picture: PictureChooser = _no_picture
    read_file: Callable[[str], bytes] = _nothing_kept
    fetch_file: Callable[[str], None] | None = None
    phrases: tuple[str, ...] = ()
    longest_px: int = LONGEST_EDGE_PX
