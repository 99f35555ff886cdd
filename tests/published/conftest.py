"""What offices printed, printed again: forms, store, sync and summary, nothing in between."""

from __future__ import annotations

from tests.servers import compiled_packs, postgres, server

__all__ = ["compiled_packs", "postgres", "server"]
