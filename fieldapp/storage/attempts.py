"""Wrong passwords cost time: each further one more, until only the office's recovery code opens.

What is counted stands in a small file beside the key file: how often, and when. It keeps away who
sits at the keyboard; who carries the files off is kept away by what a guess costs (Argon2id), not
by this file, which anybody who can write there can also remove. So a damaged file counts nothing,
and a full disk locks nobody out.

The instants of the failures stay until the access log of the opened store has taken them.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from fieldapp.errors import RecoveryNeeded, StoreFull, StoreUnreadable, TooManyAttempts
from fieldapp.storage.whole_files import flush_folder, write_whole

#: With a recovery code to turn to, no password is tried after so many wrong ones.
MOST_ATTEMPTS = 10
_MAX_BYTES = 16_384
_KEPT = 50
#: Seconds to wait after the 3rd, 4th, 5th wrong password; then doubling (korea.md 1.2, 고시 제5조).
_FIRST_WAITS_S = {3: 5, 4: 30}
_WAIT_S = 300
_LONGEST_WAIT_S = 3_600


class _Attempts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`count`: wrong ones since the last right one; `waits_from`: when the wait began."""

    format: Literal["fieldapp-attempts"] = "fieldapp-attempts"
    version: Literal[1] = 1
    count: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    waits_from: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    failures: tuple[Annotated[datetime, msgspec.Meta(tz=True)], ...] = ()


def wait_after_s(count: int) -> int:
    """Seconds that pass after so many wrong passwords before the next is tried."""
    if count < 5:
        return _FIRST_WAITS_S.get(count, 0)
    return min(_WAIT_S << min(count - 5, 10), _LONGEST_WAIT_S)


def begin(path: Path, now: datetime, *, can_recover: bool) -> None:
    """Count an attempt as wrong before it is made, so that killing the app in it saves nobody a
    wait; `succeed` or `take_back` corrects it.

    A clock that was set back begins the wait anew. Raises TooManyAttempts; RecoveryNeeded after
    MOST_ATTEMPTS, where there is a recovery code to turn to.
    """
    seen = _read(path)
    if can_recover and seen.count >= MOST_ATTEMPTS:
        raise RecoveryNeeded
    if seen.waits_from is not None and (wait_s := wait_after_s(seen.count)):
        if now < seen.waits_from:
            seen = msgspec.structs.replace(seen, waits_from=now)
            _write(path, seen)
        left = (seen.waits_from or now) + timedelta(seconds=wait_s) - now
        if left > timedelta():
            raise TooManyAttempts(seconds=-(-left // timedelta(seconds=1)))
    failures = (*seen.failures, now)[-_KEPT:]
    _write(path, _Attempts(count=seen.count + 1, waits_from=now, failures=failures))


def count(path: Path) -> int:
    """Wrong passwords since the last right one."""
    return _read(path).count


def wait_s(path: Path) -> int:
    """Seconds of the wait that the last wrong password began."""
    return wait_after_s(_read(path).count)


def take_back(path: Path) -> None:
    """The attempt came to no judgement: the key file was damaged, the store in use."""
    seen = _read(path)
    failures = seen.failures[:-1]
    _write(
        path,
        _Attempts(
            count=max(seen.count - 1, 0),
            waits_from=failures[-1] if failures else None,
            failures=failures,
        ),
    )


def succeed(path: Path) -> None:
    """The attempt was right: nothing waits any more, earlier failures stay to be logged."""
    _write(path, _Attempts(failures=_read(path).failures[:-1]))


def recover(path: Path) -> None:
    """A recovery code opened: nothing waits any more, the failures stay to be logged."""
    _write(path, _Attempts(failures=_read(path).failures))


def failures(path: Path) -> tuple[datetime, ...]:
    """When passwords were wrong, oldest first; the last 50."""
    return _read(path).failures


def forget_failures(path: Path) -> None:
    """The failures were logged."""
    _write(path, msgspec.structs.replace(_read(path), failures=()))


def _read(path: Path) -> _Attempts:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MAX_BYTES), type=_Attempts)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Attempts()


def _write(path: Path, seen: _Attempts) -> None:
    """Whole or not at all; nothing to keep is no file."""
    with suppress(OSError, StoreFull, StoreUnreadable):
        if seen != _Attempts():
            write_whole(path, msgspec.json.encode(seen))
        elif path.exists():
            path.unlink()
            flush_folder(path.parent)
