"""The real server, once per session."""

from tests.servers import compiled_packs, laptop, postgres, server

__all__ = ["compiled_packs", "laptop", "postgres", "server"]
