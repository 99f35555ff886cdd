"""Which words of an answer are new beside the one before."""

from __future__ import annotations

from difflib import SequenceMatcher


def changed_words(before: str, now: str) -> tuple[tuple[str, bool], ...]:
    """The words of `now` in their order, each with whether it is new or moved since `before`."""
    old, new = before.split(), now.split()
    marked = [True] * len(new)
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for at in range(block.b, block.b + block.size):
            marked[at] = False
    return tuple(zip(new, marked, strict=True))
