"""A profile that an earlier release wrote opens in the app of today, with all that was in it.

One folder a tagged version, as that version left it; each is copied and only the copy is opened.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.storage import access_log, database
from fieldapp.storage.database import Database, newest_schema
from fieldapp.storage.sqlite import connect
from fieldapp.usecases import files, filling, records, search
from fieldapp.usecases.session import lock
from tests.laptops import AppLaptop, open_laptop

HERE = Path(__file__).parent
VERSIONS = sorted(folder.name for folder in HERE.iterdir() if folder.name.startswith("v"))
ATTACHMENT = "04523bfdcb1918b37b179fd3010ceabb90aabfc602ae3c867e68e5b863c93ea6.png"
HOUSEHOLDS = {
    f"01937b3c-0000-7000-8000-00000000000{number}": f"가상-가구 {number}" for number in (1, 2)
}


@pytest.fixture(params=VERSIONS)
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AppLaptop]:
    """The copy of an old profile, unlocked today, without any workbook beside the app."""
    shutil.copytree(HERE / request.param, tmp_path / "profiles")
    (tmp_path / "packs").mkdir()
    laptop = open_laptop(tmp_path / "profiles", tmp_path / "packs")
    yield laptop
    laptop.close()


def test_there_is_a_profile_of_a_release() -> None:
    assert "v0.1.0" in VERSIONS


def test_surveys_of_an_earlier_release_say_what_they_said(upgraded: AppLaptop) -> None:
    kept = [row for row in records.records_page(upgraded.session).rows if not row.is_draft]
    told = {upgraded.answers(row.record_id)["serial"]: row.record_id for row in kept}

    assert sorted(told) == ["1", "2", "3"]
    assert {
        serial: upgraded.answers(record_id)["items/q1"] for serial, record_id in told.items()
    } == {"1": "4", "2": "5", "3": "4"}
    assert {row.delivery for row in kept} == {"unsent"}


def test_draft_of_an_earlier_release_goes_on_where_its_cursor_stood(upgraded: AppLaptop) -> None:
    (row,) = [row for row in records.records_page(upgraded.session).rows if row.is_draft]

    form = filling.open_draft(upgraded.session, row.record_id)

    assert form.cursor_path == "items/q2"
    assert form.snapshot(None).answers["items/q2"] == "4"
    assert "items/q3" not in form.snapshot(None).answers


def test_households_of_an_earlier_release_are_found(upgraded: AppLaptop) -> None:
    hits = search.find(upgraded.session, "가상-가구")
    by_phone = search.find(upgraded.session, "010-0000-0002")

    assert {hit.entity_id: hit.label for hit in hits} == HOUSEHOLDS
    assert [hit.label for hit in by_phone] == ["가상-가구 2"]


def test_attachment_of_an_earlier_release_is_readable(upgraded: AppLaptop) -> None:
    assert files.read_file(upgraded.session, ATTACHMENT) == b"\x89PNG\r\n\x1a\n" + bytes(200)


def test_operations_of_an_earlier_release_are_numbered_without_holes(upgraded: AppLaptop) -> None:
    with upgraded.session.store.reading() as db:
        written = db.rows("SELECT seq, kind FROM operation ORDER BY seq")

    assert written == [
        (1, "create"), (2, "create"), (3, "create"), (4, "change"), (5, "create"), (6, "create"),
    ]  # fmt: skip


def test_next_survey_goes_on_with_the_number_after_the_last(upgraded: AppLaptop) -> None:
    upgraded.record_survey(serial="4")

    with upgraded.session.store.reading() as db:
        assert db.count("SELECT max(seq) FROM operation") == 7


def test_upgraded_file_is_whole_and_has_the_tables_of_today(
    upgraded: AppLaptop, tmp_path: Path
) -> None:
    schema = Path(database.__file__).with_name("schema.sql").read_text(encoding="utf-8")
    fresh = connect(tmp_path / "fresh.db", new_data_key(), "rwc")
    fresh.script(schema)
    wanted = _tables(fresh)
    fresh.close()

    with upgraded.session.store.reading() as db:
        answer_tables = {name for (name,) in db.rows("SELECT table_name FROM projected_table")}
        found = {name: sql for name, sql in _tables(db).items() if name not in answer_tables}
        assert found == wanted
        assert db.count("PRAGMA user_version") == newest_schema()
        assert db.rows("PRAGMA integrity_check") == [("ok",)]
        assert db.rows("PRAGMA cipher_integrity_check") == []
        assert db.rows("PRAGMA foreign_key_check") == []


def test_access_log_begins_with_the_upgrade_and_is_whole(
    upgraded: AppLaptop, tmp_path: Path
) -> None:
    upgraded.record_survey(serial="4")
    lock(upgraded.session)
    upgraded.session = upgraded.reopen(tmp_path / "packs").session

    with upgraded.session.store.reading() as db:
        deeds = [deed for (deed,) in db.rows("SELECT deed FROM access_log ORDER BY log_seq")]
        assert [deed for deed in deeds if deed != "login"] == ["create", "logout"]
        assert db.count("SELECT count(*) FROM log_checkpoint") == 1
        assert access_log.verify(db) is None


def _tables(db: Database) -> dict[str, str]:
    rows = db.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: " ".join(sql.split()) for name, sql in rows}
