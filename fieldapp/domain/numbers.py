"""Official numbers that a laptop knows (formats F9), told to a server that was restored.

A number is drawn by the server alone. One drawn after the backup stands on paper by now: so
laptops say which they know before they bring anything again, and it is given to the same entity.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from fieldapp.domain.scalars import Name, Uuid, Whole
from fieldapp.domain.shapes import Shape

#: As the server draws them: year and count.
OfficialNumber = Annotated[str, Meta(pattern=r"^[0-9]{4}-[1-9][0-9]{0,8}$(?!\n)")]


class KnownNumber(Shape, frozen=True, kw_only=True):
    """The number of an entity, as its home scope gave it."""

    list: Name
    id: Uuid
    scope: Name
    number: OfficialNumber


class NumbersRequest(Shape, frozen=True, kw_only=True):
    """Numbers that one replica knows, in any order."""

    replica: Uuid
    numbers: Annotated[tuple[KnownNumber, ...], Meta(min_length=1, max_length=500)]


class NumbersReply(Shape, frozen=True, kw_only=True):
    """How many of them are kept for their entities from now on."""

    kept: Whole
