"""A password that everybody tries first is refused, on whichever keyboard it was typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.crypto.blocklist import is_common, keys_of
from fieldapp.crypto.wrapping import check_password
from fieldapp.demo.cast import LAPTOP_PASSWORD, SERVER_PASSWORD
from fieldapp.errors import PasswordRule, WeakPassword
from tests import laptops, servers


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("안녕하세요", "dkssudgktpdy"),
        ("비밀번호", "qlalfqjsgh"),
        ("값없는꽃", "rkqtdjqtsmsrhc"),
        ("ㅂㅈㄷㄱ", "qwer"),
        ("ㄳㅢ", "rtml"),
        ("abc 가", "abc rk"),
    ],
)
def test_hangul_becomes_the_keys_that_type_it(text: str, keys: str) -> None:
    assert keys_of(text) == keys


@pytest.mark.parametrize(
    "password",
    [
        "Password2026!",
        "P@ssw0rd2026",
        "dkssudgktpdy1",
        "안녕하세요2026!",
        "tkfkdgody2026!",
        "TKFKDGODY2026!",
        "사회복지사-2026-!",
        "2026!행정복지센터",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "!Q@W#E$R%T^Y",
        "1qaz2wsx3edc",
        "asdfqwer1234",
        "poiuytrewq21",
        "Administrator1!",
        "admin-server-2026",
        "iloveyou-password",
        "사랑해 사랑해 2026!",
        "love2026love2026love",
        "eogksalsrnr1!",
        "ㅂㅈㄷㄱ1234!@#$",
    ],
)
def test_common_password_is_refused_as_common(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password)

    assert refused.value.facts["rule"] is PasswordRule.TOO_COMMON


@pytest.mark.parametrize(
    "password",
    [
        laptops.PASSWORD,
        servers.PASSWORD,
        LAPTOP_PASSWORD,
        SERVER_PASSWORD,
        "다른-가상-비밀-2",
        "열려라참깨그리고닫혀라아",
        "abcXYZ123",
        "파란우산을쓰고가는열두난쟁이",
        "kR7#pw2Lq",
        "correct horse battery",
        "739105-820461",
    ],
)
def test_password_with_something_of_its_own_is_taken(password: str) -> None:
    check_password(password)


def test_common_word_taken_apart_into_letters_is_the_same_word() -> None:
    with pytest.raises(WeakPassword):
        check_password(unicodedata.normalize("NFD", "안녕하세요2026!"))


@settings(max_examples=60)
@given(st.sampled_from(["비밀번호", "password", "행정복지센터"]), st.integers(0, 99_999_999))
def test_no_number_makes_a_common_word_uncommon(word: str, number: int) -> None:
    assert is_common(f"{word}{number}")
    assert is_common(f"{keys_of(word).upper()}{number}!")


@settings(max_examples=80)
@given(st.text(max_size=200))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    assert is_common(text) in (True, False)
