"""The recorded forms and cases, read where they stand."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(os.environ.get("FIELDAPP_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))


@lru_cache
def recorded(name: str) -> Any:
    """One of the corpus' JSON files; skips loudly where there is no corpus."""
    file = CORPUS / f"{name}.json.gz"
    if not file.exists():
        pytest.skip(f"no corpus at {CORPUS}: set FIELDAPP_CORPUS")
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        return json.load(stream)


@lru_cache
def forms() -> dict[str, bytes]:
    """Every XForm of the corpus by its name in the archive."""
    archive = CORPUS / "forms.tar.gz"
    if not archive.exists():
        pytest.skip(f"no corpus at {CORPUS}: set FIELDAPP_CORPUS")
    found: dict[str, bytes] = {}
    with tarfile.open(archive) as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            if content is not None:
                found[member.name] = content.read()
    return found
