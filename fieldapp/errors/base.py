"""What every error raised on purpose is."""

from __future__ import annotations

from typing import ClassVar


class FieldAppError(Exception):
    """A trouble that the worker can act on.

    `FACTS` names the facts a class carries; `messages` may use those and no others.
    """

    FACTS: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **facts: object) -> None:
        unknown = set(facts) - self.FACTS
        if unknown:
            raise TypeError(f"{type(self).__name__} has no fact named {sorted(unknown)}")
        super().__init__(type(self).__name__)
        self.facts = facts
