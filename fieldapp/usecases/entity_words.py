"""Entities in words: what their lists and their properties are called."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.entity import LABEL, MERGED_INTO, NUMBER, SHARE, STATE
from fieldapp.packs import QuestionWords, property_words
from fieldapp.usecases.session import Session, newest_packs

_LISTS: Mapping[str, str] = {
    "household": "가구", "person": "가구원", "site": "시설", "monitor": "조사원",
    "improvement": "개선사항", "target": "목표·배부",
}  # fmt: skip
#: Properties that no question saves.
_OWN_WORDS: Mapping[str, str] = {
    LABEL: "이름", STATE: "상태", NUMBER: "번호", SHARE: "함께 보기",
    MERGED_INTO: "같은 가구 합치기", "worker": "담당", "pin": "서명 번호", "value": "수",
}  # fmt: skip


def list_word(list_name: str) -> str:
    """What one of a list is called; its name where it has no word."""
    return _LISTS.get(list_name, list_name)


def words_of(session: Session, list_name: str) -> Mapping[str, QuestionWords]:
    """The words of a list's properties: those of the questions that save them, then the app's."""
    own = {name: QuestionWords(text, {}) for name, text in _OWN_WORDS.items()}
    return own | dict(property_words(newest_packs(session), list_name))
