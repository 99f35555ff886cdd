"""Answers counted in one pass are those counted one by one, whatever the first look missed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.storage import answer_counts, answers, records, sources
from fieldapp.storage.database import Store
from fieldapp.storage.projected_tables import tables_of
from tests.storage import building as b

PATHS = ("items/q1", "items/q2", "mode")
ANSWERS = st.lists(
    st.tuples(*(st.sampled_from([None, "1", "2", "3", "4", "10"]) for _ in PATHS)),
    max_size=6,
)


@pytest.mark.parametrize(("looked_at", "most"), [(500, 16), (1, 16), (500, 1), (2, 0)])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ANSWERS)
def test_every_answer_is_counted_however_few_were_looked_at(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    looked_at: int,
    most: int,
    rows: list[tuple[str | None, ...]],
) -> None:
    monkeypatch.setattr(answer_counts, "_LOOKED_AT", looked_at)
    monkeypatch.setattr(answer_counts, "_MOST", most)
    with store.writing() as db:
        for (record_id,) in db.rows("SELECT id FROM record"):
            answers.remove(db, record_id)
    for row in rows:
        given = {path: value for path, value in zip(PATHS, row, strict=True) if value is not None}
        record_id = b.create(store, given)
        with store.writing() as db:
            answers.project(db, records.find(db, record_id), b.PROJECTION)

    with store.reading() as db:
        source = sources.of_records(tables_of(db, b.FORM.id), "", (), ())
        counts = {} if source is None else answer_counts.counts_by_value(db, source, PATHS)

    for number, path in enumerate(PATHS):
        expected = Counter(row[number] for row in rows if row[number] is not None)
        assert counts.get(path, Counter()) == expected
