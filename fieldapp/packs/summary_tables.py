"""Sections of the summary sheet with measure `table`: rows by a question or property, columns each
counted in its own way.

    source    (empty) records of this form · `repeat areas` · `list improvement`
    rows      question                 a select: one row a choice
              by question              one row a value that occurs (2통 before 10통)
              subject property         by a property of the record's subject
              by property              where the source is a list
              all label                one row
    across    as rows, but `all`: parts the first column into one a value, and 계 behind them; an
              answer that a calculate took from a property has the property's words
    columns   one a line: `label = …`
              count() · count(condition)
              sum(question) · mean(question) · distinct(question), a condition after a comma
              rows(repeat) · rows(repeat, condition)
              list(list) · list(list, condition)        entities as they stand now
              created(list) · created(list, condition)  entities made in the period
              target(indicator)                         from the list `target`
              rate(label+label, label+label)            of columns that stand above
    decimals  1 (평균 2); counts and targets have none unless named
    missing   na unk                   choices that make no row and no number; across: 미상

A column whose label ends in `%` or `(%)` prints as a percentage. Where the workbook has words for
the values of a property (a question that saves it, or a question or choice list of its name), they
make the rows, in their order.
"""

from __future__ import annotations

from typing import Final, cast, get_args

from fieldapp.domain.plans import Grouping, Rounding, TableColumn, TablePlan, TotalMethod
from fieldapp.packs.conditions import condition_of
from fieldapp.packs.entities import choices_taken, property_choices
from fieldapp.packs.findings import shown
from fieldapp.packs.summary_cells import unit_of_counts
from fieldapp.packs.summary_section import Section
from fieldapp.packs.survey import Choice
from fieldapp.packs.table_columns import EACH, Manner, read_columns
from fieldapp.packs.table_sources import Source, question_in, read_source

TABLE: Final = "table"
_NO_HEAD: Final = "구분"
#: What crossed columns end with, and what has none of their values.
_WHOLE: Final = frozenset({"계", "미상"})


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
        rows = self._grouping("rows", source, missing)
        across = self._grouping("across", source, missing) if row["across"] else None
        period = self.period() if row["period"] or source.kind != "list" else ""
        where = (
            condition_of(row["where"], self.cell("where"), source.names, self.findings)
            if row["where"]
            else None
        )
        if rows is None or (across is None and row["across"]):
            return None
        grouping, head = rows
        crossing = across[0] if across else None
        columns = read_columns(
            self, Manner(source, grouping, missing, decimals, unit_of_counts(unit), crossing)
        )
        if crossing is not None and columns:
            self._check_crossed(crossing, columns)
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
            across=crossing,
        )

    def _grouping(
        self, meaning: str, source: Source, missing: frozenset[str]
    ) -> tuple[Grouping, str] | None:
        """What makes a row or a crossed column, and the head; None with the reason told."""
        text = " ".join(self.row[meaning].split())
        kind, _, name = text.partition(" ")
        if kind == "all" and name and meaning == "rows":
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
            remedy = "대상 목록의 표에는 'by 속성'이나, rows이면 'all 행 이름'으로 적으세요."
        elif not text:
            problem, remedy = "칸이 비어 있습니다.", "문항 이름이나 'all 행 이름'을 적으세요."
        else:
            return self._by_answer(meaning, source, missing)
        self.tell(meaning, problem, remedy)
        return None

    def _by_property(
        self, kind: str, list_name: str, name: str, missing: frozenset[str]
    ) -> Grouping:
        choices = property_choices(self.survey, self.entities, list_name, name)
        labels = _labels(choices, missing)
        return Grouping("subject" if kind == "subject" else "property", name, labels)

    def _by_answer(
        self, meaning: str, source: Source, missing: frozenset[str]
    ) -> tuple[Grouping, str] | None:
        text = " ".join(self.row[meaning].split())
        kind, _, after = text.partition(" ")
        name = after if kind == "by" and after else text
        question = question_in(self, name, source, meaning)
        if question is None:
            return None
        of_question = question.kind.name
        if of_question == "select_one":
            labels = _labels(self.survey.choices(question), missing)
            return Grouping("answer", question.path, labels), question.label
        if of_question in {"select_multiple", "rank", "select_one_from_file"}:
            problem = f"'{shown(name)}'의 답은 {EACH[meaning]} 이름이 될 수 없습니다."
            remedy = (
                f"{EACH[meaning]} 이름이 될 말을 담은 calculate 문항을 만들어 그 이름을 적으세요."
            )
        elif name == text:
            problem = f"'{shown(name)}'은(는) 하나를 고르는 문항이 아닙니다."
            remedy = f"답마다 한 {EACH[meaning]}이면 'by {shown(name)}'(으)로 고치세요."
        else:
            label = question.label if question.kind.role == "question" else _NO_HEAD
            taken = (
                choices_taken(self.survey, self.entities, question) if meaning == "across" else ()
            )
            return Grouping("answer", question.path, _labels(taken, missing)), label
        self.tell(meaning, problem, remedy)
        return None

    def _check_crossed(self, across: Grouping, columns: tuple[TableColumn, ...]) -> None:
        """The first column can be parted, and no head stands twice."""
        first, *others = columns
        if first.measure in ("rate", "target"):
            self.tell(
                "columns",
                f"'{shown(first.label)}' 열은 나누어 찍을 수 없습니다.",
                "rate와 target이 아닌 열을 맨 위에 적으세요.",
            )
        heads = {label for _, label in across.labels} | _WHOLE
        for column in others:
            if column.label in heads:
                self.tell(
                    "columns",
                    f"'{shown(column.label)}'이라는 열이 across로 나눈 열에도 있습니다.",
                    "columns에 적은 열의 이름을 고치세요.",
                )


def _labels(choices: tuple[Choice, ...], missing: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple((choice.name, choice.label) for choice in choices if choice.name not in missing)
