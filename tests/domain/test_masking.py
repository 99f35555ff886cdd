"""Names as others may read them."""

from __future__ import annotations

import pytest

from fieldapp.domain.masking import masked_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("가상-김하나", "가상-김*나"),
        ("김솔", "김*"),
        ("남궁하나", "남궁*나"),
        ("김하나래", "김**래"),
        ("솔", "*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname_and_its_end(name: str, masked: str) -> None:
    assert masked_name(name) == masked
