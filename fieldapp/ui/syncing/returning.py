"""반납 준비 and 사용 중지 in words: what the device may do, and what is on it alone."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fieldapp.usecases.returning import Returning


def returning_words(told: Returning) -> str:
    """Two lines for the head of the page."""
    held = _held(told)
    if told.state == "revoked":
        said = _tr("이 노트북은 사용 중지되어 서버와 주고받지 않습니다. 지운 것은 없습니다.")
        if told.is_empty:
            return f"{said}\n" + _tr("서버에 없는 것은 남아 있지 않습니다. 관리자에게 반납하세요.")
        ask = _tr("관리자에게 알리면 보낼 수 있게 해 주며, 예비본으로도 옮길 수 있습니다.")
        return f"{said}\n{held} {ask}"
    said = _tr("반납 준비 중인 노트북입니다. 보내기만 하고 받지 않습니다.")
    if told.is_empty:
        return f"{said}\n" + _tr("서버에 없는 것은 남아 있지 않습니다. 반납하셔도 됩니다.")
    return f"{said}\n{held} " + _tr("보내고 살펴본 뒤 반납하세요.")


def _held(told: Returning) -> str:
    parts = [
        f"{words} {count}건"
        for count, words in (
            (told.unsent, _tr("보내지 않은 기록")),
            (told.refused, _tr("보류된 기록")),
            (told.drafts, _tr("작성 중인 것")),
            (told.files, _tr("보내지 않은 첨부")),
        )
        if count
    ]
    return _tr("이 노트북에만 있는 것: %s.") % ", ".join(parts)


def _tr(words: str) -> str:
    return QCoreApplication.translate("returning", words)
