"""The summary sheet: one printed section a row, to SummaryPlans with nothing left to look up.

How its cells are written, between `·` (or a line break):

    rows      label: question question · …     their answers pooled into one row; of questions
                                               in repeats, those of every instance
              question                         a select: one row a choice
              label                            all records, by the question named like the section
    columns   1 · 2 · … · 응답수 · 평균         likert: choices, valid answers, mean
              예 · 아니오 · 예(%)               rate: choices counted, and the rate itself
              부수                              count
    measure   likert · rate(예, 예+아니오) · count; `table` has a module of its own
    decimals  1 (평균 2)                       for all columns, and for the one named
    period    month by today                   the date question that says which month
    missing   0 9                              choices that stand in no figure
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, cast, get_args

from fieldapp.domain.plans import (
    Condition,
    Rounding,
    SummaryColumn,
    SummaryPlan,
    SummaryRow,
    TablePlan,
    TotalMethod,
)
from fieldapp.packs.about import About
from fieldapp.packs.columns import Table
from fieldapp.packs.conditions import AnswerNames, read_condition
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.summary_cells import Decimals, count_unit_of, parts_of, rate_in
from fieldapp.packs.summary_section import Section
from fieldapp.packs.summary_tables import TABLE, TableSection
from fieldapp.packs.survey import Choice, Question, Survey

_MEASURES: Final = frozenset({"likert", "rate", "count"})
#: Named in the design, not counted yet: refused rather than printed wrong.
_LATER: Final = frozenset({"prepost", "score100"})
#: Measures of a column, not of a section.
_OF_COLUMNS: Final = frozenset({"distinct", "sum", "mean"})
_KNOWN: Final = "likert, rate(분자, 분모), count, table 가운데 적으세요."
_COUNTED: Final = "응답수"
_MEAN: Final = "평균"
_NO_HEAD: Final = "구분"


#: Choices by name: several questions may have the same one under different labels.
Choices: TypeAlias = Mapping[str, list[Choice]]


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed row while it is read: its questions, and the one choice it keeps."""

    label: str
    questions: tuple[Question, ...]
    only: str | None = None


def read_summaries(
    tables: Mapping[str, Table], about: About, survey: Survey, findings: Findings
) -> tuple[SummaryPlan | TablePlan, ...]:
    """The sections in the order of the sheet; those with problems are left out."""
    plans: list[SummaryPlan | TablePlan] = []
    seen: dict[str, int] = {}
    for row in tables["summary"].rows:
        kind = TableSection if row["measure"] == TABLE else _Counting
        section = kind(row, about, survey, tables["entities"], findings)
        twin = seen.setdefault(row["id"], row.number)
        if row["id"] and twin != row.number:
            section.tell(
                "id",
                f"'{shown(row['id'])}'이(가) {twin}행에 이미 있습니다.",
                "다른 이름으로 고치세요.",
            )
        plan = section.plan()
        if plan is not None:
            plans.append(plan)
    return tuple(plans)


class _Counting(Section):
    """A section that counts choices of questions."""

    def plan(self) -> SummaryPlan | None:
        row = self.row
        caption, unit = self.names()
        self._check_source()
        measure = self._measure()
        missing = frozenset(row["missing"].replace(",", " ").split())
        lines = self._lines(missing)
        decimals = self.decimals()
        columns = (
            self._columns(measure, lines, missing, decimals, unit) if lines and measure else ()
        )
        period = self.period()
        rounding = self.word("rounding", get_args(Rounding), "half_up")
        total_method = self.word("total_method", get_args(TotalMethod), "none")
        where: Condition | None = read_condition(
            row, "where", AnswerNames(self.survey), self.findings
        )
        self.refuse("cap", "chart")
        if row["across"]:
            self.tell("across", "table이 아닌 표는 나누어 찍지 않습니다.", "칸을 비우세요.")
        if not self.is_sound or not columns or not period:
            return None
        return SummaryPlan(
            id=row["id"],
            form_id=self.about.form.id,
            caption=caption,
            unit=unit,
            row_head=row["row_head"] or self._row_head(lines),
            rows=tuple(
                SummaryRow(
                    line.label, tuple(question.path for question in line.questions), line.only
                )
                for line in lines
            ),
            columns=columns,
            period_path=period,
            rounding=cast("Rounding", rounding),
            total_method=cast("TotalMethod", total_method),
            empty=row["empty"] or "0",
            footnote=row["footnote"],
            where=where,
        )

    # Cells

    def _check_source(self) -> None:
        source = self.row["source"]
        if source not in {"", "form", self.about.form.id}:
            self.tell(
                "source",
                f"'{shown(source)}'에서는 아직 집계하지 않습니다.",
                "칸을 비우거나, 반복과 대상 목록을 세려면 measure를 table로 고치세요.",
            )

    def _measure(self) -> str:
        text = self.row["measure"]
        name = text.partition("(")[0].strip()
        if text in _MEASURES or rate_in(text):
            return name
        if name in _LATER:
            problem = f"'{shown(name)}'은(는) 아직 집계하지 않는 방법입니다."
            remedy = _KNOWN
        elif name in _OF_COLUMNS:
            problem = f"'{shown(name)}'은(는) 표의 열에 적습니다."
            remedy = f"table로 고치고 columns에 '열 이름 = {name}(문항)'으로 적으세요."
        elif name == "rate":
            problem = f"'{shown(text)}'을(를) 읽을 수 없습니다."
            remedy = "분자와 분모를 쉼표로 나누어 적으세요. 예: rate(예, 예+아니오)"
        else:
            problem = (
                f"'{shown(text)}'이라는 집계 방법이 없습니다." if text else "칸이 비어 있습니다."
            )
            remedy = did_you_mean(name, _MEASURES | {TABLE}, _KNOWN)
        self.tell("measure", problem, remedy)
        return ""

    def _lines(self, missing: frozenset[str]) -> tuple[_Line, ...]:
        lines: list[_Line] = []
        parts = parts_of(self.row["rows"])
        if not parts:
            self.tell("rows", "칸이 비어 있습니다.", "'행 이름: 문항 문항'으로 적으세요.")
        for part in parts:
            label, colon, names = (piece.strip() for piece in part.partition(":"))
            if colon:
                questions = tuple(
                    question
                    for name in names.replace(",", " ").split()
                    if (question := self._question(name, "rows")) is not None
                )
                if not names:
                    self.tell(
                        "rows", f"'{shown(label)}' 행에 문항이 없습니다.", "문항 이름을 적으세요."
                    )
                if not label:
                    self.tell("rows", "이름이 없는 행이 있습니다.", "':' 앞에 행 이름을 적으세요.")
                lines.append(_Line(label, questions))
            elif self.survey.question(part) is not None:
                lines += self._lines_of_choices(part, missing)
            else:
                own = self.survey.question(self.row["id"])
                if own is None:
                    self.tell(
                        "rows",
                        f"'{shown(part)}'이(가) 어느 문항인지 알 수 없습니다.",
                        did_you_mean(
                            part,
                            self.survey.names,
                            f"'{shown(part)}: 문항이름'으로 적으세요.",
                        ),
                    )
                elif (question := self._question(own.name, "rows")) is not None:
                    lines.append(_Line(part, (question,)))
        if any(not line.questions for line in lines):
            return ()
        return tuple(lines)

    def _lines_of_choices(self, name: str, missing: frozenset[str]) -> list[_Line]:
        question = self._question(name, "rows")
        if question is None:
            return []
        return [
            _Line(choice.label, (question,), choice.name)
            for choice in self.survey.choices(question)
            if choice.name not in missing
        ]

    def _question(self, name: str, meaning: str) -> Question | None:
        """A select of a list in the workbook: what can be counted."""
        question = self.survey.question(name)
        if question is None:
            self.tell(
                meaning,
                f"'{shown(name)}'이라는 문항이 없습니다.",
                did_you_mean(name, self.survey.names, "survey 시트의 name에 있는 이름을 적으세요."),
            )
        elif question.kind.name != "select_one":
            self.tell(
                meaning,
                f"'{shown(name)}'은(는) 하나를 고르는 문항이 아닙니다.",
                "select_one 문항으로 고치세요.",
            )
        else:
            return question
        return None

    def _columns(
        self,
        measure: str,
        lines: tuple[_Line, ...],
        missing: frozenset[str],
        decimals: Decimals,
        unit: str,
    ) -> tuple[SummaryColumn, ...]:
        labels = parts_of(self.row["columns"])
        if not labels:
            self.tell("columns", "칸이 비어 있습니다.", "열 이름을 ·로 나누어 적으세요.")
            return ()
        self.check_decimals(decimals, labels)
        choices = self._choices(lines, missing)
        count_unit = count_unit_of(unit)
        if measure == "likert":
            columns = self._likert(labels, choices, decimals, count_unit)
        elif measure == "rate":
            columns = self._rate(labels, choices, decimals, count_unit)
        else:
            columns = self._count(labels, choices, count_unit)
        return tuple(columns)

    def _choices(self, lines: tuple[_Line, ...], missing: frozenset[str]) -> Choices:
        """Every choice of the questions by name, without the missing ones."""
        known: dict[str, list[Choice]] = {}
        for line in lines:
            for question in line.questions:
                for choice in self.survey.choices(question):
                    if choice.name not in missing:
                        known.setdefault(choice.name, []).append(choice)
        return known

    def _likert(
        self,
        labels: tuple[str, ...],
        choices: Choices,
        decimals: Decimals,
        count_unit: str,
    ) -> list[SummaryColumn]:
        valid = tuple(sorted((name for name in choices if name.isdecimal()), key=int))
        columns: list[SummaryColumn] = []
        for label in labels:
            if label == _COUNTED:
                columns.append(SummaryColumn(label, "count", valid, (), 0, count_unit))
            elif label == _MEAN:
                columns.append(SummaryColumn(label, "mean", valid, (), decimals.of(label)))
            elif found := self._choice(label, choices, "columns", (_COUNTED, _MEAN)):
                if not set(found) <= set(valid):
                    self.tell(
                        "columns",
                        f"'{shown(label)}'의 값이 수가 아닙니다.",
                        "likert는 값이 수인 보기만 셉니다. count로 고치거나 그 열을 지우세요.",
                    )
                places = decimals.of(label)
                columns.append(SummaryColumn(label, "share", found, valid, places, "%"))
        return columns

    def _rate(
        self,
        labels: tuple[str, ...],
        choices: Choices,
        decimals: Decimals,
        count_unit: str,
    ) -> list[SummaryColumn]:
        numerator, denominator = self._rate_parts(choices)
        columns: list[SummaryColumn] = []
        for label in labels:
            if label.endswith("%)") or label == "비율":
                places = decimals.of(label)
                columns.append(SummaryColumn(label, "share", numerator, denominator, places, "%"))
            elif label == _COUNTED:
                columns.append(SummaryColumn(label, "count", denominator, (), 0, count_unit))
            elif found := self._choice(label, choices, "columns", (_COUNTED,)):
                columns.append(SummaryColumn(label, "count", found, (), 0, count_unit))
        return columns

    def _count(
        self, labels: tuple[str, ...], choices: Choices, count_unit: str
    ) -> list[SummaryColumn]:
        """One column counts all; several name the choice that each counts."""
        if len(labels) == 1:
            return [SummaryColumn(labels[0], "count", tuple(choices), (), 0, count_unit)]
        return [
            SummaryColumn(label, "count", found, (), 0, count_unit)
            for label in labels
            if (found := self._choice(label, choices, "columns", ()))
        ]

    def _rate_parts(self, choices: Choices) -> tuple[tuple[str, ...], tuple[str, ...]]:
        row = self.row
        written = rate_in(row["measure"])
        texts = (
            (("measure", written[0]), ("measure", written[1]))
            if written
            else (("num", row["num"]), ("den", row["den"]))
        )
        parts: list[tuple[str, ...]] = []
        for meaning, text in texts:
            found: list[str] = []
            pieces = [piece.strip() for piece in text.split("+") if piece.strip()]
            if not pieces:
                self.tell(
                    meaning,
                    "비율의 분자나 분모가 비어 있습니다.",
                    "보기 이름을 적으세요. 예: rate(예, 예+아니오)",
                )
            for piece in pieces:
                found += self._choice(piece, choices, meaning, ()) or ()
            parts.append(tuple(found))
        if parts[0] and parts[1] and not set(parts[0]) <= set(parts[1]):
            self.tell(
                texts[0][0],
                "분자에 있는 보기가 분모에 없습니다.",
                "분모에 분자의 보기도 적으세요. 예: rate(예, 예+아니오)",
            )
        return parts[0], parts[1]

    def _choice(
        self,
        text: str,
        choices: Choices,
        meaning: str,
        others: tuple[str, ...],
    ) -> tuple[str, ...] | None:
        """The choice of that name, or else of that label."""
        if text in choices:
            return (text,)
        found = tuple(
            name
            for name, of_name in choices.items()
            if any(choice.label == text for choice in of_name)
        )
        if found:
            return found
        words = frozenset(
            {choice.label for of_name in choices.values() for choice in of_name}
            | set(choices)
            | set(others)
        )
        self.tell(
            meaning,
            f"'{shown(text)}'이라는 보기가 없습니다.",
            did_you_mean(text, words, f"{', '.join(sorted(words))} 가운데 적으세요."),
        )
        return None

    def _row_head(self, lines: tuple[_Line, ...]) -> str:
        if all(line.only is not None for line in lines):
            return lines[0].questions[0].label
        return _NO_HEAD
