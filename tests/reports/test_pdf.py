"""The printed page: its words, its faces, its lines."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from fieldapp.errors import GlyphMissing
from fieldapp.messages import message_for
from fieldapp.reports.canvas import Page
from fieldapp.reports.columns import MM
from fieldapp.reports.document import Document, Paragraph, Section
from fieldapp.reports.fonts import ems
from fieldapp.reports.layout import pages_of
from fieldapp.reports.pdf import write_pdf
from fieldapp.reports.preview import page_count, page_text

from .samples import document_of, figures, long_table, overdue, satisfaction

# The twelve surveys, as the page reads when it is copied out of the PDF: kept by hand.
EXPECTED = """\
시연용 가상 자료
- 1 -
가상-오사무 | 2026. 12. 1. 09:00:15 | 용도 월례 보고
가사서비스 이용만족도 조사 결과
2026. 12. 1.(화)
가상-햇살동 행정복지센터
ㅇ 기간 2026. 11. 1. ~ 11. 30.
ㅇ 집계 기준시각 2026. 12. 1. 09:00 (미수신 기기 1대)
ㅇ 집계한 기록 12건
□ 2026년 11월 집계 결과
<표 1> 평가요소별 응답 분포 (단위: %, 명)
평가요소 1 2 3 4 5 응답수 평균
시간준수 0.0 8.3 8.3 41.7 41.7 12 4.17
청소상태 8.3 0.0 8.3 50.0 33.3 12 4.00
태도 0.0 4.5 13.6 36.4 45.5 22 4.23
안내·조치 4.8 9.5 9.5 33.3 42.9 21 4.00
전반적 만족도 0.0 8.3 8.3 33.3 50.0 12 4.25
※ 반올림으로 합계가 일치하지 않을 수 있음
<표 2> 재이용 의향 (단위: 명, %)
구분 예 아니오 예(%)
전체 10 1 90.9
<표 3> 작성 방법별 부수 (단위: 부)
작성 방법 부수
본인이 작성 0
도움받아 작성 1
면접 0
종이 입력 11
※ 무응답과 '말한 적 없음'은 뺌"""


def text_of(pdf: bytes) -> str:
    return "\n".join(page_text(pdf, page) for page in range(page_count(pdf)))


def first_page(document: Document) -> Page:
    return pages_of(document)[1][0]


def test_the_page_reads_as_the_figures_are() -> None:
    document = document_of(satisfaction())

    text = page_text(write_pdf(document), 0)

    assert text.startswith(EXPECTED)
    assert f"검산코드 {document.check_code}" in text
    assert "작성자: 가상-오사무" in text
    assert "자료: 현장기록(가상-햇살동 행정복지센터), 2026. 12. 1. 추출" in text


def test_the_three_tables_of_the_survey_stand_on_one_page() -> None:
    assert page_count(write_pdf(document_of(satisfaction()))) == 1


def test_every_face_is_embedded_and_none_of_the_standard_fourteen_is_named() -> None:
    pdf = write_pdf(document_of(satisfaction()))
    faces = set(re.findall(rb"/BaseFont /([^\s/>]+)", pdf))

    assert {face.split(b"+")[1] for face in faces} == {
        b"PretendardGOV-Regular",
        b"PretendardGOV-Bold",
    }
    assert all(re.fullmatch(rb"[A-Z]{6}", face.split(b"+")[0]) for face in faces)
    assert pdf.count(b"/FontFile2") >= len(faces)
    for standard in (b"Helvetica", b"Times", b"Courier", b"Symbol", b"Dingbats"):
        assert standard not in pdf


def test_the_file_says_its_language_title_and_office_but_no_person() -> None:
    pdf = write_pdf(document_of(satisfaction()))

    assert b"/Lang (ko-KR)" in pdf
    assert b"D:20261201090015+09'00'" in pdf
    assert "가사서비스".encode("utf-16-be") in _unescaped(pdf)
    assert "오사무".encode("utf-16-be") not in _unescaped(pdf)


def _unescaped(pdf: bytes) -> bytes:
    """The information strings as bytes: octal and backslash escapes undone."""
    return re.sub(
        rb"\\([0-7]{3}|.)",
        lambda found: (
            bytes([int(found[1], 8)])
            if len(found[1]) == 3
            else {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}.get(
                found[1], found[1]
            )
        ),
        pdf,
        flags=re.DOTALL,
    )


def test_equal_documents_give_equal_bytes() -> None:
    assert write_pdf(document_of(satisfaction())) == write_pdf(document_of(satisfaction()))


def test_a_long_table_repeats_its_head_on_every_page_and_loses_no_row() -> None:
    pdf = write_pdf(document_of((long_table(120),)))
    pages = [page_text(pdf, page) for page in range(page_count(pdf))]

    assert len(pages) == 5
    assert all("가구 1월 2월 3월 4월 5월 6월" in page for page in pages)
    rows = re.findall(r"^가구 (\d+) ([\d, ]+)$", "\n".join(pages), flags=re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 121))
    assert rows[119][1] == "960 1,080 1,200 1,320 1,440 1,560"
    assert [f"- {number} -" in page for number, page in enumerate(pages, start=1)] == [True] * 5


@pytest.mark.parametrize("rows", range(17, 24))
def test_what_ends_the_document_never_stands_alone_on_a_page(rows: int) -> None:
    pdf = write_pdf(document_of((long_table(rows),)))
    last = page_text(pdf, page_count(pdf) - 1)

    assert "검산코드" in last
    assert f"가구 {rows} " in last


@pytest.mark.parametrize("rows", range(8, 20))
def test_a_heading_goes_to_the_next_page_with_its_table_and_what_ends_the_document(
    rows: int,
) -> None:
    document = document_of((long_table(rows),))
    listed = overdue()
    pdf = write_pdf(replace(document, sections=(*document.sections, listed)))
    pages = [page_text(pdf, page) for page in range(page_count(pdf))]

    (page,) = (page for page in pages if f"□ {listed.heading}" in page)
    assert "가상-김*나" in page


def test_a_row_never_stands_on_two_pages() -> None:
    words = (
        "맞춤돌봄 대상 가구의 안부를 확인하고 생활의 어려움을 함께 살피며 필요한 도움을 잇는 사업"
    )
    rows = {f"시작{number} {words} 끝{number}": "1" for number in range(60)}
    pdf = write_pdf(document_of((figures("a", "긴 이름", "건", "수", rows),)))
    pages = [page_text(pdf, page) for page in range(page_count(pdf))]

    assert len(pages) > 2
    for page in pages:
        assert re.findall(r"시작(\d+)", page) == re.findall(r"끝(\d+)", page)


def test_a_row_taller_than_a_page_goes_on_rather_than_being_cut() -> None:
    label = " ".join(f"낱말{number}" for number in range(2500))
    text = text_of(write_pdf(document_of((figures("a", "가", "건", "수", {label: "7"}),))))

    assert re.findall(r"낱말(\d+)", text) == [str(number) for number in range(2500)]


@pytest.mark.parametrize("columns", [6, 9])
def test_rows_are_at_least_seven_millimetres_high_at_every_size(columns: int) -> None:
    table = figures(
        "a",
        "가",
        "원",
        " ".join(["예산"] * columns),
        {f"나{number}": " ".join(["12345678"] * columns) for number in range(9)},
    )
    page = first_page(document_of((table,)))
    size = next(run.size for run in page.runs if run.text == "나0")
    edges = sorted({rule.y1 for rule in page.rules if rule.y1 == rule.y2 and rule.y1 < 500})

    assert size == (11 if columns == 6 else 9)
    assert len(edges) > 8
    assert all(above - below >= 7 * MM - 1e-6 for below, above in pairwise(edges))


def test_the_box_is_drawn_heavier_than_the_head_and_the_head_than_the_rows() -> None:
    page = first_page(document_of((long_table(5),)))
    thicknesses = {round(rule.thickness / MM, 2) for rule in page.rules}

    assert thicknesses == {0.4, 0.25, 0.12}
    assert page.fills[0].grey == pytest.approx((0xE6 / 255, 0xE8 / 255, 0xEA / 255))


def test_numbers_of_a_column_end_at_one_edge() -> None:
    page = first_page(document_of((figures("a", "가", "건", "수", {"나": "8", "다": "-1234567"}),)))
    runs = {run.text: run for run in page.runs}
    ends = [runs[text].x + ems(text) * runs[text].size for text in ("8", "△1,234,567")]

    assert ends[0] == pytest.approx(ends[1])


def test_more_than_nine_data_columns_turn_the_page() -> None:
    upright = pages_of(document_of((long_table(3, columns=9),)))[0]
    lying = pages_of(document_of((long_table(3, columns=10),)))[0]

    assert upright == pytest.approx((210 * MM, 297 * MM))
    assert lying == pytest.approx((297 * MM, 210 * MM))


def test_columns_that_do_not_fit_go_on_below_with_the_first_column_again() -> None:
    heads = "예산 집행 잔액 이월 불용 반납 계획 실적"
    cells = " ".join(["123456789012345"] * 8)
    text = text_of(write_pdf(document_of((figures("a", "가", "원", heads, {"전체": cells}),))))

    assert text.count("123,456,789,012,345") == 8
    assert text.count("전체") == text.count("<표 1> 가") == 2
    assert "<표 1> 가 (이어짐)" in text


@pytest.mark.parametrize(
    ("character", "codepoint"),
    [
        ("—", "U+2014"),
        ("☑", "U+2611"),
        ("☎", "U+260E"),
        ("\U000f02b1", "U+F02B1"),
        ("😀", "U+1F600"),
        ("ᄀ", "U+1100"),
        ("\x07", "U+0007"),
    ],
)
def test_a_character_that_cannot_be_printed_stops_the_page_and_is_named(
    character: str, codepoint: str
) -> None:
    document = document_of((figures("a", "가", "건", "수", {f"나{character}": "1"}),))

    with pytest.raises(GlyphMissing) as caught:
        write_pdf(document)

    assert caught.value.facts == {"codepoint": codepoint, "place": "표 1 1행"}
    assert codepoint in message_for(caught.value).happened


@pytest.mark.parametrize("field", ["title", "office", "author_line", "demo_line"])
def test_no_text_of_the_page_escapes_the_glyph_check(field: str) -> None:
    document = document_of(satisfaction())
    values = {"title": document.title, "office": "", "author_line": "", "demo_line": ""}

    with pytest.raises(GlyphMissing):
        write_pdf(replace(document, **{field: values[field] + "—"}))  # type: ignore[arg-type]


def test_paragraphs_hang_behind_their_marks() -> None:
    long = "안부 확인이 필요한 가구를 다시 살피고 " * 6
    section = Section("향후계획", (Paragraph(long.strip()), Paragraph("세부 사항", "-")))
    document = replace(document_of(satisfaction()), sections=(section,))
    runs = first_page(document).runs
    first = next(index for index, run in enumerate(runs) if run.text.startswith("ㅇ 안부"))

    assert runs[first + 1].x > runs[first].x
    assert any(run.text == "- 세부 사항" for run in runs)


def test_a_document_without_tables_still_has_its_page() -> None:
    assert page_count(write_pdf(document_of(()))) == 1
