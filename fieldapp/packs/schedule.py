"""The schedule sheet, and which answers make a record a contact (catalog A1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, cast, get_args

from fieldapp.domain.plans import ContactPaths, Schedule, ScheduleRule
from fieldapp.packs.about import About
from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.conditions import Names, PropertyNames, read_condition
from fieldapp.packs.entities import known_properties
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.survey import Question, Survey, is_yes, is_yes_or_no

_Unit: TypeAlias = Literal["day", "month", "half_year"]
_Method: TypeAlias = Literal["any", "visit"]
_HolidayRule: TypeAlias = Literal["before", "after", "none"]
_CONTACT: Final = ("contact_date", "contact_method", "contact_confirmed")
_DAYS: Final = frozenset({"date", "today", "dateTime"})
_VISIT: Final = "visit"
#: Ten years in days: a rule that asks less often is a slip of the pen.
_MOST: Final = 3_650


def read_schedule(
    tables: Mapping[str, Table], about: About, survey: Survey, findings: Findings
) -> Schedule | None:
    """The rules and the contact; None for a workbook that has neither."""
    sheet = tables["schedule"]
    subject = about.values.get("subject", "")
    names = PropertyNames(known_properties(survey, tables["entities"], subject))
    read = (_read_rule(row, names, findings) for row in sheet.rows)
    rules = tuple(rule for rule in read if rule is not None)
    contact = _read_contact(tables["pack"], survey, findings)
    if not sheet.rows and contact is None:
        return None
    if not subject:
        findings.add(
            tables["pack"].title,
            0,
            "value",
            "누구의 상담주기인지 알 수 없습니다.",
            "key에 subject, value에 대상 목록을 적으세요. 예: household",
        )
    return Schedule(subject, rules, contact)


def _read_rule(row: TableRow, names: Names, findings: Findings) -> ScheduleRule | None:
    before = len(findings)

    def tell(meaning: str, problem: str, remedy: str) -> None:
        findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)

    def whole(meaning: str, usual: str) -> int:
        text = row[meaning] or usual
        if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= _MOST:
            return int(text)
        problem = f"'{shown(text)}'은(는) 횟수가 아닙니다." if text else "칸이 비어 있습니다."
        tell(meaning, problem, f"1에서 {_MOST}까지의 수를 적으세요.")
        return 1

    def word(meaning: str, known: tuple[str, ...], usual: str) -> str:
        text = row[meaning] or usual
        if text not in known:
            problem = f"'{shown(text)}'은(는) 쓸 수 없습니다." if text else "칸이 비어 있습니다."
            remedy = f"{', '.join(known)} 가운데 적으세요."
            tell(meaning, problem, did_you_mean(text, frozenset(known), remedy))
        return text

    if not row["label"]:
        tell("label", "칸이 비어 있습니다.", "화면에 보일 말을 적으세요. 예: 7일에 한 번")
    if not is_yes_or_no(row["confirmed_only"]):
        problem = f"'{shown(row['confirmed_only'])}'은(는) 쓸 수 없습니다."
        tell("confirmed_only", problem, "yes 또는 no로 적으세요.")
    rule = ScheduleRule(
        label=row["label"],
        every=whole("every", ""),
        unit=cast("_Unit", word("unit", get_args(_Unit), "")),
        method=cast("_Method", word("method", get_args(_Method), "any")),
        minimum=whole("minimum", "1"),
        confirmed_only=not row["confirmed_only"] or is_yes(row["confirmed_only"]),
        holiday_rule=cast("_HolidayRule", word("holiday_rule", get_args(_HolidayRule), "none")),
        applies_when=read_condition(row, "applies_when", names, findings),
    )
    return rule if len(findings) == before else None


def _read_contact(sheet: Table, survey: Survey, findings: Findings) -> ContactPaths | None:
    """The three questions; all or none of them are named."""
    rows = {row["key"]: row for row in sheet.rows if row["key"] in _CONTACT and row["value"]}
    if not rows:
        return None
    paths: list[str] = []
    for key in _CONTACT:
        if key in rows:
            question = _answer(rows[key], survey, findings)
            paths.append(question.path if question is not None else "")
            if question is not None:
                _check_contact(key, rows[key], question, survey, findings)
        else:
            findings.add(
                sheet.title,
                0,
                "key",
                f"'{key}'가 없습니다.",
                f"{', '.join(_CONTACT)}을(를) 모두 적거나 모두 지우세요.",
            )
    return ContactPaths(*paths) if len(paths) == len(_CONTACT) and all(paths) else None


def _answer(row: TableRow, survey: Survey, findings: Findings) -> Question | None:
    question = survey.question(row["value"])
    if question is not None and not question.repeats:
        return question
    problem = f"'{shown(row['value'])}'은(는) 반복 밖의 문항이 아닙니다."
    remedy = did_you_mean(row["value"], survey.names, "survey 시트에 있는 이름을 적으세요.")
    findings.add(row.sheet, row.number, row.head("value"), problem, remedy)
    return None


def _check_contact(
    key: str, row: TableRow, question: Question, survey: Survey, findings: Findings
) -> None:
    """The day is a day, and the choices have the names that the schedule asks for."""
    kind, choices = question.kind, {choice.name for choice in survey.choices(question)}
    if key == "contact_date" and kind.role != "calculate" and kind.name not in _DAYS:
        problem, remedy = "날짜 문항이 아닙니다.", "date 문항의 이름을 적으세요."
    elif key == "contact_method" and choices and _VISIT not in choices:
        problem = "보기에 방문(visit)이 없습니다."
        remedy = f"방문에 해당하는 보기의 name을 '{_VISIT}'(으)로 고치세요."
    elif key == "contact_confirmed" and choices and "yes" not in choices:
        problem = "보기에 yes가 없습니다."
        remedy = "본인을 확인했을 때 'yes'가 되는 문항의 이름을 적으세요."
    else:
        return
    findings.add(row.sheet, row.number, row.head("value"), problem, remedy)
