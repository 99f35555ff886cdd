"""What a round does to entities, said a second time and simpler than `packs.effects` says it: an
improvement for each of its areas, and the last remark at its household.
"""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.entity import LABEL, SOURCE_DELETED, STATE
from fieldapp.domain.operation import Effect, PropertyChange
from fieldapp.domain.record import RecordDoc
from fieldapp.storage import entities
from fieldapp.storage.sqlite import Database

HOUSEHOLD, IMPROVEMENT = "household", "improvement"
#: The state of a record into which its effects come about, and the first of an improvement.
DONE, RECEIVED = "완료", "접수"


def has_caused(doc: RecordDoc | str) -> bool:
    """Whether a record has been where its effects come about, or a step leads there."""
    if isinstance(doc, str):
        return doc == DONE
    return DONE in (doc.state, *(header.state for header in doc.history))


def caused(
    db: Database, before: Mapping[str, str] | None, after: Mapping[str, str]
) -> tuple[Effect, ...]:
    """The effects of answers; before: those that last caused any, None for the first time."""
    made = [_improvement(db, before, area, found) for area, found in _areas(after).items()]
    gone = [
        _closed(db, area) for area in _areas(before or {}).keys() - _areas(after).keys()
    ]  # a removed repeat deletes nothing
    return tuple(one for one in (*made, *gone, _noted(db, before, after)) if one is not None)


def _areas(answers: Mapping[str, str]) -> dict[str, str]:
    """What was found, by the area's key: a UUID, and its improvement's."""
    return {
        path[len("areas[") : path.index("]")]: text
        for path, text in answers.items()
        if path.startswith("areas[") and path.endswith("]/found")
    }


def _improvement(
    db: Database, before: Mapping[str, str] | None, area: str, found: str
) -> Effect | None:
    stands = entities.find_or_none(db, IMPROVEMENT, area)
    if stands is None:
        values = {LABEL: found, "content": found, STATE: RECEIVED}
        made = {name: PropertyChange(new=text) for name, text in values.items()}
        return Effect(list=IMPROVEMENT, id=area, create=True, set=made)
    earlier = _areas(before or {})
    changes: dict[str, PropertyChange] = {}
    for name, shown in ((LABEL, stands.label), ("content", stands.props.get("content"))):
        was = earlier.get(area, shown) if before is not None else shown
        if was != found:
            changes[name] = PropertyChange(old=was, new=found)
    if area not in earlier and stands.state == SOURCE_DELETED:
        changes[STATE] = PropertyChange(old=SOURCE_DELETED, new=RECEIVED)
    if not changes:
        return None
    return Effect(list=IMPROVEMENT, id=area, base=stands.base, set=changes)


def _closed(db: Database, area: str) -> Effect | None:
    stands = entities.find_or_none(db, IMPROVEMENT, area)
    if stands is None or stands.state == SOURCE_DELETED:
        return None
    change = PropertyChange(old=stands.state, new=SOURCE_DELETED)
    return Effect(list=IMPROVEMENT, id=area, base=stands.base, set={STATE: change})


def _noted(
    db: Database, before: Mapping[str, str] | None, after: Mapping[str, str]
) -> Effect | None:
    about = after.get("household")
    stands = entities.find_or_none(db, HOUSEHOLD, about) if about else None
    if stands is None:
        return None
    was = stands.props.get("last_note") if before is None else before.get("remark")
    new = after.get("remark")
    if was == new:
        return None
    change = PropertyChange(old=was, new=new)
    return Effect(list=HOUSEHOLD, id=stands.entity_id, base=stands.base, set={"last_note": change})
