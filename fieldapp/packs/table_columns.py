"""The lines of a table's `columns` cell: `label = count(condition)`, to domain's TableColumns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fieldapp.domain.plans import Condition, Grouping, TableColumn, TableMeasure
from fieldapp.packs.conditions import condition_of
from fieldapp.packs.findings import did_you_mean, shown
from fieldapp.packs.summary_cells import Decimals
from fieldapp.packs.summary_section import Section
from fieldapp.packs.table_sources import Source, list_source, question_in, repeat_source

_LINE: Final = re.compile(r"([^=]+)=\s*([A-Za-z_]+)\s*\((.*)\)\s*", re.DOTALL)
_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
_PERCENT: Final = re.compile(r"\s*(?:%|\(%\))$")
#: Measures of a question's answers, by the word that asks for them.
_OF_ANSWERS: Final[dict[str, TableMeasure]] = {
    "sum": "sum", "mean": "mean", "distinct": "distinct",
}  # fmt: skip
_WORDS: Final = frozenset({*_OF_ANSWERS, "count", "rows", "list", "created", "target", "rate"})
#: What each value of a grouping makes, by the cell that names the grouping.
EACH: Final = {"rows": "행", "across": "열"}
#: The list that targets stand in.
_TARGETS: Final = "target"


@dataclass(frozen=True, slots=True)
class Manner:
    """How the columns of one table are counted and printed. across: what parts the first."""

    source: Source
    grouping: Grouping
    missing: frozenset[str]
    decimals: Decimals
    count_unit: str
    across: Grouping | None = None


def read_columns(section: Section, manner: Manner) -> tuple[TableColumn, ...]:
    """The columns in the order of the lines; those with problems are left out."""
    lines = [line.strip() for line in section.row["columns"].splitlines() if line.strip()]
    if not lines:
        section.tell(
            "columns", "칸이 비어 있습니다.", "한 줄에 하나씩 '열 이름 = count()'로 적으세요."
        )
    columns: list[TableColumn] = []
    for line in lines:
        column = _read_line(line, section, manner, columns)
        if column is not None:
            columns.append(column)
    # A line that could not be read may well be the one that decimals names.
    if lines and len(columns) == len(lines):
        section.check_decimals(manner.decimals, tuple(column.label for column in columns))
    return tuple(columns)


def _read_line(
    line: str, section: Section, manner: Manner, before: list[TableColumn]
) -> TableColumn | None:
    match = _LINE.fullmatch(line)
    word = match[2] if match else ""
    if match is None or word not in _WORDS:
        section.tell(
            "columns",
            f"'{shown(line)}'을(를) 읽을 수 없습니다.",
            did_you_mean(
                word,
                _WORDS,
                "한 줄에 열 하나를 '열 이름 = count(조건)'처럼 적으세요. "
                f"{', '.join(sorted(_WORDS))}을(를) 쓸 수 있습니다.",
            ),
        )
        return None
    label, inside = " ".join(match[1].split()), match[3].strip()
    if any(label == column.label for column in before):
        section.tell(
            "columns",
            f"'{shown(label)}'이라는 열이 두 번 있습니다.",
            "둘 가운데 하나의 이름을 고치세요.",
        )
        return None
    groupings = [manner.grouping]
    if manner.across is not None and not before:
        groupings.append(manner.across)
    return _Column(label, section, manner, groupings).read(word, inside, before)


class _Column:
    """One line, once its label and its word are known."""

    def __init__(
        self, label: str, section: Section, manner: Manner, groupings: Sequence[Grouping]
    ) -> None:
        self._label = label
        self._groupings = groupings
        self._section = section
        self._manner = manner
        self._is_percent = _PERCENT.search(label) is not None

    def read(self, word: str, inside: str, before: list[TableColumn]) -> TableColumn | None:
        """The column that `word(inside)` makes."""
        if word in _OF_ANSWERS:
            return self.of_answers(_OF_ANSWERS[word], inside)
        if word == "rate":
            return self.rate(inside, before)
        if word == "target":
            return self.target(inside)
        if word == "count":
            return self.count(self._manner.source, inside)
        return self.elsewhere(word, inside)

    def count(self, source: Source, condition: str) -> TableColumn | None:
        """`count()`, and what `rows`, `list` and `created` count elsewhere."""
        is_sound, where = self._condition(condition, source)
        if not is_sound:
            return None
        return TableColumn(
            self._label,
            "count",
            source=source.kind,
            name=source.name,
            where=where,
            decimals=self._named_decimals(),
            unit="%" if self._is_percent else self._manner.count_unit,
            is_percent=self._is_percent,
        )

    def elsewhere(self, word: str, inside: str) -> TableColumn | None:
        """`rows(repeat, …)`, `list(list, …)`, `created(list, …)`."""
        name, _, condition = (part.strip() for part in inside.partition(","))
        section = self._section
        if word == "rows":
            if self._manner.source.kind == "list":
                self._tell("대상 목록의 표에서는 반복을 셀 수 없습니다.", "이 열을 지우세요.")
                return None
            source = repeat_source(section, name, "columns")
        else:
            if not self._may_group(name):
                return None
            source = list_source(section, name, "columns", "list" if word == "list" else "created")
        return None if source is None else self.count(source, condition)

    def of_answers(self, measure: TableMeasure, inside: str) -> TableColumn | None:
        """`sum`, `mean` and `distinct` of a question, or of a property where a list is counted."""
        name, _, condition = (part.strip() for part in inside.partition(","))
        source = self._manner.source
        is_sound, where = self._condition(condition, source)
        path, values = name, tuple[str, ...]()
        if source.kind != "list":
            question = question_in(self._section, name, source, "columns")
            if question is None:
                return None
            path, values = question.path, self._numbers(name, measure)
        elif not _NAME.fullmatch(name):
            self._tell(f"'{shown(name)}'은(는) 속성 이름이 아닙니다.", "이름만 적으세요.")
            return None
        if not is_sound:
            return None
        label, decimals = self._label, self._manner.decimals
        return TableColumn(
            label,
            measure,
            source=source.kind,
            name=source.name,
            path=path,
            where=where,
            values=values,
            decimals=decimals.of(label) if measure == "mean" else self._named_decimals(),
            unit="%" if self._is_percent else "",
            is_percent=self._is_percent,
        )

    def target(self, inside: str) -> TableColumn | None:
        """`target(indicator)`: its figure in the list of targets."""
        indicator = inside.strip("'\"")
        if not _NAME.fullmatch(indicator):
            self._tell(
                f"'{shown(inside)}'은(는) 지표 이름이 아닙니다.",
                "target 목록의 indicator에 있는 이름을 적으세요.",
            )
            return None
        return TableColumn(
            self._label,
            "target",
            source="list",
            name=_TARGETS,
            path=indicator,
            decimals=self._named_decimals(),
            unit="%" if self._is_percent else "",
            is_percent=self._is_percent,
        )

    def rate(self, inside: str, before: list[TableColumn]) -> TableColumn | None:
        """`rate(a+b, c+d)` of columns that stand above."""
        over, comma, under = inside.partition(",")
        if not comma:
            self._tell(
                f"'{shown(inside)}'을(를) 나눌 수 없습니다.",
                "분자와 분모를 쉼표로 나누어 적으세요. 예: rate(부재, 방문+부재)",
            )
            return None
        parts = [self._labels_above(text, before) for text in (over, under)]
        if not all(parts):
            return None
        return TableColumn(
            self._label,
            "rate",
            over=parts[0],
            under=parts[1],
            decimals=self._manner.decimals.of(self._label),
            unit="%" if self._is_percent else "",
            is_percent=self._is_percent,
        )

    # Cells

    def _tell(self, problem: str, remedy: str) -> None:
        self._section.tell("columns", f"'{shown(self._label)}' 열: {problem}", remedy)

    def _condition(self, text: str, source: Source) -> tuple[bool, Condition | None]:
        """Whether the condition could be read, and the condition; an empty one is none."""
        if not text:
            return True, None
        section = self._section
        where = condition_of(text, section.cell("columns"), source.names, section.findings)
        return where is not None, where

    def _labels_above(self, text: str, before: list[TableColumn]) -> tuple[str, ...]:
        known = {_plain(column.label): column.label for column in before}
        found: list[str] = []
        for piece in (" ".join(part.split()) for part in text.split("+")):
            label = known.get(_plain(piece))
            if label is None:
                self._tell(
                    f"'{shown(piece)}'이라는 열이 위에 없습니다.",
                    did_you_mean(
                        piece, frozenset(known), "이 줄보다 위에 있는 열 이름을 적으세요."
                    ),
                )
                return ()
            found.append(label)
        return tuple(found)

    def _numbers(self, name: str, measure: TableMeasure) -> tuple[str, ...]:
        """The choices of a select that are numbers; () lets every number count."""
        question = self._section.survey.question(name)
        if question is None or measure == "distinct":
            return ()
        choices = self._section.survey.choices(question)
        numbers = tuple(
            choice.name
            for choice in choices
            if choice.name.isdecimal() and choice.name not in self._manner.missing
        )
        if choices and not numbers:
            self._tell(f"'{shown(name)}'의 값이 수가 아닙니다.", "수를 적는 문항으로 고치세요.")
        return numbers

    def _may_group(self, name: str) -> bool:
        """Entities have no answers: only what they share with the rows can part them."""
        subject = self._section.about.values.get("subject", "")
        lists = {"subject": subject, "property": self._manner.source.name}
        for grouping, cell in zip(self._groupings, EACH, strict=False):
            if grouping.kind != "all" and name != lists.get(grouping.kind):
                by = "행으로" if cell == "rows" else "열로"
                other = "'subject 속성'이나 'all 행 이름'" if cell == "rows" else "'subject 속성'"
                self._tell(
                    f"'{shown(name)}'을(를) 이 표의 {by} 나눌 수 없습니다.",
                    f"{cell} 칸을 {other}으로 고치거나, source에 'list 대상목록'을 적은 표를 "
                    "따로 두세요.",
                )
                return False
        return True

    def _named_decimals(self) -> int:
        """Counts have no places after the point unless they are named."""
        return self._manner.decimals.named.get(self._label, 0)


def _plain(label: str) -> str:
    return _PERCENT.sub("", label)
