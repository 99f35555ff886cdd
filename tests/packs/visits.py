"""The visit log, opened over one household as the app opens it."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.forms import Filling
from fieldapp.packs import effects_of
from tests.forms.rows import Rows
from tests.packs.shipped import HOUSEHOLD, opened, shipped, standing

AS_LAST_TIME = {
    "cared/m_safety": "good", "cared/m_health": "good", "cared/m_care": "good",
    "cared/m_social": "good", "cared/m_service": "ok", "cared/m_link": "enough",
}  # fmt: skip
NOTHING_NEW = {
    "result": "self", **AS_LAST_TIME, "home/inside_seen": "in", "home/hazard": "none",
    "talk/did": "counsel",
}  # fmt: skip
PROMISED = "기초연금 서류 (담당자, 12. 7.까지)\n쌀 10kg (기관, 12. 1.까지)"


def lists(**props: str) -> Mapping[str, Rows]:
    """One household, and the people in it."""
    household = {"name": HOUSEHOLD, "label": "가상-김하나", "grade": "risk", "hh_size": "1",
                 "traits": "elder_alone"}  # fmt: skip
    return {"household": Rows(household | props), "person": Rows()}


def contact(answers: Mapping[str, str], **props: str) -> Filling:
    """A log about the household, opened as the app opens it."""
    return opened("P01", lists(**props), {"household": HOUSEHOLD, **answers})


def left(filling: Filling, **stands: str) -> dict[str, str | None]:
    """Property → new value that the contact leaves at the household."""
    effects = effects_of(shipped("P01"), None, filling, lambda *_: standing(stands))
    (effect,) = [one for one in effects if one.list == "household"]
    return {name: change.new for name, change in effect.set.items()}
