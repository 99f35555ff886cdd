"""A pack at work: its form opened for a person, run again after a merge, its guards asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final, NoReturn

from fieldapp.domain.conditions import paths_of
from fieldapp.domain.plans import Condition
from fieldapp.domain.workflow import Guard
from fieldapp.forms import Filling, Instance, Surroundings
from fieldapp.forms.xpath import Context, compile_text
from fieldapp.forms.xpath.nodes import Document, Node, NodeKind
from fieldapp.forms.xpath.values import truth_of
from fieldapp.packs.conditions import xpath_of
from fieldapp.packs.copies import CopyBlock
from fieldapp.packs.reading import Pack

_KOREA: Final = timezone(timedelta(hours=9))
#: How many answers a condition remembers; free texts would fill any number.
_MOST_KNOWN: Final = 256


def open_form(
    pack: Pack,
    surroundings: Surroundings,
    answers: Mapping[str, str] | None = None,
    instances: Mapping[str, Instance] | None = None,
    *,
    is_first: bool = False,
) -> Filling:
    """A new form, or one that goes on from answers (F1; those of a draft include irrelevant ones).

    instances: entity lists by name, asked row by row as the form needs them. is_first: the answers
    were there before anybody opened the form, as in a planned record: who fills it, since when, and
    every default are now, and the answers go before them.
    """
    if answers is None or is_first:
        return Filling.start(pack.definition, surroundings, instances, answers)
    return Filling.resume(pack.definition, surroundings, _own(surroundings, answers), instances)


def rerun(
    pack: Pack,
    surroundings: Surroundings,
    answers: Mapping[str, str],
    instances: Mapping[str, Instance] | None = None,
) -> dict[str, str]:
    """The answers after a merge, with everything that is calculated calculated again (F5).

    Metadata stay as they are, and so do calculates that ask clock, chance or a list that is not
    given: run on a server, they would say when and where the merge was. Answers that the merge
    made irrelevant are gone.
    """
    answers = _own(surroundings, answers)
    return Filling.resume(pack.definition, surroundings, answers, instances).answers()


def _own(surroundings: Surroundings, answers: Mapping[str, str]) -> Mapping[str, str]:
    # F1: the record's id in every revision, whoever wrote the answers.
    return {**answers, "meta/instanceID": f"uuid:{surroundings.record_id}"}


def copy_blocks(pack: Pack, filling: Filling) -> tuple[CopyBlock, ...]:
    """The texts for 행복이음 as the answers are now, in the order of the copy sheet.

    A text in which nothing was answered is empty. Labels of choices are in the language shown.
    """
    return tuple(writer.block(filling) for writer in pack.copy_writers)


def guard(pack: Pack) -> Guard:
    """Asks a condition of the pack over a record's answers: the same on device and server.

    Any flat mapping will do: answers with the seats that signed (`_signed`), or the properties of
    an entity, which conditions of a schedule ask. The condition runs through the form engine's
    XPath over nodes that hold nothing but what it names, so nothing is calculated and no clock is
    asked.
    """
    # By identity: a plan's conditions live as long as the plan, and hashing a tree takes longer
    # than asking it. Each holds its condition, so no other can come to have its id.
    asked: dict[int, _Asked] = {}

    def holds(condition: Condition, answers: Mapping[str, str]) -> bool:
        one = asked.get(id(condition))
        if one is None:
            one = asked[id(condition)] = _Asked(condition, pack.definition.root.local)
        return one.holds(answers)

    return holds


class _Asked:
    """A condition, compiled, and what it said of values it was asked about before."""

    def __init__(self, condition: Condition, root: str) -> None:
        self._condition = condition
        self._paths = paths_of(condition)
        self._compiled = compile_text(xpath_of(condition))
        self._root = root
        self._known: dict[tuple[str, ...], bool] = {}

    def holds(self, answers: Mapping[str, str]) -> bool:
        """Whether it holds; of 10,000 households most have one of a few grades."""
        values = tuple(answers.get(path, "") for path in self._paths)
        known = self._known.get(values)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[values] = self._asked(values)
        return known

    def _asked(self, values: tuple[str, ...]) -> bool:
        root = Node(NodeKind.ELEMENT, self._root)
        _fill(root, dict(zip(self._paths, values, strict=True)))
        return truth_of(self._compiled.run(Context(root, _NoWorld(root))))


def _fill(root: Node, values: Mapping[str, str]) -> None:
    """A leaf below the root at each path; an answer that is not there is an empty leaf."""
    Document().append(root)
    made = {"": root}
    for path, value in values.items():
        above = ""
        for name in path.split("/"):
            here = f"{above}/{name}" if above else name
            if here not in made:
                made[here] = Node(NodeKind.ELEMENT, name)
                made[above].append(made[here])
            above = here
        made[path].value = value


class _NoWorld:
    """The world of a condition: its answers, and midnight in Korea for a date without a zone."""

    is_korean = True
    version = ""

    def __init__(self, root: Node) -> None:
        self.root = root.root()

    @property
    def zone(self) -> tzinfo:
        return _KOREA

    def now(self) -> datetime:
        _refuse()

    def random(self) -> float:
        _refuse()

    def uuid(self) -> str:
        _refuse()

    def instance(self, name: str) -> Node | None:
        del name
        return None

    def rows(self, name: str, column: str, value: str) -> list[Node]:
        del name, column, value
        return []

    def property(self, name: str) -> str:
        del name
        return ""

    def choice_label(self, node: Node, value: str) -> str:
        del node
        return value

    def text(self, text_id: str) -> str:
        return text_id


def _refuse() -> NoReturn:
    raise AssertionError("a condition asks for answers only")
