"""Pages as pixels are those of the very file."""

from __future__ import annotations

import pytest

from fieldapp.reports.pdf import write_pdf
from fieldapp.reports.preview import page_count, render_page

from .samples import document_of, long_table, satisfaction


@pytest.mark.parametrize("width", [1, 333, 794])
def test_a_page_has_the_width_that_was_asked_for_and_four_bytes_a_pixel(width: int) -> None:
    image = render_page(write_pdf(document_of(satisfaction())), 0, width)

    assert image.width == width
    assert image.height == pytest.approx(width * 297 / 210, abs=1)
    assert len(image.rgba) == image.width * image.height * 4


def test_a_page_is_black_on_white_with_the_grey_of_the_head() -> None:
    image = render_page(write_pdf(document_of(satisfaction())), 0, 794)
    pixels = {image.rgba[at : at + 4] for at in range(0, len(image.rgba), 4)}

    assert image.rgba[:4] == b"\xff\xff\xff\xff"
    assert b"\xe6\xe8\xea\xff" in pixels  # red before blue
    assert any(max(pixel[:3]) < 40 for pixel in pixels)
    assert all(pixel[3] == 255 for pixel in pixels)


def test_a_preview_knows_how_many_pages_there_are_and_refuses_others() -> None:
    pdf = write_pdf(document_of((long_table(60),)))

    assert render_page(pdf, 1, 100).page_count == page_count(pdf) == 3
    for page in (-1, 3):
        with pytest.raises(IndexError):
            render_page(pdf, page, 100)
