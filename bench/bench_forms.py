"""How fast forms open and answer, as ratios to a floor measured in the same run.

The floor is lxml parsing the very same XML. Prints a table; `python bench/bench_forms.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from lxml import etree

from fieldapp.forms import (
    Element,
    Filling,
    FormDefinition,
    Question,
    Surroundings,
    read_form,
    submission_xml,
)

_HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
    ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>'
)


def form_of(questions: int) -> bytes:
    """A mixed form: groups of 20, two languages, 40 % relevants, constraints, 10 % calculates."""
    names = [f"q{number}" for number in range(questions)]
    groups = [names[start : start + 20] for start in range(0, questions, 20)]
    instance = "".join(
        f"<g{place}>{''.join(f'<{name}/>' for name in group)}</g{place}>"
        for place, group in enumerate(groups)
    )
    binds: list[str] = []
    controls: list[str] = []
    texts: list[str] = []
    for place, group in enumerate(groups):
        shown: list[str] = []
        for number, name in enumerate(group):
            path = f"/data/g{place}/{name}"
            before = f"/data/g{place}/{group[number - 1]}"
            texts.append(f'<text id="{path}:label"><value>Question {name}</value></text>')
            if number % 10 == 9:
                binds.append(
                    f'<bind nodeset="{path}" type="int"'
                    f' calculate="if({before} > 3, {before} * 2, 0)"/>'.replace(">", "&gt;", 1)
                )
                continue
            relevant = f" relevant=\"{before} != '9'\"" if number % 5 in {2, 4} else ""
            binds.append(
                f'<bind nodeset="{path}" type="int" constraint=". &gt;= 0 and . &lt; 1000"'
                f"{relevant}/>"
            )
            label = f"<label ref=\"jr:itext('{path}:label')\"/>"
            shown.append(f'<input ref="{path}">{label}</input>')
        controls.append(f'<group ref="/data/g{place}">{"".join(shown)}</group>')
    words = "".join(texts)
    return (
        f'{_HEAD}<itext><translation lang="ko" default="true()">{words}</translation>'
        f'<translation lang="en">{words}</translation></itext>'
        f'<instance><data id="mixed" version="1">{instance}<meta><instanceID/></meta></data>'
        f"</instance>{''.join(binds)}</model></h:head><h:body>{''.join(controls)}</h:body></h:html>"
    ).encode()


def fan_of(dependents: int) -> bytes:
    """One question on which so many calculates depend."""
    return _calculated([f"/data/q + {number}" for number in range(dependents)])


def chain_of(length: int) -> bytes:
    """Each calculate on the one before."""
    return _calculated(["/data/q + 1", *(f"/data/c{n} + 1" for n in range(length - 1))])


def _calculated(expressions: list[str]) -> bytes:
    instance = "".join(f"<c{number}/>" for number in range(len(expressions)))
    binds = "".join(
        f'<bind nodeset="/data/c{number}" type="int" calculate="{text}"/>'
        for number, text in enumerate(expressions)
    )
    return (
        f'{_HEAD}<instance><data id="c" version="1"><q/>{instance}</data></instance>'
        f'<bind nodeset="/data/q" type="int"/>{binds}</model></h:head>'
        '<h:body><input ref="/data/q"><label>q</label></input></h:body></h:html>'
    ).encode()


class Households:
    """An entity list in memory, each household with 25 properties, found by an index."""

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


def least_ms(work: Callable[[], object], times: int = 7) -> float:
    """The least of several runs: the machine's other work only ever adds."""
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        spent.append((time.perf_counter() - started) * 1000)
    return min(spent)


def main() -> None:
    """Measure and print."""
    now = datetime.now(UTC)
    around = Surroundings(now=lambda: now, record_id="0", seed=1)

    def opened(xform: bytes) -> Filling:
        return Filling.start(read_form(xform), around)

    print(f"{'what':44} {'ms':>9} {'floor ms':>9} {'ratio':>7}")

    def tell(what: str, spent: float, floor: float) -> None:
        print(f"{what:44} {spent:9.3f} {floor:9.3f} {spent / floor:7.1f}")

    for questions in (1_000, 5_000):
        xform = form_of(questions)
        floor = least_ms(lambda xform=xform: etree.fromstring(xform))  # type: ignore[misc]
        tell(
            f"open {questions} questions from XML",
            least_ms(lambda xform=xform: opened(xform), 3),  # type: ignore[misc]
            floor,
        )
        definition = read_form(xform)
        kept = definition.to_bytes()

        def from_cache(kept: bytes = kept) -> Filling:
            return Filling.start(FormDefinition.from_bytes(kept), around)

        tell(f"open {questions} questions from the cache", least_ms(from_cache, 3), floor)
        tell(
            f"open {questions} questions, read before",
            least_ms(lambda d=definition: Filling.start(d, around), 3),  # type: ignore[misc]
            floor,
        )
        filling = Filling.start(definition, around)
        for path in definition.leaves:
            if path.endswith("0"):
                filling.answer(path, "5")
        tell(f"write {questions} questions", least_ms(lambda f=filling: submission_xml(f)), floor)  # type: ignore[misc]
    for what, xform in (
        ("answer with 100 dependents", fan_of(100)),
        ("answer at a 1,000-long chain", chain_of(1_000)),
    ):
        filling = opened(xform)
        answers = iter(range(1, 1_000))
        tell(
            what,
            least_ms(lambda f=filling, a=answers: f.answer("q", str(next(a))), 25),  # type: ignore[misc]
            least_ms(lambda xform=xform: etree.fromstring(xform)),  # type: ignore[misc]
        )

    tell_lists(around, tell)
    tell_repeats(around, tell)


def tell_lists(around: Surroundings, tell: Callable[[str, float, float], None]) -> None:
    """A form that asks a list of 20,000 households, beside the same form with none."""
    definition = read_form(visit_of(100))
    everyone, nobody = Households(20_000), Households(0)
    shown: list[tuple[Element, ...]] = []

    def opened(rows: Households) -> Filling:
        filling = Filling.start(definition, around, {"household": rows})
        for path, text in (("hh", "h7"), ("tong", "7"), ("near", "h7")):
            filling.answer(path, text)
        shown.append(filling.body)  # what a window asks for first
        return filling

    without = least_ms(lambda: opened(nobody))
    tell("open and choose of 20,000 households", least_ms(lambda: opened(everyone)), without)
    filling = opened(everyone)
    answers = filling.answers()

    def resumed(rows: Households) -> Filling:
        return Filling.resume(definition, around, answers, {"household": rows})

    tell(
        "go on with a draft beside 20,000 households",
        least_ms(lambda: resumed(everyone)),
        least_ms(lambda: resumed(nobody)),
    )
    hh, _, near, other = (e for e in filling.body[:4] if isinstance(e, Question))
    scan = least_ms(lambda: list(everyone.scan()))
    tell("the words of one of 20,000", least_ms(lambda: hh.choice_label("h19999")), scan)
    started = time.perf_counter()
    hh.search("없는 이름", 20)
    tell("first search of 20,000", (time.perf_counter() - started) * 1000, scan)
    tell("every further keystroke of it", least_ms(lambda: hh.search("ㄴ ㄷ", 20)), scan)
    tell("a keystroke that finds nobody", least_ms(lambda: hh.search("없는 이름", 20)), scan)
    places = iter(range(10_000))
    tell(
        "500 of 20,000 by another tong, all read",
        least_ms(lambda: (filling.answer("tong", str(next(places) % 40)), near.choices)),
        scan,
    )
    started = time.perf_counter()
    taken = len(other.choices)
    tell(f"{taken} of 20,000 by inequality", (time.perf_counter() - started) * 1000, scan)


def rooms_of(fields: int) -> bytes:
    """A repeat that is added to, with so many questions, a calculate and a sum over all."""
    names = [f"q{number}" for number in range(fields)]
    leaves = "".join(f"<{name}/>" for name in names)
    inputs = "".join(f'<input ref="/data/r/{n}"><label>{n}</label></input>' for n in names)
    return (
        f'{_HEAD}<instance><data id="r" version="1"><r jr:template="">{leaves}<twice/></r><sum/>'
        '</data></instance><bind nodeset="/data/r/q0" type="int"/>'
        '<bind nodeset="/data/r/q1" relevant="../q0 &gt; 3"/>'
        '<bind nodeset="/data/r/twice" type="int" calculate="../q0 * 2"/>'
        '<bind nodeset="/data/sum" calculate="sum(/data/r/q0)"/></model></h:head><h:body>'
        f'<group ref="/data/r"><label>r</label><repeat nodeset="/data/r">{inputs}</repeat></group>'
        "</h:body></h:html>"
    ).encode()


def tell_repeats(around: Surroundings, tell: Callable[[str, float, float], None]) -> None:
    """Instances added one by one, beside a bare copy of as many."""
    definition = read_form(rooms_of(8))
    bare = least_ms(lambda: [dict.fromkeys(range(9), "") for _ in range(500)])

    def grown() -> Filling:
        filling = Filling.start(definition, around)
        for _ in range(499):
            filling.add_repeat("r")
        return filling

    tell("add 500 repeat instances", least_ms(grown, 3), bare)
    filling = grown()
    for path in filling.repeat_paths("r"):
        filling.answer(f"{path}/q0", "5")
    last, numbers = filling.repeat_paths("r")[-1], iter(range(10_000))
    tell(
        "answer one of 500, summed",
        least_ms(lambda: filling.answer(f"{last}/q0", str(next(numbers))), 25),
        bare,
    )
    tell("the answers of 500 instances", least_ms(filling.answers), bare)


if __name__ == "__main__":
    main()
