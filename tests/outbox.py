"""What a replica would hand over next, read again from the JSON that goes up."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from fieldapp.domain.exchange import Offered
from fieldapp.domain.operation import Operation
from fieldapp.sync.replica import Replica


def pending(
    replica: Replica, max_operations: int, max_bytes: int, after: int = 0
) -> tuple[Operation, ...]:
    """As `Replica.offered`."""
    return read(replica.offered(max_operations, max_bytes, after))


def read(offered: Iterable[Offered]) -> tuple[Operation, ...]:
    """The operations that go up."""
    return tuple(msgspec.json.decode(one.json, type=Operation) for one in offered)
