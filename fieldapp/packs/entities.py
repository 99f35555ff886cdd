"""The entities sheet, `save_to`, and lists of entities that a form asks (formats F4, F9).

Which container an entity's node stands in, pyxform works out from what refers to it. Here: which
lists there are, which properties are saved, how each merges, and what pyxform would pass or refuse
in words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fieldapp.domain.entity import LABEL, NUMBER, STATE
from fieldapp.domain.plans import EntityList, MergeRule
from fieldapp.packs.about import entity_lists, reference_lists
from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.kinds import FILE_ENDING
from fieldapp.packs.merging import read_rule
from fieldapp.packs.survey import Choice, Question, Survey, is_yes, is_yes_or_no

_PROPERTY: Final = re.compile(r"[^\W\d][\w.\-]*")
#: As people write it; what is written otherwise is only not mentioned.
_LOOKED_UP: Final = r"""instance\(['"]{}['"]\)/root/item\[[^\[\]]*\]/([\w.\-]+)"""
_TAKEN: Final = re.compile(_LOOKED_UP.format(r"([\w.\-]+)"))
_RESERVED: Final = frozenset({"name", LABEL})
#: What an entity answers beside the properties that forms save.
_GIVEN: Final = ("name", LABEL, "__version")


@dataclass(frozen=True, slots=True)
class Saved:
    """One `save_to`: the question, and the property of the list that its answer becomes."""

    question: Question
    list_name: str
    prop: str


def lists_asked(survey: Survey) -> dict[str, Question]:
    """The lists of entities that the form looks things up in, and the first row that says so."""
    asked: dict[str, Question] = {}
    for question in survey.questions:
        name = question.kind.list_asked or (
            question.name if question.kind.name == "csv-external" else ""
        )
        if name:
            asked.setdefault(name, question)
    return asked


def saved_by(survey: Survey, entities: Table) -> tuple[Saved, ...]:
    """Every `save_to` that can be read, in the order of the survey sheet."""
    names = [row["list_name"] for row in entities.rows if row["list_name"]]
    found: list[Saved] = []
    for question in survey.questions:
        before, hash_sign, after = question.row["save_to"].partition("#")
        if not before:
            continue
        if hash_sign:
            found.append(Saved(question, before.strip(), after.strip()))
        elif len(names) == 1:
            found.append(Saved(question, names[0], before))
    return tuple(found)


def read_entities(
    tables: Mapping[str, Table], survey: Survey, findings: Findings
) -> tuple[EntityList, ...]:
    """The lists that the workbook writes, in the order of the sheet, then those it only asks."""
    sheet = tables["entities"]
    for row in sheet.rows:
        _check_declaration(row, survey, findings)
    references = reference_lists(tables["pack"])
    known = entity_lists(sheet) | references
    asked = lists_asked(survey)
    for name, question in asked.items():
        _check_asked(name, question, known, findings)
    _check_save_to(sheet, survey, findings)
    _check_cards(survey, findings)
    return tuple(one for one in read_lists(sheet, survey) if one.name not in references)


def check_subject(sheet: Table, survey: Survey, findings: Findings) -> None:
    """The question that holds whom a record is about has the name of the subject's list."""
    for row in sheet.rows:
        name = row["value"]
        if row["key"] != "subject" or not name:
            continue
        question = survey.question(name)
        if question is None or question.repeats:
            findings.add(
                row.sheet,
                row.number,
                row.head("value"),
                f"대상을 담는 문항 '{shown(name)}'이(가) 반복 밖에 없습니다.",
                f"survey 시트에 type이 select_one_from_file {shown(name)}{FILE_ENDING}, "
                f"name이 {shown(name)}인 행을 넣으세요.",
            )


def read_lists(sheet: Table, survey: Survey) -> tuple[EntityList, ...]:
    """The lists of a workbook with what they are given; nothing is told."""
    saved = saved_by(survey, sheet)
    written = (row["list_name"] for row in sheet.rows if row["list_name"])
    return tuple(_list(name, saved) for name in dict.fromkeys((*written, *lists_asked(survey))))


def property_choices(
    survey: Survey, entities: Table, list_name: str, prop: str
) -> tuple[Choice, ...]:
    """The words of a property's values, () where the workbook has none.

    They are the choices of the question that saves it here, or else of the question or the choice
    list that has its name: a form that only reads a property names it the same way.
    """
    saving = [
        saved.question
        for saved in saved_by(survey, entities)
        if (saved.list_name, saved.prop) == (list_name, prop)
    ]
    for question in (*saving, *survey.named(prop)):
        if question.kind.name == "select_one" and survey.choices(question):
            return survey.choices(question)
    return survey.lists.get(prop, ())


def choices_taken(survey: Survey, entities: Table, question: Question) -> tuple[Choice, ...]:
    """The words of what a calculate takes from an entity as it stands then; () for any other."""
    taken = _TAKEN.fullmatch(question.row["calculation"].strip())
    if taken is None or question.kind.role == "question":
        return ()
    return property_choices(survey, entities, taken[1], taken[2])


def _list(name: str, saved: tuple[Saved, ...]) -> EntityList:
    mine = [one for one in saved if one.list_name == name]
    rules: dict[str, MergeRule] = {}
    for one in mine:
        # Told by read_merge already, whatever is wrong with it.
        rule = read_rule(one.question, Findings())
        if rule is None and one.question.kind.role != "question":
            # What a form works out asks nobody, unless its row says `ask` (F5).
            rule = "last"
        if rule is not None and rule != "ask":
            rules.setdefault(one.prop, rule)
    card = dict.fromkeys(one.prop for one in mine if is_yes(one.question.row["card"]))
    return EntityList(name, tuple(dict.fromkeys(one.prop for one in mine)), rules, tuple(card))


def _check_cards(survey: Survey, findings: Findings) -> None:
    """What a card shows stands at the question that saves it (F8)."""
    for question in survey.questions:
        row = question.row
        if row["card"] and (not row["save_to"] or not is_yes_or_no(row["card"])):
            findings.add(
                row.sheet,
                row.number,
                row.head("card"),
                f"card에 쓸 수 없는 말입니다: '{shown(row['card'])}'.",
                "save_to가 있는 문항에만 yes로 적으세요. 함께 보는 사람의 카드에 그 값이 보입니다.",
            )


def _check_declaration(row: TableRow, survey: Survey, findings: Findings) -> None:
    def tell(meaning: str, problem: str, remedy: str) -> None:
        findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)

    name = row["list_name"]
    if not name:
        tell("list_name", "대상 목록의 이름이 비어 있습니다.", "household 같은 이름을 적으세요.")
    elif not _PROPERTY.fullmatch(name) or "." in name or name.startswith("__"):
        tell(
            "list_name",
            f"'{shown(name)}'은(는) 대상 목록의 이름으로 쓸 수 없습니다.",
            "영문자로 시작해 영문자, 숫자, _만으로 적으세요.",
        )
    if row["update_if"] and not row["entity_id"]:
        tell("entity_id", "어느 대상을 고치는지 비어 있습니다.", "'${문항이름}'으로 적으세요.")
    if row["entity_id"] and row["create_if"] and not row["update_if"]:
        tell(
            "update_if",
            "새로 만들 때와 고칠 때를 가릴 수 없습니다.",
            "update_if에 고칠 때의 조건을 적거나 create_if를 비우세요.",
        )
    if not (row["entity_id"] or row["update_if"] or row["label"]):
        tell("label", "새 대상의 이름이 비어 있습니다.", "이름이 될 식을 적으세요. 예: ${content}")
    in_repeat = any(
        saved.list_name == name and saved.question.repeats for saved in saved_by(survey, row.table)
    )
    if in_repeat and not (row["entity_id"] or row["create_if"]):
        tell(
            "create_if",
            "반복의 첫 줄은 비어 있어도 대상을 만듭니다.",
            "언제 만드는지 적으세요. 예: ${content}!=''",
        )


def _check_asked(name: str, question: Question, known: frozenset[str], findings: Findings) -> None:
    if name in known:
        return
    row = question.row
    findings.add(
        row.sheet,
        row.number,
        row.head("type" if question.kind.list_asked else "name"),
        f"'{shown(name)}'이라는 대상 목록이 없습니다.",
        did_you_mean(
            name,
            known,
            f"{', '.join(sorted(known))} 가운데 적거나 choices 시트에 목록을 만드세요. "
            "서버에서 받는 참고 목록이면 pack 시트의 lists에 그 이름을 적으세요.",
        ),
    )


def _check_save_to(sheet: Table, survey: Survey, findings: Findings) -> None:
    names = [row["list_name"] for row in sheet.rows if row["list_name"]]
    seen: dict[tuple[str, str], int] = {}
    for question in survey.questions:
        text = question.row["save_to"]
        if not text:
            continue
        problem = _problem_of(text, question, names, seen)
        if problem is not None:
            row = question.row
            findings.add(row.sheet, row.number, row.head("save_to"), *problem)


def _problem_of(
    text: str, question: Question, names: list[str], seen: dict[tuple[str, str], int]
) -> tuple[str, str] | None:
    """What is wrong with a `save_to`, and what to write instead."""
    before, hash_sign, after = (part.strip() for part in text.partition("#"))
    list_name = before if hash_sign else (names[0] if len(names) == 1 else "")
    prop = after if hash_sign else before
    problem = _list_problem(list_name, prop, names) or _property_problem(prop, question)
    if problem is not None:
        return problem
    twin = seen.setdefault((list_name, prop), question.row.number)
    if twin == question.row.number:
        return None
    return (
        f"'{shown(prop)}' 속성은 {twin}행에서 이미 남깁니다.",
        "calculate 문항 하나로 합쳐 그 문항에 적으세요.",
    )


def _list_problem(list_name: str, prop: str, names: list[str]) -> tuple[str, str] | None:
    if not names:
        return "entities 시트가 비어 있습니다.", "entities 시트에 대상 목록을 적으세요."
    if not list_name:
        remedy = f"'{names[0]}#{shown(prop)}'처럼 적으세요."
        return "대상 목록이 여럿이라 어느 목록인지 알 수 없습니다.", remedy
    if list_name in names:
        return None
    return (
        f"'{shown(list_name)}'은(는) entities 시트에 없는 목록입니다.",
        did_you_mean(list_name, names, "entities 시트의 list_name에 있는 이름을 적으세요."),
    )


def _property_problem(prop: str, question: Question) -> tuple[str, str] | None:
    if question.kind.role not in {"question", "calculate", "metadata"}:
        return "답이 없는 행은 대상에 남길 수 없습니다.", "칸을 비우고 문항에 적으세요."
    if prop == NUMBER:
        return "접수번호(no)는 서버가 매깁니다.", "workflow의 effect에 number를 적고 비우세요."
    if prop in _RESERVED or prop.startswith("__") or not _PROPERTY.fullmatch(prop):
        return (
            f"'{shown(prop)}'은(는) 속성 이름으로 쓸 수 없습니다.",
            "다른 이름으로 고치세요. 대상의 이름은 entities 시트의 label에 적습니다.",
        )
    return None


def known_properties(survey: Survey, entities: Table, list_name: str) -> frozenset[str]:
    """The properties of a list that the workbook saves or looks up in some calculation."""
    looked_up = re.compile(_LOOKED_UP.format(re.escape(list_name)))
    return frozenset(
        {STATE, NUMBER, *_GIVEN}
        | {one.prop for one in saved_by(survey, entities) if one.list_name == list_name}
        | {
            prop
            for question in survey.questions
            for prop in looked_up.findall(question.row["calculation"])
        }
    )


def standing_columns(entities: EntityList) -> frozenset[str]:
    """The columns of a list's rows that this workbook can be sure of."""
    return frozenset({*_GIVEN, *entities.properties})
