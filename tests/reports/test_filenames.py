"""Names that Windows, a network drive and a mail accept."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import is_normalized, normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.reports.filenames import LONGEST, file_name, file_stem

DAY = date(2026, 11, 30)


def test_a_name_is_day_place_title_and_version() -> None:
    assert (
        file_name(DAY, "가상-햇살동", "가사서비스 이용만족도", "pdf")
        == "20261130_가상-햇살동_가사서비스이용만족도_v1.pdf"
    )


def test_characters_that_windows_refuses_are_left_out() -> None:
    assert (
        file_stem(DAY, 'a<b>:"c', "가/나\\다|라?마*.\x00\u200b", 2) == "20261130_abc_가나다라마_v2"
    )


def test_a_decomposed_name_is_composed() -> None:
    decomposed = normalize("NFD", "가상-햇살동")

    assert file_stem(DAY, decomposed, decomposed) == "20261130_가상-햇살동_가상-햇살동_v1"


def test_an_office_or_title_of_nothing_usable_still_makes_a_name() -> None:
    assert file_stem(DAY, "???", " .") == "20261130_무제_무제_v1"


@settings(deadline=None)
@given(st.text(max_size=120), st.text(max_size=120), st.integers(1, 999))
def test_any_texts_make_a_name_that_can_be_written_everywhere(
    office: str, title: str, version: int
) -> None:
    name = file_name(DAY, office, title, "xlsx", version)

    assert len(name) <= LONGEST
    assert is_normalized("NFC", name)
    assert re.fullmatch(r'[^<>:"/\\|?*\x00-\x1f\s]+', name)
    assert re.fullmatch(r"20261130_[^_]+_[^_]+_v\d+\.xlsx", name)
    name.encode("utf-8")
