"""The cells that every section of the summary sheet has, whatever it measures."""

from __future__ import annotations

from typing import Final

from fieldapp.packs.about import About, entity_lists
from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.expressions import Cell
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.summary_cells import MOST_DECIMALS, Decimals, caption_and_unit, period_in
from fieldapp.packs.survey import Survey

_PERIOD_KINDS: Final = frozenset({"date", "today"})


class Section:
    """One row of the sheet, and what is wrong with it."""

    def __init__(
        self,
        row: TableRow,
        about: About,
        survey: Survey,
        entities: Table,
        findings: Findings,
    ) -> None:
        self.row = row
        self.about = about
        self.survey = survey
        self.entities = entities
        self.findings = findings
        self._before = len(findings)

    @property
    def is_sound(self) -> bool:
        """Whether nothing of this row was told."""
        return len(self.findings) == self._before

    @property
    def lists(self) -> frozenset[str]:
        """The entity lists that it may name."""
        return entity_lists(self.entities)

    def tell(self, meaning: str, problem: str, remedy: str) -> None:
        """One problem of this row."""
        row = self.row
        self.findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)

    def cell(self, meaning: str) -> Cell:
        """Where a cell of this row stands."""
        return Cell(self.row.sheet, self.row.number, self.row.head(meaning))

    def names(self) -> tuple[str, str]:
        """The caption and its unit; an empty id or caption is told."""
        for meaning in ("id", "caption"):
            if not self.row[meaning]:
                self.tell(meaning, "칸이 비어 있습니다.", "구분하는 이름을 적으세요.")
        return caption_and_unit(self.row["caption"])

    def decimals(self) -> Decimals:
        """Places after the point, by column."""
        text = self.row["decimals"] or "0"
        decimals = Decimals.read(text)
        if decimals is None:
            self.tell(
                "decimals",
                f"'{shown(text)}'은(는) 소수 자릿수가 아닙니다.",
                f"0에서 {MOST_DECIMALS}까지 적으세요. 예: 1 또는 1 (평균 2)",
            )
        return decimals or Decimals(0, {})

    def check_decimals(self, decimals: Decimals, labels: tuple[str, ...]) -> None:
        """Every column that decimals names is there."""
        for label in decimals.named:
            if label not in labels:
                self.tell(
                    "decimals",
                    f"'{shown(label)}'이라는 열이 없습니다.",
                    did_you_mean(label, labels, "columns에 있는 열 이름을 적으세요."),
                )

    def period(self) -> str:
        """The path of the date question that says which month a record belongs to."""
        text = self.row["period"]
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
        question = self.survey.question(name)
        if question is None:
            problem = f"'{shown(name)}'이라는 문항이 없습니다."
            remedy = did_you_mean(name, self.survey.names, "날짜 문항의 이름을 적으세요.")
        elif question.kind.name not in _PERIOD_KINDS or question.repeats:
            problem = f"'{shown(name)}'은(는) 반복 밖의 날짜 문항이 아닙니다."
            remedy = "today나 date 문항의 이름을 적으세요."
        else:
            return question.path
        self.tell("period", problem, remedy)
        return ""

    def word(self, meaning: str, known: tuple[str, ...], usual: str) -> str:
        """A cell that says one of a few words."""
        text = self.row[meaning] or usual
        if text not in known:
            self.tell(
                meaning,
                f"'{shown(text)}'은(는) 쓸 수 없습니다.",
                did_you_mean(text, frozenset(known), f"{', '.join(known)} 가운데 적으세요."),
            )
        return text

    def refuse(self, *meanings: str) -> None:
        """A rule that nothing applies would print a figure its reader takes for another."""
        for meaning in meanings:
            if self.row[meaning]:
                self.tell(meaning, "아직 쓰지 않는 열입니다.", "칸을 비우세요.")
