"""The workbooks of the house in the window: how many keys a visit and a checklist cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QWidget

from fieldapp.forms import Filling, Surroundings
from fieldapp.packs import Pack
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.questions.aids import Aids
from tests.ui.sheets import NOON

LAST = {
    "cared/m_safety": "good",
    "cared/m_health": "good",
    "cared/m_care": "good",
    "cared/m_social": "good",
    "cared/m_service": "ok",
    "cared/m_link": "enough",
}
LISTS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "household": ({"name": "h1", "label": "가상-김하나", "grade": "risk", "hh_size": "1"},),
    "site": ({"name": "s1", "label": "가상-햇살 다함께돌봄센터", "programme": "care"},),
    "monitor": (
        {"name": "m1", "label": "가상-한바다"},
        {"name": "m2", "label": "가상-윤솔"},
    ),
}


class Rows:
    """A short entity list in memory."""

    def __init__(self, rows: tuple[Mapping[str, str], ...]) -> None:
        self._rows = rows

    def find(self, column: str, value: str) -> Iterable[Mapping[str, str]]:
        return [row for row in self._rows if row.get(column) == value]

    def scan(self) -> Iterable[Mapping[str, str]]:
        return iter(self._rows)


class Counted(Hands):
    """Hands that count the keys they press; words are counted as one."""

    keys = 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        super().press(*keys)


def begun(packs: Path, form_id: str, preset: Mapping[str, str]) -> Filling:
    definition = Pack.from_stored((packs / f"{form_id}.pack").read_bytes()).definition
    lists = {name: Rows(LISTS.get(name, ())) for name in definition.external_instances}
    record = "01934f4e-0000-7000-8000-000000000012"
    around = Surroundings(now=lambda: NOON, record_id=record, seed=1)
    filling = Filling.start(definition, around, lists)
    for path, value in preset.items():
        filling.answer(path, value)
    return filling


def shown(view: FillingView, filling: Filling, last: Mapping[str, str]) -> Counted:
    hands = Counted(view)
    sheet = Sheet(aids=Aids(now=lambda: NOON), last=last, is_new=True)
    view.show_form("서식", filling, subject="김*나 님", sheet=sheet)
    hands.settle()
    return hands


def test_routine_visit_with_nothing_changed_takes_at_most_twenty_keys(
    hands_on: Callable[[QWidget], Hands], compiled_packs: Path
) -> None:
    view = FillingView()
    hands_on(view)
    filling = begun(compiled_packs, "P01", {"household": "h1"})
    hands = shown(view, filling, LAST)
    completed: list[str] = []
    view.complete_requested.connect(completed.append)

    hands.press("1")  # 본인 확인
    hands.press("Shift+F4")
    hands.press("1")  # 들어가서 봄
    hands.press("0", "Return")  # 위험 없음
    hands.compose("잘 지낸다고 하심")
    hands.press("Tab", "Tab")
    hands.press("1", "Return")  # 오늘 한 일
    hands.press("Return")  # 새 약속 없음
    hands.press("Ctrl+Return", "Return")

    assert completed == [""], view.banner.words()
    assert hands.keys <= 20
    assert filling.value("cared/m_health") == "good"


def test_checklist_of_twenty_is_scored_by_twenty_digits(
    hands_on: Callable[[QWidget], Hands], compiled_packs: Path
) -> None:
    view = FillingView()
    hands_on(view)
    preset = {"programme": "care", "site": "s1", "visit_state": "done", "conflict_free": "yes"}
    filling = begun(compiled_packs, "P11", preset)
    hands = shown(view, filling, {})
    view.asking.stand_at("areas[n1]/items[n1]/score")

    hands.press(*"45454545454545454545")

    scores = [value for path, value in filling.answers().items() if path.endswith("/score")]
    assert scores == list("45" * 10)
    assert hands.keys == 20
    assert view.asking.walk.scored() == (20, 20)
