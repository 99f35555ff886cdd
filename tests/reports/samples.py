"""Figures to print: the twelve invented surveys of P13e, and long or wide tables."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from fieldapp.domain.figures import Cell, FigureRow, Figures, Period
from fieldapp.reports.document import Document
from fieldapp.reports.summary import summary_document

KOREA = timezone(timedelta(hours=9))
NOVEMBER = Period.month(2026, 11)
COUNTED_AT = datetime(2026, 12, 1, 9, 0, 15, tzinfo=KOREA)
FOOTNOTE = "무응답과 '말한 적 없음'은 뺌"


def cell(text: str) -> Cell:
    """`33.3` is a figure of one place, `-` one that could not be divided."""
    if text == "-":
        return Cell(None, 1)
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Cell(value, max(0, -exponent))


def figures(
    summary_id: str,
    caption: str,
    unit: str,
    columns: str,
    rows: dict[str, str],
    *,
    row_head: str = "구분",
    empty: str = "0",
    footnote: str = FOOTNOTE,
    unprojected: int = 0,
) -> Figures:
    """A section written as words: columns and the cells of a row stand apart by spaces."""
    return Figures(
        summary_id=summary_id,
        caption=caption,
        unit=unit,
        row_head=row_head,
        columns=tuple(columns.split()),
        rows=tuple(
            FigureRow(label, tuple(cell(text) for text in cells.split()))
            for label, cells in rows.items()
        ),
        period=NOVEMBER,
        counted_at=COUNTED_AT,
        records=12,
        unprojected=unprojected,
        empty=empty,
        footnote=footnote,
    )


def satisfaction() -> tuple[Figures, ...]:
    """The three sections of P13e as the twelve surveys fill them."""
    return (
        figures(
            "dist",
            "평가요소별 응답 분포",
            "%, 명",
            "1 2 3 4 5 응답수 평균",
            {
                "시간준수": "0.0 8.3 8.3 41.7 41.7 12 4.17",
                "청소상태": "8.3 0.0 8.3 50.0 33.3 12 4.00",
                "태도": "0.0 4.5 13.6 36.4 45.5 22 4.23",
                "안내·조치": "4.8 9.5 9.5 33.3 42.9 21 4.00",
                "전반적 만족도": "0.0 8.3 8.3 33.3 50.0 12 4.25",
            },
            row_head="평가요소",
        ),
        figures("again", "재이용 의향", "명, %", "예 아니오 예(%)", {"전체": "10 1 90.9"}),
        figures(
            "mode",
            "작성 방법별 부수",
            "부",
            "부수",
            {"본인이 작성": "0", "도움받아 작성": "1", "면접": "0", "종이 입력": "11"},
            row_head="작성 방법",
        ),
    )


def document_of(
    sections: tuple[Figures, ...],
    *,
    title: str = "가사서비스 이용만족도 조사 결과",
    purpose: str | None = "월례 보고",
    demo: bool = True,
    missing_devices: int = 1,
) -> Document:
    """The sections as a document of 가상-햇살동."""
    return summary_document(
        sections,
        title=title,
        office="가상-햇살동 행정복지센터",
        period=NOVEMBER,
        counted_at=COUNTED_AT,
        author="가상-오사무",
        purpose=purpose,
        missing_devices=missing_devices,
        demo=demo,
    )


def long_table(rows: int, columns: int = 6) -> Figures:
    """A table of so many numbered rows: `가구 17` with its own figures."""
    return Figures(
        summary_id="long",
        caption="가구별 방문 실적",
        unit="건",
        row_head="가구",
        columns=tuple(f"{month}월" for month in range(1, columns + 1)),
        rows=tuple(
            FigureRow(
                f"가구 {number}",
                tuple(
                    Cell(Decimal(number * (month + 7) % 4099)) for month in range(1, columns + 1)
                ),
            )
            for number in range(1, rows + 1)
        ),
        period=NOVEMBER,
        counted_at=COUNTED_AT,
        records=rows,
    )
