"""From a key to the painted screen while a form is filled, beside a bare line of text.

Three hands: a number among 1,000 questions, digits down the grid of a checklist, and letters that
search 20,000 households. The floor is a QLineEdit in a bare window under the same style sheet; all
are painted offscreen in this process. Bar (design.md §4): 16 ms p95, a frame, on a machine that has
nothing else to do; process time is told beside it, which says what a busy one hides. Turning to a
page that was not made yet is told apart. Run: `make bench ARGS=typing`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from bench.forms.lists import HOUSEHOLDS, Households, visit_of
from bench.forms.sheets import mixed, xform_of
from bench.measuring import quantile
from fieldapp.clock import KOREA
from fieldapp.forms import Filling, FormDefinition, Surroundings, read_form
from fieldapp.forms.instances import Instance
from fieldapp.packs import read_pack
from fieldapp.settings import read_settings
from fieldapp.ui.application import build_application
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.view import FillingView

SIZE = (1093, 534)
BAR_MS = 16.0
KEYS = 60
CHECKLIST = Path(__file__).resolve().parent.parent / "resources" / "packs" / "P11.xlsx"
NOON = datetime(2026, 11, 30, 13, 55, tzinfo=KOREA)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of each key, on the clock and of this process."""

    clock_ms: Sequence[float]
    process_ms: Sequence[float]

    def line(self, what: str, floor_ms: float) -> str:
        """One line of the table."""
        p95, own = quantile(self.clock_ms, 0.95), quantile(self.process_ms, 0.95)
        middle = quantile(self.clock_ms, 0.5)
        ratio = middle / floor_ms
        return f"{what:44} {middle:7.1f} {p95:7.1f} {own:9.1f} {ratio:8.1f} ×"


class Rows:
    """A short list in memory."""

    def __init__(self, *rows: Mapping[str, str]) -> None:
        self._rows = rows

    def find(self, column: str, value: str) -> Iterable[Mapping[str, str]]:
        """The rows with a value."""
        return [row for row in self._rows if row.get(column) == value]

    def scan(self) -> Iterable[Mapping[str, str]]:
        """All."""
        return self._rows


def main() -> int:
    """Print what was measured; 1 when a bar was missed in process time."""
    application = build_application(["bench"], read_settings().fonts)
    bare = QLineEdit()
    bare.resize(*SIZE)
    bare.show()
    bare.setFocus()
    floor = _spent(KEYS, lambda _: QTest.keyClick(bare, Qt.Key.Key_A))
    floor_ms = quantile(floor.clock_ms, 0.5)
    bare.hide()
    told = [("floor: a bare line of text", floor), *_number(), *_grid(), *_search()]
    print(f"{'a key, ms':44} {'median':>7} {'p95':>7} {'of it own':>9} {'to floor':>8}")
    for what, spent in told:
        print(spent.line(what, floor_ms))
    application.closeAllWindows()
    slow = [
        what
        for what, spent in told
        if not what.startswith("page") and quantile(spent.process_ms, 0.95) > BAR_MS
    ]
    print(f"over {BAR_MS:.0f} ms of their own: {', '.join(slow) or 'none'}")
    return 1 if slow else 0


def _number() -> Iterable[tuple[str, Spent]]:
    view = _opened(read_form(xform_of(mixed(1_000)).encode()))
    view.asking.stand_at("g25/q506")
    QApplication.processEvents()
    spent = _spent(KEYS, lambda n: _press(Qt.Key.Key_1 if n % 4 else Qt.Key.Key_Backspace))
    view.close()
    yield "a digit into a number, 1,000 questions", spent


def _grid() -> Iterable[tuple[str, Spent]]:
    definition = read_pack(CHECKLIST.read_bytes(), CHECKLIST.name).definition
    view = _opened(definition)
    for path, value in (("programme", "care"), ("visit_state", "done"), ("conflict_free", "yes")):
        view.asking.answer(path, value)
    here = "areas[n2]/items[n1]/score"
    turned: list[Spent] = []
    for area in range(1, 6):
        path = f"areas[n{area}]/items[n1]/score"
        turned.append(_spent(1, lambda _, path=path: view.asking.stand_at(path)))  # type: ignore[misc]
    view.asking.stand_at(here)
    QApplication.processEvents()

    def score(number: int) -> None:
        if number % 3 == 0:
            view.asking.stand_at(here)
        _press((Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)[number % 3])

    spent = _spent(KEYS, score)
    view.close()
    yield "a score of a checklist", spent
    yield "page of a checklist, made and turned to", _together(turned)


def _search() -> Iterable[tuple[str, Spent]]:
    view = _opened(read_form(visit_of(40)), {"household": Households(HOUSEHOLDS)})
    searched = next(
        question.path
        for section in view.asking.walk.sections
        for question in section.questions
        if question.offers is not None
    )
    view.asking.stand_at(searched)
    QApplication.processEvents()
    yield "a letter into a search of 20,000 rows", _spent(KEYS, _letter)
    view.close()


def _letter(number: int) -> None:
    box = QApplication.focusWidget()
    if not isinstance(box, QLineEdit):
        raise TypeError("the search is not where the keys are")
    if number % 3 == 0:
        box.clear()
    commit = QInputMethodEvent("", [])
    commit.setCommitString("가상-"[number % 3])
    QApplication.sendEvent(box, commit)


def _opened(definition: FormDefinition, lists: Mapping[str, Instance] | None = None) -> FillingView:
    around = Surroundings(
        now=lambda: NOON, record_id="01934f4e-0000-7000-8000-000000000001", seed=1
    )
    short = {
        name: Rows({"name": f"{name}1", "label": f"가상-{name}", "__version": "1"})
        for name in definition.external_instances
    }
    filling = Filling.start(definition, around, {**short, **(lists or {})})
    view = FillingView()
    view.resize(*SIZE)
    view.show()
    view.activateWindow()
    view.show_form("가상 서식", filling, sheet=Sheet(is_new=True))
    QTest.qWaitForWindowActive(view)
    return view


def _press(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    if isinstance(focus, QWidget):
        QTest.keyClick(focus, key)


def _spent(times: int, act: Callable[[int], object]) -> Spent:
    clock, own = [], []
    for number in range(times):
        began, began_own = time.perf_counter(), time.process_time()
        act(number)
        QApplication.processEvents()
        clock.append((time.perf_counter() - began) * 1e3)
        own.append((time.process_time() - began_own) * 1e3)
    return Spent(clock, own)


def _together(parts: Sequence[Spent]) -> Spent:
    return Spent([p.clock_ms[0] for p in parts], [p.process_ms[0] for p in parts])


if __name__ == "__main__":
    sys.exit(main())
