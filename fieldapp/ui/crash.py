"""The unexpected: keep the draft, write the report, say so.

A report names our own code only: kind of error, file, line and function of every frame. Neither the
error's text nor any value goes in, because either may be what somebody typed.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType


@dataclass(slots=True)
class CrashDesk:
    """Where the unexpected goes: what to do first, and where reports are written.

    keep: finishes the composition and keeps the draft; tell: says so in the window.
    """

    folder: Path
    now: Callable[[], datetime]
    keep: Callable[[], None] = lambda: None
    tell: Callable[[Path | None], None] = lambda _: None
    _busy: bool = field(default=False, repr=False)

    def take(self, error: BaseException) -> None:
        """Handle one unexpected error; a second one while at it is only written down."""
        report = self._write(error)
        if self._busy:
            return
        self._busy = True
        try:
            self.keep()
            self.tell(report)
        except Exception as second:  # noqa: BLE001 - nothing may escape the last net
            self._write(second)
        finally:
            self._busy = False

    def install(self) -> None:
        """Become the hook of errors that nobody caught, those in Qt's callbacks included."""

        def hook(
            _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
        ) -> None:
            self.take(error)

        sys.excepthook = hook

    def _write(self, error: BaseException) -> Path | None:
        at = self.now()
        sys.stderr.write(report_of(error, at))
        target = self.folder / f"crash-{at:%Y%m%d-%H%M%S}.txt"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with target.open("a", encoding="utf-8") as file:
                file.write(report_of(error, at))
        except OSError:
            return None
        return target


def report_of(error: BaseException, at: datetime) -> str:
    """The report: kinds, files, lines and functions from the outermost frame inwards; no values."""
    lines = [f"{at.isoformat(timespec='seconds')} {type(error).__qualname__}"]
    lines += [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        lines.append(f"  after {type(cause).__qualname__}")
    return "\n".join(lines) + "\n"
