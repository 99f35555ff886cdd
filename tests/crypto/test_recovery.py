"""A recovery code opens one profile, once, and only the office reads it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.crypto import recovery
from fieldapp.crypto.recovery import OfficeKey, RecoveryWrap
from fieldapp.crypto.wrapping import FAST_FOR_TESTS, new_data_key, unwrap
from fieldapp.errors import (
    RecoveryCodeMistyped,
    RecoveryCodeWrong,
    RecoveryFileRefused,
    WeakPassword,
    WrongPassword,
)

PASSPHRASE = "가상-사무실-열쇠-2026"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.fixture(scope="module")
def office() -> OfficeKey:
    return recovery.new_office_key(PASSPHRASE, FAST_FOR_TESTS)


def code_of(wrapped: RecoveryWrap, office: OfficeKey) -> str:
    return recovery.open_code(wrapped.code, office, PASSPHRASE)


def test_code_that_the_office_reads_opens_the_data_key(office: OfficeKey) -> None:
    data_key = new_data_key()
    wrapped = recovery.wrap_for_recovery(data_key, office.public)

    assert recovery.unwrap_with_code(wrapped, code_of(wrapped, office)) == data_key


def test_wrap_and_key_file_survive_being_written_down(office: OfficeKey) -> None:
    wrapped = recovery.wrap_for_recovery(new_data_key(), office.public)

    assert msgspec.json.decode(msgspec.json.encode(wrapped), type=RecoveryWrap) == wrapped
    assert msgspec.json.decode(msgspec.json.encode(office), type=OfficeKey) == office
    assert recovery.read_public(recovery.public_text(office.public)) == office.public


def test_code_is_taken_however_it_was_heard(office: OfficeKey) -> None:
    wrapped = recovery.wrap_for_recovery(new_data_key(), office.public)
    code = code_of(wrapped, office)

    said = recovery.grouped(code)
    assert [len(group) for group in said.split("-")] == [5] * 5
    heard = said.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert recovery.unwrap_with_code(wrapped, heard) == recovery.unwrap_with_code(wrapped, code)


@settings(max_examples=150)
@given(data=st.data())
def test_one_wrong_letter_or_two_that_changed_places_are_noticed(
    data: st.DataObject, office: OfficeKey
) -> None:
    code = code_of(recovery.wrap_for_recovery(new_data_key(), office.public), office)
    place, other = data.draw(st.lists(st.integers(0, 24), min_size=2, max_size=2, unique=True))
    swapped, changed = list(code), list(code)
    swapped[place], swapped[other] = code[other], code[place]
    changed[place] = data.draw(st.sampled_from(LETTERS))

    for mistyped in ("".join(swapped), "".join(changed)):
        if mistyped == code:
            assert recovery.read_code(mistyped) == code
        else:
            with pytest.raises(RecoveryCodeMistyped):
                recovery.read_code(mistyped)


@pytest.mark.parametrize("typed", ["", "ABCDE", "U" * 25, "가" * 25, "0" * 26, "0" * 24])
def test_what_is_no_code_is_told_from_a_wrong_one(typed: str) -> None:
    with pytest.raises(RecoveryCodeMistyped):
        recovery.read_code(typed)


def test_code_of_another_profile_opens_nothing(office: OfficeKey) -> None:
    one, other = (recovery.wrap_for_recovery(new_data_key(), office.public) for _ in range(2))

    with pytest.raises(RecoveryCodeWrong):
        recovery.unwrap_with_code(one, code_of(other, office))


def test_another_office_reads_nothing(office: OfficeKey) -> None:
    wrapped = recovery.wrap_for_recovery(new_data_key(), office.public)
    other = recovery.new_office_key(PASSPHRASE, FAST_FOR_TESTS)
    pretending = msgspec.structs.replace(other, public=office.public)

    for key in (other, pretending):
        with pytest.raises(RecoveryFileRefused):
            code_of(wrapped, key)


def test_wrong_passphrase_reads_nothing(office: OfficeKey) -> None:
    wrapped = recovery.wrap_for_recovery(new_data_key(), office.public)

    with pytest.raises(WrongPassword):
        recovery.open_code(wrapped.code, office, PASSPHRASE + "x")


def test_office_key_slipped_into_the_wrap_makes_the_code_useless(office: OfficeKey) -> None:
    wrapped = recovery.wrap_for_recovery(new_data_key(), office.public)
    code = code_of(wrapped, office)
    stranger = recovery.new_office_key(PASSPHRASE, FAST_FOR_TESTS)
    slipped = msgspec.structs.replace(
        wrapped, code=msgspec.structs.replace(wrapped.code, office_key=stranger.public)
    )

    with pytest.raises(RecoveryCodeWrong):
        recovery.unwrap_with_code(slipped, code)


@settings(max_examples=40)
@given(place=st.integers(0, 40), bit=st.integers(0, 7))
def test_one_flipped_bit_of_the_sealed_code_is_noticed(
    place: int, bit: int, office: OfficeKey
) -> None:
    wrapped = recovery.wrap_for_recovery(new_data_key(), office.public)
    broken = bytearray(wrapped.code.sealed)
    broken[place] ^= 1 << bit

    with pytest.raises(RecoveryFileRefused):
        recovery.open_code(
            msgspec.structs.replace(wrapped.code, sealed=bytes(broken)), office, PASSPHRASE
        )


def test_key_that_agrees_on_nothing_is_refused() -> None:
    with pytest.raises(RecoveryFileRefused):
        recovery.wrap_for_recovery(new_data_key(), bytes(32))


@pytest.mark.parametrize(
    "text",
    ["", "x", "fieldapp-recovery-key x25519 !!!", "fieldapp-recovery-key x25519 AAAA", "가 나 다"],
)
def test_file_that_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(RecoveryFileRefused):
        recovery.read_public(text)


def test_private_key_wants_a_passphrase_and_is_no_data_key(office: OfficeKey) -> None:
    with pytest.raises(WeakPassword):
        recovery.new_office_key("1234", FAST_FOR_TESTS)
    with pytest.raises(WrongPassword):
        unwrap(office.private, PASSPHRASE)


def test_every_code_is_new(office: OfficeKey) -> None:
    data_key = new_data_key()

    codes = {code_of(recovery.wrap_for_recovery(data_key, office.public), office) for _ in "123"}

    assert len(codes) == 3
