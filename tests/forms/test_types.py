"""What a text becomes that the form itself gives to a node (ODK XForms, data types)."""

from __future__ import annotations

import pytest

from tests.forms.xforms import begun

TYPED = [
    ("int", "4.9", "4"),
    ("int", "-4.9", "-4"),
    ("int", "0010", "10"),
    ("int", "ten", ""),
    ("int", "NaN", ""),
    ("decimal", "4.50", "4.50"),
    ("decimal", "1e3", ""),
    ("boolean", "1", "1"),
    ("boolean", "false", "false"),
    ("date", "2026-02-28", "2026-02-28"),
    ("date", "2026-02-28T23:30:05", "2026-02-28"),
    ("date", "2026-02-28T23:30:05.000+09:00", "2026-02-28"),
    ("date", "2026-02-29", ""),
    ("date", "1900-01-01 00:00:00", ""),
    ("date", "soon", ""),
    ("time", "23:30:05", "23:30:05"),
    ("time", "2026-02-28T23:30:05.000+09:00", "23:30:05.000+09:00"),
    ("time", "23:30", ""),
    ("dateTime", "2026-02-28T23:30:05.000+09:00", "2026-02-28T23:30:05.000+09:00"),
    ("dateTime", "2026-02-28", "2026-02-28"),
    ("dateTime", "2", ""),
    ("geopoint", "37.5 127.1 0 5", "37.5 127.1 0 5"),
    ("geopoint", "here", ""),
    ("geotrace", "37.5 127.1;37.6 127.2", "37.5 127.1;37.6 127.2"),
    ("geoshape", "1 2;nowhere", ""),
    ("string", "NaN", ""),
    ("string", "2026-02-29", "2026-02-29"),
    ("barcode", "8801007123456", "8801007123456"),
    ("select1", "a", "a"),
]


@pytest.mark.parametrize(("data_type", "written", "kept"), TYPED)
def test_a_calculated_text_is_kept_as_its_type_writes_it(
    data_type: str, written: str, kept: str
) -> None:
    filling = begun(
        "<a/>", f'<bind nodeset="/data/a" type="{data_type}" calculate="\'{written}\'"/>'
    )

    assert filling.value("a") == kept


@pytest.mark.parametrize(("data_type", "written", "kept"), TYPED)
def test_a_default_is_kept_as_its_type_writes_it(data_type: str, written: str, kept: str) -> None:
    if data_type in {"string", "barcode", "select1"}:
        kept = written  # as it stands in the form, be it "NaN"
    filling = begun(
        f"<a>{written}</a>",
        f'<bind nodeset="/data/a" type="{data_type}"/>',
        '<input ref="/data/a"/>',
    )

    assert filling.value("a") == kept


@pytest.mark.parametrize(
    ("data_type", "worked_out", "kept"),
    [
        ("date", "today() + 7", "2026-12-08"),
        ("date", "decimal-date-time('2026-12-01T23:00:00+09:00') + 1", "2026-12-02"),
        ("dateTime", "now() + 0.5", "2026-12-02"),
        ("date", "0 div 0", ""),
        ("int", "now() > today()", ""),
    ],
)
def test_a_number_that_becomes_a_day_counts_days(
    data_type: str, worked_out: str, kept: str
) -> None:
    filling = begun(
        "<a/>",
        f'<bind nodeset="/data/a" type="{data_type}"'
        f' calculate="{worked_out.replace(">", "&gt;")}"/>',
    )

    assert filling.value("a") == kept


@pytest.mark.parametrize(
    ("written", "meant"),
    [("xsd:int", "3"), ("integer", "3"), ("xsd:string", "3.7"), ("double", "3.7"), ("new", "3.7")],
)
def test_a_type_goes_by_its_other_names_and_an_unknown_one_is_text(
    written: str, meant: str
) -> None:
    filling = begun("<a/>", f'<bind nodeset="/data/a" type="{written}" calculate="3.7"/>')

    assert filling.value("a") == meant
