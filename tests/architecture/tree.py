"""The files of this project, as a clone would have them: what .gitignore names is not ours."""

from __future__ import annotations

import ast
import os
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_IGNORED = [".git/", *(ROOT / ".gitignore").read_text("utf-8").split()]


@cache
def our_files() -> tuple[Path, ...]:
    """Every file, sorted. Git is not asked: a bare machine has none."""
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not _is_ignored(here / name))
        found += [here / name for name in sorted(names) if not _is_ignored(here / name)]
    return tuple(found)


def _is_ignored(path: Path) -> bool:
    """The patterns .gitignore uses here: a name, a folder's name, or a path from the root."""
    place = path.relative_to(ROOT).as_posix()
    for pattern in _IGNORED:
        bare = pattern.strip("/")
        anchored = "/" in pattern.rstrip("/")
        if fnmatch(place if anchored else path.name, bare) and (
            path.is_dir() or not pattern.endswith("/")
        ):
            return True
    return False


@cache
def our_texts() -> dict[str, str]:
    """Path from the root → text, of every file that is UTF-8 text."""
    texts: dict[str, str] = {}
    for path in our_files():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        texts[path.relative_to(ROOT).as_posix()] = content.decode("utf-8")
    return texts


@cache
def our_modules() -> dict[str, ast.Module]:
    """Path from the root → syntax tree, of every Python file."""
    return {name: ast.parse(text) for name, text in our_texts().items() if name.endswith(".py")}
