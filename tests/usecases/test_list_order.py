"""Lists of names stand in Korean order: 가나다, then Latin, numbers by their value."""

from __future__ import annotations

from uuid import uuid4

from fieldapp.usecases import households
from fieldapp.usecases.lists import register
from tests.laptops import AppLaptop

LONG = "가상-이름이 아주 긴 집의 "


def test_households_that_are_equally_alike_stand_in_korean_order(alone: AppLaptop) -> None:
    session = alone.session
    with session.store.writing() as db:
        for last in ("B", "하", "a", "가"):
            register(session, db, "household", str(uuid4()), label=LONG + last, props={})

    found = households.likely_duplicates(session, LONG)

    assert [row.name for row in found] == [LONG + last for last in ("가", "하", "a", "B")]
