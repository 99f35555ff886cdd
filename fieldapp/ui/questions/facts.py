"""A question as it stands at one moment: frozen, so that a row can tell whether to redraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from fieldapp.domain.masking import masked_name
from fieldapp.forms import Choice, Question


class Offers(Protocol):
    """Choices that are looked up while a worker types: a list of 20,000 is never made whole."""

    def search(self, text: str, limit: int) -> tuple[Choice, ...]:
        """The first choices that answer a text, by a part of their words or its 초성."""
        ...

    def choice_label(self, value: str) -> str:
        """The words of one choice; empty for a value that is none."""
        ...


@dataclass(frozen=True, slots=True)
class MaskedNames:
    """People to choose from, none of whom is read by whoever sits beside the screen.

    The chosen one is masked, and nobody is listed before a worker has typed whom they look for.
    """

    people: Offers

    def search(self, text: str, limit: int) -> tuple[Choice, ...]:
        """Whom a text finds, in full: two of them may be masked alike."""
        return self.people.search(text, limit) if text else ()

    def choice_label(self, value: str) -> str:
        """The chosen one's masked name."""
        return masked_name(self.people.choice_label(value))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: what it hangs under, its number, what was answered last time.

    under: path of the question that it explains (근거, 사진), empty for one that stands by itself.
    number: `2-1` in a checklist. last: the answer of last time (XForms text), empty without.
    """

    under: str = ""
    number: str = ""
    last: str = ""


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
    is_calculated: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    place: Place = Place()
    offers: Offers | None = field(default=None, compare=False)

    def has_appearance(self, *names: str) -> bool:
        """Whether the workbook asks for one of these appearances."""
        return bool(set(names) & set(self.appearance.split()))

    def attribute(self, name: str) -> str:
        """A further attribute of the control: `start`, `end`, `step`, `mediatype`; or empty."""
        return dict(self.attributes).get(name, "")


_NOWHERE = Place()


def asked(
    question: Question, place: Place = _NOWHERE, last: Mapping[str, str] | None = None
) -> Asked:
    """The present facts of a live question of the form engine."""
    is_long = question.is_from_list and question.control == "select1"
    if last and question.path in last:
        place = Place(place.under, place.number, last[question.path])
    return Asked(
        path=question.path,
        control=question.control,
        data_type=question.data_type,
        appearance=question.appearance,
        label=question.label,
        hint=question.hint,
        value=question.value,
        choices=() if is_long else question.choices,
        is_relevant=question.is_relevant,
        is_required=question.is_required,
        is_readonly=question.is_readonly,
        is_note=question.is_note,
        is_calculated=question.is_calculated,
        attributes=tuple(sorted(question.attributes.items())),
        place=place,
        offers=question if is_long else None,
    )
