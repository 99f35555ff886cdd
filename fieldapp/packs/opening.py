"""A pack at work: its form opened for a person, run again after a merge, its guards asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Final, NoReturn

from fieldapp.domain.plans import Condition
from fieldapp.domain.workflow import Guard
from fieldapp.forms import Filling, Instance, Surroundings
from fieldapp.forms.xpath import Compiled, Context, compile_text
from fieldapp.forms.xpath.nodes import Document, Node, NodeKind
from fieldapp.forms.xpath.values import truth_of
from fieldapp.packs.conditions import answers_of, xpath_of
from fieldapp.packs.reading import Pack

_KOREA: Final = timezone(timedelta(hours=9))


def open_form(
    pack: Pack,
    surroundings: Surroundings,
    answers: Mapping[str, str] | None = None,
    instances: Mapping[str, Instance] | None = None,
) -> Filling:
    """A new form, or one that goes on from answers (F1; those of a draft include irrelevant ones).

    instances: entity lists by name, asked row by row as the form needs them.
    """
    if answers is None:
        return Filling.start(pack.definition, surroundings, instances)
    return Filling.resume(pack.definition, surroundings, answers, instances)


def rerun(pack: Pack, surroundings: Surroundings, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers after a merge, with everything that is calculated calculated again (F5).

    Metadata stay as they are, and so do calculates that ask clock, chance or a list: run on a
    server, they would say when and where the merge was. Answers that the merge made irrelevant
    are gone.
    """
    return Filling.resume(pack.definition, surroundings, answers).answers()


def guard(pack: Pack) -> Guard:
    """Asks a condition of the pack over a record's answers: the same on device and server.

    The condition runs through the form engine's XPath over nodes that hold nothing but the
    answers it names, so nothing is calculated and no clock is asked.
    """
    compiled: dict[Condition, Compiled] = {}

    def holds(condition: Condition, answers: Mapping[str, str]) -> bool:
        made = compiled.get(condition)
        if made is None:
            made = compiled[condition] = compile_text(xpath_of(condition))
        root = Node(NodeKind.ELEMENT, pack.definition.root.local)
        _fill(root, answers_of(condition), answers)
        return truth_of(made.run(Context(root, _NoWorld(root))))

    return holds


def _fill(root: Node, paths: tuple[str, ...], answers: Mapping[str, str]) -> None:
    """A leaf below the root at each path; an answer that is not there is an empty leaf."""
    Document().append(root)
    made = {"": root}
    for path in paths:
        above = ""
        for name in path.split("/"):
            here = f"{above}/{name}" if above else name
            if here not in made:
                made[here] = Node(NodeKind.ELEMENT, name)
                made[above].append(made[here])
            above = here
        made[path].value = answers.get(path, "")


class _NoWorld:
    """The world of a condition: its answers, and midnight in Korea for a date without a zone."""

    is_korean = True

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

    def choice_label(self, node: Node, value: str) -> str:
        del node
        return value

    def text(self, text_id: str) -> str:
        return text_id


def _refuse() -> NoReturn:
    raise AssertionError("a condition asks for answers only")
