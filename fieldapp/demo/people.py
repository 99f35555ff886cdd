"""The people of 가상구 (ux §8): seeded, always the same, and plainly nobody who exists.

300 households in three towns and 900 past contacts since 1 September, enough for every cycle to
have been kept, but for the few that the story is about. `households_of(scale)` makes more of them
for speed tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final
from uuid import UUID

SEED: Final = 20261130
TODAY: Final = date(2026, 11, 30)
SINCE: Final = date(2026, 9, 1)
CONTACTS: Final = 900

HAETSAL: Final = "가상-햇살동"
SOLBARAM: Final = "가상-솔바람동"
MULGYEOL: Final = "가상-물결동"
#: Households by town and grade: 위험, 주의, 관심, 종결(사후), 미정 (ux §8).
COUNTS: Final[Mapping[str, Mapping[str, int]]] = {
    HAETSAL: {"risk": 10, "caution": 26, "watch": 55, "closed": 22, "": 7},
    SOLBARAM: {"risk": 8, "caution": 22, "watch": 46, "closed": 18, "": 6},
    MULGYEOL: {"risk": 6, "caution": 18, "watch": 37, "closed": 14, "": 5},
}
#: Two syllables of invented given names; with a surname in front nobody is called so by chance.
_SURNAMES: Final = "김이박최정강조윤장임한오서신권황안송류홍"
_FIRST: Final = "가나다라마바사아자차카타파하노도로모보소"
_SECOND: Final = "온울솔람별빛결찬든봄들샘"
_TRAITS: Final = {
    "risk": ("elder_alone", "severe", "disabled", "blindspot"),
    "caution": ("emergency", "low_income_aid", "linked"),
    "watch": ("basic", "near", "single_parent"),
    "closed": ("aftercare",),
    "": ("unk",),
}


@dataclass(frozen=True, slots=True)
class Household:
    """One household as its entity says; `key` is how the story calls it, "" for the many."""

    id: str
    name: str
    town: str
    props: Mapping[str, str]
    key: str = ""
    members: tuple[tuple[str, Mapping[str, str]], ...] = ()


@dataclass(frozen=True, slots=True)
class PastContact:
    """A contact that was written before the story begins.

    is_late: written after its month was closed. asks_action: 신체·정신건강 조치 필요, so that the
    team leader looks at it.
    """

    household: str
    town: str
    on: date
    method: str
    result: str
    is_late: bool = False
    asks_action: bool = False


@dataclass(slots=True)
class People:
    """Everybody, and what was written about them."""

    households: list[Household] = field(default_factory=list)
    contacts: list[PastContact] = field(default_factory=list)

    def called(self, key: str) -> Household:
        """A planted household by the name that the story gives it."""
        return next(one for one in self.households if one.key == key)


#: key → (name, grade, props, last contact before today as days ago, its method and result).
_Planted = tuple[str, str, str, Mapping[str, str], tuple[tuple[int, str, str], ...]]
PLANTED: Final[tuple[_Planted, ...]] = (
    ("hana", "가상-김하나", "risk",
     {"tong": "3통", "address": "가상로 12 지하 1층, 파란 대문", "phone": "010-0000-0101",
      "phone_time": "오전에 잘 받음", "birth": "1948-03-02", "sex": "f", "hh_size": "1",
      "traits": "elder_alone blindspot",
      "safety": "2인 방문 권고: 큰 개 (2026. 9. 3. 가상-이담당)",
      "promises": "기초연금 서류 가져오기 (담당자, 11. 30.까지)\n"
                  "쌀 10kg 전달 (담당자, 11. 30.까지)",
      "promise_dues": "2026-11-30 2026-11-30", "services": "맞춤돌봄(화, 금), 도시락(매일)",
      "last_note": "무릎이 아파 외출이 줄었음", "emergency": "딸(가상-김솔) 010-0000-0102",
      "consent_collect": "agree", "consent_sensitive": "agree", "consent_photo": "disagree"},
     ((24, "visit", "absent"), (17, "phone", "self"), (10, "visit", "self"))),
    ("duri", "가상-박두리", "risk",
     {"tong": "3통", "address": "가상로 14 2층", "phone": "010-0000-0103", "birth": "1960-05-11",
      "sex": "m", "hh_size": "1", "traits": "severe", "next_method": "phone"},
     ((21, "visit", "self"), (14, "phone", "self"), (7, "phone", "self"))),
    ("sea", "가상-이세아", "",
     {"tong": "5통", "address": "가상로 31", "phone": "010-0000-0104", "birth": "1975-02-20",
      "sex": "f", "hh_size": "2", "traits": "unk", "next_date": "2026-11-30",
      "next_time": "14:00", "next_method": "visit"}, ()),
    ("neon", "가상-최네온", "caution",
     {"tong": "7통", "address": "가상로 52", "phone": "010-0000-0105", "birth": "1944-01-15",
      "sex": "m", "hh_size": "1", "traits": "low_income_aid"}, ((40, "visit", "self"),)),
    ("dasom", "가상-정다솜", "caution",
     {"tong": "2통", "address": "가상로 8", "phone": "010-0000-0106", "birth": "1969-08-08",
      "sex": "f", "hh_size": "1", "traits": "emergency", "next_date": "2026-11-30",
      "next_method": "visit"}, ((14, "visit", "refused"), (5, "visit", "refused"))),
    ("gaon", "가상-한가온", "watch",
     {"tong": "4통", "address": "가상로 25", "phone": "010-0000-0107", "birth": "1946-12-01",
      "sex": "m", "hh_size": "2", "traits": "basic", "next_date": "2026-11-30",
      "next_method": "phone", "last_note": "부인이 입원 중"}, ((6, "phone", "self"),)),
    ("nuri", "가상-서누리", "",
     {"tong": "6통", "address": "가상로 44", "phone": "010-0000-0108", "birth": "1958-04-04",
      "sex": "f", "hh_size": "1", "traits": "unk"}, ()),
    ("haneul_a", "가상-최하늘", "watch",
     {"tong": "1통", "address": "가상로 2", "phone": "010-0000-0110", "birth": "1951-03-09",
      "sex": "m", "hh_size": "1", "traits": "near"}, ((20, "phone", "self"),)),
    ("haneul_b", "가상-최하늘", "watch",
     {"tong": "9통", "address": "가상로 77", "phone": "010-0000-0111", "birth": "1951-10-30",
      "sex": "m", "hh_size": "1", "traits": "basic"}, ((18, "phone", "self"),)),
    ("maru", "가상-오마루", "caution",
     {"tong": "8통", "address": "가상로 63", "phone": "010-0000-0112", "birth": "1955-07-17",
      "sex": "m", "hh_size": "1", "traits": "low_income_aid"}, ((4, "visit", "self"),)),
    ("raon", "가상-유라온", "watch",
     {"tong": "5통", "address": "가상로 33", "phone": "010-0000-0113", "birth": "1949-09-09",
      "sex": "f", "hh_size": "1", "traits": "near"}, ((9, "phone", "self"),)),
)  # fmt: skip


def people(scale: int = 1) -> People:
    """Everybody; `scale` 67 makes 20,000 households, for speed tests."""
    chance = Random(SEED)  # noqa: S311 - seeded on purpose
    made = People()
    for town, counts in COUNTS.items():
        _populate(made, town, {grade: number * scale for grade, number in counts.items()}, chance)
    _pad(made, chance, CONTACTS * scale)
    made.contacts.sort(key=lambda contact: (contact.on, contact.household))
    return made


def _populate(made: People, town: str, counts: Mapping[str, int], chance: Random) -> None:
    left = dict(counts)
    if town == HAETSAL:
        for planted in PLANTED:
            left[planted[2]] -= 1
            _plant(made, town, planted, chance)
    for grade, number in left.items():
        for _ in range(number):
            household = _household(len(made.households), town, grade, chance)
            made.households.append(household)
            made.contacts += _cycle(household, grade, chance)
    if town == HAETSAL:
        october = [one for one in made.households if one.town == town and not one.key][:2]
        made.contacts += [
            PastContact(one.id, town, date(2026, 10, 28 + n), "visit", "self", is_late=True)
            for n, one in enumerate(october)
        ]


def _plant(made: People, town: str, planted: _Planted, chance: Random) -> None:
    key, name, grade, props, contacts = planted
    identity = _uuid(chance)
    past = [
        PastContact(
            identity, town, TODAY - timedelta(days=ago), method, result, asks_action=key == "maru"
        )
        for ago, method, result in contacts
    ]
    earlier = _cycle_until(identity, town, grade, chance, until=min(
        (one.on for one in past), default=TODAY) - timedelta(days=7))  # fmt: skip
    household = Household(
        identity, name, town, {**_graded(grade), **props}, key,
        members=_members(name, props, chance),
    )  # fmt: skip
    made.households.append(household)
    made.contacts += [*(earlier if past else []), *past]


def _household(number: int, town: str, grade: str, chance: Random) -> Household:
    name = "가상-" + chance.choice(_SURNAMES) + chance.choice(_FIRST) + chance.choice(_SECOND)
    size = 1 if chance.random() < 0.7 else 2
    props = {
        "tong": f"{chance.randint(1, 9)}통",
        "address": f"가상로 {100 + number}",
        "phone": f"010-0000-{1000 + number % 9000:04d}",
        "birth": date(chance.randint(1935, 1975), chance.randint(1, 12), chance.randint(1, 28))
        .isoformat(),
        "sex": chance.choice("fm"),
        "hh_size": str(size),
        "traits": chance.choice(_TRAITS[grade]),
    }  # fmt: skip
    return Household(
        _uuid(chance), name, town, {**_graded(grade), **props},
        members=_members(name, props, chance),
    )  # fmt: skip


def _graded(grade: str) -> dict[str, str]:
    if not grade:
        return {"route": "report", "found_on": "2026-11-25"}
    return {"grade": grade, "grade_since": "2026-08-04"}


def _members(
    name: str, props: Mapping[str, str], chance: Random
) -> tuple[tuple[str, Mapping[str, str]], ...]:
    head = (name, {"birth": props["birth"], "sex": props["sex"]})
    if props["hh_size"] == "1":
        return (head,)
    other = "가상-" + chance.choice(_SURNAMES) + chance.choice(_FIRST) + chance.choice(_SECOND)
    return (head, (other, {"relation": "spouse", "birth": props["birth"][:4], "sex": "f"}))


def _cycle(household: Household, grade: str, chance: Random) -> Iterator[PastContact]:
    """Contacts that keep the cycle of the grade up to today."""
    yield from _cycle_until(household.id, household.town, grade, chance, until=TODAY)


def _cycle_until(
    household: str, town: str, grade: str, chance: Random, *, until: date
) -> Iterator[PastContact]:
    for day, method in _days(grade, chance):
        if day < until:
            yield PastContact(household, town, day, method, "self")


def _days(grade: str, chance: Random) -> Iterator[tuple[date, str]]:
    """When a household of a grade was met: weekly, monthly, every other month, once."""
    if grade == "risk":
        day, visited = SINCE + timedelta(days=chance.randint(0, 4)), 0
        while day < TODAY:
            yield day, "phone" if day.month == visited else "visit"
            visited = day.month
            day += timedelta(days=chance.randint(5, 6))
    months = {"caution": (9, 10, 11), "watch": (chance.randint(9, 10),), "closed": (10,)}
    for month in months.get(grade, ()):
        day = date(2026, month, chance.randint(2, 27))
        is_visit = grade == "closed" or chance.random() < 0.4
        yield day, "visit" if is_visit else "phone"
    if grade == "watch" and chance.random() < 0.5:
        yield date(2026, 11, chance.randint(2, 27)), "phone"


def _pad(made: People, chance: Random, wanted: int) -> None:
    """Somebody not at home or on the telephone now and then, up to the number of contacts."""
    ordinary = [one for one in made.households if not one.key]
    while len(made.contacts) < wanted:
        household = chance.choice(ordinary)
        on = SINCE + timedelta(days=chance.randint(0, 80))
        is_visit = chance.random() < 0.5
        method, result = ("visit", "absent") if is_visit else ("phone", "no_answer")
        made.contacts.append(PastContact(household.id, household.town, on, method, result))


def _uuid(chance: Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))
