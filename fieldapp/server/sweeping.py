"""What nobody needs any more: files in the object store that no scope has, uploads that expired.

Works as the owner of the tables, from the command line, beside running app servers. A file is held
while it is looked at again, so that one which a device brings at this moment stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from fieldapp import failpoints
from fieldapp.errors import NotTheOwner, SweepDoubtful, SweepTooEarly
from fieldapp.server.object_store import ObjectStore, Stored
from fieldapp.server.uploads import hold

#: A file younger than this may belong to a transaction that has not ended.
_YOUNG = timedelta(days=1)
#: So many files may go whatever their share.
_FEW = 20

_SEES_ALL = """
    select r.rolsuper or r.rolbypassrls or exists (
        select from pg_catalog.pg_policies p
        where p.schemaname = 'fieldapp' and p.tablename = 'file' and p.policyname = 'upkeep'
            and current_user = any(p.roles))
    from pg_catalog.pg_roles r where r.rolname = current_user
"""


@dataclass(frozen=True, slots=True)
class Sweeping:
    """What a sweep finds, in files and bytes, or has done.

    lost: content that no scope has; missing: content that a scope has and the store has not (the
    device that brought it is asked for it again); expired: uploads that nobody went on with.
    """

    stored: int
    stored_bytes: int
    lost: tuple[Stored, ...]
    missing: int
    expired: int

    @property
    def lost_bytes(self) -> int:
        """What deleting the lost ones frees."""
        return sum(one.size for one in self.lost)


def look(owner: psycopg.Connection, store: ObjectStore, now: datetime) -> Sweeping:
    """What there is to sweep; nothing is changed. Raises NotTheOwner."""
    row = owner.execute(_SEES_ALL).fetchone()
    if row is None or not row[0]:
        raise NotTheOwner
    # The store first: what comes meanwhile is then in the database only, and not lost.
    stored = list(store.all())
    names = owner.execute("select distinct split_part(name, '.', 1) from fieldapp.file").fetchall()
    named = {name for (name,) in names}
    expired = owner.execute(
        "select count(*) from fieldapp.upload where expires_at <= %s", [now]
    ).fetchone()
    return Sweeping(
        stored=len(stored),
        stored_bytes=sum(one.size for one in stored),
        lost=tuple(one for one in stored if one.sha256 not in named and now - one.put_at > _YOUNG),
        missing=len(named - {one.sha256 for one in stored}),
        expired=expired[0] if expired else 0,
    )


def sweep(
    owner: psycopg.Connection,
    store: ObjectStore,
    found: Sweeping,
    now: datetime,
    *,
    even_most: bool = False,
) -> int:
    """Delete what `look` found and nobody has named since; returns how many files went.

    owner: in autocommit, so that each file is held for a moment only. even_most: also when that is
    most of what there is. Raises SweepTooEarly, SweepDoubtful; nothing is deleted then.
    """
    refilling = owner.execute("select refilling from fieldapp.server_meta").fetchone()
    if refilling is None or refilling[0]:
        raise SweepTooEarly
    lost = len(found.lost)
    if lost > _FEW and 2 * lost > found.stored and not even_most:
        raise SweepDoubtful(lost=lost, stored=found.stored)
    owner.execute("delete from fieldapp.upload where expires_at <= %s", [now])
    return sum(_let_go(owner, store, one) for one in found.lost)


def _let_go(owner: psycopg.Connection, store: ObjectStore, one: Stored) -> bool:
    with owner.transaction():
        hold(owner, one.sha256)
        named = owner.execute(
            "select 1 from fieldapp.file where name like %s || '.%%' limit 1", [one.sha256]
        ).fetchone()
        if named is not None:
            return False
        store.delete(one.sha256)
    failpoints.reach("sweep.after_file")
    return True
