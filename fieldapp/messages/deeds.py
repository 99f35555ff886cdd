"""What a deed of the access log is called, on the device and on the server alike."""

from __future__ import annotations

from collections.abc import Mapping

#: By `domain.access_log.Deed`.
DEED_WORDS: Mapping[str, str] = {
    "view": "봄",
    "search": "찾음",
    "create": "새로 적음",
    "change": "고침",
    "delete": "지움",
    "print": "문서로 만듦(PDF)",
    "export": "파일로 내보냄",
    "unmask": "가린 이름을 봄",
    "login": "열고 들어옴",
    "logout": "잠금",
    "failure": "비밀번호 틀림",
    "restore": "예비본으로 되살림",
    "backup": "예비본 만듦",
    "key": "비밀번호·열쇠를 바꿈",
}
