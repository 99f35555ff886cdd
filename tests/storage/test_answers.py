"""The projection: what is named becomes a column, and can be made again from the documents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.operation import FormRef
from fieldapp.domain.plans import ColumnType, Projection
from fieldapp.errors import PackVersionTaken, StoreDamaged
from fieldapp.storage import answers, packs, records
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b


def shown(store: Store, form_id: str = "P13e") -> dict[str, dict[str, Any]]:
    """Each projected record: its answers by column name, missing ones left out."""
    with store.reading() as db:
        table = answers.table_of(db, form_id)
        if table is None:
            return {}
        names = ["record_id", "scope", *(column.name for column in table.columns)]
        columns = ", ".join(f'"{name}"' for name in names)
        rows = db.rows(f'SELECT {columns} FROM "{table.name}"')  # noqa: S608
    return {
        row[0]: {n: v for n, v in zip(names[1:], row[1:], strict=True) if v is not None}
        for row in rows
    }


def project(store: Store, record: str, projection: Projection) -> None:
    with store.writing() as db:
        answers.project(db, records.find(db, record), projection)


def test_saved_answers_stand_in_columns_named_after_their_paths(store: Store) -> None:
    record = b.create(
        store,
        {"today": "2026-12-01", "mode": "paper", "items/q1": "4", "serial": "7", "good": "x"},
    )

    project(store, record, b.PROJECTION)

    assert shown(store) == {
        record: {
            "scope": b.SCOPE,
            "today": "2026-12-01",
            "mode": "paper",
            "items/q1": "4",
            "serial": 7,
        }
    }
    with store.reading() as db:
        assert answers.due_count(db) == 0


def test_answer_taken_away_is_taken_from_its_column(store: Store) -> None:
    record = b.create(store, {"mode": "paper", "items/q1": "4"})
    project(store, record, b.PROJECTION)
    b.amend(store, record, {"items/q1": None})

    project(store, record, b.PROJECTION)

    assert shown(store)[record] == {"scope": b.SCOPE, "mode": "paper"}


@pytest.mark.parametrize(
    ("kind", "text", "cell"),
    [
        ("integer", "-12", -12),
        ("integer", "12.5", None),
        ("integer", "9" * 30, None),
        ("integer", "9223372036854775807", 9223372036854775807),
        ("integer", "9223372036854775808", None),
        ("integer", "1_0", None),
        ("decimal", "0.10", "0.10"),
        ("decimal", "12345678901234567890.123456789", "12345678901234567890.123456789"),
        ("decimal", "1e3", None),
        ("date", "2026-12-01", "2026-12-01"),
        ("date", "2026-11-30T23:30:00+00:00", "2026-12-01"),
        ("date", "2026-12-01T08:30:00.000+09:00", "2026-12-01"),
        ("date", "어제", None),
        ("text", "'; DROP TABLE record; --", "'; DROP TABLE record; --"),
    ],
)
def test_answer_becomes_a_value_of_its_type_or_stays_out_of_the_column(
    store: Store, kind: ColumnType, text: str, cell: object
) -> None:
    record = b.create(store, {"value": text})

    project(store, record, Projection("P13e", (("value", kind),)))

    assert shown(store)[record].get("value") == cell
    assert b.answers_of(store, record) == {"value": text}


def test_path_whose_type_a_later_version_changes_has_a_column_for_each(store: Store) -> None:
    first, later = b.create(store, {"age": "70"}), b.create(store, {"age": "일흔"})

    project(store, first, Projection("P13e", (("age", "integer"),)))
    project(store, later, Projection("P13e", (("age", "text"),)))

    assert shown(store) == {
        first: {"scope": b.SCOPE, "age": 70},
        later: {"scope": b.SCOPE, "age__2": "일흔"},
    }


def test_paths_that_differ_in_case_or_meet_our_own_names_do_not_collide(store: Store) -> None:
    record = b.create(store, {"Q1": "a", "q1": "b", "scope": "c", "record_id": "d"})
    names = ("Q1", "q1", "scope", "record_id")

    project(store, record, Projection("P13e", tuple((name, "text") for name in names)))

    with store.reading() as db:
        table = answers.table_of(db, "P13e")
    assert table is not None
    cells = shown(store)[record]
    assert {name: cells[table.of_path(name)[0].name] for name in names} == {
        "Q1": "a",
        "q1": "b",
        "scope": "c",
        "record_id": "d",
    }
    assert cells["scope"] == b.SCOPE


def test_forms_whose_names_look_alike_have_tables_of_their_own(store: Store) -> None:
    record = b.create(store, {"mode": "paper"})

    for form_id in ("가 사", "가-사", 'a"b', "A_b"):
        project(store, record, Projection(form_id, (("mode", "text"),)))

    with store.reading() as db:
        tables = {
            form_id: answers.table_of(db, form_id) for form_id in ("가 사", "가-사", 'a"b', "A_b")
        }
    assert len({table.name.lower() for table in tables.values() if table}) == 4


def test_form_that_names_nothing_has_no_table(store: Store) -> None:
    record = b.create(store, {"mode": "paper"})

    project(store, record, Projection("P13e", ()))

    assert shown(store) == {}
    with store.reading() as db:
        assert answers.due_count(db) == 0


def test_pulled_documents_are_projected_afterwards_in_batches(
    store: Store, replica: StoreReplica
) -> None:
    ids = [b.record_id_at(minute) for minute in range(5)]
    replica.accept_rows(
        b.page(*(b.put(r, 1, {"mode": "self"}, scope_seq=n + 1) for n, r in enumerate(ids)))
    )
    assert shown(store) == {}

    batches = [answers.project_due(store, b.projections, 2) for _ in range(4)]

    assert batches == [2, 2, 1, 0]
    assert set(shown(store)) == set(ids)


def test_records_wait_for_a_pack_and_are_projected_when_it_is_installed(
    store: Store, replica: StoreReplica
) -> None:
    record = b.record_id_at()
    replica.accept_rows(b.page(b.put(record, 1, {"mode": "self"})))
    assert answers.project_due(store, lambda *_: None, 10) == 1
    assert shown(store) == {}

    with store.writing() as db:
        packs.install(db, form=b.FORM, content=b"pack", workbook_sha256="0" * 64)
    assert answers.project_due(store, b.projections, 10) == 1

    assert shown(store)[record]["mode"] == "self"


def test_installed_version_is_immutable_and_installing_it_again_is_nothing(store: Store) -> None:
    def install(content: bytes, version: str = "1") -> None:
        with store.writing() as db:
            packs.install(
                db,
                form=FormRef(id="P13e", version=version),
                content=content,
                workbook_sha256=packs.digest(content),
            )

    install(b"one")
    install(b"one")
    with pytest.raises(PackVersionTaken):
        install(b"other")
    install(b"other", "2")

    with store.reading() as db:
        kept = [(pack.form.version, pack.content) for pack in packs.all_packs(db)]
    assert kept == [("1", b"one"), ("2", b"other")]


def test_pack_whose_bytes_changed_on_the_disk_is_damage(store: Store) -> None:
    with store.writing() as db:
        packs.install(db, form=b.FORM, content=b"pack", workbook_sha256="0" * 64)
        db.execute("UPDATE pack SET content = ?", (b"p\0ck",))

    with store.reading() as db, pytest.raises(StoreDamaged):
        packs.all_packs(db)


ANSWERS = st.dictionaries(
    st.sampled_from(["mode", "items/q1", "serial", "today", "good"]),
    st.sampled_from(["1", "2", "paper", "2026-12-01", "12.5"]),
    min_size=1,
)


@settings(max_examples=12)
@given(documents=st.lists(ANSWERS, min_size=1, max_size=4))
def test_projection_made_again_is_the_projection_kept_up_to_date(
    tmp_path_factory: pytest.TempPathFactory, documents: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("store") / "store.db"
    store = Store.create(path, new_data_key(), identity=b.IDENTITY, created_at=b.NOON)
    for document in documents:
        project(store, b.create(store, document), b.PROJECTION)
    kept = shown(store)

    with store.writing() as db:
        answers.mark_due(db, "P13e")
        db.execute("DELETE FROM answer_P13e")
    while answers.project_due(store, b.projections, 3):
        pass

    assert shown(store) == kept
    store.close()


def test_record_shows_its_state_and_subject_and_each_instance_where_it_stands(
    store: Store, replica: StoreReplica
) -> None:
    record, household, key = b.record_id_at(), b.new_uuid(), b.new_uuid()
    projection = Projection(
        "P13e",
        (("mode", "text"),),
        {"areas": (), "areas/items": (("areas/items/score", "integer"),)},
    )
    replica.accept_rows(
        b.page(
            b.put(
                record,
                1,
                {
                    "mode": "paper",
                    "areas[n1]/items[n2]/score": "4",
                    "areas[n1]/items[n10]/group/score": "5",
                    f"areas[{key}]/note": "x",
                    "areas2[n1]/items[n1]/score": "1",
                },
                state="서명 전",
                subject={"list": "household", "id": household},
            )
        )
    )

    assert answers.project_due(store, lambda *_: projection, 10) == 1

    with store.reading() as db:
        main = db.rows("SELECT state, subject_list, subject_id, created_on, mode FROM answer_P13e")
        areas = db.rows("SELECT record_id, instance, around FROM answer_P13e__areas ORDER BY 2")
        items = db.rows(
            'SELECT instance, around, "areas/items/score" FROM answer_P13e__areas_items ORDER BY 1'
        )
    assert main == [("서명 전", "household", household, "2026-12-01", "paper")]
    assert areas == sorted([(record, f"areas[{key}]", ""), (record, "areas[n1]", "")])
    assert items == [
        ("areas[n1]/items[n10]", "areas[n1]", None),
        ("areas[n1]/items[n2]", "areas[n1]", 4),
    ]
