"""Functions of other form tools, and what to write in their stead.

The Community Health Toolkit adds functions of its own, with and without `cht:`. A form that calls
one is refused when it is read, by that name and not as a slip of the pen: what they work out
(Bikram Sambat dates, growth tables, parts of an app) no other engine knows.
"""

from __future__ import annotations

from typing import Final

#: Name → what says the same in functions of ODK; empty where nothing does.
INSTEAD: Final[dict[str, str]] = {
    "add-date": "date(decimal-date-time(date) + days)",
    "cht:difference-in-days": "int(decimal-date-time(until) - decimal-date-time(since))",
    "cht:difference-in-weeks": "int((decimal-date-time(until) - decimal-date-time(since)) div 7)",
    "cht:difference-in-months": (
        "int((decimal-date-time(until) - decimal-date-time(since)) div 30.4375)"
    ),
    "cht:difference-in-years": (
        "int((decimal-date-time(until) - decimal-date-time(since)) div 365.25)"
    ),
    "cht:add-days": "date(decimal-date-time(date) + days)",
    "cht:extension-lib": "",
    "cht:strip-whitespace": "translate(text, ' ', '')",
    "cht:validate-luhn": "",
    "difference-in-months": (
        "int((decimal-date-time(until) - decimal-date-time(since)) div 30.4375)"
    ),
    "parse-timestamp-to-date": "date(number(timestamp) div 86400000)",
    "to-bikram-sambat": "",
    "z-score": "",
}


def is_foreign(name: str) -> bool:
    """Whether a function is known to be another tool's."""
    return name in INSTEAD or name.startswith("cht:")
