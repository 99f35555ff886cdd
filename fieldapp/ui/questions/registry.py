"""Which widget asks which question: by control, type and appearance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from fieldapp.ui.questions.acknowledging import Acknowledge
from fieldapp.ui.questions.adding import ADDER, AddOne
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.choosing import DigitChoice, DigitColumn
from fieldapp.ui.questions.digits import layout_of
from fieldapp.ui.questions.drawing import DrawingAnswer
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.moments import DayAnswer, HourAnswer, MomentAnswer
from fieldapp.ui.questions.notes import NotYet, Shown
from fieldapp.ui.questions.photo import PhotoAnswer
from fieldapp.ui.questions.ranges import DecimalRange, RangeButtons, WholeRange, range_choices
from fieldapp.ui.questions.searching import SearchChoice
from fieldapp.ui.questions.several import SeveralChoice
from fieldapp.ui.questions.texts import DecimalNumber, SeveralLines, TextLine, WholeNumber

Kind = Literal[
    "shown", "row", "column", "search", "several", "line", "lines", "whole", "decimal", "day",
    "hour", "moment", "buttons", "whole_range", "decimal_range", "acknowledge", "photo",
    "signature", "sketch", "adder", "not_yet",
]  # fmt: skip

_MAKERS: dict[Kind, Callable[[Aids], QuestionWidget]] = {
    "shown": lambda _: Shown(),
    "row": lambda _: DigitChoice(),
    "column": lambda _: DigitColumn(),
    "search": lambda _: SearchChoice(),
    "several": lambda _: SeveralChoice(),
    "line": lambda _: TextLine(),
    "lines": lambda _: SeveralLines(),
    "whole": lambda _: WholeNumber(),
    "decimal": lambda _: DecimalNumber(),
    "day": DayAnswer,
    "hour": HourAnswer,
    "moment": MomentAnswer,
    "buttons": lambda _: RangeButtons(),
    "whole_range": lambda _: WholeRange(),
    "decimal_range": lambda _: DecimalRange(),
    "acknowledge": lambda _: Acknowledge(),
    "photo": PhotoAnswer,
    "signature": DrawingAnswer,
    "sketch": lambda aids: DrawingAnswer(aids, is_sketch=True),
    "adder": lambda _: AddOne(),
    "not_yet": lambda _: NotYet(),
}
_WRITTEN: dict[str, Kind] = {
    "string": "line", "int": "whole", "integer": "whole", "long": "whole", "decimal": "decimal",
    "date": "day", "time": "hour", "dateTime": "moment",
}  # fmt: skip
_WHOLE = {"int", "integer", "long"}
_ALWAYS_ASKED = {"select1", "select", "range", "trigger", ADDER}
_NO_AIDS = Aids()


def kind_of(question: Asked) -> Kind:
    """The kind of a question: the same kind is shown by the same widget."""
    if question.is_note or (question.is_calculated and question.is_readonly):
        return "shown"
    kind = _asked_kind(question)
    return "shown" if kind == "not_yet" and question.is_readonly else kind


def _asked_kind(question: Asked) -> Kind:
    rule = _RULES.get(question.control)
    return rule(question) if rule is not None else "not_yet"


def _input_kind(question: Asked) -> Kind:
    if question.data_type == "string" and question.has_appearance("multiline"):
        return "lines"
    return _WRITTEN.get(question.data_type, "not_yet")


def _range_kind(question: Asked) -> Kind:
    if range_choices(question):
        return "buttons"
    return "whole_range" if question.data_type in _WHOLE else "decimal_range"


def _choice_kind(question: Asked) -> Kind:
    wants_search = question.has_appearance("autocomplete", "search", "minimal")
    is_long = question.offers is not None or wants_search
    return "search" if is_long else layout_of(question.choices)


def _upload_kind(question: Asked) -> Kind:
    if question.has_appearance("signature"):
        return "signature"
    if question.has_appearance("draw"):
        return "sketch"
    return "photo" if question.attribute("mediatype").startswith("image/") else "not_yet"


_RULES: dict[str, Callable[[Asked], Kind]] = {
    "input": _input_kind,
    "range": _range_kind,
    "upload": _upload_kind,
    "select1": _choice_kind,
    "select": lambda _: "several",
    "trigger": lambda _: "acknowledge",
    ADDER: lambda _: "adder",
}


def widget_for(question: Asked, aids: Aids = _NO_AIDS) -> QuestionWidget:
    """The widget that asks a question."""
    return _MAKERS[kind_of(question)](aids)


def is_asked(question: Asked) -> bool:
    """Whether the focus stops at a question now: relevant, open to an answer, of a known kind."""
    if not question.is_relevant or question.is_readonly or question.is_note:
        return False
    if question.control == "input":
        return question.data_type in _WRITTEN
    if question.control == "upload":
        return _upload_kind(question) != "not_yet"
    return question.control in _ALWAYS_ASKED
