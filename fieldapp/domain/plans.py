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
    """Answers that become typed columns, by full path, because a summary or list names them.

    columns: answers outside repeats. repeats: generic path of a repeat → answers in it, by full
    generic path; an answer of a repeat around it is a column of that one.
    """

    form_id: str
    columns: tuple[tuple[str, ColumnType], ...]
    repeats: Mapping[str, tuple[tuple[str, ColumnType], ...]] = field(default_factory=dict)


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


# Tables: one row a group, each column counted from its own source

#: count: rows; sum, mean, distinct: of the answers at `path`; target: a figure of the `target` list
#: for this indicator; rate: columns divided by columns, in percent, from unrounded values.
TableMeasure = Literal["count", "sum", "mean", "distinct", "target", "rate"]
#: record: records of the form; repeat: instances of a repeat of theirs; list: entities as they
#: stand now; created: entities made in the period.
TableSource = Literal["record", "repeat", "list", "created"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What makes a row, or a column of a crossed table: an answer, a property of the record's
    subject, one of the listed entity.

    labels: value → words in printed order, and no other value has a row; empty: every value that
    occurs, in natural order (2통 before 10통). kind `all`: one row, called `label`.
    """

    kind: Literal["answer", "subject", "property", "all"]
    path: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One printed column of a `TablePlan`.

    name: the generic path of the repeat, or the entity list. Conditions on lists ask properties;
    those on repeats may ask answers of the record and of the repeats around. values: for mean and
    sum, the answers that count (empty: every number). over, under: labels of columns, added up.
    is_percent: the cell is a rate and prints with its decimals.
    """

    label: str
    measure: TableMeasure
    source: TableSource = "record"
    name: str = ""
    path: str = ""
    where: Condition | None = None
    values: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    decimals: int = 0
    unit: str = ""
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A section of the summary sheet with measure `table`, resolved.

    source, name: what a row of the grouping is made of (a form's records, a repeat, a list).
    across: parts the first column, which then prints as one column a value and 계 of them all;
    what has none of the labels prints as 미상, so that no record is lost from 계. The other columns
    stand behind 계, undivided.
    """

    id: str
    form_id: str
    caption: str
    unit: str
    row_head: str
    rows: Grouping
    columns: tuple[TableColumn, ...]
    period_path: str
    source: TableSource = "record"
    name: str = ""
    rounding: Rounding = "half_up"
    total_method: TotalMethod = "none"
    empty: str = "-"
    footnote: str = ""
    where: Condition | None = None
    across: Grouping | None = None


# Contact cycle


@dataclass(frozen=True, slots=True)
class ScheduleRule:
    """One row of the schedule sheet (catalog A1).

    applies_when asks properties of the subject. unit day: days since the last contact that counts;
    month, half_year: calendar periods of `every` units, counted from January, due on their last
    day. holiday_rule: where a due day goes that is no working day.
    """

    label: str
    every: int
    unit: Literal["day", "month", "half_year"]
    method: Literal["any", "visit"]
    minimum: int = 1
    confirmed_only: bool = True
    holiday_rule: Literal["before", "after", "none"] = "none"
    applies_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class ContactPaths:
    """Which answers say when a contact was, how, and whether the person was confirmed (`yes`)."""

    date: str
    method: str
    confirmed: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """The rules of a programme; contact: None when its records are no contacts themselves."""

    subject: str
    rules: tuple[ScheduleRule, ...]
    contact: ContactPaths | None = None


# Copy blocks, parts, entities


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """One block for 행복이음: where it goes, and the XLSForm expression that writes it."""

    target: str
    label: str
    expression: str
    max_chars: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A group (generic path) and the seat that fills it (formats F6)."""

    path: str
    seat: str


@dataclass(frozen=True, slots=True)
class EntityList:
    """A list that the workbook writes or asks, and the properties it saves.

    rules: how a property merges, by the `merge` column of the question that saves it (F5); a
    property without a rule asks a person. card: the properties that a card shows beside the label,
    to whoever an entity is shared with no further than that (F8).
    """

    name: str
    properties: tuple[str, ...] = ()
    rules: Mapping[str, MergeRule] = field(default_factory=dict)
    card: tuple[str, ...] = ()


# The pack itself


@dataclass(frozen=True, slots=True)
class PackProblem:
    """A mistake in a workbook: where it is and how to mend it (Korean sentences).

    row is 1-based as Excel shows it, 0 when the whole sheet is meant; column is the head's name.
    english: problem and remedy once more, where the form's compiler found it.
    """

    sheet: str
    row: int
    column: str
    problem: str
    remedy: str
    english: tuple[str, str] | None = None

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
    summaries: tuple[SummaryPlan | TablePlan, ...]
    schedule: Schedule | None = None
    copies: tuple[CopyPlan, ...] = ()
    parts: tuple[Part, ...] = ()
    entities: tuple[EntityList, ...] = ()

    @property
    def subject(self) -> str | None:
        """The entity list that records are about; its question has the list's name."""
        return self.about.get("subject")

    @property
    def references(self) -> tuple[str, ...]:
        """The reference lists (참고 목록) that it looks things up in: tables from the server."""
        return tuple(self.about.get("lists", "").replace(",", " ").split())

    @property
    def follows(self) -> bool:
        """Whether records may be read where whom they are about has moved to (F8)."""
        return self.about.get("follows") == "yes"
