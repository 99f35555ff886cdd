"""What was ever written in a truth test, and who may read which of it (I5).

Every free text is a canary. What a laptop may read is asked of the database past every policy,
before and after each of its rounds; what it was sent is read off the line, byte by byte.
"""

from __future__ import annotations

import contextlib
import copy
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import count

from fieldapp.domain.operation import Operation
from fieldapp.domain.shapes import encode
from tests.servers import Server
from tests.sync.lines import Line
from tests.sync.wire import bodies

_CANARY = re.compile(rb"canary-[0-9]+-end")
_numbers = count(1)
#: Documents and older revisions of records, documents and cards of entities, conflicts at home.
_READABLE = """
    with asked as materialized (select unnest(%s::text[]) as scope), seen as (
        select list, object_id, view, card from fieldapp.object_scope
        where scope in (select scope from asked) and until_rev is null
    )
    select v.doc::text || coalesce(v.reason, '') from fieldapp.record_version v
    join fieldapp.record r on r.id = v.record
    where r.scope in (select scope from asked)
        or r.id in (select object_id from seen where list = '' and view = 'full')
    union all
    select e.doc::text from fieldapp.entity e
    where e.scope in (select scope from asked)
        or (e.list, e.id) in (select list, object_id from seen where view = 'full')
    union all
    select card::text from seen where view = 'card'
    union all
    select doc::text from fieldapp.conflict where scope in (select scope from asked)
"""


def canaries(text: bytes) -> set[bytes]:
    """Those in a text."""
    return set(_CANARY.findall(text))


class Seen:
    """Every operation ever written, and the answers that its author saw."""

    def __init__(self) -> None:
        self.operations: dict[str, Operation] = {}
        self.answers: dict[str, Mapping[str, str]] = {}
        #: By author; what somebody wrote, they may be told.
        self.said: dict[str, set[bytes]] = {}
        #: Gone with a disk before any server had them.
        self.lost: set[str] = set()

    def canary(self) -> str:
        """A text that was never written before."""
        return f"canary-{next(_numbers)}-end"

    def note(self, operation: Operation, saw: Mapping[str, str]) -> None:
        """Remember an operation, over what its author was shown."""
        self.operations[operation.op_id] = operation
        self.answers[operation.op_id] = dict(saw)
        self.said.setdefault(operation.author, set()).update(canaries(encode(operation)))


class Sight:
    """What one laptop may have read so far, and that it was sent nothing else."""

    def __init__(self, server: Server, user: str, line: Line, written: Seen) -> None:
        self._server, self._user, self._line, self._written = server, user, line, written
        self._may_read: set[bytes] = set()

    def twin(self) -> Sight:
        """That of a copy of its disk."""
        other = copy.copy(self)
        other._may_read = set(self._may_read)
        return other

    @contextlib.contextmanager
    def watching(self, scopes: Collection[str], *, is_receiving: bool) -> Iterator[None]:
        """One round of it. is_receiving: it may be sent what its scopes show."""
        self._line.heard()
        if is_receiving:
            self._look(scopes)
        try:
            yield
        finally:
            if is_receiving:
                self._look(scopes)
            told = {
                text
                for stream in self._line.heard()
                for body in bodies(stream)
                for text in canaries(body)
            }
            leaked = told - self._may_read - self._written.said.get(self._user, set())
            assert not leaked, (self._user, sorted(scopes), leaked)

    def _look(self, scopes: Collection[str]) -> None:
        for (text,) in self._server.sql(_READABLE, [sorted(scopes)]):
            self._may_read |= canaries((text or "").encode())
