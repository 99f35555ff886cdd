"""A town officer at her laptop, and what she wrote before the journey begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldapp.clock import KOREA, StillClock
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Subject
from fieldapp.storage import entities, records
from fieldapp.storage.records import StoredRecord
from fieldapp.ui.hands import Hands
from fieldapp.ui.widgets.rows import Item
from tests.ui.neighbourhood import household_named, move_in, write

NOON = datetime(2026, 11, 30, 13, 55, tzinfo=KOREA)
HANA = "가상-김하나"
#: A visit ten days ago, as the form keeps it.
LAST_VISIT: Mapping[str, str] = {
    "method": "visit",
    "companion": "nurse",
    "result": "self",
    "cared/m_safety": "good",
    "cared/m_health": "watch",
    "cared/m_care": "good",
    "cared/m_social": "good",
    "cared/m_service": "ok",
    "cared/m_link": "enough",
    "home/inside_seen": "in",
    "home/hazard": "none",
    "talk/did": "counsel",
    "next/next_method": "visit",
}
#: What Shift+F4 repeats of it.
SAME_AGAIN = tuple(path for path in LAST_VISIT if path.startswith("cared/"))


class CountingHands(Hands):
    """Hands whose keys are counted; words are written, not counted."""

    keys = 0

    def press(self, *keys: str) -> None:
        """Press keys, one after another, and count them."""
        self.keys += len(keys)
        super().press(*keys)


@dataclass
class Town:
    """The laptop, its clock, and the household that is due."""

    laptop: WorkerAtLaptop
    clock: StillClock
    hands: CountingHands

    @property
    def hana(self) -> Subject:
        """The household of 가상-김하나."""
        return household_named(self.laptop.session(), HANA)

    def pass_until_noon(self) -> None:
        """Ten days later."""
        self.clock.move(NOON - self.clock.now())

    def begin_visit(self) -> None:
        """오늘, and Enter on the first row that is due: from here on keys count."""
        self.laptop.show("today")
        self.hands.keys = 0
        self.hands.press("Return")
        self.laptop.wait_for_screen("filling")

    def lines_on_today(self) -> tuple[str, ...]:
        """Every row of the shown tab of 오늘, without its heads."""
        lines = self.laptop.desk().today.list.lines()
        return tuple(line.title for line in lines if isinstance(line, Item))

    def household_props(self) -> Mapping[str, str]:
        """What is known of the household."""
        with self.laptop.session().store.reading() as db:
            return entities.find(db, self.hana.list, self.hana.id).doc.props

    def written(self, form_id: str) -> tuple[StoredRecord, ...]:
        """Every record of a form, the newest first."""
        with self.laptop.session().store.reading() as db:
            rows = records.of_form(db, form_id, limit=100)
            found = [records.find(db, RecordId(row.record_id)) for row in rows]
        return tuple(sorted(found, key=lambda record: record.doc.created, reverse=True))


def at_work(laptop: WorkerAtLaptop, clock: StillClock) -> Town:
    """A laptop in counting hands."""
    hands = CountingHands(laptop.window)
    laptop.hands = hands
    return Town(laptop, clock, hands)


def visited_ten_days_ago(town: Town) -> None:
    """Two households moved in; the first was visited, and the second has its cycle kept."""
    session = town.laptop.session()
    move_in(session)
    answers = {path.replace("/", "__"): value for path, value in LAST_VISIT.items()}
    write(session, "P01", town.hana, **answers)
    town.pass_until_noon()
