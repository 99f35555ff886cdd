"""Photos, drawings and signatures: kept encrypted beside the store, named in answers (F1)."""

from __future__ import annotations

from fieldapp.storage import blobs
from fieldapp.usecases.session import Session


def keep_file(session: Session, content: bytes, extension: str) -> str:
    """Keep a file; returns the answer that names it, `<sha256>.<ext>`.

    Raises BlobRefused, StoreFull.
    """
    return blobs.keep(session.store, content, extension)


def read_file(session: Session, name: str) -> bytes:
    """The file that an answer names. Raises BlobMissing, BlobDamaged."""
    return blobs.read(session.store, name)
