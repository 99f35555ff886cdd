"""Forms drawn by chance: repeats two deep, one counted, rules that look every way there is.

A leaf's rules look only at leaves before it, or around it, so no form goes in a ring.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from fieldapp.errors import AnswerRefused
from fieldapp.forms import ChangeSet, Filling, FormDefinition, read_form
from fieldapp.forms.tree import Slot
from fieldapp.forms.unanswered import unanswered_instances
from tests.forms.xforms import xform

# Where a leaf stands → its name and the repeats around it.
_PLACES = {"": "abc", "g": "de", "r": "uv", "r/s": "xy", "n": "kl"}
_LEAVES = [f"{place}/{name}".strip("/") for place, names in _PLACES.items() for name in names]
_CHOOSERS = {"c", "v", "y"}  # asked by a choice out of a list
_REPEATS = ("r", "r/s", "n")


@dataclass
class _Rules:
    binds: dict[str, dict[str, str]] = field(default_factory=dict)
    filters: dict[str, str] = field(default_factory=dict)
    count: str = ""


@st.composite
def _rules(draw: st.DrawFn, counts: tuple[str, ...]) -> _Rules:
    rules = _Rules()
    for place, leaf in enumerate(_LEAVES):
        terms = _terms(leaf, _LEAVES[:place])
        wanted = draw(st.sampled_from(["", "", "relevant", "calculate", "required", "constraint"]))
        if not terms or not wanted:
            continue
        term = draw(st.sampled_from(terms))
        other = draw(st.sampled_from(terms))
        if leaf.rpartition("/")[2] in _CHOOSERS and draw(st.booleans()):
            rules.filters[leaf] = f"[kind = {_of_row(term)}]"
        if wanted == "calculate":
            text = draw(st.sampled_from([f"{term} + 1", f"concat({term}, '-', {other})", term]))
        elif wanted == "constraint":
            text = f". != {term}"
        else:
            text = f"{term} {draw(st.sampled_from(['>', '=', '!=']))} {draw(st.integers(0, 3))}"
        rules.binds.setdefault(leaf, {})[wanted] = text
    for group, before in (("g", ["a", "b", "c"]), ("r", ["a", "d"]), ("r/s", ["r/u", "a"])):
        if draw(st.booleans()):
            term = draw(st.sampled_from(_terms(group, before)))
            rules.binds.setdefault(group, {})["relevant"] = f"{term} != 2"
    rules.count = draw(st.sampled_from(counts))
    return rules


def _of_row(term: str) -> str:
    """The term inside a predicate on a row: relative to the question, not to the row."""
    return re.sub(r"((?:\.\./)+|\.\.(?=\)))", r"current()/\1", term)


def _terms(leaf: str, before: list[str]) -> list[str]:
    """Expressions at a leaf about the leaves before it."""
    terms: list[str] = []
    around = leaf.split("/")[:-1]
    for other in before:
        steps = other.split("/")
        path = "/data/" + other
        inside = [r for r in _REPEATS if other.startswith(f"{r}/")]
        if not inside:
            terms.append(path)
            continue
        terms += [f"sum({path})", f"count({path}[. != ''])", f"max({path})"]
        repeat = inside[-1]
        terms.append(f"indexed-repeat({path}, /data/{inside[0]}, 2)" if len(inside) == 1 else path)
        shared = 0
        while shared < min(len(around), len(steps) - 1) and around[shared] == steps[shared]:
            shared += 1
        if shared:
            up = "../" * (len(around) - shared + 1)
            terms += [up + "/".join(steps[shared:])] * 3
        terms.append(f"count(/data/{repeat})")
    if around and "/".join(around) in _REPEATS:
        terms += ["position(..)", f"count(/data/{around[0]})"]
    return terms


def _xform(rules: _Rules) -> bytes:
    item = "<item><name>{0}</name><label>L{0}</label><kind>{1}</kind></item>"
    rows = "".join(item.format(n, n % 3) for n in range(6))
    binds = "".join(
        f'<bind nodeset="/data/{path}" type="string"'
        + "".join(f" {name}={quoteattr(text)}" for name, text in said.items())
        + "/>"
        for path, said in rules.binds.items()
    )
    model = f'<instance id="l"><root>{rows}</root></instance>{binds}'

    def asked(place: str) -> str:
        return "".join(_control(f"{place}/{name}".strip("/"), rules) for name in _PLACES[place])

    body = (
        f"{asked('')}<group ref='/data/g'>{asked('g')}</group>"
        f"<group ref='/data/r'><label>R <output value='../a'/></label><repeat nodeset='/data/r'>"
        f"{asked('r')}<repeat nodeset='/data/r/s'>{asked('r/s')}</repeat></repeat></group>"
        f"<repeat nodeset='/data/n' jr:count={quoteattr(rules.count)}>{asked('n')}</repeat>"
    )
    template = "<r jr:template=''><u/><v/><s jr:template=''><x/><y/></s></r>"
    instance = f"<a/><b/><c/><g><d/><e/></g>{template}<r><u/><v/></r><n jr:template=''><k/><l/></n>"
    return xform(instance, model, body)


def _control(path: str, rules: _Rules) -> str:
    label = f"<label>{path} <output value='/data/a'/></label>"
    if path.rpartition("/")[2] not in _CHOOSERS:
        return f"<input ref='/data/{path}'>{label}</input>"
    nodeset = quoteattr(f"instance('l')/root/item{rules.filters.get(path, '')}")
    return (
        f"<select ref='/data/{path}'>{label}<itemset nodeset={nodeset}>"
        "<value ref='name'/><label ref='label'/></itemset></select>"
    )


_SURE_COUNTS = ("if(/data/a > 0, /data/a, 0)", "2")
forms: st.SearchStrategy[FormDefinition] = (
    _rules((*_SURE_COUNTS, "/data/a", "/data/b + 1")).map(_xform).map(read_form)
)
#: Forms whose count is always a number: one that is none keeps instances, answered or not.
forms_counted_surely: st.SearchStrategy[FormDefinition] = (
    _rules(_SURE_COUNTS).map(_xform).map(read_form)
)

Errand = tuple[str, int, int, str]
errands: st.SearchStrategy[list[Errand]] = st.lists(
    st.tuples(
        st.sampled_from(["answer"] * 6 + ["add r", "add s", "remove"]),
        st.integers(0, 30),
        st.integers(0, 5),
        st.sampled_from(["", "0", "1", "2", "3", "1 4", "x"]),
    ),
    max_size=14,
)


def carry_out(filling: Filling, errand: Errand) -> ChangeSet:
    """Do one of the drawn errands, at whichever place the numbers point to."""
    deed, place, turn, text = errand
    doing: dict[str, Callable[[], ChangeSet]] = {
        "answer": lambda: _answer(filling, place, turn, text),
        "add r": lambda: filling.add_repeat("r"),
        "add s": lambda: _add_inner(filling, turn),
        "remove": lambda: _remove(filling, turn),
    }
    return doing[deed]()


def _answer(filling: Filling, place: int, turn: int, text: str) -> ChangeSet:
    leaf = _LEAVES[place % len(_LEAVES)]
    if filling.definition.leaf(leaf).is_calculated:
        return ChangeSet()
    slots = filling.tree.at(filling.definition.nodes[leaf])
    if not slots:
        return ChangeSet()
    try:
        return filling.answer(slots[turn % len(slots)].path, text)
    except AnswerRefused:
        return ChangeSet()


def _add_inner(filling: Filling, turn: int) -> ChangeSet:
    outer = filling.repeat_paths("r")
    return filling.add_repeat(f"{outer[turn % len(outer)]}/s") if outer else ChangeSet()


def _remove(filling: Filling, turn: int) -> ChangeSet:
    paths = [
        slot.path for r in ("r", "r/s") for slot in filling.tree.at(filling.definition.nodes[r])
    ]
    return filling.remove_repeat(paths[turn % len(paths)]) if paths else ChangeSet()


def filled(definition: FormDefinition, filling: Filling, deeds: list[Errand]) -> Filling:
    """The filling after all errands."""
    for errand in deeds:
        carry_out(filling, errand)
    return filling


def without_unanswered(filling: Filling) -> Filling:
    """What a draft does not keep is taken away: instances in which nobody wrote (F2)."""
    while left := unanswered_instances(filling):
        filling.remove_repeat(min(slot.path for slot in left))
    return filling


def state(filling: Filling) -> dict[str, tuple[object, ...]]:
    """All that the engine says of every node."""
    return {
        slot.path: (slot.value, slot.is_relevant, slot.is_readonly, slot.is_required, slot.is_valid)
        for slot in filling.tree.root.slots()
        if isinstance(slot, Slot)
    }
