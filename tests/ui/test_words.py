"""Answers and days as an office reads them."""

from __future__ import annotations

import pytest

from fieldapp.ui.words import and_name, answer_text


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("2026-11-30", "2026. 11. 30.(월)"),
        ("14:05:00.000+09:00", "14:05"),
        ("2026-11-30T14:05:00.000+09:00", "2026. 11. 30.(월) 14:05"),
        ("2026-13-30", "2026-13-30"),
        ("", ""),
        ("2026-11-30에 다시 오시라 함", "2026-11-30에 다시 오시라 함"),
        ("본인 확인", "본인 확인"),
    ],
)
def test_moment_is_read_as_an_office_writes_it_and_words_stay_as_they_are(
    answer: str, read: str
) -> None:
    assert answer_text(answer) == read


@pytest.mark.parametrize(
    ("name", "read"),
    [("가상-윤솔", "가상-윤솔과"), ("가상-한바다", "가상-한바다와"), ("Kim", "Kim와"), ("", "와")],
)
def test_name_has_the_particle_that_its_last_syllable_asks_for(name: str, read: str) -> None:
    assert and_name(name) == read
