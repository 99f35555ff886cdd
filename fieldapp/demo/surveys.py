"""The twelve paper surveys of the first errand (domain: P13e), as a hand would key them.

Chosen so that every choice of the three answer scales occurs, 전반적 만족도 prints
0.0 8.3 8.3 33.3 50.0 over 12 answers, 말한 적 없음 stands twice and 무응답 once under the sixth
question, and 재이용 prints 90.9 of 11. Nobody in them exists.
"""

from __future__ import annotations

from dataclasses import dataclass

BATCH = "2026-11 가상-햇살동"


@dataclass(frozen=True, slots=True)
class PaperSurvey:
    """One sheet: serial number, the seven marks in order, again, damage, and the written words."""

    serial: int
    marks: str
    again: str
    damage: str
    is_helped: bool = False
    damage_note: str = ""
    good: str = ""
    wish: str = ""


TWELVE = (
    PaperSurvey(1, "5555555", "1", "2", good="늘 같은 분이 와서 편하다"),
    PaperSurvey(2, "5455405", "1", "2"),
    PaperSurvey(3, "4454444", "1", "2", wish="시간을 오전으로 옮기고 싶다"),
    PaperSurvey(4, "5555555", "1", "2"),
    PaperSurvey(5, "3443334", "1", "2"),
    PaperSurvey(6, "2132212", "2", "1", damage_note="찻잔 하나가 깨졌는데 말이 없었다"),
    PaperSurvey(7, "5545995", "1", "9"),
    PaperSurvey(8, "4344323", "9", "2", wish="다음에 오는 날을 미리 알려 주면 좋겠다"),
    PaperSurvey(9, "5555505", "1", "2", is_helped=True),
    PaperSurvey(10, "4554444", "1", "2"),
    PaperSurvey(11, "5455555", "1", "2", good="창틀까지 닦아 주었다"),
    PaperSurvey(12, "4449444", "1", "2"),
)

#: What the page must print for the twelve, computed by hand (see tests/journeys).
SHARES_OF_OVERALL = ("0.0", "8.3", "8.3", "33.3", "50.0")
