"""An answer as a person says it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fieldapp.ui.questions.adding import ADDER
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.typed import day_of, hour_of, hour_text
from fieldapp.ui.words import day_text

_NEVER_SAID = {"input", ADDER, "upload"}


def answer_words(question: Asked) -> str:
    """In words: those of what was chosen, a day with its weekday, or what was written."""
    return _words(question, question.value)


def last_words(question: Asked) -> str:
    """The answer of last time: values only, never an old note (ux §3)."""
    is_value = question.control not in _NEVER_SAID or (
        question.control == "input" and question.data_type != "string"
    )
    return _words(question, question.place.last) if is_value and question.place.last else ""


def _words(question: Asked, value: str) -> str:
    if question.control in ("select1", "select", "rank"):
        return _chosen_words(question, value)
    if question.control in ("trigger", "upload"):
        is_signed = question.has_appearance("signature")
        name = "확인함" if question.control == "trigger" else "서명함" if is_signed else "1장"
        return QCoreApplication.translate("wording", name) if value else ""
    return _moment_words(question, value)


def _chosen_words(question: Asked, value: str) -> str:
    chosen = [value] if question.control == "select1" else value.split()
    if question.offers is not None:
        return ", ".join(question.offers.choice_label(name) or name for name in chosen if name)
    labels = {choice.value: choice.label for choice in question.choices}
    return ", ".join(labels.get(name, name) for name in chosen if name)


def _moment_words(question: Asked, value: str) -> str:
    day, hour = day_of(value), hour_of(value)
    if question.data_type == "date" and day:
        return day_text(day)
    if question.data_type == "time" and hour:
        return hour_text(hour)
    if question.data_type == "dateTime" and day and hour:
        return f"{day_text(day)} {hour_text(hour)}"
    return value
