"""Programmes and reference lists as the server offers them: versions that never change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from fieldapp.domain.scalars import Digest, Name
from fieldapp.domain.shapes import Shape

#: pack: a programme, compiled (`packs.Pack.to_stored`). list: a table of reference data (CSV).
CatalogueKind = Literal["pack", "list"]

#: A catalogue tag of a hello is the id of a pack, or this and the id of a list.
LIST_TAG = "list/"

#: The most bytes of one item.
ITEM_MAX_BYTES = 32 * 1024 * 1024


class CatalogueItem(Shape, frozen=True, kw_only=True):
    """One version. sha256 and size (bytes) are those of its content.

    withdrawn: for records that were written on it, and for nothing new.
    """

    kind: CatalogueKind
    id: Name
    version: Name
    sha256: Digest
    size: Annotated[int, Meta(ge=1, le=ITEM_MAX_BYTES)]
    withdrawn: bool = False


class CatalogueReply(Shape, frozen=True, kw_only=True):
    """`GET /sync/v1/catalogue`: what this account is offered, by kind, id and version."""

    items: tuple[CatalogueItem, ...]

    def __post_init__(self) -> None:
        names = {(item.kind, item.id, item.version) for item in self.items}
        if len(names) != len(self.items):
            raise ValueError("a version comes once")


@dataclass(frozen=True, slots=True)
class CatalogueNews:
    """What a round brought: titles of programmes and names of lists that are at hand from now on.

    refused: what this app cannot use, in words, each with its reason.
    """

    packs: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
