"""A question as it stands at one moment: frozen, so that a row can tell whether to redraw."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.forms import Choice, Question


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row shows of a question. Paths carry repeat keys; words are in the language shown."""

    path: str
    control: str
    data_type: str
    appearance: str
    label: str
    hint: str
    value: str
    choices: tuple[Choice, ...]
    is_relevant: bool
    is_required: bool
    is_readonly: bool
    is_note: bool


def asked(question: Question) -> Asked:
    """The present facts of a live question of the form engine."""
    return Asked(
        path=question.path,
        control=question.control,
        data_type=question.data_type,
        appearance=question.appearance,
        label=question.label,
        hint=question.hint,
        value=question.value,
        choices=question.choices,
        is_relevant=question.is_relevant,
        is_required=question.is_required,
        is_readonly=question.is_readonly,
        is_note=question.is_note,
    )
