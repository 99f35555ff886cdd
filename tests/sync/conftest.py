"""The real server, once per session; tests of the line alone have a model of their own."""

from tests.servers import compiled_packs, postgres, server

__all__ = ["compiled_packs", "postgres", "server"]
