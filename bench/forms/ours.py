"""Our engine as a driven process: a line asks, a line answers (`engines.py` tells the protocol).

Run by `engines.py` as a process of its own, as the other two engines are.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from fieldapp.forms import (
    Element,
    Filling,
    FormDefinition,
    Question,
    Surroundings,
    read_form,
    submission_xml,
)

#: Milliseconds on the clock, and of this process alone.
Spent: TypeAlias = tuple[float, float]

_PLACE = re.compile(r"([^/\[]+)\[(\d+)\]")
_TEXT = re.compile(rb">[^<\s][^<]*</")


class Driver:
    """One form open at a time; each operation gives its milliseconds and what it came to."""

    def __init__(self) -> None:
        now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        self._around = Surroundings(now=lambda: now, record_id="0", seed=1)
        self._filling: Filling | None = None
        self._bodies: list[tuple[Element, ...]] = []
        self._kept = b""

    def load(self, file: str) -> tuple[list[Spent], str]:
        """From the XForm to a filling and its body."""
        xform = Path(file).read_bytes()
        self._filling = None
        took = _ms(lambda: self._open(read_form(xform)))
        self._kept = self._opened.definition.to_bytes()
        return [took], self._told()

    def reload(self, _: str) -> tuple[list[Spent], str]:
        """The form loaded before, from what is kept with its version."""
        self._filling = None
        took = _ms(lambda: self._open(FormDefinition.from_bytes(self._kept)))
        return [took], self._told()

    def fill(self, file: str) -> tuple[list[Spent], str]:
        """Every answer of a file, one a line."""
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        pairs = [(self._path(path), text) for path, _, text in (x.partition("\t") for x in lines)]

        def answer_all() -> None:
            for path, text in pairs:
                self._opened.answer(path, text)

        return [_ms(answer_all)], self._told()

    def answer(self, path: str, looked_at: str, *texts: str) -> tuple[list[Spent], str]:
        """One answer after the other, and after each the value of a question looked at."""
        filling, place, other = self._opened, self._path(path), self._path(looked_at)
        seen: list[str] = []

        def give(text: str) -> None:
            filling.answer(place, text)
            seen.append(filling.value(other))

        return [_ms(lambda text=text: give(text)) for text in texts], seen[-1]  # type: ignore[misc]

    def choose(self, path: str, asked: str, *texts: str) -> tuple[list[Spent], str]:
        """One answer after the other, and after each all choices of another question."""
        filling, place = self._opened, self._path(path)
        question = next(
            one for one in filling.body
            if isinstance(one, Question) and one.path == self._path(asked)
        )  # fmt: skip
        seen: list[tuple[str, ...]] = []

        def give(text: str) -> None:
            filling.answer(place, text)
            seen.append(tuple(choice.label for choice in question.choices))

        spent = [_ms(lambda text=text: give(text)) for text in texts]  # type: ignore[misc]
        return spent, f"{len(seen[-1])} {seen[-1][-1]}"

    def survey(self, path: str, *texts: str) -> tuple[list[Spent], str]:
        """One answer after the other, and after each the state of every question."""
        filling, place = self._opened, self._path(path)

        def give(text: str) -> None:
            filling.answer(place, text)
            for slot in filling.leaves():
                _ = slot.value, slot.is_relevant, slot.is_readonly, slot.is_required, slot.is_valid

        spent = [_ms(lambda text=text: give(text)) for text in texts]  # type: ignore[misc]
        return spent, self._told()

    def grow(self, path: str, count: str) -> tuple[list[Spent], str]:
        """So many instances of a repeat more, one by one."""
        filling, place = self._opened, self._path(path)

        def add_all() -> None:
            for _ in range(int(count)):
                filling.add_repeat(place)

        return [_ms(add_all)], str(len(filling.repeat_paths(place)))

    def write(self, times: str) -> tuple[list[Spent], str]:
        """The submission, several times."""
        made: list[bytes] = []
        spent = [_ms(lambda: made.append(submission_xml(self._opened))) for _ in range(int(times))]
        return spent, str(len(_TEXT.findall(made[-1])))

    def _open(self, definition: FormDefinition) -> None:
        self._filling = Filling.start(definition, self._around)
        self._bodies = [self._filling.body]

    def _told(self) -> str:
        # Attributes are no leaves to the others.
        leaves = [slot for slot in self._opened.leaves() if not slot.model.is_attribute]
        relevant = [slot for slot in leaves if slot.is_relevant]
        answered = sum(1 for slot in relevant if slot.value)
        return f"{len(leaves)} leaves, {len(relevant)} relevant, {answered} answered"

    @property
    def _opened(self) -> Filling:
        if self._filling is None:
            message = "no form is open"
            raise RuntimeError(message)
        return self._filling

    def _path(self, path: str) -> str:
        """`/data/r[2]/q` with the key that the second instance has."""
        _, _, plain = path.removeprefix("/").partition("/")
        filled = ""
        for step in plain.split("/"):
            numbered = _PLACE.fullmatch(step)
            here = f"{filled}/{numbered[1] if numbered else step}".removeprefix("/")
            filled = self._opened.repeat_paths(here)[int(numbered[2]) - 1] if numbered else here
        return filled


def _ms(work: Callable[[], object]) -> Spent:
    began, began_own = time.perf_counter(), time.process_time()
    work()
    clock, own = time.perf_counter() - began, time.process_time() - began_own
    return clock * 1000, own * 1000


def main() -> None:
    """Answer until the asking ends."""
    driver = Driver()
    print("ready", flush=True)
    for line in sys.stdin:
        operation, *arguments = line.rstrip("\n").split("\t")
        try:
            spent, proof = getattr(driver, operation)(*arguments)
        # Whatever it is, it is told in the table; the next case goes on.
        except Exception as error:  # noqa: BLE001
            print("no", type(error).__name__, str(error)[:200], sep="\t", flush=True)
            continue
        told = [f"{clock}/{own}" for clock, own in spent]
        print("ok", proof, *told, sep="\t", flush=True)


if __name__ == "__main__":
    main()
