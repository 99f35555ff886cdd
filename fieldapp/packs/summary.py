"""The summary sheet: one printed section a row, to SummaryPlans with nothing left to look up.

How its cells are written, between `·` (or a line break):

    rows      label: question question · …     their answers pooled into one row
              question                         a select: one row a choice
              label                            all records, by the question named like the section
    columns   1 · 2 · … · 응답수 · 평균         likert: choices, valid answers, mean
              예 · 아니오 · 예(%)               rate: choices counted, and the rate itself
              부수                              count
    measure   likert · rate(예, 예+아니오) · count
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
    Projection,
    Rounding,
    SummaryColumn,
    SummaryPlan,
    SummaryRow,
    TotalMethod,
)
from fieldapp.packs.about import About
from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.conditions import answers_of, read_condition
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.summary_cells import (
    MOST_DECIMALS,
    Decimals,
    caption_and_unit,
    count_unit_of,
    parts_of,
    period_in,
    rate_in,
)
from fieldapp.packs.survey import Choice, Question, Survey

_MEASURES: Final = frozenset({"likert", "rate", "count"})
#: Named in the design, not counted yet: refused rather than printed wrong.
_LATER: Final = frozenset({"distinct", "sum", "mean", "prepost", "score100"})
_PERIOD_KINDS: Final = frozenset({"date", "today"})
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
) -> tuple[SummaryPlan, ...]:
    """The sections in the order of the sheet; those with problems are left out."""
    plans: list[SummaryPlan] = []
    seen: dict[str, int] = {}
    for row in tables["summary"].rows:
        section = _Section(row, about, survey, findings)
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


def projection_of(about: About, survey: Survey, plans: tuple[SummaryPlan, ...]) -> Projection:
    """The answers that summaries name, typed, in the order of the survey sheet."""
    named = {
        path
        for plan in plans
        for path in (
            plan.period_path,
            *answers_of(plan.where),
            *(path for row in plan.rows for path in row.paths),
        )
    }
    return Projection(
        about.form.id,
        tuple(
            (question.path, question.kind.column_type)
            for question in survey.questions
            if question.path in named
        ),
    )


class _Section:
    """One row of the sheet."""

    def __init__(self, row: TableRow, about: About, survey: Survey, findings: Findings) -> None:
        self._row = row
        self._about = about
        self._survey = survey
        self._findings = findings
        self._before = len(findings)

    def tell(self, meaning: str, problem: str, remedy: str) -> None:
        """One problem of this row."""
        row = self._row
        self._findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)

    def plan(self) -> SummaryPlan | None:
        row = self._row
        for meaning in ("id", "caption"):
            if not row[meaning]:
                self.tell(meaning, "칸이 비어 있습니다.", "구분하는 이름을 적으세요.")
        self._check_source()
        caption, unit = caption_and_unit(row["caption"])
        measure = self._measure()
        missing = frozenset(row["missing"].replace(",", " ").split())
        lines = self._lines(missing)
        decimals = self._decimals()
        columns = (
            self._columns(measure, lines, missing, decimals, unit) if lines and measure else ()
        )
        period = self._period()
        rounding = self._word("rounding", get_args(Rounding), "half_up")
        total_method = self._word("total_method", get_args(TotalMethod), "none")
        where: Condition | None = read_condition(row, "where", self._survey, self._findings)
        self._refuse_unused()
        if len(self._findings) > self._before or not columns or not period:
            return None
        return SummaryPlan(
            id=row["id"],
            form_id=self._about.form.id,
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
        source = self._row["source"]
        if source not in {"", "form", self._about.form.id}:
            self.tell(
                "source",
                f"'{shown(source)}'에서는 아직 집계하지 않습니다.",
                "칸을 비우면 이 서식의 기록을 집계합니다.",
            )

    def _measure(self) -> str:
        text = self._row["measure"]
        name = text.partition("(")[0].strip()
        if text in _MEASURES or rate_in(text):
            return name
        if name in _LATER:
            problem = f"'{shown(name)}'은(는) 아직 집계하지 않는 방법입니다."
            remedy = "likert, rate(분자, 분모), count 가운데 적으세요."
        elif name == "rate":
            problem = f"'{shown(text)}'을(를) 읽을 수 없습니다."
            remedy = "분자와 분모를 쉼표로 나누어 적으세요. 예: rate(예, 예+아니오)"
        else:
            problem = (
                f"'{shown(text)}'이라는 집계 방법이 없습니다." if text else "칸이 비어 있습니다."
            )
            remedy = did_you_mean(
                name, _MEASURES, "likert, rate(분자, 분모), count 가운데 적으세요."
            )
        self.tell("measure", problem, remedy)
        return ""

    def _lines(self, missing: frozenset[str]) -> tuple[_Line, ...]:
        lines: list[_Line] = []
        parts = parts_of(self._row["rows"])
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
            elif self._survey.question(part) is not None:
                lines += self._lines_of_choices(part, missing)
            else:
                own = self._survey.question(self._row["id"])
                if own is None:
                    self.tell(
                        "rows",
                        f"'{shown(part)}'이(가) 어느 문항인지 알 수 없습니다.",
                        did_you_mean(
                            part,
                            self._survey.names,
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
            for choice in self._survey.choices(question)
            if choice.name not in missing
        ]

    def _question(self, name: str, meaning: str) -> Question | None:
        """A select of a list in the workbook, outside repeats: what can be counted now."""
        question = self._survey.question(name)
        if question is None:
            self.tell(
                meaning,
                f"'{shown(name)}'이라는 문항이 없습니다.",
                did_you_mean(
                    name, self._survey.names, "survey 시트의 name에 있는 이름을 적으세요."
                ),
            )
        elif question.repeats:
            self.tell(
                meaning,
                f"'{shown(name)}'은(는) 반복 안의 문항이라 아직 집계하지 않습니다.",
                "반복 밖의 문항으로 고치세요.",
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
        labels = parts_of(self._row["columns"])
        if not labels:
            self.tell("columns", "칸이 비어 있습니다.", "열 이름을 ·로 나누어 적으세요.")
            return ()
        for label in decimals.named:
            if label not in labels:
                self.tell(
                    "decimals",
                    f"'{shown(label)}'이라는 열이 없습니다.",
                    did_you_mean(label, labels, "columns에 있는 열 이름을 적으세요."),
                )
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
                for choice in self._survey.choices(question):
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
        row = self._row
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

    def _decimals(self) -> Decimals:
        text = self._row["decimals"] or "0"
        decimals = Decimals.read(text)
        if decimals is None:
            self.tell(
                "decimals",
                f"'{shown(text)}'은(는) 소수 자릿수가 아닙니다.",
                f"0에서 {MOST_DECIMALS}까지 적으세요. 예: 1 또는 1 (평균 2)",
            )
        return decimals or Decimals(0, {})

    def _period(self) -> str:
        text = self._row["period"]
        name = period_in(text)
        if not name:
            self.tell(
                "period",
                f"'{shown(text)}'은(는) 아직 쓰지 않는 기간입니다."
                if text
                else "칸이 비어 있습니다.",
                "어느 날짜 문항의 달로 나누는지 적으세요. 예: month by today",
            )
            return ""
        question = self._survey.question(name)
        if question is None:
            problem = f"'{shown(name)}'이라는 문항이 없습니다."
            remedy = did_you_mean(name, self._survey.names, "날짜 문항의 이름을 적으세요.")
        elif question.kind.name not in _PERIOD_KINDS or question.repeats:
            problem = f"'{shown(name)}'은(는) 반복 밖의 날짜 문항이 아닙니다."
            remedy = "today나 date 문항의 이름을 적으세요."
        else:
            return question.path
        self.tell("period", problem, remedy)
        return ""

    def _word(self, meaning: str, known: tuple[str, ...], usual: str) -> str:
        text = self._row[meaning] or usual
        if text not in known:
            self.tell(
                meaning,
                f"'{shown(text)}'은(는) 쓸 수 없습니다.",
                did_you_mean(text, frozenset(known), f"{', '.join(known)} 가운데 적으세요."),
            )
        return text

    def _refuse_unused(self) -> None:
        """A rule that nothing applies would print a figure its reader takes for another."""
        for meaning in ("cap", "chart"):
            if self._row[meaning]:
                self.tell(meaning, "아직 쓰지 않는 열입니다.", "칸을 비우세요.")

    def _row_head(self, lines: tuple[_Line, ...]) -> str:
        if all(line.only is not None for line in lines):
            return lines[0].questions[0].label
        return _NO_HEAD
