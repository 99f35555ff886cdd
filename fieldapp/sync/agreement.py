"""Which protocol version is spoken: each side has a range, the highest that both have counts.

A device asks in its highest. A server that does not speak it refuses with 426 and its own range in
the header `Sync-Protocol` (`1-3`); the device goes on with the highest of both, or says which of
the two is behind. What a version may add without becoming another one: keys of a greeting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldapp.errors import ProtocolTooNew, ProtocolTooOld
from fieldapp.sync.protocol import PROTOCOL_MAX, PROTOCOL_MIN

_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Versions:
    """The protocol versions that one side speaks, both ends included."""

    lowest: int
    highest: int

    def __str__(self) -> str:
        return f"{self.lowest}-{self.highest}"

    @staticmethod
    def read(text: str | None) -> Versions | None:
        """What the other side's header says; None when it says no range."""
        found = _RANGE.fullmatch(text or "")
        if found is None:
            return None
        lowest, highest = int(found[1]), int(found[2])
        return Versions(lowest, highest) if lowest <= highest else None


#: What this build speaks.
OURS = Versions(PROTOCOL_MIN, PROTOCOL_MAX)


def agreed(device: Versions, server: Versions) -> int:
    """The highest version that both speak. Raises ProtocolTooOld, ProtocolTooNew."""
    highest = min(device.highest, server.highest)
    if highest < max(device.lowest, server.lowest):
        raise behind(device, server)
    return highest


def behind(device: Versions, server: Versions) -> ProtocolTooOld | ProtocolTooNew:
    """The error that says which of two ranges without a common version is the older one."""
    kind = ProtocolTooNew if device.lowest > server.highest else ProtocolTooOld
    return kind(ours=str(device), theirs=str(server))
