"""What was published, as the app server reads it: for devices that ask, and for its own judging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.domain.catalogue import LIST_TAG, CatalogueItem, CatalogueKind, CatalogueReply
from fieldapp.domain.operation import FormRef
from fieldapp.packs import version_order
from fieldapp.server.database import Connection, Pool, transaction_of
from fieldapp.server.sessions import Account, receiver

_OFFERED = """
    select kind, id, version, sha256, size, withdrawn_at is not null
    from fieldapp.catalogue_item order by kind, id, version
"""
_NAMED = """
    select sha256, size from fieldapp.catalogue_item where kind = %s and id = %s and version = %s
"""
_PIECE = """
    select substring(content from %s for %s) from fieldapp.catalogue_item
    where kind = %s and id = %s and version = %s
"""
_OF_FORM = "select sha256, size, withdrawn from fieldapp.published_pack(%s, %s)"
_PIECE_OF_FORM = """
    select substring(content from %s for %s) from fieldapp.published_pack(%s, %s)
"""


@dataclass(frozen=True, slots=True)
class ItemName:
    """One version of one thing. record: one that was written on it, which the asker may read."""

    kind: CatalogueKind
    id: str
    version: str
    record: str | None = None


@dataclass(frozen=True, slots=True)
class ItemContent:
    """What is handed out of an item: hash and size of the whole."""

    sha256: str
    size: int


def offered(connection: Connection) -> tuple[CatalogueItem, ...]:
    """What this transaction's account is offered."""
    return tuple(
        CatalogueItem(
            kind=kind, id=name, version=version, sha256=sha256, size=size, withdrawn=withdrawn
        )
        for kind, name, version, sha256, size, withdrawn in connection.execute(_OFFERED)
    )


def tags_of(items: Iterable[CatalogueItem], known: dict[str, str]) -> dict[str, str]:
    """The newest version by tag (`domain.catalogue`), over those that are known already."""
    newest = dict(known)
    for item in items:
        tag = item.id if item.kind == "pack" else LIST_TAG + item.id
        if not item.withdrawn:
            newest[tag] = max(newest.get(tag, item.version), item.version, key=version_order)
    return newest


def catalogue_for(
    pool: Pool, account: Account, replica: str, record: str | None = None
) -> CatalogueReply:
    """What the account is offered; with a record that it may read, the version that is written on.

    Raises MembershipMissing, ReplicaDrained, ReplicaRevoked.
    """
    with transaction_of(pool, account.id) as connection:
        receiver(connection, replica)
        if record is None:
            return CatalogueReply(items=offered(connection))
        form = _form_of(connection, record)
        found = connection.execute(_OF_FORM, [form.id, form.version]).fetchone() if form else None
    if form is None or found is None:
        return CatalogueReply(items=())
    sha256, size, withdrawn = found
    return CatalogueReply(
        items=(
            CatalogueItem(
                kind="pack", id=form.id, version=form.version, sha256=sha256, size=size,
                withdrawn=withdrawn,
            ),
        )
    )  # fmt: skip


def content_for(pool: Pool, account: Account, replica: str, name: ItemName) -> ItemContent | None:
    """Hash and size of an item; None where the account is not offered it.

    Raises MembershipMissing, ReplicaDrained, ReplicaRevoked.
    """
    with transaction_of(pool, account.id) as connection:
        receiver(connection, replica)
        if name.record is None:
            row = connection.execute(_NAMED, [name.kind, name.id, name.version]).fetchone()
        elif _may_by_record(connection, name):
            row = connection.execute(_OF_FORM, [name.id, name.version]).fetchone()
        else:
            row = None
    return None if row is None else ItemContent(row[0], row[1])


def piece_for(pool: Pool, account: Account, name: ItemName, start: int, end: int) -> bytes:
    """The bytes from start up to end; b"" where the account is not offered the item any more."""
    span = [start + 1, end - start]
    with transaction_of(pool, account.id) as connection:
        if name.record is None:
            row = connection.execute(_PIECE, [*span, name.kind, name.id, name.version]).fetchone()
        elif _may_by_record(connection, name):
            row = connection.execute(_PIECE_OF_FORM, [*span, name.id, name.version]).fetchone()
        else:
            row = None
    return b"" if row is None else bytes(row[0])


def published_packs(pool: Pool) -> frozenset[FormRef]:
    """Every form version that was published, for whomever."""
    with pool.connection() as connection:
        rows = connection.execute("select id, version from fieldapp.published_packs()").fetchall()
    return frozenset(FormRef(id=name, version=version) for name, version in rows)


def published_content(pool: Pool, form: FormRef) -> bytes:
    """A form version that was published, as `Pack.to_stored` wrote it; b"" for one that is not."""
    with pool.connection() as connection:
        row = connection.execute(
            "select content from fieldapp.published_pack(%s, %s)", [form.id, form.version]
        ).fetchone()
    return b"" if row is None else bytes(row[0])


def _may_by_record(connection: Connection, name: ItemName) -> bool:
    return name.record is not None and _form_of(connection, name.record) == FormRef(
        id=name.id, version=name.version
    )


def _form_of(connection: Connection, record: str) -> FormRef | None:
    """The form version of a record that the account may read."""
    row = connection.execute(
        "select form_id, form_version from fieldapp.record where id = %s", [record]
    ).fetchone()
    return None if row is None else FormRef(id=row[0], version=row[1])
