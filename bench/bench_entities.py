"""What 20,000 households take of a worker's time: kept, found by a form and by 찾기, counted.

A form asks for one by its id, by a property and by what is typed; 찾기 by a syllable, by 초성, by
four digits of a telephone number; the table is the month's visits (100,000 of them, with links in a
repeat) by a property of the household. Beside each a floor from the same file: one row by its key,
one column read through.
Bars: design.md §4. Run: `make bench ARGS=entities`.
"""

from __future__ import annotations

import random
import secrets
import sys
import tempfile
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from fieldapp.clock import KOREA, instant_text
from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.entity import EntityDoc
from fieldapp.domain.exchange import PulledRow, PullReply
from fieldapp.domain.figures import Period
from fieldapp.domain.ids import new_record_id, uuid7
from fieldapp.domain.operation import FormRef, ObjectRef, Subject
from fieldapp.domain.plans import (
    AnswerOf,
    Comparison,
    Constant,
    Grouping,
    Projection,
    TableColumn,
    TablePlan,
)
from fieldapp.domain.record import RecordDoc, RevisionHeader, document_hash
from fieldapp.domain.shapes import encode, to_wire
from fieldapp.storage import answers, blobs, entities, figures, records, search
from fieldapp.storage.database import Store
from fieldapp.storage.documents import written
from fieldapp.storage.entities import EntityRows
from fieldapp.storage.replica import StoreReplica
from fieldapp.sync.protocol import PULL_BUDGET_BYTES

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.measuring import quantile, seconds, told_times
from bench.samples import SCOPE

HOUSEHOLDS, VISITS = 20_000, 100_000
LIST = "household"
FIND_BAR_MS, SEARCH_BAR_MS, TABLE_BAR_S = 5.0, 50.0, 2.0
ASKED, COUNTS, PICTURES, OFFERED = 200, 3, 20, 50
SYLLABLES = "김이박최정강조윤장임한오서신권황안송순례철수영희민준연지호하은"
EPOCH = uuid7(datetime(2026, 11, 1, tzinfo=KOREA))
FIRST_DAY = datetime(2026, 11, 1, 9, tzinfo=KOREA)
FORM = FormRef(id="bench", version="1")
PROJECTION = Projection(
    FORM.id,
    (("date", "date"), ("method", "text"), ("minutes", "decimal")),
    {"links": (("links/service", "text"),)},
)


def main(households: int = HOUSEHOLDS, visits: int = VISITS) -> int:
    """Print what was measured; 1 when a bar was missed."""
    random.seed(20261101)
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        path = Path(folder) / "store.db"
        store = Store.create(path, new_data_key(), identity=None, created_at=FIRST_DAY)
        ids = [uuid7(FIRST_DAY + timedelta(seconds=n)) for n in range(households)]
        _keep_households(store, ids)
        _keep_visits(store, ids, visits)
        is_met = [
            _bench_finding(store, ids),
            _bench_search(store),
            _bench_table(store, visits, "table by 통", _table()),
            _bench_table(store, visits, "통 × 방법", _crossed()),
        ]
        _bench_pictures(store)
        store.close()
    return 0 if all(is_met) else 1


def _keep_households(store: Store, ids: list[str]) -> None:
    """Pulled, in pages as large as the server gives them."""
    replica = StoreReplica(store, lambda *_: PROJECTION)
    rows = [_household_row(n, entity_id) for n, entity_id in enumerate(ids)]
    rows_a_page = PULL_BUDGET_BYTES * len(rows) // sum(len(encode(row)) for row in rows)
    pages = [rows[first : first + rows_a_page] for first in range(0, len(rows), rows_a_page)]

    def pull() -> None:
        for page in pages:
            replica.accept_rows(
                PullReply(epoch=EPOCH, rows=tuple(page), cursors={SCOPE: "c"}, more=True)
            )

    print(
        f"{len(ids):,} households: {len(ids) / seconds(pull):,.0f}/s kept and found,"
        f" {rows_a_page:,} a page"
    )


def _household_row(number: int, entity_id: str) -> PulledRow:
    header = RevisionHeader(rev=1, who="가상-이담당", when=instant_text(FIRST_DAY), state="-")
    doc = EntityDoc(
        label="가상-" + "".join(random.choices(SYLLABLES, k=3)),  # noqa: S311 - synthetic
        props={
            "phone": f"010-{number % 10_000:04}-{number * 7 % 10_000:04}",
            "address": f"가상로 {number % 300}, {number % 50}01호",
            "tong": f"{number % 30 + 1}통",
            "grade": ("risk", "caution", "watch", "closed")[number % 4],
            "state": "등록",
            **{f"fact{n}": f"가상-값 {number * n % 97}" for n in range(12)},
        },
        history=(header,),
    )
    return PulledRow(
        scope=SCOPE,
        scope_seq=number + 1,
        change="put",
        object=ObjectRef(type="entity", list=LIST, id=entity_id),
        rev=1,
        hash=document_hash(doc),
        doc=to_wire(doc),
    )


def _keep_visits(store: Store, ids: list[str], count: int) -> None:
    """As if pulled before; shown in columns in the way the storage lane does."""
    for first in range(0, count, 5_000):
        rows = [_visit(n, ids[n % len(ids)]) for n in range(first, min(first + 5_000, count))]
        names, marks = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
        with store.writing() as db:
            db.execute_many(
                f"INSERT INTO record ({names}) VALUES ({marks})",  # noqa: S608 - columns of ours
                [tuple(row.values()) for row in rows],
            )

    def show() -> None:
        while answers.project_due(store, lambda *_: PROJECTION, 200):
            pass

    print(f"{count:,} visits: {count / seconds(show):,.0f}/s shown, a repeat's rows with them")


def _visit(number: int, household: str) -> dict[str, str | int | float | bytes | None]:
    at = FIRST_DAY + timedelta(seconds=number)
    doc = RecordDoc(
        form=FORM,
        kind="visit",
        scope=SCOPE,
        state="완료",
        author="가상-이담당",
        created=instant_text(at),
        updated=instant_text(at),
        subject=Subject(list=LIST, id=household),
        answers={
            "date": f"2026-11-{number % 28 + 1:02}",
            "method": ("visit", "phone")[number % 2],
            "minutes": str(number % 60),
            "links[n1]/service": ("case", "meal")[number % 2],
        },
    )
    return {
        "id": new_record_id(at),
        **records.described(doc),
        "rev": 1,
        "epoch": EPOCH,
        "hash": document_hash(doc),
        "server_doc": written(doc),
        "is_due": 1,
    }


def _bench_finding(store: Store, ids: list[str]) -> bool:
    """As a form asks: by id, and by a property that few share; beside one row by its key."""
    rows = EntityRows(store, LIST)
    floor_ms = quantile([_row_by_key_ms(store, ids[n * 31 % len(ids)]) for n in range(ASKED)], 0.5)
    is_met = True
    for what, column, values in (
        ("find by id", "name", [ids[n * 97 % len(ids)] for n in range(ASKED)]),
        (
            "find by telephone",
            "phone",
            [f"010-{n % 10_000:04}-{n * 7 % 10_000:04}" for n in range(ASKED)],
        ),
    ):
        times_ms = [1e3 * seconds(partial(_found, rows, column, value)) for value in values]
        is_met &= told_times(what, times_ms, FIND_BAR_MS, floor_ms, "floor")
    whole_s = seconds(lambda: list(rows.scan()))
    with store.reading() as db:
        listed_s = seconds(lambda: entities.page(db, LIST, limit=-1))
    print(f"{'every row':18} {whole_s:6.2f} s; as a list {listed_s:.2f} s; no bar")
    return is_met


def _found(rows: EntityRows, column: str, value: str) -> int:
    return len(list(rows.find(column, value)))


def _row_by_key_ms(store: Store, entity_id: str) -> float:
    with store.reading() as db:
        return 1e3 * seconds(
            lambda: db.row(
                "SELECT server_doc FROM entity WHERE list = ? AND id = ?", (LIST, entity_id)
            )
        )


def _bench_search(store: Store) -> bool:
    is_met = True
    asked = {
        "one syllable": list(SYLLABLES),
        "초성": ["ㄱ", "ㅅㄹ", "ㄱㅅㄹ", "ㅊㅅ", "ㅇㅎ"],
        "four digits": [f"{n * 7:04}" for n in range(20)],
        "name and address": ["김 가상로", "순례 12", "철수 301호"],
    }
    with store.reading() as db:
        floor_ms = 1e3 * seconds(lambda: db.count("SELECT sum(length(text)) FROM search"))
        for what, texts in asked.items():
            times_ms = [1e3 * seconds(partial(search.find, db, text)) for text in texts]
            is_met &= told_times(f"찾기: {what}", times_ms, SEARCH_BAR_MS, floor_ms, "floor")
    rows = EntityRows(store, LIST)
    for what, texts in {
        "nothing yet": [""] * 20,
        "one syllable": list(SYLLABLES),
        "초성": ["ㄱ", "ㅅㄹ", "ㄱㅅㄹ", "ㅊㅅ", "ㅇㅎ"],
        "both": ["김ㅅ", "이ㅊㅅ", "ㄱ순"],
    }.items():
        times_ms = [1e3 * seconds(partial(_typed, rows, text)) for text in texts]
        is_met &= told_times(f"in a form: {what}", times_ms, SEARCH_BAR_MS, floor_ms, "floor")
    return is_met


def _typed(rows: EntityRows, text: str) -> int:
    return len(list(rows.search(text, OFFERED)))


def _bench_table(store: Store, visits: int, name: str, plan: TablePlan) -> bool:
    """A table of the month that counts every visit."""
    period = Period.month(2026, 11)
    with store.reading() as db:
        floor_s = seconds(lambda: db.count("SELECT sum(length(method)) FROM answer_bench"))

    def count() -> None:
        with store.reading() as db:
            counted = figures.figures(db, plan, period=period, scope=None, counted_at=FIRST_DAY)
            if counted.records != visits:
                raise SystemExit(f"{counted.records} visits of {visits} were counted")

    times_s = [seconds(count) for _ in range(COUNTS)]
    median_s = quantile(times_s, 0.5)
    missed = f"   missed by {median_s - TABLE_BAR_S:.2f} s" if median_s > TABLE_BAR_S else ""
    print(
        f"{name:18} {median_s:6.2f} s    {median_s / floor_s:4.1f} x {floor_s:.2f}"
        f" (one column read)   bar {TABLE_BAR_S:g} s{missed}"
    )
    return median_s <= TABLE_BAR_S


def _is(path: str, value: str) -> Comparison:
    return Comparison("=", AnswerOf(path), Constant(value))


def _crossed() -> TablePlan:
    """The month by 통, parted by an answer; two columns behind."""
    return TablePlan(
        id="crossed",
        form_id=FORM.id,
        caption="통·방법별 실적",
        unit="건",
        row_head="통",
        rows=Grouping("subject", "tong"),
        columns=(
            TableColumn("건수", "count"),
            TableColumn("방문", "count", where=_is("method", "visit")),
            TableColumn("방문율%", "rate", over=("방문",), under=("건수",), decimals=1),
        ),
        period_path="date",
        total_method="pooled",
        across=Grouping("answer", "method"),
    )


def _table() -> TablePlan:
    """The month by 통, nine columns of four sources."""
    links = {"source": "repeat", "name": "links"}
    return TablePlan(
        id="by_tong",
        form_id=FORM.id,
        caption="통별 방문·상담 실적",
        unit="가구, 건",
        row_head="통",
        rows=Grouping("subject", "tong"),
        columns=(
            TableColumn("대상", "count", source="list", name=LIST),
            TableColumn("위험", "count", source="list", name=LIST, where=_is("grade", "risk")),
            TableColumn("방문", "count", where=_is("method", "visit")),
            TableColumn("전화", "count", where=_is("method", "phone")),
            TableColumn("방문율%", "rate", over=("방문",), under=("방문", "전화"), decimals=1),
            TableColumn("시간", "mean", path="minutes", decimals=1),
            TableColumn("연계", "count", **links),  # type: ignore[arg-type]
            TableColumn("의뢰", "count", where=_is("links/service", "case"), **links),  # type: ignore[arg-type]
            TableColumn("발굴", "count", source="created", name=LIST),
        ),
        period_path="date",
        total_method="pooled",
    )


def _bench_pictures(store: Store) -> None:
    """A photograph of two megabytes, kept and read."""
    pictures = [secrets.token_bytes(2_000_000) for _ in range(PICTURES)]
    kept_ms, read_ms = [], []
    for picture in pictures:
        began = time.perf_counter()
        name = blobs.keep(store, picture, "jpg")
        kept_ms.append(1e3 * (time.perf_counter() - began))
        read_ms.append(1e3 * seconds(partial(blobs.read, store, name)))
    print(
        f"{'photograph, 2 MB':18} {quantile(kept_ms, 0.5):6.1f} ms kept,"
        f" {quantile(read_ms, 0.5):.1f} ms read; no bar"
    )


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
