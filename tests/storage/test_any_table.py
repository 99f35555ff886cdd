"""Tables over any records: what SQL counts is what plain Python counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.plans import Grouping, TableColumn
from fieldapp.storage.database import Store
from tests.storage import building as b
from tests.storage.table_building import cells, counted, households, is_, plan, visits

SCORES = st.one_of(st.none(), st.sampled_from(["1", "2.5", "3", "na", "-4"]))
DOCUMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.sampled_from(["2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01"]),
            "who": st.sampled_from([None, 0, 1, 2]),
            "minutes": SCORES,
            "services": st.lists(st.sampled_from(["case", "meal"]), max_size=3),
        }
    ),
    max_size=8,
)


@pytest.fixture
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.create(
        tmp_path_factory.mktemp("reused") / "store.db",
        new_data_key(),
        identity=b.IDENTITY,
        created_at=b.NOON,
    )
    yield store
    store.close()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(documents=DOCUMENTS)
def test_any_records_are_counted_as_plain_python_counts_them(
    reused: Store, documents: list[dict[str, object]]
) -> None:
    with reused.writing() as db:
        db.execute("DELETE FROM record")
        db.execute("DELETE FROM entity")
        db.execute("DELETE FROM entity_value")
        for (name,) in db.rows("SELECT table_name FROM projected_table"):
            db.execute(f'DELETE FROM "{name}"')  # noqa: S608
    tongs = ["1통", "2통", None]
    ids = households(reused, *({} if tong is None else {"tong": tong} for tong in tongs))
    visits(
        reused,
        [
            {
                "date": str(document["day"]),
                **({} if document["minutes"] is None else {"minutes": str(document["minutes"])}),
                **({} if document["who"] is None else {"subject": ids[int(str(document["who"]))]}),
                **{
                    f"links[n{n + 1}]/service": service
                    for n, service in enumerate(listed(document["services"]))
                },
            }
            for document in documents
        ],
    )
    table = plan(
        Grouping("subject", "tong"),
        TableColumn("건수", "count"),
        TableColumn("평균", "mean", path="minutes", decimals=2),
        TableColumn(
            "의뢰", "count", source="repeat", name="links", where=is_("links/service", "case")
        ),
        total_method="pooled",
    )

    printed = cells(counted(reused, table))
    crossed = counted(
        reused,
        plan(
            Grouping("subject", "tong"),
            TableColumn("건수", "count"),
            across=Grouping("answer", "minutes"),
        ),
    )

    chosen = [d for d in documents if str(d["day"]).startswith("2026-11")]
    by_row: dict[str, list[dict[str, object]]] = {"합계": chosen}
    for document in chosen:
        who = document["who"]
        tong = None if who is None else tongs[int(str(who))]
        by_row.setdefault(tong or "미상", []).append(document)
    assert printed == {label: expected_row(rows) for label, rows in by_row.items()}
    assert cells(crossed) == {
        label: [
            *(str([minutes_of(row) for row in rows].count(head)) for head in crossed.columns[:-1]),
            str(len(rows)),
        ]
        for label, rows in by_row.items()
    }
    assert set(crossed.columns) == {*map(minutes_of, chosen), "계"}


def minutes_of(document: Mapping[str, object]) -> str:
    """A column of numbers has none for `na`."""
    return "미상" if document["minutes"] in (None, "na") else str(document["minutes"])


def listed(services: object) -> list[str]:
    assert isinstance(services, list)
    return [str(service) for service in services]


def expected_row(rows: Sequence[Mapping[str, object]]) -> list[str | None]:
    numbers = [Fraction(str(row["minutes"])) for row in rows if row["minutes"] not in (None, "na")]
    mean = None
    if numbers:
        exact = sum(numbers, Fraction(0)) / len(numbers)
        quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
        mean = str(quotient.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    cases = sum(listed(row["services"]).count("case") for row in rows)
    return [str(len(rows)), mean, str(cases)]
