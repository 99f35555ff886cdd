"""What is measured: the forms, what each engine is asked of them, and the bars.

Bars are design §4's: milliseconds, and the ratio that they are to the figures that stand beside
them there. A ratio means the same on a slow machine and on a busy one.
"""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.forms import sheets
from bench.forms.engines import JAVAROSA, ROOT, XFORMS_ENGINE

#: Round → what is answered in it, one after the other.
Texts = Callable[[int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Bar:
    """At most so many milliseconds, and so many times what another engine takes."""

    ms: float
    times: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One row: an operation on an open form, so many rounds of it."""

    title: str
    ask: tuple[str, ...]
    rounds: int = 3
    texts: Texts | None = None
    bar: Bar | None = None

    def line(self, number: int) -> tuple[str, ...]:
        """What the engines are asked in a round."""
        return (*self.ask, *(self.texts(number) if self.texts else ()))


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its rows. `kept_bar` is for opening it from the cache."""

    title: str
    file: Path
    cases: tuple[Case, ...] = ()
    kept_bar: Bar | None = None
    loads: int = 7  # 0 for a form whose loading is no row


def _between(ms: float, xforms_engine: float, javarosa: float) -> Bar:
    """A bar of design §4 with the two figures that stand beside it, or else in engine.md §5."""
    return Bar(ms, {XFORMS_ENGINE: ms / xforms_engine, JAVAROSA: ms / javarosa})


_OPEN_1_000 = _between(150, 950, 197)
_OPEN_5_000 = _between(900, 15_026, 1_043)
_HUNDRED = _between(1, 4.7, 0.33)
_CHAIN = _between(10, 187, 13)
_CASCADE = _between(5, 1_217, 8.4)
_GROW = _between(150, 9_714, 371)
_WRITE = _between(15, 30, 8.5)
#: As often as the figures that the bars stand beside were taken: what is compiled while it runs
#: gets faster for a long time.
_WRITE_SEVEN = ("write", "7")


def _numbers(count: int) -> Texts:
    """Numbers that never come twice in a row, so that each answer is a change."""
    return lambda number: [str(number * count + place + 1) for place in range(count)]


def _regions(count: int) -> Texts:
    return lambda number: [f"r{(number * count + place + 1) % 100}" for place in range(count)]


@dataclass(frozen=True, slots=True)
class Made:
    """The forms in a folder, and the workbooks that they were made of."""

    folder: Path
    workbooks: dict[str, bytes] = field(default_factory=dict)

    def form(self, name: str, workbook: bytes) -> Path:
        """The XForm that pyxform makes of a workbook."""
        self.workbooks[name] = workbook
        file = self.folder / f"{name}.xml"
        file.write_text(sheets.xform_of(workbook), encoding="utf-8")
        return file

    def answers(self, questions: int) -> Path:
        """The answers of a mixed form, one a line."""
        file = self.folder / f"{questions}.tsv"
        lines = [f"{path}\t{text}\n" for path, text in sheets.mixed_answers(questions)]
        file.write_text("".join(lines), encoding="utf-8")
        return file


def forms_of(made: Made, wanted: Sequence[str] = ()) -> Iterator[Form]:
    """Every form, or those named, made when its turn comes: the largest takes pyxform ten seconds.

    Raises ValueError for a name that no form has.
    """
    if unknown := sorted(set(wanted) - _MAKERS.keys()):
        message = f"no such form: {', '.join(unknown)}; there are {', '.join(_MAKERS)}"
        raise ValueError(message)
    for name in wanted or _MAKERS:
        yield from _MAKERS[name](made)


def _mixed(made: Made, questions: int, bar: Bar | None) -> Form:
    cases: list[Case] = []
    if questions == 1_000:
        ask = ("survey", "/data/g0/q0")
        cases.append(Case("one change, every state read", ask, texts=_numbers(5)))
    if questions >= 1_000:
        ask = ("fill", str(made.answers(questions)))
        cases.append(Case(f"{questions * 4 // 10:,} answers one after the other", ask, rounds=1))
        bar_of_writing = _WRITE if questions == 5_000 else None
        title = f"serialise {questions:,} questions, 4 in 10 answered"
        cases.append(Case(title, _WRITE_SEVEN, rounds=1, bar=bar_of_writing))
    return Form(
        f"open {questions:,} questions",
        made.form(f"mixed-{questions}", sheets.mixed(questions)),
        tuple(cases),
        kept_bar=bar,
    )


def _fan(made: Made) -> Form:
    rows = (
        ("no dependents", "none", "none", None),
        ("1 dependent", "one", "of_one", None),
        ("100 dependents", "hundred", "of_hundred99", _HUNDRED),
    )
    cases = tuple(
        Case(
            f"an answer with {title}",
            ("answer", f"/data/{name}", f"/data/{looked_at}"),
            texts=_numbers(25),
            bar=bar,
        )
        for title, name, looked_at, bar in rows
    )
    return Form("", made.form("fan", sheets.fan()), cases, loads=0)


def _chain(made: Made) -> Form:
    ask = ("answer", "/data/first", "/data/c1000")
    case = Case("an answer at a 1,000-long chain", ask, texts=_numbers(9), bar=_CHAIN)
    return Form("open a 1,000-long chain", made.form("chain", sheets.chain(1_000)), (case,))


def _cascade(made: Made, choices: int, bar: Bar | None) -> Form:
    ask = ("choose", "/data/region", "/data/place")
    cases = (
        Case(f"the first filter of {choices:,}, options read", ask, 1, lambda _: ["r0"]),
        Case(f"a further one, {choices // 100:,} options read", ask, 3, _regions(9), bar),
    )
    file = made.form(f"cascade-{choices}", sheets.cascade(choices))
    return Form(f"open {choices:,} choices", file, cases)


def _rooms(made: Made) -> Form:
    # The first one: an instance that the form began with is saved when somebody answers in it.
    ask = ("answer", "/data/r[1]/q0", "/data/total")
    cases = (
        Case("add 500 repeat instances", ("grow", "/data/r", "500"), bar=_GROW, rounds=3),
        Case("change one, a sum over all", ask, texts=_numbers(25)),
        Case("serialise 500 repeat instances", _WRITE_SEVEN, rounds=1),
    )
    return Form("", made.form("rooms", sheets.rooms()), cases, loads=0)


def corpus_folder() -> Path | None:
    """Where the conformance corpus is; None where it is not."""
    folder = Path(os.environ.get("FIELDAPP_CORPUS") or ROOT.parent / "shared" / "corpus")
    is_whole = all((folder / name).is_file() for name in ("forms.tar.gz", "manifest.json.gz"))
    return folder if is_whole else None


def _written_by_others(folder: Path) -> Iterator[Form]:
    """Forms of the field that the corpus has, as pyxform made them or as they were written."""
    corpus = corpus_folder()
    if corpus is None:
        return
    manifest = json.loads(gzip.decompress((corpus / "manifest.json.gz").read_bytes()))
    with tarfile.open(corpus / "forms.tar.gz") as packed:
        for title, source in _OTHERS.items():
            entry = next((one for one in manifest if Path(one["path"]).name == source), None)
            unpacked = entry and packed.extractfile(entry.get("compiled") or entry["file"])
            if not unpacked:
                continue
            file = folder / f"{Path(source).stem}.xml"
            file.write_bytes(unpacked.read())
            yield Form(f"open {title}, {file.stat().st_size / 1000:,.0f} kB", file)


_MAKERS: Mapping[str, Callable[[Made], Iterable[Form]]] = {
    "mixed-20": lambda made: [_mixed(made, 20, None)],
    "mixed-200": lambda made: [_mixed(made, 200, None)],
    "mixed-1000": lambda made: [_mixed(made, 1_000, _OPEN_1_000)],
    "mixed-5000": lambda made: [_mixed(made, 5_000, _OPEN_5_000)],
    "others": lambda made: _written_by_others(made.folder),
    "fan": lambda made: [_fan(made)],
    "chain": lambda made: [_chain(made)],
    "cascade-10000": lambda made: [_cascade(made, 10_000, None)],
    "cascade-50000": lambda made: [_cascade(made, 50_000, _CASCADE)],
    "rooms": lambda made: [_rooms(made)],
}

# Their names in the corpus, where a form may stand in several copies.
_OTHERS = {
    "WHO VA": "whova_form.xlsx",
    "child vaccination": "child_vaccination_VOL_tool_v12-alt.xml",
    "socio-economic": "socio-economic-survey-v20240515.xlsx",
}
