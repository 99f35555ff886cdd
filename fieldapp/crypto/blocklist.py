"""Passwords that everybody tries first, also Korean words typed on an English keyboard.

안녕하세요 and `dkssudgktpdy` are one password to whoever guesses, so everything is compared as the
keys that were pressed (두벌식, without Shift). What stands around a word to satisfy a rule, years
and signs, does not make it another word; nor does a sign in a letter's place. The words are ours.
"""

from __future__ import annotations

from typing import Final

#: What a Korean office types. Names of months and seasons stand here because years follow them.
_KOREAN: Final = """
비밀번호 비번 암호 패스워드 열쇠 비밀 관리자 사용자 운영자 담당자 손님 회원 아이디 로그인 접속
안녕 안녕하세요 안녕하십니까 반갑습니다 감사합니다 고맙습니다 수고하세요 수고하셨습니다 행복하세요
사랑 사랑해 사랑해요 사랑합니다 행복 행운 희망 평화 소망 믿음 천사 공주 왕자 친구 가족 엄마 아빠
우리집 우리가족 우리아들 우리딸 내사랑 바보 멍청이 짱구 나비 호랑이 강아지 고양이 토끼 곰돌이
대한민국 한국 코리아 서울 서울시 서울특별시 부산 대구 인천 광주 대전 울산 세종 경기도 제주도 독도
시청 구청 군청 도청 동사무소 주민센터 행정복지센터 복지 복지팀 복지과 사회복지 사회복지사 공무원
노트북 컴퓨터 사무실 우리팀 업무 업무용 방문 방문상담 상담 설문 조사 점검 모니터링 담당 팀장 과장
무궁화 애국가 태극기 아리랑 김치 된장 라면 커피 소주 막걸리 치킨 축구 야구 대박 화이팅 파이팅
봄여름가을겨울 여름 가을 겨울 월화수목금 월요일 금요일 주말 생일 오늘 내일 새해 크리스마스
하느님 하나님 예수님 부처님 할렐루야 아멘 열려라참깨 가나다라 가나다라마바사
가나다라마바사아자차카타파하 아야어여 하나둘셋 일이삼사 일이삼사오육칠팔구십
몰라 몰라요 나도몰라 그냥 테스트 시험 연습 임시 임시번호
"""
_ENGLISH: Final = """
password passwd passphrase passcode pass secret private letmein welcome hello hi login logon access
admin administrator root user guest master manager operator owner office computer notebook laptop
server system windows samsung lg apple google naver kakao daum korea korean seoul busan daegu
incheon daejeon jeju iloveyou loveyou love lovely sweet happy lucky angel princess prince baby
honey darling friend family mother father mom dad dragon tiger monkey rabbit puppy cat dog eagle
sunshine flower rainbow star moon sun summer winter spring autumn monday friday january december
football baseball soccer basketball superman batman starwars pokemon freedom forever nothing
whatever changeme default temporary temp test tester testing sample demo example trustno computer
internet network security service welfare survey monitor city hall public official job work team
jesus christ god amen hallelujah peace hope dream smile cheese coffee chocolate banana cookie
abc abcd abcde abcdef alphabet onetwothree number new old my your the i u a
"""


def _each(keys: str) -> tuple[str, ...]:
    return tuple(keys.split(" "))


#: 두벌식: the keys of each letter, in the order of Unicode's syllables.
_FIRST: Final = _each("r R s e E f a q Q t T d w W c z x v g")
_MIDDLE: Final = _each("k o i O j p u P h hk ho hl y n nj np nl b m ml l")
_LAST: Final = _each(" r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g")
#: Letters standing alone, U+3131 to U+3163.
_ALONE: Final = (
    *_each("r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g"),
    *_MIDDLE,
)

#: Ways over the keyboard, each also walked backwards.
_WALKS: Final = (
    "1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "12345678901234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmik,ol.p;/",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1a2s3d4f5g6h7j8k9l", "qawsedrftgyhujikolp",
    "asdfqwer", "147258369", "159357",
)  # fmt: skip
_SHORTEST_WALK: Final = 3
_SHIFTED: Final = str.maketrans('!@#$%^&*()_+{}|:"<>?', "1234567890-=[]\\;',./")
_SIGN_FOR_LETTER: Final = str.maketrans("@4031!$57", "aaoeiisst")


def keys_of(text: str) -> str:
    """The keys that type a text on a Korean keyboard, lower-case: 안녕 → dkssud."""
    return "".join(map(_keys, text)).lower()


def is_common(password: str) -> bool:
    """Whether a password is a common word or two, or a walk over the keys, whatever digits and
    signs stand around and between. The password is NFC.
    """
    keys = keys_of(password)
    ends = "".join(key for key in keys if not key.isalpha())
    core = keys.strip(ends)
    readings = (keys, keys.translate(_SIGN_FOR_LETTER), core.translate(_SIGN_FOR_LETTER))
    if any(_is_walked(way.translate(_SHIFTED)) for way in (keys, core) if way):
        return True
    return any(_is_made_of_words("".join(filter(str.isalpha, text))) for text in readings)


def _keys(character: str) -> str:
    place = ord(character) - 0xAC00
    if 0 <= place < 11_172:
        return _FIRST[place // 588] + _MIDDLE[place % 588 // 28] + _LAST[place % 28]
    alone = ord(character) - 0x3131
    return _ALONE[alone] if 0 <= alone < len(_ALONE) else character


def _is_made_of_words(letters: str) -> bool:
    """One word of the list, two, or one again and again."""
    if letters in _WORDS:
        return True
    for cut in range(1, len(letters)):
        word, rest = letters[:cut], letters[cut:]
        if word in _WORDS and (rest in _WORDS or not rest.replace(word, "")):
            return True
    return False


def _is_walked(keys: str) -> bool:
    """Whether ways over the keyboard, each of three keys or more, make up the whole."""
    reached = {0}
    for end in range(_SHORTEST_WALK, len(keys) + 1):
        if any(
            start in reached and any(keys[start:end] in way for way in _WAYS)
            for start in range(end - _SHORTEST_WALK + 1)
        ):
            reached.add(end)
    return len(keys) in reached


_WORDS: Final = frozenset(keys_of(word) for word in (*_KOREAN.split(), *_ENGLISH.split()))
_WAYS: Final = tuple(way for walk in _WALKS for way in (walk, walk[::-1]))
