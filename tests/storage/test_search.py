"""찾기: a family is found by any part of what it is known by, and by nothing said in confidence."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.storage import search
from fieldapp.storage.database import Store, migrate
from fieldapp.storage.entities import EntityRows
from fieldapp.storage.grams import choseong
from fieldapp.storage.replica import StoreReplica
from fieldapp.storage.sqlite import connect
from tests.storage import building as b
from tests.storage import entity_building as e

SYLLABLES = st.text(alphabet="가나다각힣김박쌍뷁 가상-", min_size=1, max_size=8)


def labels(store: Store, text: str) -> list[str]:
    with store.reading() as db:
        return [hit.label for hit in search.find(db, text)]


def test_household_is_found_by_part_of_its_name_by_choseong_and_by_its_telephone(
    store: Store,
) -> None:
    made = e.create_entity(
        store,
        {
            "phone": "010-1234-5678",
            "address": "가상로 12, 301호",
            "no": "2026-17",
            "state": "등록",
            "note": "아무도 모르는 사정",
        },
        label="가상-김순례",
    )
    e.create_entity(store, {"phone": "010-9999-0000"}, label="가상-박철수")

    for text in (
        "순례",
        "김순",
        "ㅅㄹ",
        "ㄱㅅㄹ",
        "5678",
        "12345678",
        "1234-5",
        "가상로 301",
        "2026-17",
    ):
        assert labels(store, text) == ["가상-김순례"], text
    with store.reading() as db:
        (hit,) = search.find(db, "순례")
    assert (hit.list, hit.entity_id) == (e.LIST, made.object.id)
    assert (hit.detail, hit.state) == ("가상로 12, 301호", "등록")


def test_what_was_said_in_confidence_is_not_found(store: Store) -> None:
    e.create_entity(
        store, {"note": "아무도 모르는 사정", "grade": "risk", "phone_time": "저녁에 사정이 있음"}
    )

    assert labels(store, "사정") == []
    assert labels(store, "risk") == []


def test_words_are_looked_for_together_and_wildcards_are_letters(store: Store) -> None:
    e.create_entity(store, {"address": "가상로 12"}, label="가상-100%_가구")

    assert labels(store, "가구 12") == ["가상-100%_가구"]
    assert labels(store, "가구 13") == []
    assert labels(store, "%") == ["가상-100%_가구"]
    assert labels(store, "1%0") == []
    assert labels(store, "  ") == []


def test_names_that_begin_with_the_text_come_first(store: Store) -> None:
    for label in ("나-가람", "가람-나"):
        e.create_entity(store, {}, label=label)

    assert labels(store, "가람") == ["가람-나", "나-가람"]
    assert labels(store, "ㄱㄹ") == ["가람-나", "나-가람"]


def test_end_of_a_telephone_comes_before_its_middle(store: Store) -> None:
    e.create_entity(store, {"phone": "010-0103-7777"}, label="가상-가운데")
    e.create_entity(store, {"phone": "010-0000-0103"}, label="가상-끝")
    e.create_entity(store, {"no": "2026-0103"}, label="가상-번호")

    assert labels(store, "0103") == ["가상-끝", "가상-번호", "가상-가운데"]
    assert labels(store, "0000-0103") == ["가상-끝"]


def test_form_finds_the_rows_of_its_list_by_what_is_typed(store: Store) -> None:
    for label in ("가상-김철수", "가상-김채원", "가상-박철수", "가상-최강"):
        e.create_entity(store, {"address": "가상로 김씨네"}, label=label)
    e.create_entity(store, {}, label="가상-김철수 상회", list_name="site")
    rows = EntityRows(store, e.LIST)

    def found(text: str, limit: int = 50) -> list[str]:
        return [row["label"].removeprefix("가상-") for row in rows.search(text, limit)]

    assert found("") == ["김채원", "김철수", "박철수", "최강"]
    assert found("", 1) == ["김채원"]
    assert found("김") == ["김채원", "김철수"]
    assert found("ㅊㅅ") == ["김철수", "박철수"]
    assert found("김ㅊㅅ") == ["김철수"]
    assert found("ㅊ", 2) == ["김채원", "김철수"]
    assert found("가상로") == []
    assert found("없는 이름") == []
    (row,) = rows.search("채원", 5)
    assert row["address"] == "가상로 김씨네"


def test_deleted_and_merged_rows_are_offered_to_no_form(store: Store) -> None:
    one, twin, gone = (b.new_uuid() for _ in range(3))
    for entity in (one, twin, gone):
        e.create_entity(store, {}, entity_id=entity, label="가상-하나")
    e.change_entity(store, twin, {"@merged_into": one})
    e.delete_entity(store, gone)
    rows = EntityRows(store, e.LIST)

    for text in ("", "하나", "ㅎㄴ", "하ㄴ"):
        assert [row["name"] for row in rows.search(text, 50)] == [one], text


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    label=SYLLABLES,
    mixed=st.lists(st.booleans(), min_size=8, max_size=8),
    data=st.data(),
)
def test_every_letter_may_be_typed_whole_or_as_its_choseong(
    store: Store, label: str, mixed: list[bool], data: st.DataObject
) -> None:
    entity = b.new_uuid()
    e.create_entity(store, {"phone": "010-0000-0000"}, entity_id=entity, label=label)
    first = data.draw(st.integers(0, len(label) - 1))
    part = label[first : data.draw(st.integers(first + 1, len(label)))]
    typed = "".join(
        choseong(letter) if short else letter for letter, short in zip(part, mixed, strict=False)
    )

    found = {row["name"] for row in EntityRows(store, e.LIST).search(typed, 10_000)}

    assert entity in found


def test_changed_deleted_erased_and_merged_entities_are_found_as_they_are_now(
    store: Store, replica: StoreReplica
) -> None:
    one, twin, gone, erased = (b.new_uuid() for _ in range(4))
    replica.accept_rows(
        b.page(
            *(
                e.put_entity(entity, 1, {}, label=label, scope_seq=n + 1)
                for n, (entity, label) in enumerate(
                    ((one, "가상-하나"), (twin, "가상-하나 둘째"), (gone, "가상-하나 셋째"),
                     (erased, "가상-하나 넷째"))
                )
            )
        )
    )  # fmt: skip
    assert len(labels(store, "하나")) == 4

    e.change_entity(store, one, {"label": "가상-두리"})
    e.change_entity(store, twin, {"@merged_into": one})
    replica.accept_rows(b.page(e.entity_row("del", gone, 2, scope_seq=7)))
    replica.accept_rows(b.page(e.entity_row("erase", erased, 2, scope_seq=8)))

    assert labels(store, "하나") == []
    assert labels(store, "두리") == ["가상-두리"]


def test_name_typed_on_another_system_is_found_though_its_syllables_come_apart(
    store: Store,
) -> None:
    e.create_entity(store, {}, label=unicodedata.normalize("NFD", "가상-김순례"))

    assert len(labels(store, "순례")) == 1
    assert len(labels(store, unicodedata.normalize("NFD", "순례"))) == 1
    assert len(labels(store, "ㅅㄹ")) == 1


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(label=SYLLABLES, data=st.data())
def test_any_part_of_a_name_and_its_choseong_find_it(
    store: Store, label: str, data: st.DataObject
) -> None:
    entity = b.new_uuid()
    e.create_entity(store, {}, entity_id=entity, label=label)
    first = data.draw(st.integers(0, len(label) - 1))
    part = label[first : data.draw(st.integers(first + 1, len(label)))]

    for text in (part, choseong(part)):
        if text.strip():
            with store.reading() as db:
                found = {hit.entity_id for hit in search.find(db, text, limit=10_000)}
            assert entity in found


@pytest.mark.parametrize("few", [0, 2, 2_000])
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    entities=st.lists(
        st.tuples(SYLLABLES, st.sampled_from(["010-0103-7777", "0103", "2026-01", "-"])),
        min_size=1,
        max_size=8,
    ),
    words=st.lists(
        st.text(alphabet="가나김ㄱㄴㅅ상0137-", min_size=1, max_size=5), min_size=1, max_size=2
    ),
)
def test_pieces_find_what_reading_every_line_finds(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    entities: list[tuple[str, str]],
    words: list[str],
) -> None:
    """However many lines have a piece: looked into one by one, or read in their order."""
    monkeypatch.setattr(search, "_FEW", few)
    for label, phone in entities:
        e.create_entity(store, {"phone": phone}, label=label)

    with store.reading() as db:
        lines = db.rows("SELECT id, text, choseong, sort_key FROM search")
        found = [hit.entity_id for hit in search.find(db, " ".join(words), limit=10_000)]
        in_list = search.ids_in(db, e.LIST, " ".join(words))
        first = [hit.entity_id for hit in search.find(db, " ".join(words), limit=3)]

    def looked_into(text: str, initials: str, word: str) -> str:
        return (
            initials
            if any(letter in "ㄱㄴㅅ" for letter in word)
            and not any("가" <= letter <= "힣" for letter in word)
            else text
        )

    def rank(text: str, initials: str) -> int:
        if looked_into(text, initials, words[0]).startswith(words[0]):
            return 0
        is_number = all(letter in "0137-" for letter in words[0])
        return 1 if is_number and f"{words[0]}\n" in f"{text}\n" else 2

    expected = [
        entity_id
        for _, _, entity_id in sorted(
            (rank(text, initials), key, entity_id)
            for entity_id, text, initials, key in lines
            if all(word in looked_into(text, initials, word) for word in words)
        )
    ]
    assert found == expected
    assert first == expected[:3]
    assert in_list == set(expected)


def test_store_of_before_the_index_is_found_by_all_of_it(path: Path, data_key: bytes) -> None:
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()
    made = Store.open(path, data_key)
    e.create_entity(made, {"phone": "010-1234-5678"}, label="가상-10통")
    e.create_entity(made, {"phone": "010-1234-9999"}, label="가상-2통")
    with made.reading() as db:
        lines = db.rows("SELECT list, id, text, choseong FROM search")
        kept = db.rows("SELECT * FROM entity")
    made.close()
    path.unlink()
    before = connect(path, data_key, "rwc")
    migrate(before, 2)
    before.execute_many("INSERT INTO search VALUES (?, ?, ?, ?)", lines)
    before.execute_many(f"INSERT INTO entity VALUES ({', '.join('?' * len(kept[0]))})", kept)  # noqa: S608
    before.close()

    store = Store.open(path, data_key)

    assert labels(store, "통") == ["가상-2통", "가상-10통"]
    assert labels(store, "ㄱㅅ") == ["가상-2통", "가상-10통"]
    assert labels(store, "5678") == ["가상-10통"]
    assert [row["label"] for row in EntityRows(store, e.LIST).scan()] == ["가상-2통", "가상-10통"]
    store.close()


def test_nothing_is_left_to_find_of_an_entity_that_was_renamed_or_forgotten(store: Store) -> None:
    one = b.new_uuid()
    e.create_entity(store, {"phone": "010-1234-5678"}, entity_id=one, label="가상-하나")
    e.change_entity(store, one, {"label": "가상-두리", "phone": None})
    e.create_entity(store, {}, label="가상-서이")

    assert [labels(store, text) for text in ("하나", "하", "ㅎㄴ", "5678", "5")] == [[]] * 5
    with store.reading() as db:
        assert db.count("SELECT count(*) FROM search") == 2
        assert db.count("SELECT count(*) FROM search_gram") == 2
