"""서로 다른 내용 and 정정 요청 in words: whose the values are that stand side by side."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fieldapp.ui.syncing.conflict import Differing, DifferingLine
from fieldapp.ui.words import answer_text, short_moment
from fieldapp.usecases.conflicts import ConflictView


def differing(conflict: ConflictView, me: str) -> Differing:
    """A conflict as it is shown to a worker of this name."""
    is_asked = conflict.is_correction
    return Differing(
        conflict_id=conflict.conflict_id,
        title=_tr("정정 요청: %s") % conflict.title if is_asked else conflict.title,
        heads=(
            _tr("처음 값"),
            # What stands in a locked record is the office's, whoever wrote it last.
            _tr("지금 값") if is_asked else _of(conflict.ours_author, me),
            _asked_by(conflict.theirs_author, me) if is_asked else _of(conflict.theirs_author, me),
        ),
        whens=(
            "",
            "" if is_asked else short_moment(conflict.ours_at),
            short_moment(conflict.theirs_at),
        ),
        lines=tuple(
            DifferingLine(
                line.path,
                line.question,
                (_said(line.base), _said(line.ours), _said(line.theirs)),
                tuple(line.choices.items()),
            )
            for line in conflict.lines
        ),
    )


def _of(author: str, me: str) -> str:
    return _tr("내가 적은 값") if author == me else _tr("%s 님 값") % author


def _asked_by(author: str, me: str) -> str:
    return _tr("내가 요청한 값") if author == me else _tr("%s 님 요청") % author


def _said(value: str | None) -> str | None:
    return value and answer_text(value)


def _tr(words: str) -> str:
    return QCoreApplication.translate("conflict", words)
