"""A record's questions in the words of its form, for whoever shows a value outside the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fieldapp.forms import Element, Filling, FormDefinition, Group, Question, Repeat
from fieldapp.forms.paths import without_keys
from fieldapp.packs.reading import TRIAL, Pack
from fieldapp.packs.seats import SEATS

_SUBJECT: Final = "@subject"
_SIGNED: Final = "@signed/"
_ENTITY: Final = "meta/entity"


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """A question's label and its values' words, in the form's default language.

    choices: value → words. Of a list from outside they are looked up one by one, and only walking
    through them reads the list; of photos and signatures every value has the same word.
    """

    label: str
    choices: Mapping[str, str]

    def words(self, value: str) -> str:
        """A value as a person says it; several choices with a comma between; raw otherwise."""
        if value in self.choices:
            return self.choices[value]
        parts = value.split()
        if len(parts) > 1 and all(part in self.choices for part in parts):
            return ", ".join(self.choices[part] for part in parts)
        return value


def question_words(filling: Filling) -> dict[str, QuestionWords]:
    """The words of every question, group and repeat instance that stands in the filling, by path.

    Inside repeats the instance's place comes first (`2-2 식재료 보관…`). Signatures and the
    subject, which patches name as well, are among them.
    """
    words = dict(_words(filling.body, ""))
    for seat, name in SEATS.items():
        words[f"{_SIGNED}{seat}"] = QuestionWords(f"서명({name})", _Always("서명함"))
    words[_SUBJECT] = QuestionWords("대상", {})
    return words


def property_words(packs: Iterable[Pack], list_name: str) -> Mapping[str, QuestionWords]:
    """The words of an entity list's properties: those of the questions that save them.

    Where none is asked for it (a calculate saves it), the question that has its name speaks for
    it; a property that no form shows has no words. The first pack that knows some wins.
    """
    found: dict[str, QuestionWords] = {}
    for pack in packs:
        properties = next(
            (known.properties for known in pack.plans.entities if known.name == list_name), ()
        )
        if not properties:
            continue
        started = Filling.start(pack.definition, TRIAL)
        words = {without_keys(path): question for path, question in _words(started.body, "")}
        for prop in properties:
            paths = (*_saving(pack.definition, list_name, prop), pack.definition.paths.get(prop))
            for path in paths:
                if path in words:
                    found.setdefault(prop, _unnumbered(words[path]))
    return found


def seat_words(seat: str) -> str:
    """What a worker calls a seat: `조사원 1`; the seat's own name when it is none of ours."""
    return SEATS.get(seat, seat)


class _Always(Mapping[str, str]):
    """One word for whatever the value is: a picture has no other."""

    def __init__(self, word: str) -> None:
        self._word = word

    def __getitem__(self, value: str) -> str:
        return self._word

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _FromList(Mapping[str, str]):
    """The words of rows of a list outside the form, which may be long."""

    def __init__(self, question: Question) -> None:
        self._question = question

    def __getitem__(self, value: str) -> str:
        label = self._question.choice_label(value)
        if not label:
            raise KeyError(value)
        return label

    def __iter__(self) -> Iterator[str]:
        return (choice.value for choice in self._question.choices)

    def __len__(self) -> int:
        return len(self._question.choices)


def _words(elements: Sequence[Element], place: str) -> Iterator[tuple[str, QuestionWords]]:
    """place: `2-1` inside the first instance of something inside the second."""
    for element in elements:
        if isinstance(element, Question):
            label = f"{place} {element.label}".strip()
            yield element.path, QuestionWords(label, _choices(element))
        elif isinstance(element, Group):
            if element.path and element.label:
                yield element.path, QuestionWords(element.label, {})
            yield from _words(element.children, place)
        else:
            yield from _instance_words(element, place)


def _instance_words(repeat: Repeat, place: str) -> Iterator[tuple[str, QuestionWords]]:
    for number, instance in enumerate(repeat.instances, start=1):
        here = f"{place}-{number}" if place else str(number)
        label = instance.title or repeat.label
        yield instance.path or "", QuestionWords(f"{here} {label}".strip(), {})
        yield from _words(instance.children, here)


def _choices(question: Question) -> Mapping[str, str]:
    if question.control == "upload":
        return _Always(_attachment(question))
    if question.is_from_list:
        return _FromList(question)
    return {choice.value: choice.label for choice in question.choices}


def _attachment(question: Question) -> str:
    if "signature" in question.appearance.split():
        return "서명"
    is_image = question.attributes.get("mediatype", "").startswith("image")
    return "사진" if is_image else "파일"


def _saving(definition: FormDefinition, list_name: str, prop: str) -> Iterator[str]:
    """The paths of the leaves that save a property of the list."""
    for path, leaf in definition.leaves.items():
        if leaf.save_to == prop and _list_around(definition, path) == list_name:
            yield path


def _list_around(definition: FormDefinition, path: str) -> str | None:
    """The list of the nearest entity element beside a node or above it."""
    above = path
    while above:
        above = above.rpartition("/")[0]
        found = definition.entity_lists.get(f"{above}/{_ENTITY}" if above else _ENTITY)
        if found is not None:
            return found
    return None


def _unnumbered(question: QuestionWords) -> QuestionWords:
    """Without the place of the instance it was found in: a property has none."""
    first, _, rest = question.label.partition(" ")
    is_place = rest and all(part.isdecimal() for part in first.split("-"))
    return QuestionWords(rest, question.choices) if is_place else question
