"""One run: the engines take turns, round after round, so that what else the machine does hits all.

An engine that is slow gets fewer rounds; each gets one at least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.forms.cases import Bar, Case, Form
from bench.forms.engines import OURS, Answered, Engine

#: An engine has no further round of a case when it has spent as much on it.
PATIENCE_MS = 10_000.0


@dataclass(slots=True)
class Measured:
    """One engine at one case."""

    ms: list[float] = field(default_factory=list)
    own_ms: list[float] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    refusal: str = ""

    @property
    def least(self) -> float:
        """The least of all: other work only ever adds."""
        return min(self.ms)

    @property
    def least_own(self) -> float:
        """The least that the process was at work; the clock's where it did not tell."""
        return min(self.own_ms or self.ms)

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.ms)

    def take(self, answered: Answered) -> None:
        """One more round."""
        self.refusal = self.refusal or answered.refusal
        if not answered.refusal:
            self.ms += answered.ms
            self.own_ms += answered.own_ms
            self.proofs.append(answered.proof)

    @property
    def has_more_patience(self) -> bool:
        """Whether another round may be asked for."""
        return not self.refusal and sum(self.ms) < PATIENCE_MS


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    title: str
    by_engine: Mapping[str, Measured]
    bar: Bar | None = None

    def disagreement(self, name: str) -> str:
        """Where another engine's results are not ours, round by round; ``""`` where they agree."""
        for ours, theirs in zip(self.by_engine[OURS].proofs, self.proofs_of(name), strict=False):
            if ours != theirs:
                return f"{name} came to {theirs}, we to {ours}"
        return ""

    def proofs_of(self, name: str) -> Sequence[str]:
        """What an engine's rounds came to; none for one that is not there."""
        return self.by_engine[name].proofs if name in self.by_engine else ()


def rows_of(form: Form, engines: Sequence[Engine]) -> Iterator[Row]:
    """Load the form and do its cases."""
    yield from _opening(form, engines)
    for case in form.cases:
        yield _case(form, case, engines)


def _opening(form: Form, engines: Sequence[Engine]) -> Iterator[Row]:
    loaded = {engine.name: Measured() for engine in engines}
    reloaded = Measured()
    for _ in range(form.loads or 1):
        for engine in engines:
            measured = loaded[engine.name]
            if measured.has_more_patience:
                measured.take(engine.ask("load", str(form.file)))
            if engine.name == OURS and form.loads:
                reloaded.take(engine.ask("reload", ""))
    if form.loads:
        yield Row(f"{form.title}, from XForm", loaded)
        yield Row(f"{form.title}, from the cache", loaded | {OURS: reloaded}, form.kept_bar)


def _case(form: Form, case: Case, engines: Sequence[Engine]) -> Row:
    measured = {engine.name: Measured() for engine in engines}
    for number in range(case.rounds):
        for engine in engines:
            one = measured[engine.name]
            if not one.has_more_patience:
                continue
            if number and case.ask[0] == "grow":
                engine.ask("load", str(form.file))  # each round from the start
            one.take(engine.ask(*case.line(number)))
    return Row(case.title, measured, case.bar)
