"""What surrounds the figures: approval, gist, attachments, end, lists, profiles."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from fieldapp.errors import GlyphMissing
from fieldapp.reports.columns import MM
from fieldapp.reports.document import Approval, Document, Section, Table, check_code, printed
from fieldapp.reports.layout import pages_of
from fieldapp.reports.listing import NOBODY, listing_section
from fieldapp.reports.pdf import write_pdf
from fieldapp.reports.preview import page_count, page_text
from fieldapp.reports.profiles import FORMER, LARGE, NARROW, PROFILES, Profile
from fieldapp.reports.wording import PERSONAL, attachments, paragraphs

from .samples import document_of, filed_record, full_report, monthly, overdue, satisfaction


def text_of(document: Document) -> str:
    pdf = write_pdf(document)
    return "\n".join(page_text(pdf, page) for page in range(page_count(pdf)))


def table_of(section: Section) -> Table:
    (table,) = section.blocks
    assert isinstance(table, Table)
    return table


def with_sections(*sections: Section) -> Document:
    return replace(document_of(()), sections=sections)


# 결재란 and 요지


def test_those_who_sign_stand_in_the_order_given_with_what_the_office_marks() -> None:
    approval = Approval(("담당", "팀장", "동장"), ("", "전결"))

    text = text_of(full_report(approval=approval))

    assert approval.boxes == (("담당", ""), ("팀장", "전결"), ("동장", ""))
    assert all(word in text for word in ("담당", "팀장", "동장", "전결"))


@pytest.mark.parametrize("labels", [(), ("가", "나", "다", "라", "마", "바")])
def test_one_to_five_people_sign(labels: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="one to five"):
        Approval(labels)


def test_the_approval_box_ends_at_the_margin_and_its_rows_are_those_of_the_rule() -> None:
    page = pages_of(full_report())[1][0]
    right = 190 * MM
    labels = [run for run in page.runs if run.text in ("담당", "팀장", "동장")]
    lines = sorted(
        {
            rule.y1
            for rule in page.rules
            if rule.y1 == rule.y2 and abs(rule.x2 - right) < 1 and rule.x1 > 130 * MM
        },
        reverse=True,
    )[:4]

    assert len(labels) == 3
    heights = [(above - below) / MM for above, below in pairwise(lines)]
    assert heights == pytest.approx([6, 15, 5], abs=0.5)


def test_a_page_without_approval_keeps_its_title_in_the_middle() -> None:
    runs = pages_of(document_of(satisfaction()))[1][0].runs
    title = next(run for run in runs if run.text.startswith("가사서비스"))

    assert title.x > 40 * MM
    assert document_of(satisfaction()).approval is None


def test_the_gist_stands_above_what_it_rests_on() -> None:
    text = text_of(full_report())

    assert text.index("ㅇ 방문 41건") < text.index("ㅇ 부재 6건") < text.index("ㅇ 기간")


def test_a_gist_has_three_lines_at_the_most() -> None:
    with pytest.raises(ValueError, match="three lines"):
        replace(full_report(), gist=("가", "나", "다", "라"))


def test_records_that_came_late_are_told() -> None:
    assert full_report().basis[-1] == ("집계한 기록", "12건 (늦게 온 기록 2건은 앞선 달 몫)")
    assert document_of(satisfaction()).basis[-1] == ("집계한 기록", "12건")


# 붙임 and 끝.


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        (["방문 실적표"], ("붙임  방문 실적표 1부.",)),
        (["가", "나"], ("붙임  1. 가 1부.", "2. 나 1부.")),
    ],
)
def test_attachments_are_named_by_rule_15(names: list[str], lines: tuple[str, ...]) -> None:
    assert attachments(names) == lines


def test_the_end_follows_the_last_attachment_by_two_blanks_or_stands_alone() -> None:
    assert full_report().end_lines[-1] == "2. 기한 지난 대상 명단 1부.  끝."
    assert document_of(satisfaction()).end_lines == ("끝.",)
    assert replace(document_of(satisfaction()), is_ended=False).end_lines == ()


def test_a_form_with_room_left_says_so_and_does_not_end() -> None:
    section = listing_section(
        "명단", ("이름", "등급"), [("가상-김*나", "위험")], ("text", "code"), room=4
    )
    rows = [[printed(cell) for cell in row.cells] for row in table_of(section).printed_rows]
    document = with_sections(section)

    assert rows == [["가상-김*나", "위험"], ["이하 빈칸", ""], ["", ""], ["", ""]]
    assert document.end_lines == ()
    assert "이하 빈칸" in text_of(document)


def test_a_form_that_is_full_leaves_no_blank() -> None:
    section = listing_section("명단", ("이름",), [("가",), ("나",)], ("text",), room=2)

    assert len(table_of(section).printed_rows) == 2
    assert with_sections(section).end_lines == ("끝.",)


# Lists


def test_a_list_of_people_heads_every_page_and_one_of_things_does_not() -> None:
    things = listing_section("대장", ("번호",), [("2026-15",)], ("code",), lists_persons=False)

    assert full_report().privacy_line == PERSONAL
    pdf = write_pdf(full_report())
    assert all(PERSONAL in page_text(pdf, page) for page in range(page_count(pdf)))
    assert with_sections(things).privacy_line == ""


def test_a_list_of_nobody_says_so_and_tells_of_no_one() -> None:
    section = listing_section("명단", ("이름", "등급"), (), ("text", "code"))

    assert printed(table_of(section).rows[0].cells[0]) == NOBODY
    assert with_sections(section).privacy_line == ""


def test_a_list_is_numbered_on_from_the_figures_and_counts_no_records() -> None:
    document = full_report()

    assert [table.number for table in document.tables] == [1, 2]
    assert document.tables[1].records is None
    assert document.records_text == "12건"


def test_heads_kinds_and_cells_of_a_list_must_agree() -> None:
    with pytest.raises(ValueError, match="zip"):
        listing_section("명단", ("이름", "등급"), (), ("text",))
    with pytest.raises(ValueError, match="as many cells"):
        listing_section("명단", ("이름", "등급"), [("가",)], ("text", "code"))


def test_codes_stand_whole_while_words_wrap() -> None:
    words = "무릎이 아파 나가기 어렵다고 하며 다음 주에 병원에 함께 가기로 함 " * 4
    rows = [(f"가상-김{number}", "2026. 11. 20.", words) for number in range(4)]
    section = listing_section(
        "명단", ("이름", "마지막 연락", "까닭"), rows, ("text", "code", "text")
    )

    runs = pages_of(with_sections(section))[1][0].runs

    assert sum(run.text == "2026. 11. 20." for run in runs) == 4
    assert sum(run.text.startswith("무릎이") for run in runs) >= 4
    assert not any(run.text == words.strip() for run in runs)


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    for profile in PROFILES:
        pdf = write_pdf(full_report(profile))
        for page in range(page_count(pdf)):
            body = page_text(pdf, page).splitlines()
            assert not body[-1].startswith("□")


def test_the_check_code_covers_what_a_list_says() -> None:
    figures = monthly()
    table = table_of(overdue())
    changed = replace(table, rows=table.rows[:-1])

    codes = {check_code(figures), check_code(figures, [table]), check_code(figures, [changed])}

    assert len(codes) == 3
    assert full_report().check_code == check_code(figures, [replace(table, number=2)])


def test_words_from_people_keep_their_lines_and_lose_what_no_printer_has() -> None:
    assert paragraphs(" 한  줄 \n\n두—줄 • 끝\u200b") == "한 줄\n두-줄 ㆍ 끝"
    section = listing_section("명단", ("말",), [("말😀",)], ("text",))
    with pytest.raises(GlyphMissing) as caught:
        write_pdf(with_sections(section))
    assert caught.value.facts["codepoint"] == "U+1F600"


# Columns and charts


def test_a_column_of_percents_says_so_in_its_head() -> None:
    heads = [column.head_text for column in full_report().tables[0].columns]

    assert heads[-1] == "방문율(%)"
    assert "방문율(%)" in text_of(full_report())


def test_a_chart_shows_what_its_table_prints_without_the_total() -> None:
    runs = [run.text for run in pages_of(full_report())[1][0].runs]
    bars = [fill.width for fill in pages_of(full_report())[1][0].fills if fill.grey[0] < 0.5]

    assert [runs[runs.index(label) : runs.index(label) + 1] for label in ("1통", "2통")]
    assert len(bars) == 3
    assert bars[0] / bars[2] == pytest.approx(8 / 24)
    with pytest.raises(KeyError):
        full_report().table(9)


# Profiles


@pytest.mark.parametrize("profile", [FORMER, NARROW], ids=["구규정", "좁게"])
def test_a_profile_moves_the_margins(profile: Profile) -> None:
    page = pages_of(full_report(profile))[1][0]

    assert min(run.x for run in page.runs) >= profile.left_mm * MM - 0.01
    assert max(rule.x2 for rule in page.rules) <= (210 - profile.right_mm) * MM + 1


def test_large_type_is_larger_by_a_third_and_loses_nothing() -> None:
    basic, large = (pages_of(full_report(profile))[1][0].runs for profile in (PROFILES[0], LARGE))
    sizes = [
        next(run.size for run in runs if run.text.startswith("2026년 11월 방문"))
        for runs in (basic, large)
    ]

    assert sizes == pytest.approx([20, 26])
    plain, enlarged = (text_of(full_report(profile)).split() for profile in (PROFILES[0], LARGE))
    assert set(plain) <= set(enlarged)


def test_a_filed_form_says_its_facts_and_not_what_figures_rest_on() -> None:
    document = filed_record()

    assert document.period_name == document.period_text == ""
    assert [name for name, _ in document.basis] == ["시설", "점검일", "조사원", "접수번호"]
