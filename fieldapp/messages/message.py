"""The three sentences of an error."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """Three sentences in 하십시오체 (ux.md §6)."""

    happened: str
    safe: str
    next: str

    def as_text(self) -> str:
        """The three, a line each, as a terminal prints them."""
        return f"{self.happened}\n{self.safe}\n{self.next}"
