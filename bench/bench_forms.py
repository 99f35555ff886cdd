"""How fast forms open and answer, as ratios to a floor measured in the same run.

The floor is lxml parsing the very same XML. Prints a table; `python bench/bench_forms.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from lxml import etree

from fieldapp.forms import Filling, FormDefinition, Surroundings, read_form, submission_xml

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


if __name__ == "__main__":
    main()
