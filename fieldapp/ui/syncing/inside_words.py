"""What the server did not take, in words: what is safe, what was not taken, what can be done."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fieldapp.messages import receipt_reason
from fieldapp.ui.words import short_moment
from fieldapp.usecases.homes import toward
from fieldapp.usecases.sending_again import Inside, Standing

_PARTLY_SIGNATURE = "signature_void"
_CORRECTION = "locked"


def standing_words(standing: Standing, code: str | None) -> str:
    """보류, 일부 받음, 정정 요청, 거둠."""
    if standing == "partly" and code == _CORRECTION:
        return _tr("정정 요청")
    return {"refused": _tr("보류"), "partly": _tr("일부 받음"), "aside": _tr("거둠")}[standing]


def line_words(standing: Standing, code: str | None, *, is_again: bool) -> str:
    """Why a line stands in the list, in one sentence."""
    if standing == "partly":
        if code == _PARTLY_SIGNATURE:
            return _tr("답만 받고 서명은 받지 않았습니다.")
        if code == _CORRECTION:
            return _tr("확인하는 사람이 받을지 정합니다.")
        return _tr("답만 받고 단계는 받지 않았습니다.")
    if is_again:
        return _tr("다시 적어 보내기로 했습니다.")
    return _tr("보내지 않기로 했습니다.")


def head_words(shown: Inside) -> str:
    """When it was written, and what became of it."""
    at = short_moment(shown.at)
    if shown.standing == "partly" and shown.code == _CORRECTION:
        return _tr("%s에 잠긴 기록을 고쳐 정정 요청이 된 내용입니다.") % at
    if shown.standing == "partly":
        return _tr("%s에 적어 서버가 일부만 받은 내용입니다.") % at
    if shown.standing == "aside":
        return _tr("%s에 적었고, 서버가 받지 않아 거둔 내용입니다.") % at
    return _tr("%s에 적었고, 서버가 받지 않은 내용입니다.") % at


def what_words(shown: Inside) -> str:
    """Why, what was kept, and what can be done: a line each."""
    # Why a step was not taken is no matter once the record stands there.
    said = [] if _is_there(shown) else [receipt_reason(shown.code)]
    if shown.standing == "partly":
        said.append(_partly(shown))
    elif shown.can_again:
        said.append(_how_again(shown))
    else:
        said.append(_why_not(shown))
    if shown.standing == "refused":
        if shown.others:
            said.append(_tr("이 내용을 기다리던 다른 변경 %d건도 함께 거둡니다.") % shown.others)
        said.append(_tr("거두어도 적은 내용은 지워지지 않고 '거둔 것도 보기'에 남습니다."))
    return "\n".join(said)


def _partly(shown: Inside) -> str:
    if shown.code == _CORRECTION:
        return _tr("받아들여지지 않아도 적은 내용은 변경 이력에 남습니다. 더 하실 일은 없습니다.")
    if shown.code == _PARTLY_SIGNATURE:
        return _tr(
            "받은 것: 적은 답. 받지 않은 것: 서명. 기록을 열어 바뀐 답을 보고 다시 서명하세요."
        )
    step = _tr("%s 가는 단계") % toward(shown.target) if shown.target else _tr("단계")
    said = _tr("받은 것: 적은 답. 받지 않은 것: %s.") % step
    if _is_there(shown):
        return said + _tr(" 지금은 '%s'이니 더 하실 일은 없습니다.") % shown.state
    if shown.state:
        said += _tr(" 지금은 '%s'입니다.") % shown.state
    return said + _tr(" 기록을 열어 살펴본 뒤 단계를 다시 밟으세요.")


def _is_there(shown: Inside) -> bool:
    """Whether the step that was not taken in has been done all the same."""
    is_step = shown.standing == "partly" and shown.code not in (_CORRECTION, _PARTLY_SIGNATURE)
    return is_step and bool(shown.target) and shown.state == shown.target


def _how_again(shown: Inside) -> str:
    if not shown.is_by_form:
        return _tr("다시 보내면 지금 내용 위에 아래 값을 새로 적어 다음 주고받기에서 보냅니다.")
    if shown.is_new:
        return _tr("다시 보내면 아래 값이 적힌 서식이 작성 중으로 열립니다. 마치면 새로 보냅니다.")
    return _tr(
        "다시 보내면 지금 기록 위에 아래 값을 얹은 서식이 작성 중으로 열립니다."
        " 살펴보고 마치면 새로 보냅니다."
    )


def _why_not(shown: Inside) -> str:
    if shown.target and not shown.lines:
        return (
            _tr("적은 답 없이 '%s' 단계만 보낸 것입니다. 기록을 열어 다시 밟으세요.") % shown.target
        )
    return _tr("지금 기록에 다시 얹을 값이 없어 다시 보낼 수 없습니다.")


def _tr(words: str) -> str:
    return QCoreApplication.translate("inside", words)
