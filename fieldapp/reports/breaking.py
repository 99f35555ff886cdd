"""Where a text that is too wide goes on to the next line."""

from __future__ import annotations

import re

from fieldapp.reports import fonts

# `누계(1월~11월)` goes on below at its bracket rather than within a word.
_PARTS = re.compile(r"(?<=[^\s(])(?=\()|(?<= )")


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width` points.

    Broken at its own newlines, at spaces and before brackets, within a word only when the word
    alone is wider. A character wider than the line stands on a line of its own.
    """
    limit = width / size
    if "\n" in text:
        return [
            line for part in text.split("\n") for line in lines_of(part, width, size, bold=bold)
        ]
    if fonts.ems(text, bold=bold) <= limit:
        return [text]
    lines: list[str] = []
    line = ""
    for part in _PARTS.split(text):
        if fonts.ems((line + part).rstrip(" "), bold=bold) <= limit:
            line += part
            continue
        if line:
            lines.append(line.rstrip(" "))
        *whole, line = _pieces(part, limit, bold=bold)
        lines += whole
    lines.append(line.rstrip(" "))
    return lines


def balanced_lines_of(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The same number of lines, as even as they can be: for titles."""
    lines = lines_of(text, width, size, bold=bold)
    for step in range(1, 20):
        narrower = lines_of(text, width * (1 - step / 40), size, bold=bold)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _pieces(word: str, limit: float, *, bold: bool) -> list[str]:
    pieces = [""]
    taken = 0.0
    for character in word:
        advance = fonts.ems(character, bold=bold)
        if pieces[-1] and taken + advance > limit:
            pieces.append("")
            taken = 0.0
        pieces[-1] += character
        taken += advance
    return pieces
