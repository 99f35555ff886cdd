"""Dates, counts and line breaks as an office reads them (korea.md 2.1, ux §1, §2)."""

from __future__ import annotations

import html
import re
from datetime import date, datetime

from fieldapp.clock import KOREA

_WEEKDAYS = "월화수목금토일"
_COUNTS = ("영", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
_BETWEEN_SYLLABLES = re.compile(r"(?<=[가-힣\d(])(?=[가-힣\d,.)])")
#: A day, an hour with its seconds, or both.
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)?(?:(?(day)T)(?P<hour>\d\d:\d\d):\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?"
)
_WORD_JOINER = "\u2060"


def day_text(day: date) -> str:
    """`2026. 11. 21.(토)`."""
    return f"{day.year}. {day.month}. {day.day}.({_WEEKDAYS[day.weekday()]})"


def short_moment(at: datetime) -> str:
    """`11. 21. 09:14`, in Korean time."""
    local = at.astimezone(KOREA)
    return f"{local.month}. {local.day}. {local:%H:%M}"


def answer_text(value: str) -> str:
    """An answer that is a day, an hour or an instant in XForms text, as it is read; others as is.

    `2026-11-30` → `2026. 11. 30.(월)`, `14:05:00.000+09:00` → `14:05`.
    """
    found = _MOMENT.fullmatch(value)
    if found is None or not value:
        return value
    try:
        day = day_text(date.fromisoformat(found["day"])) if found["day"] else ""
    except ValueError:
        return value
    return " ".join(part for part in (day, found["hour"] or "") if part)


def second_text(at: datetime) -> str:
    """`15:20:33`, in Korean time."""
    return f"{at.astimezone(KOREA):%H:%M:%S}"


def places(count: int) -> str:
    """How many boxes of a form: `두 칸`, `12칸`."""
    return f"{_COUNTS[count]} 칸" if 0 < count < len(_COUNTS) else f"{count}칸"


def and_name(name: str) -> str:
    """A name and its 과 or 와: `가상-윤솔과`, `가상-한바다와`."""
    last = ord(name[-1]) - ord("가") if name else -1
    has_final = 0 <= last <= ord("힣") - ord("가") and last % 28 > 0
    return f"{name}{'과' if has_final else '와'}"


def keep_words(text: str) -> str:
    """The text with joiners between syllables, so that lines break between 어절 only."""
    return _BETWEEN_SYLLABLES.sub(_WORD_JOINER, text)


def paragraph_html(text: str, line_px: int) -> str:
    """Plain text as rich text of a fixed line height. Escaped: a label may come from anywhere."""
    body = html.escape(keep_words(text)).replace("\n", "<br>")
    return f'<p style="margin:0; line-height:{line_px}px; -qt-line-height-type:fixed;">{body}</p>'


def initials(text: str) -> str:
    """초성 of the Hangul syllables, everything else in lower case."""
    leads = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
    return "".join(
        leads[(ord(letter) - 0xAC00) // 588] if "가" <= letter <= "힣" else letter.lower()
        for letter in text
    )


def matches(query: str, text: str) -> bool:
    """Whether a choice answers a search: by its letters or by its 초성."""
    wanted = query.strip().lower()
    return wanted in text.lower() or wanted in initials(text)
