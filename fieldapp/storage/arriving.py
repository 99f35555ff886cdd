"""What has come so far of a programme or a list; a round that breaks off goes on from here."""

from __future__ import annotations

from fieldapp.storage.sqlite import Database


def begun(db: Database, sha256: str) -> bytes:
    """The first bytes of what has that hash, as far as they came without a hole."""
    pieces = bytearray()
    for at_byte, content in db.rows(
        "SELECT at_byte, content FROM arriving WHERE sha256 = ? ORDER BY at_byte", (sha256,)
    ):
        if at_byte != len(pieces):
            break
        pieces += content
    return bytes(pieces)


def keep(db: Database, sha256: str, at_byte: int, content: bytes) -> None:
    """Keep the bytes from at_byte on."""
    db.execute(
        "INSERT OR REPLACE INTO arriving (sha256, at_byte, content) VALUES (?, ?, ?)",
        (sha256, at_byte, content),
    )


def forget(db: Database, sha256: str) -> None:
    """It is whole, or not what it should be."""
    db.execute("DELETE FROM arriving WHERE sha256 = ?", (sha256,))


def is_empty(db: Database) -> bool:
    """Whether nothing is on its way."""
    return db.value("SELECT 1 FROM arriving LIMIT 1") is None


def forget_all(db: Database) -> None:
    """Nothing is on its way any more."""
    db.execute("DELETE FROM arriving")
