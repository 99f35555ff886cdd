"""What `jr:preload` puts into a new form (ODK XForms, preload attributes)."""

from __future__ import annotations

import pytest

from fieldapp.forms import Filling, Surroundings
from tests.forms.making import NOON, RECORD_ID, surroundings
from tests.forms.xforms import defined

KNOWN = Surroundings(
    now=lambda: NOON,
    record_id=RECORD_ID,
    seed=1,
    properties={"deviceid": "fieldapp:1", "email": "a@example.invalid", "phonenumber": "000"},
    username="가상-담당자",
)


def preloaded(kind: str, parameter: str, *, data_type: str = "string", default: str = "") -> str:
    """What a node begins with."""
    definition = defined(
        f"<a>{default}</a>",
        f'<bind nodeset="/data/a" type="{data_type}" jr:preload="{kind}"'
        f' jr:preloadParams="{parameter}"/>',
    )
    return Filling.start(definition, KNOWN).value("a")


@pytest.mark.parametrize(
    ("kind", "parameter", "data_type", "begins"),
    [
        ("date", "today", "date", "2026-12-01"),
        ("timestamp", "start", "dateTime", "2026-12-01T12:00:00.000+09:00"),
        ("timestamp", "end", "dateTime", ""),
        ("property", "deviceid", "string", "fieldapp:1"),
        ("property", "email", "string", "a@example.invalid"),
        ("property", "phonenumber", "string", "000"),
        ("property", "username", "string", "가상-담당자"),
        ("property", "simserial", "string", ""),
        ("weather", "sunny", "string", ""),
    ],
)
def test_a_new_form_is_told_time_device_and_worker(
    kind: str, parameter: str, data_type: str, begins: str
) -> None:
    assert preloaded(kind, parameter, data_type=data_type) == begins


def test_a_preload_goes_before_a_default_unless_there_is_nothing_to_say() -> None:
    assert preloaded("property", "email", default="nobody") == "a@example.invalid"
    assert preloaded("property", "simserial", default="nobody") == "nobody"


def test_every_uid_is_another_one() -> None:
    definition = defined(
        "<a/><b/>",
        '<bind nodeset="/data/a" jr:preload="uid"/><bind nodeset="/data/b" jr:preload="uid"/>',
    )

    filling = Filling.start(definition, surroundings())

    assert filling.value("a").startswith("uuid:")
    assert filling.value("a") != filling.value("b")


def test_a_new_repeat_instance_is_told_what_a_new_form_is() -> None:
    definition = defined(
        "<r><id/><day/></r>",
        '<bind nodeset="/data/r/id" jr:preload="uid"/>'
        '<bind nodeset="/data/r/day" type="date" jr:preload="date" jr:preloadParams="today"/>',
        '<group><repeat nodeset="/data/r"><input ref="/data/r/day"/></repeat></group>',
    )
    filling = Filling.start(definition, surroundings())

    filling.add_repeat("r")

    first, second = filling.repeat_paths("r")
    assert filling.value(f"{first}/day") == filling.value(f"{second}/day") == "2026-12-01"
    assert len({filling.value(f"{path}/id") for path in (first, second)} - {""}) == 2


def test_what_was_known_before_anybody_opened_the_form_stays() -> None:
    definition = defined("<a/>", '<bind nodeset="/data/a" jr:preload="date" type="date"'
                         ' jr:preloadParams="today"/>')  # fmt: skip

    planned = Filling.start(definition, surroundings(), given={"a": "2026-11-03"})

    assert planned.value("a") == "2026-11-03"


def test_a_form_opened_again_is_told_nothing() -> None:
    definition = defined("<a/>", '<bind nodeset="/data/a" jr:preload="property"'
                         ' jr:preloadParams="username"/>')  # fmt: skip

    assert Filling.resume(definition, KNOWN, {}).value("a") == ""
    assert Filling.edit(definition, KNOWN, {"a": "가상-먼저"}).value("a") == "가상-먼저"
