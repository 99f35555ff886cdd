"""The file of 한글: read back part by part, and by a reader that is not ours."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hwpx import HwpxDocument, validate_package
from lxml import etree

from fieldapp.errors import GlyphMissing
from fieldapp.reports.document import Document, Paragraph, Section, printed
from fieldapp.reports.hwpx import write_hwpx
from fieldapp.reports.profiles import FORMER, LARGE, PROFILES, Profile

from .samples import document_of, figures, full_report, long_table, overdue, satisfaction

_HANCOM = "http://www.hancom.co.kr/hwpml/2011"
NAMES = {
    "hp": f"{_HANCOM}/paragraph",
    "hh": f"{_HANCOM}/head",
    "hc": f"{_HANCOM}/core",
    "hs": f"{_HANCOM}/section",
    "opf": "http://www.idpf.org/2007/opf/",
}


def parts_of(hwpx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(hwpx)) as package:
        return {name: package.read(name) for name in package.namelist()}


def section_of(document: Document) -> Any:
    return etree.fromstring(parts_of(write_hwpx(document))["Contents/section0.xml"])


def header_of(document: Document) -> Any:
    return etree.fromstring(parts_of(write_hwpx(document))["Contents/header.xml"])


def words_of(paragraph: Any) -> str:
    """The words of one paragraph, without those of the tables that stand in it."""
    signs = {"tab": "\t", "lineBreak": "\n"}
    words = ""
    for text in paragraph.iterfind("hp:run/hp:t", NAMES):
        words += text.text or ""
        for sign in text:
            words += signs[etree.QName(sign).localname] + (sign.tail or "")
    return words


def text_of(element: Any) -> str:
    """The words of all that stands in an element, as a reader sees them."""
    return "\n".join(words_of(paragraph) for paragraph in element.iterfind(".//hp:p", NAMES))


def cells_of(table: Any) -> list[list[str]]:
    return [
        [
            "\n".join(map(words_of, cell.iterfind("hp:subList/hp:p", NAMES)))
            for cell in row.iterfind("hp:tc", NAMES)
        ]
        for row in table.iterfind("hp:tr", NAMES)
    ]


def data_tables(section: Any) -> list[Any]:
    """The tables that have a head, as boxes have none."""
    return section.xpath(".//hp:tbl[@repeatHeader='1']", namespaces=NAMES)  # type: ignore[no-any-return]


def expected_cells(document: Document) -> list[list[list[str]]]:
    return [
        [
            [column.head_text for column in table.columns],
            *([printed(cell) for cell in row.cells] for row in table.printed_rows),
        ]
        for table in document.tables
    ]


def test_every_cell_of_every_table_reads_back_as_the_page_prints_it() -> None:
    document = full_report()

    tables = data_tables(section_of(document))

    assert [cells_of(table) for table in tables] == expected_cells(document)
    assert cells_of(tables[0])[1] == ["합계", "120", "41", "6", "88", "9", "△3", "34.2"]


def test_a_reader_that_is_not_ours_finds_the_same_words_in_the_same_order(tmp_path: Path) -> None:
    target = tmp_path / "실적.hwpx"
    target.write_bytes(write_hwpx(full_report()))

    with HwpxDocument.open(str(target)) as reader:
        lines = reader.text.plain().splitlines()

    wanted = [
        "담당\t팀장\t동장",
        "2026년 11월 방문·상담 실적",
        "2026. 12. 1.(화)",
        "ㅇ 방문 41건, 전화 88건으로 대상 120가구를 모두 만남",
        "ㅇ 집계한 기록: 12건 (늦게 온 기록 2건은 앞선 달 몫)",
        "<표 1> 통별 실적\t(단위: 가구, 건)",
        "합계\t120\t41\t6\t88\t9\t△3\t34.2",
        "<표 2> 기한 지난 대상 명단\t(단위: 일)",
        "※ 본인 확인된 연락만 셈",
        "ㅇ 기한 지난 2가구를 이번 주에 찾아감",
        "- 2인 방문",
        "붙임  1. 방문 실적표 1부.",
        "      2. 기한 지난 대상 명단 1부.  끝.",
        f"작성자: 가상-최팀장\t검산코드 {full_report().check_code}",
    ]
    assert [line for line in lines if line in wanted] == wanted


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_package_keeps_the_rules_of_the_format(profile: Profile, tmp_path: Path) -> None:
    target = tmp_path / "실적.hwpx"
    target.write_bytes(write_hwpx(full_report(profile)))

    assert validate_package(str(target)).issues == ()
    with HwpxDocument.open(str(target)) as reader:
        assert reader.validate().issues == ()


def test_the_file_is_known_by_its_first_bytes() -> None:
    with zipfile.ZipFile(BytesIO(write_hwpx(full_report()))) as package:
        first = package.infolist()[0]
        assert package.testzip() is None

        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert package.read(first) == b"application/hwp+zip"


def test_every_reference_of_the_body_is_defined_in_the_head() -> None:
    document = full_report()
    head, section = header_of(document), section_of(document)
    kinds = {
        "charPrIDRef": "charPr",
        "paraPrIDRef": "paraPr",
        "styleIDRef": "style",
        "borderFillIDRef": "borderFill",
        "tabPrIDRef": "tabPr",
    }
    for attribute, element in kinds.items():
        defined = {each.get("id") for each in head.iterfind(f".//hh:{element}", NAMES)}
        used = {
            value
            for root in (head, section)
            for value in root.xpath(f"//@{attribute}")
            if int(value) < 2**32 - 1
        }
        assert used, attribute
        assert used <= defined, attribute
    identities = section.xpath("//hp:p/@id | //hp:tbl/@id", namespaces=NAMES)
    assert len(set(identities)) == len(identities)


def test_the_styles_bear_the_names_that_offices_know() -> None:
    names = {style.get("name") for style in header_of(full_report()).iterfind(".//hh:style", NAMES)}
    used = set(section_of(full_report()).xpath("//hp:p/@styleIDRef", namespaces=NAMES))

    assert names >= {"제목", "본문□", "본문ㅇ", "본문-", "주석*", "표머리", "표본문", "붙임"}
    assert len(used) > 12


def test_only_the_head_repeats_and_no_row_stands_on_two_pages() -> None:
    (table,) = data_tables(section_of(document_of((long_table(120),))))
    heads = [
        row.xpath("count(hp:tc[@header='1'])", namespaces=NAMES)
        for row in table.iterfind("hp:tr", NAMES)
    ]

    assert heads == [7, *[0] * 120]
    assert (table.get("pageBreak"), table.find("hp:pos", NAMES).get("treatAsChar")) == (
        "TABLE",
        "0",
    )


def test_a_row_taller_than_a_page_may_be_broken() -> None:
    label = " ".join(f"낱말{number}" for number in range(2500))
    section = section_of(document_of((figures("a", "가", "건", "수", {label: "7"}),)))

    assert data_tables(section)[0].get("pageBreak") == "CELL"


def test_a_table_is_as_wide_as_the_text_and_its_cells_add_up() -> None:
    section = section_of(full_report())
    page = section.find(".//hp:pagePr", NAMES)
    margin = page.find("hp:margin", NAMES)
    width = int(page.get("width")) - int(margin.get("left")) - int(margin.get("right"))
    for table in data_tables(section):
        assert int(table.find("hp:sz", NAMES).get("width")) == width
        for row in table.iterfind("hp:tr", NAMES):
            widths = row.xpath("hp:tc/hp:cellSz/@width", namespaces=NAMES)
            assert sum(map(int, widths)) == width
        heights = table.xpath("hp:tr/hp:tc/hp:cellSz/@height", namespaces=NAMES)
        assert all(int(height) >= 1984 for height in heights)  # 7 mm


def test_the_box_is_heavier_than_the_head_and_the_head_than_the_rows() -> None:
    document = full_report()
    borders = {
        each.get("id"): each for each in header_of(document).iterfind(".//hh:borderFill", NAMES)
    }
    table = data_tables(section_of(document))[0]

    def line(row: int, column: int, side: str) -> str:
        cell = table.xpath(f"hp:tr[{row}]/hp:tc[{column}]", namespaces=NAMES)[0]
        border = borders[cell.get("borderFillIDRef")].find(f"hh:{side}Border", NAMES)
        width: str = border.get("width")
        return width

    assert (line(1, 1, "top"), line(1, 1, "left")) == ("0.4 mm", "0.4 mm")
    assert (line(1, 1, "bottom"), line(2, 1, "top")) == ("0.25 mm", "0.25 mm")
    assert (line(2, 1, "bottom"), line(2, 1, "right")) == ("0.12 mm", "0.12 mm")
    assert (line(5, 8, "bottom"), line(5, 8, "right")) == ("0.4 mm", "0.4 mm")


def test_every_page_says_its_number_what_it_was_printed_for_and_that_it_tells_of_people() -> None:
    section = section_of(full_report())
    head, foot = (section.find(f".//hp:{strip}", NAMES) for strip in ("header", "footer"))

    assert text_of(head) == "개인정보 포함 - 업무 외 이용 금지\t시연용 가상 자료"
    number = section.find(".//hp:pageNum", NAMES)
    assert (number.get("pos"), number.get("sideChar")) == ("BOTTOM_CENTER", "-")
    assert "용도 월례 보고" in text_of(foot)
    assert section_of(document_of(satisfaction(), demo=False)).find(".//hp:header", NAMES) is None


@pytest.mark.parametrize("profile", [FORMER, LARGE], ids=["구규정", "큰글자"])
def test_a_profile_sets_margins_and_sizes(profile: Profile) -> None:
    margin = section_of(full_report(profile)).find(".//hp:pagePr/hp:margin", NAMES)
    letters = header_of(full_report(profile)).findall(".//hh:charPr", NAMES)

    assert int(margin.get("top")) == round(profile.top_mm * 7200 / 25.4)
    assert int(margin.get("right")) == round(profile.right_mm * 7200 / 25.4)
    assert letters[1].get("height") == str(round(2000 * profile.scale))


def test_more_than_nine_data_columns_turn_the_page() -> None:
    upright, lying = (
        section_of(document_of((long_table(3, columns=columns),))).find(".//hp:pagePr", NAMES)
        for columns in (9, 10)
    )

    assert (upright.get("landscape"), lying.get("landscape")) == ("WIDELY", "NARROWLY")


def test_marks_of_xml_in_what_people_wrote_stay_words() -> None:
    label = "<b> & \"인용\" 'x' ]]> &amp;"
    section = section_of(document_of((figures("a", label, "건", "수", {label: "1"}),)))

    assert cells_of(data_tables(section)[0])[1] == [label, "1"]


def test_the_file_names_the_office_and_no_person() -> None:
    document = full_report()
    parts = parts_of(write_hwpx(document))
    package = etree.fromstring(parts["Contents/content.hpf"])
    facts = {meta.get("name"): meta.text for meta in package.iterfind(".//opf:meta", NAMES)}

    assert package.findtext(".//opf:title", namespaces=NAMES) == document.title
    assert facts["creator"] == facts["lastsaveby"] == "가상-햇살동 행정복지센터"
    assert facts["description"] == " ".join(document.gist)
    assert facts["CreatedDate"] == "2026-12-01T00:00:15Z"
    assert "최팀장" not in "".join(
        parts[name].decode() for name in parts if name != "Contents/section0.xml"
    )


def test_equal_documents_give_equal_bytes() -> None:
    assert write_hwpx(full_report()) == write_hwpx(full_report())


def test_a_character_that_cannot_be_filed_stops_the_file_and_is_named() -> None:
    with pytest.raises(GlyphMissing) as caught:
        write_hwpx(document_of((figures("a", "가", "건", "수", {"나😀": "1"}),)))

    assert caught.value.facts == {"codepoint": "U+1F600", "place": "표 1 1행"}


def test_columns_that_do_not_fit_go_on_in_a_further_table() -> None:
    heads = "예산 집행 잔액 이월 불용 반납 계획 실적"
    cells = " ".join(["123456789012345"] * 8)
    section = section_of(document_of((figures("a", "가", "원", heads, {"전체": cells}),)))
    rows = [cells_of(table)[1] for table in data_tables(section)]

    assert len(rows) == 2
    assert [row[0] for row in rows] == ["전체", "전체"]
    assert sum(len(row) - 1 for row in rows) == 8


def test_a_section_of_charts_alone_leaves_no_heading_over_nothing() -> None:
    words = text_of(section_of(full_report()))

    assert "방문이 많은 통" not in words
    assert "□ 기한 지난 대상" in words


def test_lines_that_somebody_broke_stay_broken() -> None:
    document = replace(
        document_of(()), sections=(overdue(), Section("", (Paragraph("한 줄\n두 줄"),)))
    )
    section = section_of(document)

    assert "이사한 집 확인 중\n관리사무소에 물음" in cells_of(data_tables(section)[0])[-1]
    assert len(section.findall(".//hp:lineBreak", NAMES)) == 1


def test_a_number_is_written_as_the_page_prints_it() -> None:
    rows = {"나": "-1234567 0 33.3 -"}
    document = document_of((figures("a", "가", "원", "가 나 다 라", rows, empty="-"),))

    assert cells_of(data_tables(section_of(document))[0])[1] == [
        "나",
        "△1,234,567",
        "-",
        "33.3",
        "-",
    ]
    assert document.tables[0].rows[0].cells[1] != Decimal(0)


def test_no_part_names_an_entity_or_a_place_outside() -> None:
    for name, content in parts_of(write_hwpx(full_report())).items():
        if name.endswith((".xml", ".hpf")):
            assert b"<!" not in content
            addresses = set(re.findall(rb'(?:href|src)="([^"]*)"', content))
            assert not any(b"//" in address for address in addresses)
