"""Sections of the summary sheet with measure `table`: rows by a question or property, columns each
counted in its own way.

    source    (empty) records of this form · `repeat areas` · `list improvement`
    rows      question                 a select: one row a choice
              by question              one row a value that occurs (2통 before 10통)
              subject property         by a property of the record's subject
              by property              where the source is a list
              all label                one row
    columns   one a line: `label = …`
              count() · count(condition)
              sum(question) · mean(question) · distinct(question), a condition after a comma
              rows(repeat) · rows(repeat, condition)
              list(list) · list(list, condition)        entities as they stand now
              created(list) · created(list, condition)  entities made in the period
              target(indicator)                         from the list `target`
              rate(label+label, label+label)            of columns that stand above
    decimals  1 (평균 2); counts and targets have none unless named
    missing   na unk                   choices that make no row and no number

A column whose label ends in `%` or `(%)` prints as a percentage. Where the workbook has words for
the values of a property (a question that saves it, or a question or choice list of its name), they
make the rows, in their order.
"""

from __future__ import annotations

from typing import Final, cast, get_args

from fieldapp.domain.plans import Grouping, Rounding, TablePlan, TotalMethod
from fieldapp.packs.conditions import condition_of
from fieldapp.packs.entities import property_choices
from fieldapp.packs.findings import shown
from fieldapp.packs.summary_cells import unit_of_counts
from fieldapp.packs.summary_section import Section
from fieldapp.packs.survey import Choice
from fieldapp.packs.table_columns import Manner, read_columns
from fieldapp.packs.table_sources import Source, question_in, read_source

TABLE: Final = "table"
_NO_HEAD: Final = "구분"


class TableSection(Section):
    """One row of the sheet."""

    def plan(self) -> TablePlan | None:
        """The table; None when it has problems, which are in findings."""
        row = self.row
        caption, unit = self.names()
        missing = frozenset(row["missing"].replace(",", " ").split())
        decimals = self.decimals()
        rounding = self.word("rounding", get_args(Rounding), "half_up")
        total_method = self.word("total_method", get_args(TotalMethod), "none")
        self.refuse("cap", "chart", "num", "den")
        source = read_source(self)
        if source is None:
            return None
        rows = self._rows(source, missing)
        period = self.period() if row["period"] or source.kind != "list" else ""
        where = (
            condition_of(row["where"], self.cell("where"), source.names, self.findings)
            if row["where"]
            else None
        )
        if rows is None:
            return None
        grouping, head = rows
        columns = read_columns(
            self, Manner(source, grouping, missing, decimals, unit_of_counts(unit))
        )
        if not self.is_sound:
            return None
        return TablePlan(
            id=row["id"],
            form_id=self.about.form.id,
            caption=caption,
            unit=unit,
            row_head=row["row_head"] or head,
            rows=grouping,
            columns=columns,
            period_path=period,
            source=source.kind,
            name=source.name,
            rounding=cast("Rounding", rounding),
            total_method=cast("TotalMethod", total_method),
            empty=row["empty"] or "-",
            footnote=row["footnote"],
            where=where,
        )

    def _rows(self, source: Source, missing: frozenset[str]) -> tuple[Grouping, str] | None:
        """What makes a row, and the head above them; None with the reason told."""
        text = " ".join(self.row["rows"].split())
        kind, _, name = text.partition(" ")
        if kind == "all" and name:
            return Grouping("all", label=name), _NO_HEAD
        if kind == "subject" and name:
            subject = self.about.values.get("subject", "")
            if subject and source.kind != "list":
                return self._by_property("subject", subject, name, missing), _NO_HEAD
            problem = "대상의 속성으로 나눌 수 없는 표입니다."
            remedy = "pack 시트에 subject를 적으세요. source가 list이면 'by 속성'으로 적으세요."
        elif kind == "by" and name and source.kind == "list":
            return self._by_property("property", source.name, name, missing), _NO_HEAD
        elif source.kind == "list":
            problem = f"'{shown(text)}'을(를) 읽을 수 없습니다."
            remedy = "대상 목록의 표에는 'by 속성'이나 'all 행 이름'으로 적으세요."
        elif not text:
            problem, remedy = "칸이 비어 있습니다.", "문항 이름이나 'all 행 이름'을 적으세요."
        else:
            return self._by_answer(source, name if kind == "by" and name else text, missing)
        self.tell("rows", problem, remedy)
        return None

    def _by_property(
        self, kind: str, list_name: str, name: str, missing: frozenset[str]
    ) -> Grouping:
        choices = property_choices(self.survey, self.entities, list_name, name)
        labels = _labels(choices, missing)
        return Grouping("subject" if kind == "subject" else "property", name, labels)

    def _by_answer(
        self, source: Source, name: str, missing: frozenset[str]
    ) -> tuple[Grouping, str] | None:
        question = question_in(self, name, source, "rows")
        if question is None:
            return None
        kind = question.kind.name
        if kind == "select_one":
            labels = _labels(self.survey.choices(question), missing)
            return Grouping("answer", question.path, labels), question.label
        if kind in {"select_multiple", "rank", "select_one_from_file"}:
            problem = f"'{shown(name)}'의 답은 행 이름이 될 수 없습니다."
            remedy = "행 이름이 될 말을 담은 calculate 문항을 만들어 그 이름을 적으세요."
        elif not self.row["rows"].startswith("by "):
            problem = f"'{shown(name)}'은(는) 하나를 고르는 문항이 아닙니다."
            remedy = f"답마다 한 행이면 'by {shown(name)}'(으)로 고치세요."
        else:
            label = question.label if question.kind.role == "question" else _NO_HEAD
            return Grouping("answer", question.path), label
        self.tell("rows", problem, remedy)
        return None


def _labels(choices: tuple[Choice, ...], missing: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple((choice.name, choice.label) for choice in choices if choice.name not in missing)
