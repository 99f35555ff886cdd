"""Page profiles: margins and sizes as an office sets its paper (korea.md print rules 1 and 3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """Margins in millimetres; `strip_mm` is the running head and foot within top and bottom.

    scale: of every size of type against rule 3.
    """

    name: str
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    strip_mm: float = 10.0
    scale: float = 1.0


BASIC = Profile("기본", 20, 15, 20, 20)
#: The margins of the rule that was in force until 2017; many offices still ask for them.
FORMER = Profile("구규정", 30, 15, 20, 15)
NARROW = Profile("좁게", 20, 10, 10, 10)
#: For what is handed to citizens.
LARGE = Profile("큰글자", 20, 15, 20, 20, scale=1.3)

PROFILES = (BASIC, FORMER, NARROW, LARGE)
