"""A recorded session played again in our engine, its state held beside the recorded one.

A recorded state is `{reference: {rel, ro, req, v, con, reqok, ch, count, label, …}}`, references
are XPath with positions (`/data/areas[2]/q`); ours are answer paths with keys (F1, F2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from fieldapp.errors import AnswerRefused
from fieldapp.forms import (
    Filling,
    FormDefinition,
    Instance,
    Surroundings,
    answers_from_xml,
    ast,
    external,
)
from fieldapp.forms.paths import without_keys
from fieldapp.forms.tree import Slot
from fieldapp.forms.view import Element, Group, Question, Repeat

PHOENIX = timezone(timedelta(hours=-7))  # no summer time since 1968
RECORDED_AT = datetime(2026, 11, 20, 10, 0, tzinfo=PHOENIX)
VOLATILE = "<volatile>"
_LONGEST_LABEL = 200  # where the recorder cut
WORDS = frozenset({"label", "ch label", "hint", "msg"})


@dataclass(frozen=True)
class Difference:
    """One fact that is not as recorded."""

    step: int  # -1: as opened
    reference: str
    aspect: str
    recorded: object
    ours: object

    def __str__(self) -> str:
        place = f"step {self.step}" if self.step >= 0 else "opened"
        return f"{place} {self.reference} {self.aspect}: {self.recorded!r}, ours {self.ours!r}"


@dataclass
class Replayed:
    """What came of one session."""

    differences: list[Difference] = field(default_factory=list)
    steps: int = 0
    steps_differing: set[int] = field(default_factory=set)
    ends_alike: bool = True  # value and relevance of every leaf


def surroundings(properties: Mapping[str, str] | None = None) -> Surroundings:
    """The recorder's clock and zone, and what it told of its device."""
    properties = properties or {}
    return Surroundings(
        now=lambda: RECORDED_AT,
        record_id="00000000-0000-4000-8000-000000000000",
        seed=1,
        properties=properties,
        username=properties.get("username", ""),
    )


class Replay:
    """One filling, and where the recorded references are in it."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling
        self.expected: dict[str, dict[str, Any]] = {}
        self.found = Replayed()
        self._by_chance = _by_chance(filling.definition)

    def play(self, initial: Mapping[str, Any], steps: list[Mapping[str, Any]]) -> Replayed:
        """Compare what is opened, and what is there after each step."""
        self.expected = {reference: dict(state) for reference, state in initial.items()}
        self._compare(-1, words_of=set(self.expected))
        for number, step in enumerate(steps):
            self.found.steps += 1
            self._take(step)
            changed = step.get("changed", {})
            for reference in step.get("gone", ()):
                self.expected.pop(reference, None)
            for reference, state in changed.items():
                self.expected[reference] = dict(state)
            self._compare(number, words_of=set(changed))
        self._compare_end()
        return self.found

    # Steps

    def _take(self, step: Mapping[str, Any]) -> None:
        match step["op"]:
            case "set":
                slot = self.slot(step["path"])
                if slot is not None:
                    self._answer(slot.path, _given(step))
            case "add_repeat":
                self.filling.add_repeat(self._range_path(step["path"]))
            case "remove_repeat":
                path, index = step["path"], step.get("index")
                if index is None:
                    path, _, last = path.rpartition("[")
                    index = int(last.rstrip("]")) - 1
                instances = self.filling.repeat_paths(self._range_path(path))
                self.filling.remove_repeat(instances[index])
            case "language":
                self.filling.show_language(step["value"])
            case other:
                raise AssertionError(other)

    def _answer(self, path: str, text: str) -> None:
        try:
            self.filling.answer(path, text)
        except AnswerRefused:
            # The recorded engine empties what it cannot read; ours keeps what was there.
            self.filling.answer(path, "")

    # Places

    def slot(self, reference: str) -> Slot | None:
        """The slot at a recorded reference."""
        slot: Slot = self.filling.tree.root
        for name, index in _steps(reference)[1:]:
            children = [c for c in slot.children if isinstance(c, Slot) and c.local == name]
            if len(children) < index:
                return None
            slot = children[index - 1]
        return slot

    def _range_path(self, reference: str) -> str:
        outer, _, name = reference.rpartition("/")
        parent = self.slot(outer)
        assert parent is not None, reference
        name = name.partition(":")[2] or name
        return f"{parent.path}/{name}" if parent.path else name

    # Comparing

    def _compare(self, step: int, *, words_of: set[str]) -> None:
        questions = _questions(self.filling.body)
        for reference, state in self.expected.items():
            for aspect, recorded, ours in self._facts(
                reference, state, questions, with_words=reference in words_of
            ):
                if not self._is_alike(aspect, recorded, ours, self.slot(reference)):
                    self.found.differences.append(
                        Difference(step, reference, aspect, recorded, ours)
                    )
                    if aspect not in WORDS:
                        self.found.steps_differing.add(step)

    def _facts(
        self,
        reference: str,
        state: Mapping[str, Any],
        questions: Mapping[str, Element],
        *,
        with_words: bool,
    ) -> Iterator[tuple[str, object, object]]:
        if reference.endswith("#range"):
            yield from self._range_facts(reference.removesuffix("#range"), state)
            return
        slot = self.slot(reference)
        if slot is None:
            yield "there", True, False
            return
        yield "rel", state["rel"], slot.is_relevant
        if not state["rel"]:
            return  # what an irrelevant node requires or shows is nobody's business
        yield "ro", state["ro"], slot.is_readonly
        if "v" in state:
            yield "v", state["v"], slot.value or ""
            yield "req", state["req"], slot.is_required
            yield "con", state["con"], slot.is_valid
            yield "reqok", state["reqok"], not (slot.is_required and not slot.value)
        element = questions.get(slot.path)
        if not with_words or element is None:
            return
        if "label" in state:
            # Of an instance of a repeat the label that stands on the group around it.
            ours = element.title if isinstance(element, Group) else element.label
            yield "label", state["label"], ours
        if isinstance(element, Question) and "ch" in state:
            yield from self._choice_facts(state, element)
        if isinstance(element, Question) and "hint" in state:
            yield "hint", state["hint"], element.hint
        if "msg" in state:
            violation = self.filling.violation(slot.path)
            yield "msg", state["msg"], violation.message if violation else ""

    def _choice_facts(
        self, state: Mapping[str, Any], element: Question
    ) -> Iterator[tuple[str, object, object]]:
        offered = [(choice.value, _words(choice.label)) for choice in element.choices]
        recorded = state["ch"]  # the first dozen: values alone, or values with labels
        has_labels = bool(recorded) and not isinstance(recorded[0], str)
        yield "nch", state["nch"], len(offered)
        theirs = [(_words(c[0]), _words(c[1])) if has_labels else (c, "") for c in recorded]
        if self._is_shuffled(element) and len(offered) == len(theirs):
            # In whichever order: chance is not recorded.
            theirs, offered = sorted(theirs), sorted(offered)
        yield "ch", [c[0] for c in theirs], [c[0] for c in offered][: len(theirs)]
        if has_labels:
            yield "ch label", [c[1] for c in theirs], [c[1] for c in offered][: len(theirs)]

    def _is_shuffled(self, element: Question) -> bool:
        """Whether the choices come by chance alone, without a seed."""
        control = self.filling.definition.controls[without_keys(element.path)]
        tree = control.itemset.nodeset.tree if control.itemset is not None else None
        return isinstance(tree, ast.Call) and tree.name == "randomize" and len(tree.arguments) == 1

    def _range_facts(
        self, reference: str, state: Mapping[str, Any]
    ) -> Iterator[tuple[str, object, object]]:
        outer = reference.rpartition("/")[0]
        if self.slot(outer) is None:
            yield "there", True, False
            return
        yield "count", state["count"], len(self.filling.repeat_paths(self._range_path(reference)))

    def _compare_end(self) -> None:
        for reference, state in self.expected.items():
            if "v" not in state:
                continue
            slot = self.slot(reference)
            if (
                slot is None
                or slot.is_relevant != state["rel"]
                or (state["rel"] and not self._is_alike("v", state["v"], slot.value or "", slot))
            ):
                self.found.ends_alike = False

    def _is_alike(self, aspect: str, recorded: object, ours: object, slot: Slot | None) -> bool:
        if aspect == "v" and slot is not None and slot.model.path in self._by_chance:
            return bool(recorded) == bool(ours)
        return _alike(aspect, recorded, ours)


def opened(
    definition: FormDefinition,
    initial: Mapping[str, Any],
    attachments: Mapping[str, Any] | None = None,
    *,
    restored: str | None = None,
    edited: str | None = None,
) -> Replay:
    """A filling of a form, ready to be replayed: new, or from an instance that was kept before."""
    around = surroundings(_properties(definition, initial))
    lists = _instances(definition, attachments or {})
    if edited is not None:
        answers = answers_from_xml(definition, edited.encode())
        return Replay(Filling.edit(definition, around, answers, instances=lists))
    if restored is not None:
        answers = answers_from_xml(definition, restored.encode())
        return Replay(Filling.resume(definition, around, answers, instances=lists))
    return Replay(Filling.start(definition, around, instances=lists))


def _properties(definition: FormDefinition, initial: Mapping[str, Any]) -> dict[str, str]:
    """What the recorder told of its device: it stands where the form asks for it."""
    told: dict[str, str] = {}
    for reference, state in initial.items():
        names = [name for name, _ in _steps(reference)[1:]]
        bind = definition.binds.get("/".join(names))
        if bind is not None and bind.preload == "property" and "v" in state:
            told[bind.preload_parameter] = state["v"]
    return told


def _instances(definition: FormDefinition, attachments: Mapping[str, Any]) -> dict[str, Instance]:
    if not definition.external_instances:
        return {}
    return {
        name: external.rows_from(address, content.encode() if isinstance(content, str) else b"")
        for name, address in definition.external_instances.items()
        for content in [attachments.get(address)]  # an answer 404 is recorded as an object
    }


_STEP = re.compile(r"(?:[^/:\[]+:)?([^/\[]+)(?:\[(\d+)\])?")


def _steps(reference: str) -> list[tuple[str, int]]:
    return [(m[1], int(m[2] or 1)) for m in _STEP.finditer(reference.strip("/"))]


def _by_chance(definition: FormDefinition) -> set[str]:
    """The places that `random()` fills: chance is not recorded."""
    calculates = {path: bind.calculate for path, bind in definition.binds.items()}
    actions = [(action.path, action.value) for action in definition.actions]
    return {
        path
        for path, expression in [*calculates.items(), *actions]
        if expression is not None and "random()" in expression.text.replace(" ", "")
    }


def _given(step: Mapping[str, Any]) -> str:
    """What was handed to the recorded engine, as a text."""
    if "error" in step and "value" not in step:
        # What came after the answer failed: the answer itself is in the state that it left.
        return str(step.get("changed", {}).get(step["path"], {}).get("v", ""))
    raw = step.get("raw")
    if raw is None or len(raw) != 1 or not isinstance(raw[0], str) or raw[0].startswith(("{", "[")):
        return step.get("value") or ""
    return raw[0]


def _alike(aspect: str, recorded: object, ours: object) -> bool:
    if recorded in (ours, VOLATILE):
        return True
    if aspect in {"label", "hint", "msg"}:
        told = str(recorded)
        if len(told) >= _LONGEST_LABEL:
            return _words(ours).startswith(_words(told))
        return _words(told) == _words(ours)
    if aspect == "v":
        # 23.0 and 23 are one number, told apart by no expression.
        return _numbers(str(recorded)) == _numbers(str(ours)) is not None
    return False


def _words(text: object) -> str:
    return " ".join(str(text).split())


_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:[ ;]+-?\d+(?:\.\d+)?)*;?\Z")


def _numbers(text: str) -> list[list[float]] | None:
    if not _NUMBERS.match(text):
        return None
    return [[float(n) for n in part.split()] for part in text.rstrip(";").split(";")]


def _questions(elements: tuple[Element, ...]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    pending = list(elements)
    while pending:
        element = pending.pop()
        if isinstance(element, Question):
            found[element.path] = element
        elif isinstance(element, Group):
            if element.path is not None:
                found[element.path] = element
            pending.extend(element.children)
        elif isinstance(element, Repeat):
            pending.extend(element.instances)
    return found
