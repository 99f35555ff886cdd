"""Several versions stand side by side; each record is shown with the one it was written on."""

from __future__ import annotations

import pytest

from fieldapp.domain.operation import FormRef
from fieldapp.errors import MalformedMessage, PackMissing
from fieldapp.packs import Catalogue, Pack
from fieldapp.packs.catalogue import version_order
from tests.packs.workbooks import edited, p13e, put, read_here


def with_version(version: str) -> Pack:
    return read_here(edited(put("settings", "form_id", "P13e", "version", version)))


def test_every_version_is_found_and_the_newest_is_the_highest() -> None:
    catalogue = Catalogue()
    older, newer = with_version("2026113001"), with_version("2026120102")
    for pack in (newer, p13e(), older):
        catalogue.add(pack)

    assert catalogue.find(FormRef(id="P13e", version="2026113001")) is older
    assert catalogue.newest("P13e") is newer
    assert [form.version for form in catalogue.forms()] == [
        "2026113001",
        "2026120101",
        "2026120102",
    ]


def test_a_version_that_is_here_is_not_replaced() -> None:
    catalogue = Catalogue()
    first = catalogue.add(p13e())

    assert catalogue.add_compiled(p13e().to_stored()) is first


def test_a_version_that_is_not_here_is_named() -> None:
    catalogue = Catalogue()
    catalogue.add(p13e())

    with pytest.raises(PackMissing) as missing:
        catalogue.find(FormRef(id="P13e", version="1"))
    assert missing.value.facts == {"form_id": "P13e", "version": "1"}
    with pytest.raises(PackMissing):
        catalogue.newest("P01")


def test_a_stored_version_opens_under_rules_that_came_later() -> None:
    # A step of a role that is no longer known would be refused today, had it come today.
    outdated = edited(put("workflow", "to", "완료", "roles", "old_role"))
    stored = p13e()
    older = Pack(
        workbook=outdated,
        workbook_sha256="",
        xform=stored.xform,
        plans=stored.plans,
        definition=stored.definition,
    )

    opened = Pack.from_stored(older.to_stored())

    assert opened.plans.workflow.steps[0].roles == ("old_role",)


def test_a_stored_version_is_read_once_however_often_a_laptop_is_unlocked() -> None:
    stored = p13e().to_stored()

    assert Pack.from_stored(bytes(bytearray(stored))) is Pack.from_stored(stored)


@pytest.mark.parametrize(
    "stored",
    [b"", b"{}", b"not JSON", b'{"format":1,"workbook":"","xform":"<a/>","warnings":[]}'],
)
def test_stored_bytes_that_are_no_pack_are_refused(stored: bytes) -> None:
    with pytest.raises(MalformedMessage):
        Pack.from_stored(stored)


def test_versions_are_ordered_as_people_read_them() -> None:
    assert sorted(["v2.10", "v2.9", "10", "9", "v10", ""], key=version_order) == [
        "", "v2.9", "v2.10", "v10", "9", "10",
    ]  # fmt: skip
