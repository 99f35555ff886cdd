"""The workbooks that are shipped: read once, opened with lists of entities, made again."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from fieldapp.clock import KOREA
from fieldapp.domain.operation import Base
from fieldapp.forms import Filling, Surroundings
from fieldapp.packs import EntityStanding, Pack, open_form
from tests.forms.rows import Rows
from tests.packs.workbooks import read_here

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "packs"
FORMS = ("P00", "P01", "P03", "P11", "P12", "P13a", "P13e", "household", "wellbeing_check")

HOUSEHOLD = "019a0000-0000-7000-8000-0000000000a1"
SITE = "019a0000-0000-7000-8000-0000000000b1"
MONITOR_1 = "019a0000-0000-7000-8000-0000000000c1"
MONITOR_2 = "019a0000-0000-7000-8000-0000000000c2"
IMPROVEMENT = "019a0000-0000-7000-8000-0000000000d1"
RECORD = "019a0000-0000-7000-8000-000000000001"

SURROUNDINGS = Surroundings(
    now=lambda: datetime(2026, 11, 30, 14, 5, tzinfo=KOREA),
    record_id=RECORD,
    seed=1,
    properties={"username": "가상-이담당"},
)


MONITORS = Rows(
    {"name": MONITOR_1, "label": "가상-한바다"}, {"name": MONITOR_2, "label": "가상-윤솔"}
)


@lru_cache
def shipped(form_id: str) -> Pack:
    """The pack of that form, read once."""
    path = FOLDER / f"{form_id}.xlsx"
    return read_here(path.read_bytes(), path.name)


def opened(form_id: str, lists: Mapping[str, Rows], answers: Mapping[str, str]) -> Filling:
    """A blank form with the lists it asks, and then these answers."""
    return answered(open_form(shipped(form_id), SURROUNDINGS, None, lists), answers)


def answered(filling: Filling, answers: Mapping[str, str]) -> Filling:
    """The same filling after these answers, in their order."""
    for path, text in answers.items():
        filling.answer(path, text)
    return filling


def missing(filling: Filling) -> list[str]:
    """The paths that are still wrong, repeat keys of added instances left out."""
    return [violation.path for violation in filling.violations()]


def standing(props: Mapping[str, str], revision: int = 1) -> EntityStanding:
    """An entity as the device knows it."""
    return EntityStanding(props, Base(rev=revision))


def maker(name: str) -> ModuleType:
    """A module of the folder of workbooks: `making`, `make_p01`."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    return importlib.import_module(name)
