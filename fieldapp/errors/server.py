"""Troubles of whoever runs the server: told on a command line, never to a device."""

from __future__ import annotations

from fieldapp.errors.base import FieldAppError


class ServerTrouble(FieldAppError):
    """A trouble that the one who runs the server can act on."""


class SchemaTooOld(ServerTrouble):
    """The database has not been migrated to this server's schema."""

    FACTS = frozenset({"found", "known"})


class DatabaseUnreachable(ServerTrouble):
    """PostgreSQL does not answer at DATABASE_URL."""


class UnknownAccount(ServerTrouble):
    """The server has no such account."""

    FACTS = frozenset({"user"})


class UnknownScope(ServerTrouble):
    """The server has no such scope."""

    FACTS = frozenset({"scope"})


class UnknownReplica(ServerTrouble):
    """No device of this id is enrolled."""

    FACTS = frozenset({"replica"})


class ListVersionTaken(ServerTrouble):
    """Another table was published under this name and version; versions are immutable."""

    FACTS = frozenset({"list", "version"})


class UnknownItem(ServerTrouble):
    """Nothing of this name and version was published."""

    FACTS = frozenset({"name", "version"})


class UnknownMark(ServerTrouble):
    """No such mark was set before a backup, or a later one has settled since."""


class CertificateRefused(ServerTrouble):
    """The server's certificate and key cannot be read, or do not belong together."""


class NotTheOwner(ServerTrouble):
    """A command that counts everything was run by a role that does not see everything."""


class SweepTooEarly(ServerTrouble):
    """A restored server is still being refilled: what nobody names may be named again."""


class SweepDoubtful(ServerTrouble):
    """More files than not are named by nobody: folder and database may not belong together."""

    FACTS = frozenset({"lost", "stored"})
