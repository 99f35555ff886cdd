"""A total that is not the sum of its parts stops the print and is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.figures import Cell, FigureRow, Figures
from fieldapp.errors import TotalsDiffer
from fieldapp.messages import message_for
from fieldapp.reports.totals import check_totals

from .samples import figures, monthly

COUNTS = ("대상", "방문", "부재", "전화", "연계", "전월대비")


def table(total: str, parts: list[str]) -> Figures:
    rows = {"합계": f"{total} 50.0"} | {f"{n}통": f"{part} 9.9" for n, part in enumerate(parts)}
    return figures("a", "통별 실적", "건, %", "방문 방문율", rows)


def test_columns_that_add_up_pass_and_rates_are_left_alone() -> None:
    check_totals(monthly()[0], COUNTS)
    check_totals(table("41", ["17", "24"]), ["방문"])
    check_totals(table("24", ["24", "-"]), ["방문"])


def test_a_total_that_differs_names_its_table_column_and_both_sums() -> None:
    with pytest.raises(TotalsDiffer) as caught:
        check_totals(table("1041", ["17", "1023"]), ["방문"])

    assert caught.value.facts == {"caption": "통별 실적 방문", "total": "1,041", "parts": "1,040"}
    assert "1,040" in message_for(caught.value).happened


def test_a_table_without_a_total_has_nothing_to_check() -> None:
    check_totals(figures("a", "가", "건", "방문", {"1통": "3"}), ["방문"])


@given(st.lists(st.integers(-(10**9), 10**9), max_size=8), st.integers(-3, 3))
def test_a_total_passes_exactly_when_it_is_the_sum(parts: list[int], off: int) -> None:
    rows = [FigureRow(f"{n}통", (Cell(Decimal(part)),)) for n, part in enumerate(parts)]
    total = FigureRow("합계", (Cell(Decimal(sum(parts) + off)),))
    section = table("0", [])
    section = Figures(
        summary_id="a",
        caption="가",
        unit="건",
        row_head="통",
        columns=("방문",),
        rows=(total, *rows),
        period=section.period,
        counted_at=section.counted_at,
        records=0,
    )

    if off:
        with pytest.raises(TotalsDiffer):
            check_totals(section, ["방문"])
    else:
        check_totals(section, ["방문"])
