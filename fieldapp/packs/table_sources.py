"""What a table counts: the records of the form, the instances of a repeat, a list of entities."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.plans import TableSource
from fieldapp.packs.conditions import AnswerNames, Names, PropertyNames
from fieldapp.packs.entities import known_properties
from fieldapp.packs.findings import did_you_mean, shown
from fieldapp.packs.summary_section import Section
from fieldapp.packs.survey import Question


@dataclass(frozen=True, slots=True)
class Source:
    """One source. name: the repeat's generic path, or the list; names: what may be asked of it."""

    kind: TableSource
    name: str
    names: Names


def read_source(section: Section) -> Source | None:
    """The source of a section; None when its cell cannot be read, which is told."""
    text = " ".join(section.row["source"].split())
    kind, _, name = text.partition(" ")
    if text in {"", "form", section.about.form.id}:
        return Source("record", "", AnswerNames(section.survey))
    if kind == "repeat":
        return repeat_source(section, name, "source")
    if kind == "list":
        return list_source(section, name, "source", "list")
    section.tell(
        "source",
        f"'{shown(text)}'에서는 집계하지 않습니다.",
        "칸을 비우거나 'repeat 반복이름', 'list 대상목록'으로 적으세요.",
    )
    return None


def repeat_source(section: Section, name: str, meaning: str) -> Source | None:
    """The instances of the repeat of that name."""
    survey = section.survey
    repeat = survey.repeat(name)
    if repeat is not None:
        return Source("repeat", repeat.path, AnswerNames(survey, (*repeat.repeats, repeat.path)))
    repeats = frozenset(question.name for question in survey.questions if question.is_repeat)
    section.tell(
        meaning,
        f"'{shown(name)}'이라는 반복이 없습니다.",
        did_you_mean(name, repeats, "begin_repeat 행의 이름을 적으세요."),
    )
    return None


def list_source(section: Section, name: str, meaning: str, kind: TableSource) -> Source | None:
    """The entities of the list of that name."""
    lists = section.lists
    if name in lists:
        known = known_properties(section.survey, section.entities, name)
        return Source(kind, name, PropertyNames(known))
    section.tell(
        meaning,
        f"'{shown(name)}'이라는 대상 목록이 없습니다.",
        did_you_mean(name, lists, f"{', '.join(sorted(lists))} 가운데 적으세요."),
    )
    return None


def question_in(section: Section, name: str, source: Source, meaning: str) -> Question | None:
    """The question, if it has one answer for each thing that the source counts; else told."""
    question = section.survey.question(name)
    if question is None:
        section.tell(
            meaning,
            f"'{shown(name)}'이라는 문항이 없습니다.",
            did_you_mean(name, section.survey.names, "survey 시트의 name에 있는 이름을 적으세요."),
        )
        return None
    if source.names.path(name) is None:
        repeat = question.repeats[-1].rpartition("/")[2]
        section.tell(
            meaning,
            f"'{shown(name)}'은(는) 반복 '{repeat}' 안의 문항입니다.",
            f"source에 'repeat {repeat}'을(를) 적거나 반복 밖의 문항으로 고치세요.",
        )
        return None
    return question
