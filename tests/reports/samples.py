"""Figures to print: the twelve invented surveys of P13e, and long or wide tables."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO

from PIL import Image, ImageDraw

from fieldapp.domain.figures import Cell, FigureRow, Figures, Period
from fieldapp.reports.document import Approval, Chart, Document, Paragraph, Section
from fieldapp.reports.filed_form import (
    FiledRow,
    FiledSection,
    FiledSignature,
    record_document,
)
from fieldapp.reports.listing import listing_section
from fieldapp.reports.profiles import BASIC, Profile
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


def overdue() -> Section:
    """The list of invented persons whose contact is late."""
    return listing_section(
        "기한 지난 대상 명단",
        ("이름", "생년·성별", "등급", "마지막 연락", "지난 날", "까닭"),
        (
            (
                "가상-김*나",
                "1948 여",
                "위험",
                "2026. 11. 20.",
                3,
                "7일에 한 번. 무릎이 아파 나가기 어렵다고 함",
            ),
            (
                "가상-박*리",
                "1960 남",
                "위험",
                "2026. 11. 23.",
                0,
                "오늘이 7일째. 세 번 걸었으나 받지 않음",
            ),
            ("가상-최*온", "1944 여", "주의", None, None, "이사한 집 확인 중\n관리사무소에 물음"),
        ),
        ("text", "code", "code", "code", "number", "text"),
        ("본인 확인된 연락만 셈",),
        heading="기한 지난 대상",
        unit="일",
    )


def monthly() -> tuple[Figures, ...]:
    """Visits by 통 with their total first, and fallen ones."""
    return (
        figures(
            "monthly",
            "통별 실적",
            "가구, 건",
            "대상 방문 부재 전화 연계 전월대비 방문율%",
            {
                "합계": "120 41 6 88 9 -3 34.2",
                "1통": "22 8 1 15 2 -1 36.4",
                "2통": "31 9 0 20 3 2 29.0",
                "3통": "67 24 5 53 4 -4 35.8",
            },
            empty="-",
            footnote="",
        ),
    )


def full_report(profile: Profile = BASIC, *, approval: Approval | None = None) -> Document:
    """Everything that a monthly report of 가상-햇살동 can hold."""
    return summary_document(
        monthly(),
        title="2026년 11월 방문·상담 실적",
        office="가상-햇살동 행정복지센터",
        period=NOVEMBER,
        counted_at=COUNTED_AT,
        author="가상-최팀장",
        purpose="월례 보고",
        missing_devices=1,
        demo=True,
        approval=approval or Approval(),
        gist=(
            "방문 41건, 전화 88건으로 대상 120가구를 모두 만남",
            "부재 6건은 다음 날까지 전화로 확인함",
        ),
        extra_sections=(
            Section("방문이 많은 통", (Chart(1, 2, "통별 방문(건)"),)),
            overdue(),
            Section(
                "향후계획",
                (Paragraph("기한 지난 2가구를 이번 주에 찾아감"), Paragraph("2인 방문", "-")),
            ),
        ),
        attachments=("방문 실적표", "기한 지난 대상 명단"),
        late_records=2,
        profile=profile,
    )


def picture(width: int = 640, height: int = 480, kind: str = "JPEG") -> bytes:
    """A drawn room, as a camera's file would hold it."""
    image = Image.new("RGB", (width, height), "#dfe7ee")
    pen = ImageDraw.Draw(image)
    pen.rectangle(
        (width // 8, height // 8, width // 2, height - height // 8), outline="black", width=4
    )
    pen.line((0, height - 1, width, height // 2), fill="#58616a", width=6)
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def signature() -> bytes:
    """Strokes on nothing, as the signature box saves them."""
    image = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).line((10, 80, 90, 20, 150, 80, 280, 30), fill="black", width=6)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def filed_record(*, photos: int = 3, profile: Profile = BASIC) -> Document:
    """A checklist of two invented monitors."""
    return record_document(
        "돌봄센터 현장모니터링 점검표",
        "가상-햇살동 행정복지센터",
        (
            ("시설", "가상-햇살 다함께돌봄센터"),
            ("점검일", "2026. 11. 30. 14:05"),
            ("조사원", "가상-한바다, 가상-윤솔"),
            ("접수번호", "접수 전"),
        ),
        (
            FiledSection(
                "1. 시설 환경",
                (
                    FiledRow("1-1 출입구와 복도에 물건이 쌓여 있지 않다", "4 그렇다"),
                    FiledRow(
                        "1-2 소화기의 점검일이 지나지 않았다",
                        "2 그렇지 않다",
                        "점검표 사진 찍음",
                    ),
                    FiledRow("1-3 아이들 손이 닿는 곳에 위험한 물건이 없다", "5 매우 그렇다"),
                ),
            ),
            FiledSection(
                "2. 급식",
                (
                    FiledRow("2-1 식단표를 붙여 두었다", ""),
                    FiledRow(
                        "2-2 의견",
                        "간식 시간이 늦어 저녁을 남기는 아이가 있음 — 시간을 당기기로 함\n"
                        "냉장고 온도계가 고장 나 새로 달기로 함",
                    ),
                ),
            ),
        ),
        signatures=(
            FiledSignature("조사원 1", "가상-한바다", COUNTED_AT, drawn=signature()),
            FiledSignature("조사원 2", "가상-윤솔", COUNTED_AT, is_same_device=True),
        ),
        photos=[picture(640 + 100 * number, 480) for number in range(photos)],
        dated_on=NOVEMBER.last,
        printed_at=COUNTED_AT,
        author="가상-오사무",
        purpose="결과 보고",
        approval=Approval(("담당", "팀장")),
        demo=True,
        profile=profile,
    )
