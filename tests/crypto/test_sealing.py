"""What lies beside a store opens with its key, under its name, unchanged, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.crypto.sealing import SealBroken, derived_key, keyed_name, seal, unseal
from fieldapp.crypto.wrapping import new_data_key

KEY = derived_key(bytes(32), "attachments")


@given(content=st.binary(max_size=2_000), bound_to=st.text(max_size=20))
def test_whatever_is_sealed_comes_out_as_it_was(content: bytes, bound_to: str) -> None:
    assert unseal(KEY, seal(KEY, content, bound_to), bound_to) == content


@given(content=st.binary(max_size=200), place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(content: bytes, place: int, bit: int) -> None:
    sealed = bytearray(seal(KEY, content, "가"))
    sealed[place % len(sealed)] ^= 1 << bit

    with pytest.raises(SealBroken):
        unseal(KEY, bytes(sealed), "가")


@given(length=st.integers(0, 60))
def test_what_was_cut_short_is_noticed(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, seal(KEY, b"x" * 40, "가")[:length], "가")


def test_another_key_another_purpose_or_another_name_opens_nothing() -> None:
    data_key = new_data_key()
    key = derived_key(data_key, "attachments")
    sealed = seal(key, b"picture", "a.png")

    for wrong in (derived_key(data_key, "names"), derived_key(new_data_key(), "attachments")):
        with pytest.raises(SealBroken):
            unseal(wrong, sealed, "a.png")
    with pytest.raises(SealBroken):
        unseal(key, sealed, "b.png")


def test_the_same_content_is_never_sealed_to_the_same_bytes() -> None:
    assert seal(KEY, b"picture", "a") != seal(KEY, b"picture", "a")


def test_keyed_names_differ_by_key_and_stay_the_same_with_it() -> None:
    other = derived_key(new_data_key(), "attachments")

    assert keyed_name(KEY, "a.png") == keyed_name(KEY, "a.png")
    assert keyed_name(KEY, "a.png") != keyed_name(other, "a.png")
