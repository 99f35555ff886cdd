"""Text as it is kept: composed, with plain line ends, without what no XML can hold."""

from __future__ import annotations

import pytest

from fieldapp.forms.answers import normalised


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("가상-\x00글", "가상-글"),
        ("첫 줄\r\n둘째 줄", "첫 줄\n둘째 줄"),
        ("\ud800가", "가"),
        ("\u1100\u1161", "\uac00"),
        ("앞 뒤 ", "앞 뒤 "),
        ("\x0b\x1f", ""),
    ],
)
def test_pasted_text_is_kept_as_a_file_can_hold_it(typed: str, kept: str) -> None:
    assert normalised("good", "string", "input", typed) == kept
