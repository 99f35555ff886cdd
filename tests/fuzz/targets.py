"""What is fuzzed. A FieldAppError is an answer; anything else that comes out is a find."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from fieldapp.errors import FieldAppError
from fieldapp.forms import (
    Filling,
    FormDefinition,
    answers_from_xml,
    compile_expression,
    read_form,
    submission_xml,
)
from fieldapp.forms.external import rows_from
from fieldapp.forms.view import Element, Group, Question
from fieldapp.forms.xpath import parse
from fieldapp.messages import message_for
from tests.forms.making import surroundings
from tests.forms.rows import Rows
from tests.fuzz import mutating
from tests.fuzz.seeds import LISTS, form_seeds

#: One example; the slowest seen needs a tenth of it on a busy machine.
LIMIT_S = 30


class Hung(Exception):
    """An example that does not end."""


@contextmanager
def limited() -> Iterator[None]:
    """Raises Hung in what runs too long; main thread of a system with signals only."""

    def hung(_number: int, _frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, hung)
    signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def loads(number: int) -> str:
    """Read, fill, write and read back the form with this number; what became of it."""
    chance = random.Random(number)
    content = mutating.form(chance, form_seeds())
    with limited():
        try:
            definition = read_form(content)
            _fills(definition, chance)
        except FieldAppError as refusal:
            return _told(refusal)
    return "filled"


def evaluates(number: int) -> str:
    """Parse, compile and run the expression with this number; what became of it."""
    chance = random.Random(number)
    text = mutating.expression(chance)
    with limited():
        try:
            parse(text)
            compiled = compile_expression(PLACE, text, chance.choice(CONTEXTS))
            filling = Filling.start(PLACE, surroundings())
            for path in ("town", "r[n1]/q"):
                if chance.random() < 0.5:
                    _answers(filling, path, mutating.answer(chance))
            compiled.string(filling)
            compiled.number(filling)
            compiled.boolean(filling)
        except FieldAppError as refusal:
            return _told(refusal)
    return "evaluated"


def looks_up(number: int) -> str:
    """Read the list file with this number and find its rows again; what became of it."""
    address, content = mutating.list_file(random.Random(number), LISTS)
    with limited():
        try:
            rows = rows_from(address, content)
        except FieldAppError as refusal:
            return _told(refusal)
        for row in rows.scan():
            for column, cell in row.items():
                assert any(found == row for found in rows.find(column, cell))
    return "read"


RUNS = {"forms": loads, "expressions": evaluates, "lists": looks_up}


def content_of(target: str, number: int) -> bytes:
    """The example with this number, to look at."""
    chance = random.Random(number)
    if target == "forms":
        return mutating.form(chance, form_seeds())
    if target == "lists":
        return mutating.list_file(chance, LISTS)[1]
    return mutating.expression(chance).encode("utf-8", "surrogatepass")


def _fills(definition: FormDefinition, chance: random.Random) -> None:
    lists = dict.fromkeys(definition.external_instances, SITES)
    filling = Filling.start(definition, surroundings(), lists)
    for _ in range(6):
        asked = [slot.path for slot in filling.leaves()]
        if asked:
            _answers(filling, chance.choice(asked), mutating.answer(chance))
        repeats = [path for path, node in definition.nodes.items() if node.is_repeat]
        if repeats and chance.random() < 0.5:
            _grows(filling, chance.choice(repeats), chance)
        if chance.random() < 0.2:
            filling.undo()
    for language in definition.languages[:2]:
        filling.show_language(language)
        _shows(filling.body)
    filling.violations()
    filling.recalculate_all()
    answers = filling.answers()
    again = answers_from_xml(definition, submission_xml(definition, answers))
    Filling.resume(definition, surroundings(), again, instances=lists)
    Filling.edit(definition, surroundings(), filling.draft_answers(), instances=lists)
    FormDefinition.from_bytes(definition.to_bytes())


def _answers(filling: Filling, path: str, text: str) -> None:
    try:
        filling.answer(path, text)
    except FieldAppError as refusal:
        _told(refusal)


def _grows(filling: Filling, path: str, chance: random.Random) -> None:
    try:
        instances = filling.repeat_paths(path)
        if instances and chance.random() < 0.4:
            filling.remove_repeat(chance.choice(instances))
        else:
            filling.add_repeat(path)
    except FieldAppError as refusal:
        _told(refusal)


def _shows(elements: tuple[Element, ...]) -> None:
    for element in elements:
        _ = element.label, element.appearance, element.is_relevant
        if isinstance(element, Question):
            _ = element.hint, element.guidance, element.value, element.attributes, element.media
            for choice in element.choices[:5]:
                element.choice_media(choice.value)
            element.search("가", 5)
        elif isinstance(element, Group):
            _shows(element.children)
        else:
            for instance in element.instances:
                _shows(instance.children)


def _told(refusal: FieldAppError) -> str:
    assert message_for(refusal).as_text()
    reason = refusal.facts.get("reason", "")
    return f"{type(refusal).__name__} {reason}".strip()


SITES = Rows(
    {"name": "s1", "label": "가상-햇살", "t": "a"}, {"name": "s2", "label": "가상-한빛", "t": "b"}
)
CONTEXTS = ("", "n", "town", "r[n1]", "r[n2]/q", "r[n1]/in/v")
PLACE = read_form(form_seeds()[1].replace(b"<n>2</n>", b"<n>2</n><town/><a/><b/>"))
