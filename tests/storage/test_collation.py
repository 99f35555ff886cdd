"""The order of names: 가나다, then Latin, then numbers by value, however a name was typed."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.storage import entities
from fieldapp.storage.collation import sort_key
from fieldapp.storage.database import Store
from fieldapp.storage.entities import EntityRows
from tests.storage import entity_building as e

TEXTS = st.text(alphabet="가나힣ㄱ韓aBzé019 -〓😀\ue000\uf8ff", max_size=8)


def test_names_stand_in_the_order_of_a_korean_list() -> None:
    names = ["10통", "2통", "kim", "김", "Lee", "가", "나", "박", "(박)", "김 2", "김 10"]

    assert sorted(names, key=sort_key) == [
        "(박)", "가", "김", "김 2", "김 10", "나", "박", "kim", "Lee", "2통", "10통",
    ]  # fmt: skip


@given(one=st.integers(0, 10**30), other=st.integers(0, 10**30), around=TEXTS)
def test_numbers_in_a_name_are_compared_by_their_value(one: int, other: int, around: str) -> None:
    before, after = f"{around}통 {one}호", f"{around}통 {other}호"

    assert (sort_key(before) < sort_key(after)) == (one < other)


@given(text=TEXTS, zeros=st.integers(1, 4))
def test_case_composition_and_leading_zeros_change_no_place(text: str, zeros: int) -> None:
    apart = unicodedata.normalize("NFD", text)

    assert sort_key(apart) == sort_key(text)
    assert sort_key(text.upper()) == sort_key(text.upper().lower())
    assert sort_key(f"통{'0' * zeros}7호") == sort_key("통7호")


@given(texts=st.lists(TEXTS, max_size=8), data=st.data())
def test_order_depends_on_the_names_and_not_on_how_they_came(
    texts: list[str], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(texts))

    assert [sort_key(text) for text in sorted(shuffled, key=sort_key)] == sorted(
        map(sort_key, texts)
    )


@given(syllables=st.text(alphabet="가나힣", min_size=1), latin=st.text("azé", min_size=1))
def test_hangul_comes_before_latin_and_latin_before_numbers(syllables: str, latin: str) -> None:
    assert sort_key(syllables) < sort_key("漢") < sort_key(latin) < sort_key("0") < sort_key("1a")


def test_database_sorts_lists_pages_and_pickers_as_names_are_sorted(store: Store) -> None:
    names = ["10통 대표", "2통 대표", "kim", "Lee", "나", "가", "가 10", "가 2"]
    for name in names:
        e.create_entity(store, {"tong": "한 통"}, label=name)
    expected = sorted(names, key=sort_key)
    rows = EntityRows(store, e.LIST)

    with store.reading() as db:
        assert [one.label for one in entities.page(db, e.LIST)] == expected
        assert [one.label for one in entities.page(db, e.LIST, limit=3, offset=2)] == expected[2:5]
        assert [one.label for one in entities.where(db, e.LIST, "tong", "한 통")] == expected
        assert [one.label for one in entities.having(db, e.LIST, "tong")] == expected
    assert [row["label"] for row in rows.scan()] == expected
    assert [row["label"] for row in rows.search("", 4)] == expected[:4]
    assert [row["label"] for row in rows.search("통", 4)] == ["2통 대표", "10통 대표"]
