"""찾기: a family is found by any part of what it is known by, and by nothing said in confidence."""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.storage import search
from fieldapp.storage.database import Store
from fieldapp.storage.entities import EntityRows
from fieldapp.storage.replica import StoreReplica
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
        search.choseong(letter) if short else letter
        for letter, short in zip(part, mixed, strict=False)
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

    for text in (part, search.choseong(part)):
        if text.strip():
            with store.reading() as db:
                found = {hit.entity_id for hit in search.find(db, text, limit=10_000)}
            assert entity in found
