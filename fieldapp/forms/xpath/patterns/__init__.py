"""Regular expressions for regex(), which no pattern and no text can keep busy for ever.

    pattern = pattern_of("[0-9]{3}-[0-9]{4}")     # raises PatternRefused
    pattern.fits("010-1234")                      # the whole text

A pattern is read into a tree (`reading`), in the dialect that JavaScript and Java share. From the
tree it is told how many ways a backtracking matcher could go on a text; where these are few, the
matcher of Python runs it, else an automaton does in time that grows with the text (`automaton`).
"""

from __future__ import annotations

from fieldapp.forms.xpath.patterns.matching import Pattern, PatternTooHard, pattern_of
from fieldapp.forms.xpath.patterns.reading import PatternRefused

__all__ = ["Pattern", "PatternRefused", "PatternTooHard", "pattern_of"]
