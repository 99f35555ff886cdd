"""찾기 while a worker types: among 20,000 households, 100,000 entities, 500,000.

Each kind of query is asked as it is typed: a syllable, two, a name, 초성, the end of a telephone
number, a part of an address, two words, a word that is nowhere. Beside them the floor of the same
file: one line by its key. Bars: design.md §4; 500,000 are told without one. What keeping an entity
costs is told with and without a change of what it is known by.
Run: `make bench ARGS=search`, or with counts of one's own: `python bench/bench_search.py 20000`.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from fieldapp.clock import KOREA, instant_text
from fieldapp.crypto.wrapping import new_data_key
from fieldapp.domain.entity import EntityDoc
from fieldapp.storage import entities, search
from fieldapp.storage.database import Database, Store
from fieldapp.storage.days import milliseconds
from fieldapp.storage.documents import written
from fieldapp.storage.entities import EntityRows
from fieldapp.storage.grams import choseong

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.measuring import quantile, seconds, told_times
from bench.samples import SCOPE

COUNTS = (20_000, 100_000, 500_000)
BARS_MS: Mapping[int, float] = {20_000: 50.0, 100_000: 150.0}
LISTS = ("household", "person", "site")
ASKED, KEPT, OFFERED = 40, 200, 50
FIRST = "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허남심노하곽성차주우구민진"
SECOND = "순영철미정은지민서현수경상동성재준도하예윤승태혜선인기광명복옥춘말금분귀봉덕종"
THIRD = "례희수숙자호진영우연아현준석철민혁서윤빈은경미란화옥순남녀득례복식구환규섭곤필"
ROADS = ("햇살로", "달빛길", "나루터로", "솔밭길", "은행나무로", "새터길", "우물가길", "강변로")
AT = datetime(2026, 11, 1, 9, tzinfo=KOREA)
_ROWS_A_TRANSACTION = 5_000


def main(counts: Sequence[int] = COUNTS) -> int:
    """Print what was measured; 1 when a bar was missed."""
    is_met = True
    for count in counts:
        random.seed(20261101)
        with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
            path = Path(folder) / "store.db"
            store = Store.create(path, new_data_key(), identity=None, created_at=AT)
            kept_s = seconds(partial(_keep, store, count))
            print(
                f"{count:,} entities: {count / kept_s:,.0f}/s kept and found;"
                f" {path.stat().st_size / 1e6:,.0f} MB"
            )
            is_met &= _bench_finding(store, count)
            _bench_keeping(store, count)
            store.close()
    return 0 if is_met else 1


def _keep(store: Store, count: int) -> None:
    """As a pull writes them: the documents, and the lines by which they are found."""
    for first in range(0, count, _ROWS_A_TRANSACTION):
        numbers = range(first, min(first + _ROWS_A_TRANSACTION, count))
        made = [(_list_of(number), _id(number), _entity(number)) for number in numbers]
        at = instant_text(AT)
        with store.writing() as db:
            db.execute_many(
                "INSERT INTO entity (list, id, label, scope, rev, server_doc, created_on,"
                " updated, updated_ms) VALUES (?, ?, ?, ?, 1, ?, '2026-11-01', ?, ?)",
                [
                    (list_name, entity_id, doc.label, SCOPE, written(doc), at, milliseconds(at))
                    for list_name, entity_id, doc in made
                ],
            )
            search.put_all(db, made)


def _list_of(number: int) -> str:
    return LISTS[number % 10 // 6 + number % 10 // 9]


def _id(number: int) -> str:
    return f"019a0000-0000-7000-8000-{number:012x}"


def _name() -> str:
    return "".join(random.choice(letters) for letters in (FIRST, SECOND, THIRD))  # noqa: S311


def _entity(number: int) -> EntityDoc:
    return EntityDoc(
        label=f"가상-{_name()}" if number % 4 else f"{_name()} (가상)",
        props={
            "phone": f"010-{random.randrange(10_000):04}-{random.randrange(10_000):04}",  # noqa: S311
            "address": f"가상시 햇살구 {random.choice(ROADS)} {number % 300},"  # noqa: S311
            f" {number % 5 + 101}동 {number % 15 + 1}{number % 4 + 1:02}호",
            "tong": f"{number % 30 + 1}통",
            "no": f"2026-{number:06}",
            "state": "등록",
        },
    )


def _queries() -> Mapping[str, Sequence[str]]:
    """What is asked, drawn as the entities were: most of it is somewhere, some of it often."""
    digits = [f"{random.randrange(10_000):04}" for _ in range(ASKED)]  # noqa: S311
    names = [_name() for _ in range(ASKED)]
    return {
        "one syllable": [*FIRST, "가", "로", "햇"],
        "two syllables": [name[random.randrange(2) :][:2] for name in names],  # noqa: S311
        "full name": names,
        "one 초성": [
            "ㄱ",
            "ㄴ",
            "ㄷ",
            "ㄹ",
            "ㅁ",
            "ㅂ",
            "ㅅ",
            "ㅇ",
            "ㅈ",
            "ㅊ",
            "ㅋ",
            "ㅌ",
            "ㅍ",
            "ㅎ",
        ],
        "three 초성": [choseong(name) for name in names],
        "last four digits": digits,
        "whole telephone": [f"010{four}{four}" for four in digits],
        "one digit": list("0123456789"),
        "part of an address": [*ROADS, "햇살구", "102동", "가상시", "301호"],
        "what all have": ["가상", "ㄱㅅ", "010", "2026", "ㅎㅅㄱ", "햇살", "01"],
        "two words": [f"{name[:1]} {road}" for name, road in zip(names, ROADS * 5, strict=True)],
        "name and telephone": [f"{name} {four}" for name, four in zip(names, digits, strict=True)],
        "nowhere": ["뷁뷁", "가상 뷁", "똠방각하", "ㅃㅉㄸ", "0000-9999-1", "zzz"],
    }


def _bench_finding(store: Store, count: int) -> bool:
    bar_ms = BARS_MS.get(count)
    is_met = True
    with store.reading() as db:
        floor_ms = quantile([1e3 * seconds(partial(_by_key, db)) for _ in range(ASKED)], 0.5)
        for what, texts in _queries().items():
            times_ms = [1e3 * seconds(partial(search.find, db, text)) for text in texts]
            is_met &= told_times(what, times_ms, bar_ms, floor_ms, "a line by its key")
        texts = [_name()[:2] for _ in range(ASKED)]
        times_ms = [1e3 * seconds(partial(search.ids_in, db, LISTS[0], text)) for text in texts]
        is_met &= told_times("list: two syllables", times_ms, bar_ms, floor_ms, "a line by its key")
        times_ms = [1e3 * seconds(partial(entities.page, db, LISTS[0], limit=OFFERED))] * 3
        is_met &= told_times("list: first page", times_ms, bar_ms, floor_ms, "a line by its key")
    rows = EntityRows(store, LISTS[0])
    for what, texts in {
        "form: nothing yet": [""] * 20,
        "form: one syllable": list(FIRST),
        "form: 초성": ["ㄱ", "ㅅㄹ", "ㄱㅅㄹ", "ㅊㅅ", "ㅇㅎ"],
        "form: both": ["김ㅅ", "이ㅊㅅ", "ㄱ순"],
    }.items():
        times_ms = [1e3 * seconds(partial(_typed, rows, text)) for text in texts]
        is_met &= told_times(what, times_ms, bar_ms, floor_ms, "a line by its key")
    return is_met


def _by_key(db: Database) -> None:
    db.row("SELECT label FROM entity WHERE list = ? AND id = ?", (LISTS[0], _id(1)))


def _typed(rows: EntityRows, text: str) -> int:
    return len(list(rows.search(text, OFFERED)))


def _bench_keeping(store: Store, count: int) -> None:
    """The line of one entity, durable when it returns; beside a commit of its label alone."""
    labels_ms, same_ms, changed_ms = [], [], []
    for number in range(0, count, max(count // KEPT, 1)):
        doc = _entity(number)
        labels_ms.append(1e3 * seconds(partial(_relabel, store, number, doc)))
        changed_ms.append(1e3 * seconds(partial(_relabel, store, number, doc, is_found=True)))
        same_ms.append(1e3 * seconds(partial(_relabel, store, number, doc, is_found=True)))
    label_ms = quantile(labels_ms, 0.5)
    for what, times_ms in {"kept, changed": changed_ms, "kept, as before": same_ms}.items():
        median_ms = quantile(times_ms, 0.5)
        print(
            f"{what:20} {median_ms:7.2f} ms p50 {quantile(times_ms, 0.95):7.2f} ms p95"
            f"   {median_ms - label_ms:+.2f} ms on {label_ms:.2f} (its label alone); no bar"
        )


def _relabel(store: Store, number: int, doc: EntityDoc, *, is_found: bool = False) -> None:
    list_name, entity_id = _list_of(number), _id(number)
    with store.writing() as db:
        db.execute(
            "UPDATE entity SET label = ? WHERE list = ? AND id = ?",
            (doc.label, list_name, entity_id),
        )
        if is_found:
            search.put_all(db, [(list_name, entity_id, doc)])


if __name__ == "__main__":
    sys.exit(main(tuple(map(int, sys.argv[1:])) or COUNTS))
