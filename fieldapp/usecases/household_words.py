"""What a household keeps, in words, in the order of the pane (ux §4: 가는 곳 … 동의)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from fieldapp.packs import property_words
from fieldapp.storage.entities import StoredEntity
from fieldapp.usecases import caseload as cases
from fieldapp.usecases.caseload import age_text
from fieldapp.usecases.session import Session, newest_packs

#: 상담주기 등급 in words (ux §3): the chip's own, which no workbook changes.
GRADE_WORDS: Mapping[str, str] = {
    "risk": "위험", "caution": "주의", "watch": "관심", "closed": "종결(사후)",
}  # fmt: skip
GRADE_UNKNOWN = "미정"
_CONSENTS = (("consent_collect", "수집"), ("consent_sensitive", "민감"), ("consent_photo", "사진"))
_METHODS = {"visit": "방문", "phone": "전화", "center": "내방", "video": "영상통화"}


def facts_of(session: Session, household: StoredEntity) -> tuple[tuple[str, str], ...]:
    """Label and value of every fact that is known of a household."""
    props = household.doc.props
    words = property_words(newest_packs(session), cases.HOUSEHOLDS)

    def said(name: str) -> str:
        value = props.get(name, "")
        choices = words[name].choices if name in words else {}
        return ", ".join(choices.get(part, part) for part in value.split()) if choices else value

    facts = (
        ("가는 곳", props.get(cases.ADDRESS, "")),
        ("연락처", _joined(props.get(cases.PHONE, ""), said("phone_time"))),
        ("비상", props.get("emergency", "")),
        ("가구", _joined(_size(props.get("hh_size", "")), said("traits"))),
        ("지난번", _last(props)),
        ("이용 중", props.get("services", "")),
        ("동의", _consents(props)),
        ("등급", _grade(props)),
        ("담당", props.get(cases.WORKER, "")),
    )
    return tuple((label, value) for label, value in facts if value)


def persons_of(
    session: Session, persons: Sequence[StoredEntity], day: date
) -> tuple[tuple[str, str, str], ...]:
    """Name, relation and age of everybody in a household."""
    words = property_words(newest_packs(session), cases.PERSONS)
    relations = words["relation"].choices if "relation" in words else {}
    return tuple(
        (
            person.label,
            relations.get(person.props.get("relation", ""), person.props.get("relation", "")),
            age_text(day, person.props.get(cases.BIRTH)),
        )
        for person in persons
    )


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _size(text: str) -> str:
    return f"{text}인" if text else ""


def _last(props: Mapping[str, str]) -> str:
    on = props.get("last_contact", "")
    if not on:
        return ""
    day = date.fromisoformat(on[:10])
    method = _METHODS.get(props.get("last_method", ""), "")
    note = props.get("last_note", "")
    return f"{day.month}. {day.day}. {method}{'. ' + note if note else ''}".strip()


def _consents(props: Mapping[str, str]) -> str:
    given = {"agree": "있음", "disagree": "없음"}
    said = [
        f"{label} {given[props[name]]}" for name, label in _CONSENTS if props.get(name) in given
    ]
    return ", ".join(said) or "아직 받지 않음"


def _grade(props: Mapping[str, str]) -> str:
    grade = GRADE_WORDS.get(props.get(cases.GRADE, ""), GRADE_UNKNOWN)
    since = props.get(cases.GRADE_SINCE, "")
    if not since:
        return grade
    day = date.fromisoformat(since[:10])
    return f"{grade} ({day.year}. {day.month}. {day.day}.부터)"
