"""Sheets to domain's plans, with every mistake of our own rules found on the way.

Reading never stops at a mistake: what can be read is read, so that an officer is told all of them
at once, and so that a stored version opens even under rules that came later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldapp.domain.plans import Plans
from fieldapp.packs.about import check_language, entity_lists, read_about
from fieldapp.packs.columns import Table, read_tables
from fieldapp.packs.copies import read_copies
from fieldapp.packs.entities import check_subject, read_entities
from fieldapp.packs.findings import Findings
from fieldapp.packs.formulas import check_formulas
from fieldapp.packs.merging import read_merge
from fieldapp.packs.projection import projection_of
from fieldapp.packs.schedule import read_schedule
from fieldapp.packs.seats import read_parts
from fieldapp.packs.sheets import Workbook
from fieldapp.packs.summary import read_summaries
from fieldapp.packs.survey import Survey, read_survey
from fieldapp.packs.workflow import read_workflow


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook understood."""

    tables: dict[str, Table]
    survey: Survey
    plans: Plans


def read_plans(workbook: Workbook, findings: Findings, *, is_accepted: bool = False) -> Reading:
    """The plans of a workbook; its mistakes are in findings.

    is_accepted: a version that passed before; expressions that make no plan are not read again.
    """
    tables = read_tables(workbook, findings)
    languages = _languages(tables)
    language = tables["settings"].first()["default_language"] or next(iter(languages), "")
    survey = read_survey(
        tables["survey"], tables["choices"], tables["settings"], findings, language=language
    )
    if not is_accepted:
        check_formulas(survey, tables, findings)
    about = read_about(tables, findings)
    check_language(tables["settings"], languages, findings)
    workflow = read_workflow(tables, survey, findings)
    summaries = read_summaries(tables, about, survey, findings)
    if about.values.get("subject") in entity_lists(tables["entities"]):
        check_subject(tables["pack"], survey, findings)
    schedule = read_schedule(tables, about, survey, findings)
    plans = Plans(
        form=about.form,
        title=about.title,
        kind=about.kind,
        about=about.values,
        workflow=workflow,
        merge=read_merge(survey, findings),
        projection=projection_of(about, survey, summaries, schedule),
        summaries=summaries,
        schedule=schedule,
        parts=read_parts(survey, findings),
        entities=read_entities(tables, survey, findings),
        copies=read_copies(tables, findings),
    )
    return Reading(tables, survey, plans)


def _languages(tables: Mapping[str, Table]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            language for name in ("survey", "choices") for language in tables[name].languages
        )
    )
