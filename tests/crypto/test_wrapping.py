"""A data key comes out for its password and for nothing else."""

from __future__ import annotations

import unicodedata

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.crypto.wrapping import (
    FAST_FOR_TESTS,
    STANDARD,
    Cost,
    PasswordWrap,
    check_password,
    new_data_key,
    unwrap,
    wrap,
)
from fieldapp.errors import KeyFileDamaged, PasswordRule, WeakPassword, WrongPassword
from fieldapp.messages import PASSWORD_RULES, message_for

PASSWORD = "가상-비밀번호-1"
PASSWORDS = st.text(min_size=1, max_size=40)


@settings(max_examples=40)
@given(password=PASSWORDS, other=PASSWORDS)
def test_key_opens_with_its_password_and_with_no_other(password: str, other: str) -> None:
    data_key = new_data_key()
    wrapped = wrap(data_key, password, FAST_FOR_TESTS)

    assert unwrap(wrapped, password) == data_key
    if unicodedata.normalize("NFC", other) != unicodedata.normalize("NFC", password):
        with pytest.raises(WrongPassword):
            unwrap(wrapped, other)


def test_password_typed_as_separate_letters_opens_what_whole_syllables_closed() -> None:
    data_key = new_data_key()

    wrapped = wrap(data_key, unicodedata.normalize("NFC", PASSWORD), FAST_FOR_TESTS)

    assert unwrap(wrapped, unicodedata.normalize("NFD", PASSWORD)) == data_key


def test_standard_cost_is_what_the_design_names() -> None:
    assert Cost(time_cost=3, memory_kib=65_536, parallelism=1) == STANDARD
    assert wrap(new_data_key(), PASSWORD).cost == STANDARD


def test_two_wraps_of_one_key_share_nothing() -> None:
    data_key = new_data_key()
    one, other = (wrap(data_key, PASSWORD, FAST_FOR_TESTS) for _ in range(2))

    assert one.salt != other.salt
    assert one.nonce != other.nonce
    assert one.wrapped != other.wrapped


@given(place=st.integers(0, 47), bit=st.integers(0, 7))
@settings(max_examples=30)
def test_one_flipped_bit_of_the_wrapped_key_is_noticed(place: int, bit: int) -> None:
    wrapped = wrap(new_data_key(), PASSWORD, FAST_FOR_TESTS)
    broken = bytearray(wrapped.wrapped)
    broken[place] ^= 1 << bit

    with pytest.raises(WrongPassword):
        unwrap(msgspec.structs.replace(wrapped, wrapped=bytes(broken)), PASSWORD)


def test_cost_lowered_in_the_file_does_not_open_the_key() -> None:
    wrapped = wrap(new_data_key(), PASSWORD, Cost(time_cost=2, memory_kib=16, parallelism=1))

    with pytest.raises(WrongPassword):
        unwrap(msgspec.structs.replace(wrapped, cost=FAST_FOR_TESTS), PASSWORD)


@pytest.mark.parametrize(
    "change",
    [{"salt": b"short"}, {"nonce": b"short"}, {"nonce": b"0" * 40}],
    ids=["salt", "nonce", "long nonce"],
)
def test_wrap_of_the_wrong_lengths_is_damage(change: dict[str, bytes]) -> None:
    wrapped = wrap(new_data_key(), PASSWORD, FAST_FOR_TESTS)

    with pytest.raises(KeyFileDamaged):
        unwrap(msgspec.structs.replace(wrapped, **change), PASSWORD)


def test_wrapped_key_of_another_length_is_damage() -> None:
    with pytest.raises(KeyFileDamaged):
        unwrap(wrap(b"sixteen bytes!!!", PASSWORD, FAST_FOR_TESTS), PASSWORD)


@pytest.mark.parametrize(
    "cost",
    [
        '{"time_cost":1,"memory_kib":1000000000,"parallelism":1}',
        '{"time_cost":1000000,"memory_kib":8,"parallelism":1}',
        '{"time_cost":1,"memory_kib":8,"parallelism":0}',
    ],
)
def test_hostile_cost_is_refused_before_anything_is_computed(cost: str) -> None:
    wrapped = msgspec.json.encode(wrap(new_data_key(), PASSWORD, FAST_FOR_TESTS)).decode()
    hostile = wrapped.replace('{"time_cost":1,"memory_kib":8,"parallelism":1}', cost)
    assert hostile != wrapped

    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(hostile, type=PasswordWrap)


def test_cost_that_argon2_cannot_meet_is_damage_and_no_crash() -> None:
    """Argon2 wants eight KiB a lane; the bounds of the file cannot say so."""
    wrapped = wrap(new_data_key(), PASSWORD, FAST_FOR_TESTS)
    impossible = Cost(time_cost=1, memory_kib=8, parallelism=16)

    with pytest.raises(KeyFileDamaged):
        unwrap(msgspec.structs.replace(wrapped, cost=impossible), PASSWORD)


@pytest.mark.parametrize(
    "password",
    ["가상-비밀번호-1", "gasang-laptop-2026", "열려라참깨그리고닫혀라아", "abcXYZ123"],
)
def test_password_long_or_mixed_enough_is_taken(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("", PasswordRule.TOO_SHORT),
        ("aB3$efg", PasswordRule.TOO_SHORT),
        ("짧은비밀번호", PasswordRule.TOO_SHORT),
        ("onlylower12", PasswordRule.TOO_SHORT),
        ("aaaaaaaaaaaaaaaa", PasswordRule.TOO_SIMPLE),
        ("123456789012", PasswordRule.TOO_SIMPLE),
        ("987654321098", PasswordRule.TOO_SIMPLE),
        ("abcdefghijklmnop", PasswordRule.TOO_SIMPLE),
        ("x" * 201, PasswordRule.TOO_LONG),
    ],
)
def test_weak_password_is_refused_with_its_rule(password: str, rule: PasswordRule) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password)

    assert refused.value.facts["rule"] is rule
    assert PASSWORD_RULES[rule] in message_for(refused.value).happened


def test_half_a_surrogate_pair_is_a_password_like_any_other() -> None:
    data_key = new_data_key()

    assert unwrap(wrap(data_key, "\ud800가상", FAST_FOR_TESTS), "\ud800가상") == data_key


def test_syllables_taken_apart_do_not_count_as_more_characters() -> None:
    with pytest.raises(WeakPassword):
        check_password(unicodedata.normalize("NFD", "가나다라마바"))
