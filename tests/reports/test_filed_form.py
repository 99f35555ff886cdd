"""One record on paper: its questions, its signatures, its photographs."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from fieldapp.reports.document import Document, Paragraph, Photo, check_code
from fieldapp.reports.filed_form import FiledRow, FiledSection, FiledSignature, record_document
from fieldapp.reports.hwpx import write_hwpx
from fieldapp.reports.pdf import write_pdf
from fieldapp.reports.pictures import LONGEST_PX, MOST_PIXELS, photo_of
from fieldapp.reports.preview import page_count, page_text
from fieldapp.reports.wording import PERSONAL
from fieldapp.reports.xlsx import write_xlsx

from .samples import COUNTED_AT, NOVEMBER, filed_record, picture, signature
from .test_hwpx import cells_of, data_tables, section_of


def pdf_text() -> str:
    pdf = write_pdf(filed_record())
    return "\n".join(page_text(pdf, page) for page in range(page_count(pdf)))


def test_every_question_stands_with_its_answer_on_the_page() -> None:
    text = pdf_text()

    assert "문항 답 비고\n1. 시설 환경\n1-1 출입구" in text.replace(" \n", "\n")
    assert "4 그렇다" in text
    assert "시간을 당기기로 함\n냉장고 온도계가" in text
    assert text.startswith(PERSONAL)
    assert "접수 전" in text


def test_the_same_stands_in_the_file_of_hangul_and_in_the_workbook() -> None:
    document = filed_record()
    (table,) = (cells_of(table) for table in data_tables(section_of(document)))
    rows = CalamineWorkbook.from_filelike(BytesIO(write_xlsx(document)))
    cells = {value for row in rows.get_sheet_by_name("서식").to_python() for value in row}

    assert [row[0] for row in table if not row[1]] == ["1. 시설 환경", "2. 급식"]
    assert table[3] == ["1-2 소화기의 점검일이 지나지 않았다", "2 그렇지 않다", "점검표 사진 찍음"]
    assert table[6] == ["2-1 식단표를 붙여 두었다", "-", ""]
    assert {cell for row in table for cell in row} <= cells
    assert rows.sheet_names == ["서식"]
    assert f"검산코드 {document.check_code}" in cells


@pytest.mark.parametrize("above", range(20, 30))
@pytest.mark.parametrize("below", [1, 2, 3])
def test_the_head_of_a_group_stands_on_the_page_of_its_first_question(
    above: int, below: int
) -> None:
    sections = (
        FiledSection("앞", tuple(FiledRow(f"앞 {number}", "예") for number in range(above))),
        FiledSection("머리글", tuple(FiledRow(f"뒤 {number}", "예") for number in range(below))),
    )
    pdf = write_pdf(record_of(sections))

    (page,) = (n for n in range(page_count(pdf)) if "머리글" in page_text(pdf, n))
    assert "뒤 0" in page_text(pdf, page)


def record_of(sections: tuple[FiledSection, ...]) -> Document:
    """A record of nothing but these."""
    return record_document(
        "방문기록",
        "가상-햇살동",
        (),
        sections,
        dated_on=NOVEMBER.last,
        printed_at=COUNTED_AT,
        author="",
        purpose=None,
    )


def test_who_signed_when_and_how_is_told_with_the_signature_itself() -> None:
    document = filed_record(photos=0)
    drawn, on_one_screen = document.signed

    assert drawn.text == "가상-한바다  2026. 12. 1. 09:00"
    assert drawn.drawn is not None
    assert on_one_screen.text.endswith("(같은 기기)")
    assert "조사원 2" in page_text(write_pdf(document), 0)
    assert write_pdf(document).count(b"/Subtype /Image") == 1


def test_photographs_go_into_both_printed_files_and_are_named_in_the_workbook() -> None:
    document = filed_record(photos=3)

    assert write_pdf(document).count(b"/Subtype /Image") == 4  # and a signature
    with zipfile.ZipFile(BytesIO(write_hwpx(document))) as package:
        pictures = [name for name in package.namelist() if name.startswith("BinData/")]
        manifest = package.read("Contents/content.hpf").decode()
        section = package.read("Contents/section0.xml").decode()
    assert pictures == [f"BinData/image{number}.jpg" for number in range(1, 5)]
    for number in range(1, 5):
        assert f'id="image{number}" href="BinData/image{number}.jpg"' in manifest
        assert f'binaryItemIDRef="image{number}"' in section
    rows = CalamineWorkbook.from_filelike(BytesIO(write_xlsx(document)))
    texts = [row[0] for row in rows.get_sheet_by_name("서식").to_python()]
    assert {"사진 1", "사진 2", "사진 3"} <= set(texts)


def test_a_photograph_that_cannot_be_read_is_named_and_the_rest_goes_on() -> None:
    document = record_document(
        "방문기록",
        "가상-햇살동",
        (),
        (FiledSection("가", (FiledRow("나", "다"),)),),
        photos=[b"not a picture", picture()],
        dated_on=NOVEMBER.last,
        printed_at=COUNTED_AT,
        author="",
        purpose=None,
    )

    broken, whole = document.sections[-1].blocks
    assert broken == Paragraph("사진 1: 읽을 수 없는 파일", "※")
    assert isinstance(whole, Photo)
    assert "읽을 수 없는 파일" in page_text(write_pdf(document), 0)


def test_equal_records_give_equal_files() -> None:
    for write in (write_pdf, write_hwpx, write_xlsx):
        assert write(filed_record()) == write(filed_record())


def test_the_check_code_of_a_form_changes_with_an_answer() -> None:
    document = filed_record(photos=0)
    table = document.tables[0]
    other = replace(table, rows=table.rows[:-1])

    assert document.check_code == check_code((), document.tables)
    assert check_code((), [other]) != check_code((), [table])


def test_an_instant_without_its_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        record_document(
            "가",
            "나",
            (),
            (),
            signatures=(FiledSignature("조사원", "가상-윤솔"),),
            dated_on=NOVEMBER.last,
            printed_at=datetime(2026, 12, 1),  # noqa: DTZ001
            author="",
            purpose=None,
        )


# Pictures


def test_a_photograph_loses_where_it_was_taken() -> None:
    image = Image.new("RGB", (64, 48), "white")
    exif = image.getexif()
    exif[0x8825] = {1: "N", 2: (37.0, 33.0, 0.0)}
    exif[0x010F] = "camera of somebody"
    taken = BytesIO()
    image.save(taken, "JPEG", exif=exif)

    photo = photo_of(taken.getvalue())

    assert b"camera of somebody" in taken.getvalue()
    assert photo is not None
    assert b"camera of somebody" not in photo.jpeg
    assert not Image.open(BytesIO(photo.jpeg)).getexif()


def test_a_photograph_taken_upright_is_printed_upright() -> None:
    image = Image.new("RGB", (80, 40), "white")
    exif = image.getexif()
    exif[0x0112] = 6  # turned by a quarter
    taken = BytesIO()
    image.save(taken, "JPEG", exif=exif)

    photo = photo_of(taken.getvalue())

    assert photo is not None
    assert (photo.width_px, photo.height_px) == (40, 80)


def test_a_large_photograph_is_made_as_small_as_print_needs() -> None:
    photo = photo_of(picture(4000, 3000))

    assert photo is not None
    assert (photo.width_px, photo.height_px) == (LONGEST_PX, LONGEST_PX * 3 // 4)


def test_a_signature_on_nothing_is_printed_on_white() -> None:
    photo = photo_of(signature())

    assert photo is not None
    assert Image.open(BytesIO(photo.jpeg)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4",
        picture()[:200],
        picture(kind="GIF"),
        b"\xff\xd8\xff\xe0" + bytes(64),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=["empty", "pdf", "cut", "gif", "noise", "svg"],
)
def test_what_is_no_photograph_is_refused(content: bytes) -> None:
    assert photo_of(content) is None


def test_a_picture_that_claims_to_be_a_giant_is_refused_before_it_is_unpacked() -> None:
    side = int(MOST_PIXELS**0.5) + 1
    flat = BytesIO()
    Image.new("1", (side, side)).save(flat, "PNG")

    assert len(flat.getvalue()) < 100_000
    assert photo_of(flat.getvalue()) is None
