"""Programmes and reference lists are published here, by whoever runs the server.

These work as the owner of the tables, from the command line, never inside the app server. What was
published is never changed or taken away: a mistake is mended by the next version.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

import psycopg

from fieldapp.domain.catalogue import ITEM_MAX_BYTES, CatalogueKind
from fieldapp.domain.plans import PackProblem
from fieldapp.errors import (
    ListVersionTaken,
    PackRefused,
    PackVersionTaken,
    UnknownItem,
    UnknownScope,
)
from fieldapp.packs import Pack, read_list

#: Whom an item is for: everybody, or a scope and all below it.
FOR_ALL = "ref:all"
_FOR = "ref:"
#: A version is part of an address.
VERSION = re.compile(r"[0-9A-Za-z가-힣](?:[0-9A-Za-z가-힣._-]{0,62}[0-9A-Za-z가-힣])?")


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """What stands in the catalogue. size: in bytes."""

    kind: CatalogueKind
    id: str
    version: str
    scopes: tuple[str, ...]
    size: int
    published_at: datetime
    is_withdrawn: bool


def publish_pack(owner: psycopg.Connection, pack: Pack, *, scope: str, at: datetime) -> bool:
    """Offer a form version in a `ref:` scope; whether that is news.

    Raises PackVersionTaken for another workbook under its name and version, UnknownScope.
    """
    form = pack.form
    if not VERSION.fullmatch(form.version):
        raise _refused("settings", "version", form.id)
    try:
        return _publish(
            owner,
            ("pack", form.id, form.version),
            pack.workbook,
            pack.to_stored(),
            scope=scope,
            at=at,
        )
    except _TakenError:
        raise PackVersionTaken(form_id=form.id, version=form.version) from None


def publish_list(
    owner: psycopg.Connection, content: bytes, *, name: str, version: str, scope: str, at: datetime
) -> bool:
    """Offer a table of reference data (CSV) in a `ref:` scope; whether that is news.

    Raises PackRefused for one that cannot be read, ListVersionTaken, UnknownScope.
    """
    if not VERSION.fullmatch(version):
        raise _refused("--version", "", name)
    read_list(content, f"{name}.csv")
    try:
        return _publish(owner, ("list", name, version), content, content, scope=scope, at=at)
    except _TakenError:
        raise ListVersionTaken(list=name, version=version) from None


def withdraw(
    owner: psycopg.Connection, kind: CatalogueKind, name: str, version: str, *, at: datetime
) -> None:
    """Offer it for nothing new; who has records that were written on it gets it on. Again is
    nothing. Raises UnknownItem.
    """
    found = owner.execute(
        "update fieldapp.catalogue_item set withdrawn_at = coalesce(withdrawn_at, %s)"
        " where (kind, id, version) = (%s, %s, %s)",
        [at, kind, name, version],
    )
    if not found.rowcount:
        raise UnknownItem(name=name, version=version)


def list_items(owner: psycopg.Connection) -> tuple[PublishedItem, ...]:
    """Everything that was ever published, by kind and name, in the order in which it was."""
    rows = owner.execute(
        "select kind, id, version, scopes, size, published_at, withdrawn_at is not null"
        " from fieldapp.catalogue_item order by kind, id, published_at, version"
    )
    return tuple(
        PublishedItem(kind, name, version, tuple(scopes), size, at, withdrawn)
        for kind, name, version, scopes, size, at, withdrawn in rows
    )


class _TakenError(Exception):
    """Other bytes stand under the name and version; never leaves this module."""


def _publish(
    owner: psycopg.Connection,
    name: tuple[CatalogueKind, str, str],
    source: bytes,
    content: bytes,
    *,
    scope: str,
    at: datetime,
) -> bool:
    _check_scope(owner, scope)
    if len(content) > ITEM_MAX_BYTES:
        raise _refused("", "", name[1])
    source_sha256 = hashlib.sha256(source).hexdigest()
    added = owner.execute(
        "insert into fieldapp.catalogue_item (kind, id, version, scopes, source_sha256, sha256,"
        " size, content, published_at) values (%s, %s, %s, array[%s], %s, %s, %s, %s, %s)"
        " on conflict do nothing",
        [
            *name, scope, source_sha256, hashlib.sha256(content).hexdigest(), len(content),
            content, at,
        ],
    )  # fmt: skip
    if added.rowcount:
        return True
    stands = owner.execute(
        "select source_sha256, scopes from fieldapp.catalogue_item"
        " where (kind, id, version) = (%s, %s, %s) for update",
        name,
    ).fetchone()
    if stands is None or stands[0] != source_sha256:
        raise _TakenError
    if scope in stands[1]:
        return False
    owner.execute(
        "update fieldapp.catalogue_item set scopes = array_append(scopes, %s)"
        " where (kind, id, version) = (%s, %s, %s)",
        [scope, *name],
    )
    return True


def _check_scope(owner: psycopg.Connection, scope: str) -> None:
    if scope == FOR_ALL:
        return
    place = scope.removeprefix(_FOR)
    is_known = owner.execute("select from fieldapp.scope where id = %s", [place]).rowcount
    if place == scope or not is_known:
        raise UnknownScope(scope=scope)


def _refused(place: str, column: str, name: str) -> PackRefused:
    if place:
        told = "판 번호에 쓸 수 없는 글자가 있거나 너무 깁니다."
        remedy = "숫자와 글자, 점, 밑줄, 줄표로 64자까지 적으세요. 예: 2026120101"
    else:
        place, told = "파일", f"{ITEM_MAX_BYTES // 1024**2}MB보다 큽니다."
        remedy = "그림을 빼거나 나누어 적으세요."
    problem = PackProblem(place, 0, column, told, remedy)
    return PackRefused(file_name=name, problems=(problem,), count=1, first=problem.as_text())
