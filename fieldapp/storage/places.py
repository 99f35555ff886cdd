"""Where an entity may be sent and with whom it may be shared: what the last greeting said."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.exchange import Hello, Place
from fieldapp.domain.shapes import Shape, decode, encode
from fieldapp.storage import meta
from fieldapp.storage.sqlite import Database

#: Kinds of scopes (formats F8).
TOWN, ORG, PRIVATE = "town", "org", "private"


class _Known(Shape, frozen=True, kw_only=True):
    """As stored: every place that may be named, and the scopes that this account belongs to."""

    places: tuple[Place, ...]
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The offices that this device knows of; none before the first greeting."""

    every: tuple[Place, ...] = ()
    own: frozenset[str] = frozenset()

    def label(self, scope: str) -> str:
        """What people call a scope; its id for one that this device was not told of."""
        return next((one.label for one in self.every if one.id == scope), scope)

    def kind(self, scope: str) -> str | None:
        """Of which kind a scope is; None for one that this device was not told of."""
        return next((one.kind for one in self.every if one.id == scope), None)


def keep(db: Database, hello: Hello) -> None:
    """Remember what a greeting said. A server that is too old to say it names one's own alone."""
    own = tuple(sorted(scope.id for scope in hello.scopes))
    text = encode(_Known(places=hello.places, own=own)).decode()
    if meta.places(db) != text:
        meta.put_places(db, text)


def known(db: Database) -> Places:
    """What the last greeting said."""
    text = meta.places(db)
    if text is None:
        return Places()
    kept = decode(_Known, text)
    return Places(kept.places, frozenset(kept.own))
