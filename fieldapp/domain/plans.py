"""What packs build from a workbook and others run: plain frozen data, no behaviour of its own.

storage runs a `SummaryPlan` into `Figures`, the server runs a `MergePlan`, device and server ask a
`Workflow`; none of them knows a workbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fieldapp.domain.operation import FormRef

# Conditions: the subset of XPath that guards, `where` and `applies_when` may use (formats F7).


@dataclass(frozen=True, slots=True)
class AnswerOf:
    """The answer at a path below the form's root."""

    path: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A text or a number."""

    value: str | float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two operands under XPath 1.0 comparison."""

    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    left: AnswerOf | Constant
    right: AnswerOf | Constant


@dataclass(frozen=True, slots=True)
class Selected:
    """`selected(answer, choice)`."""

    answer: AnswerOf
    choice: str


@dataclass(frozen=True, slots=True)
class Not:
    """True when the operand is not."""

    operand: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every operand is."""

    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when some operand is."""

    operands: tuple[Condition, ...]


Condition = Comparison | Selected | Not | AllOf | AnyOf


# Workflow (formats F7)


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """One row of the workflow sheet. `source` is None in the row that names the initial state."""

    object: str
    source: str | None
    target: str
    label: str
    roles: tuple[str, ...]
    guard: Condition | None = None
    guard_message: str = ""
    needs_reason: bool = False
    needs_seen: bool = False
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """The steps of a form's records, in the order of the sheet."""

    steps: tuple[WorkflowStep, ...]


# Merge (formats F5)

MergeRule = Literal["ask", "append", "union", "max", "min", "last"]


@dataclass(frozen=True, slots=True)
class MergePlan:
    """How the answers of one form version merge. Paths are generic: without repeat keys.

    calculated: calculates, read-only fields and metadata, which never conflict.
    groups: fields that mean something only together.
    """

    calculated: frozenset[str] = frozenset()
    rules: Mapping[str, MergeRule] = field(default_factory=dict)
    groups: tuple[frozenset[str], ...] = ()


# Projection: which answers become columns

ColumnType = Literal["text", "integer", "decimal", "date"]


@dataclass(frozen=True, slots=True)
class Projection:
    """Answers that become typed columns, by full path, because a summary or list names them."""

    form_id: str
    columns: tuple[tuple[str, ColumnType], ...]


# Summaries

Rounding = Literal["half_up", "half_even", "trunc"]
TotalMethod = Literal["pooled", "mean_of_printed_rates", "none"]
#: How a column is computed from the counts of a row's answers by value:
#: count: records or answers with one of `values`; share: that in percent of those with one of `of`;
#: mean: mean of the numeric `values`.
Measure = Literal["count", "share", "mean"]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One printed row: the answers at `paths` pooled; `only` keeps those of one choice."""

    label: str
    paths: tuple[str, ...]
    only: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryColumn:
    """One printed column; `values` and `of` are choice names."""

    label: str
    measure: Measure
    values: tuple[str, ...]
    of: tuple[str, ...] = ()
    decimals: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class SummaryPlan:
    """One section of the summary sheet, resolved: no label or choice is left to look up."""

    id: str
    form_id: str
    caption: str
    unit: str
    row_head: str
    rows: tuple[SummaryRow, ...]
    columns: tuple[SummaryColumn, ...]
    period_path: str
    rounding: Rounding = "half_up"
    total_method: TotalMethod = "none"
    empty: str = "0"
    footnote: str = ""
    where: Condition | None = None


# The pack itself


@dataclass(frozen=True, slots=True)
class PackProblem:
    """A mistake in a workbook: where it is and how to mend it (Korean sentences).

    row is 1-based as Excel shows it, 0 when the whole sheet is meant; column is the head's name.
    """

    sheet: str
    row: int
    column: str
    problem: str
    remedy: str

    def as_text(self) -> str:
        """One line: `survey 7행 type: … → …`."""
        place = self.sheet
        if self.row:
            place += f" {self.row}행"
        if self.column:
            place += f" {self.column}"
        return f"{place}: {self.problem} → {self.remedy}"


@dataclass(frozen=True, slots=True)
class Plans:
    """Everything that a workbook says beside its XForm."""

    form: FormRef
    title: str
    kind: str
    about: Mapping[str, str]
    workflow: Workflow
    merge: MergePlan
    projection: Projection
    summaries: tuple[SummaryPlan, ...]
