"""통계·출력: counted once, the same in every file, never without a purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import Cancelled, PurposeMissing
from fieldapp.usecases import summaries
from tests.laptops import AppLaptop


def test_a_summary_counts_what_this_laptop_holds(alone: AppLaptop) -> None:
    for serial in ("1", "2", "3"):
        alone.record_survey(serial=serial)
    choice = next(
        one for one in summaries.summaries_available(alone.session) if one.form_id == "P13e"
    )
    (month,) = summaries.months_available(alone.session, choice.form_id)

    output = summaries.build_summary(alone.session, choice.form_id, month, purpose="월례 보고")

    assert (output.records, output.page_count) == (3, 1)
    overall = output.document.tables[0].rows[-1]
    assert list(overall.cells)[1:]
    image = summaries.preview(output, 0, 600)
    assert image.width == 600


def test_nothing_is_written_without_a_purpose(alone: AppLaptop, tmp_path: Path) -> None:
    alone.record_survey()
    (month,) = summaries.months_available(alone.session, "P13e")
    output = summaries.build_summary(alone.session, "P13e", month)

    with pytest.raises(PurposeMissing):
        summaries.export(alone.session, output, "pdf", tmp_path, purpose=" ")

    assert not list(tmp_path.glob("*.pdf"))
    assert summaries.export(alone.session, output, "xlsx", tmp_path, purpose="월례 보고").is_file()


def test_counting_stops_when_it_is_told_to(alone: AppLaptop) -> None:
    alone.record_survey()
    (month,) = summaries.months_available(alone.session, "P13e")

    with pytest.raises(Cancelled):
        summaries.build_summary(alone.session, "P13e", month, cancelled=lambda: True)
