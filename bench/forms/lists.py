"""A list of 20,000 households beside the form that asks it: ours alone has lists outside a form.

Each row stands beside a floor taken in the same run: the same form with an empty list, or one bare
walk over the list's rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fieldapp.forms import Filling, Question, Surroundings, read_form

_HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
    ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>'
)
HOUSEHOLDS = 20_000


class Households:
    """An entity list in memory, each household with 27 properties, found by an index."""

    def __init__(self, count: int) -> None:
        self._rows = [
            {
                "name": f"h{number}",
                "label": f"가상-{chr(0xAC00 + number * 7 % 11_172)}{number} 님 댁",
                "tong": str(number % 40),
                **{f"p{place}": f"{number}" for place in range(24)},
            }
            for number in range(count)
        ]
        self._by: dict[tuple[str, str], list[dict[str, str]]] = {}
        for row in self._rows:
            for column in ("name", "tong"):
                self._by.setdefault((column, row[column]), []).append(row)

    def find(self, column: str, value: str) -> Iterable[Mapping[str, str]]:
        """The rows whose column has the value."""
        return self._by.get((column, value), [])

    def scan(self) -> Iterable[Mapping[str, str]]:
        """All rows."""
        return iter(self._rows)


def visit_of(questions: int) -> bytes:
    """A visit: whom, chosen from all and from one tong, looked up; and so many questions more."""
    rows = "instance('household')/root/item"
    binds = (
        '<bind nodeset="/data/hh"/><bind nodeset="/data/tong"/><bind nodeset="/data/near"/>'
        '<bind nodeset="/data/other"/>'
        f'<bind nodeset="/data/grade" calculate="{rows}[name = /data/hh]/p1"/>'
        f'<bind nodeset="/data/size" calculate="count({rows}[tong = /data/tong])"/>'
    )
    names = [f"q{number}" for number in range(questions)]
    shown = "".join(f'<input ref="/data/{n}"><label>{n}</label></input>' for n in names)
    itemset = '<value ref="name"/><label ref="label"/></itemset></select1>'
    return (
        f'{_HEAD}<instance><data id="v" version="1"><hh/><tong/><near/><other/><grade/><size/>'
        f"{''.join(f'<{name}/>' for name in names)}</data></instance>"
        f'<instance id="household" src="jr://file-csv/household.csv"/>{binds}</model></h:head>'
        f'<h:body><select1 ref="/data/hh"><label>hh</label><itemset nodeset="{rows}">{itemset}'
        f'<input ref="/data/tong"><label>tong</label></input><select1 ref="/data/near">'
        f'<label>near</label><itemset nodeset="{rows}[tong = /data/tong]">{itemset}'
        f'<select1 ref="/data/other"><label>other</label>'
        f'<itemset nodeset="{rows}[name != /data/hh]">{itemset}'
        f"{shown}</h:body></h:html>"
    ).encode()


@dataclass(frozen=True, slots=True)
class Told:
    """A row: milliseconds, and those of its floor."""

    title: str
    ms: float
    floor_ms: float

    def line(self) -> str:
        """As it is printed."""
        ratio = self.ms / self.floor_ms
        return f"{self.title:46}{self.ms:12.3f}{self.floor_ms:12.3f}{ratio:10.2f}×"


def least_ms(work: Callable[[], object], times: int = 7) -> float:
    """The least of several runs: the machine's other work only ever adds."""
    return min(_ms(work) for _ in range(times))


def list_rows() -> Iterator[Told]:
    """Opening, choosing and searching."""
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    around = Surroundings(now=lambda: now, record_id="0", seed=1)
    definition = read_form(visit_of(100))
    everyone, nobody = Households(HOUSEHOLDS), Households(0)

    def opened(rows: Households) -> Filling:
        filling = Filling.start(definition, around, {"household": rows})
        for path, text in (("hh", "h7"), ("tong", "7"), ("near", "h7")):
            filling.answer(path, text)
        _ = filling.body  # what a window asks for first
        return filling

    def resumed(rows: Households) -> Filling:
        return Filling.resume(definition, around, answers, {"household": rows})

    filling = opened(everyone)
    answers = filling.answers()
    yield Told(
        "open and choose",
        least_ms(lambda: opened(everyone)),
        least_ms(lambda: opened(nobody)),
    )
    yield Told(
        "go on with a draft",
        least_ms(lambda: resumed(everyone)),
        least_ms(lambda: resumed(nobody)),
    )
    hh, _, near, other = (e for e in filling.body[:4] if isinstance(e, Question))
    walk = least_ms(lambda: list(everyone.scan()))
    yield Told("the words of one", least_ms(lambda: hh.choice_label("h19999")), walk)
    yield Told("the first search", _ms(lambda: hh.search("없는 이름", 20)), walk)
    yield Told("every further keystroke of it", least_ms(lambda: hh.search("ㄴ ㄷ", 20)), walk)
    yield Told("a keystroke that finds nobody", least_ms(lambda: hh.search("없는 이름", 20)), walk)
    places = iter(range(10_000))
    yield Told(
        "500 by another tong, all read",
        least_ms(lambda: (filling.answer("tong", str(next(places) % 40)), near.choices)),
        walk,
    )
    yield Told("19,999 by inequality", _ms(lambda: other.choices), walk)


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
