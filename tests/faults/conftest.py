"""The real server once per session, and laptops that other processes work on."""

from tests.servers import compiled_packs, postgres, server

__all__ = ["compiled_packs", "postgres", "server"]
