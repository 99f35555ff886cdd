"""Which answers become columns: those that tables, the schedule and the subject name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from fieldapp.domain.conditions import paths_of
from fieldapp.domain.plans import (
    ColumnType,
    ContactPaths,
    Projection,
    Schedule,
    SummaryPlan,
    TableColumn,
    TablePlan,
)
from fieldapp.packs.about import About
from fieldapp.packs.survey import Question, Survey

_NUMERIC: Final = frozenset({"sum", "mean"})


def projection_of(
    about: About,
    survey: Survey,
    plans: tuple[SummaryPlan | TablePlan, ...],
    schedule: Schedule | None,
) -> Projection:
    """The answers that are named, typed, in the order of the survey sheet.

    A repeat that is only counted has no columns and stands in `repeats` all the same.
    """
    subject = survey.question(about.values.get("subject", ""))
    named = {path for plan in plans for path in _paths(plan)}
    named |= set(_contact_paths(schedule.contact if schedule else None))
    named |= {subject.path} if subject is not None and not subject.repeats else set()
    numbers = {
        column.path
        for column in _columns(plans)
        if column.measure in _NUMERIC and not column.values
    }
    columns: list[tuple[str, ColumnType]] = []
    repeats: dict[str, list[tuple[str, ColumnType]]] = {
        name: [] for plan in plans for name in _repeats(plan)
    }
    for question in survey.questions:
        if question.path in named:
            column = question.path, _type(question, numbers)
            if question.repeats:
                repeats.setdefault(question.repeats[-1], []).append(column)
            else:
                columns.append(column)
    return Projection(
        about.form.id,
        tuple(columns),
        {
            question.path: tuple(repeats[question.path])
            for question in survey.questions
            if question.is_repeat and question.path in repeats
        },
    )


def _type(question: Question, numbers: set[str]) -> ColumnType:
    """What a calculate works out has no type in a workbook; what is added up is a number."""
    is_number = question.path in numbers and question.kind.column_type == "text"
    return "decimal" if is_number else question.kind.column_type


def _paths(plan: SummaryPlan | TablePlan) -> Iterator[str]:
    yield plan.period_path
    if isinstance(plan, SummaryPlan):
        yield from paths_of(plan.where)
        yield from (path for row in plan.rows for path in row.paths)
        return
    for grouping in (plan.rows, plan.across):
        if grouping is not None and grouping.kind == "answer":
            yield grouping.path
    if plan.source != "list":
        yield from paths_of(plan.where)
    for column in plan.columns:
        if column.source in {"record", "repeat"} and column.measure != "rate":
            yield column.path
            yield from paths_of(column.where)


def _columns(plans: Iterable[SummaryPlan | TablePlan]) -> Iterator[TableColumn]:
    for plan in plans:
        if isinstance(plan, TablePlan):
            yield from plan.columns


def _repeats(plan: SummaryPlan | TablePlan) -> Iterator[str]:
    if isinstance(plan, TablePlan):
        if plan.source == "repeat":
            yield plan.name
        yield from (column.name for column in plan.columns if column.source == "repeat")


def _contact_paths(contact: ContactPaths | None) -> tuple[str, ...]:
    return (contact.date, contact.method, contact.confirmed) if contact else ()
