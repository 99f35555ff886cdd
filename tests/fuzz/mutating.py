"""Something valid to something nearly valid.

The parts that a form consists of are moved about as such (elements, attributes, tokens of an
expression); bytes are turned over only now and then, since they rarely come past the XML parser.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from lxml import etree

from fieldapp.forms.xpath.functions.registry import FUNCTIONS
from tests.fuzz.seeds import EXPRESSIONS

_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|[\w.\-]+|\s+|.", re.DOTALL)
_ODD_TOKENS = (
    "(", ")", "[", "]", "'", '"', ",", "::", "//", "/", ".", "..", "@", "*", "|", "$a", "-", "+",
    " div ", " mod ", " and ", " or ", "=", "!=", "<", ">", "0", "-1", "1e400", "9" * 400, "0.1",
    "''", "'가'", "\0", "\ud7ff", "\uffff", "𝕏", "\u200b", "position()", "last()", "current()",
    "text()", "node()", "true()", "nobody:x", "jr:itext('t')", "instance('nobody')", "--", "\n",
)  # fmt: skip
_ODD_TEXTS = (
    "", " ", "0", "-1", "1e9", "NaN", "Infinity", "9" * 500, "2024-02-30", "2024-13-01",
    "0000-00-00", "24:00", "25:61:61.9", "9999-12-31T23:59:60Z", "-0001-01-01", "true", "a b  c",
    "1 2 3 4; x", "91 181 0 0", "가" * 300, "<", "&", "]]>", "\t\n", "uuid:x", "../..", "n1",
    "[1]", "%Y%", "\\", "(a+)+$", "jr://images/x.png",
)  # fmt: skip
_ATOMS = (
    "/data/n", "/data/r", "/data/r/q", "/data/town", ".", "..", "1", "0", "-1", "0.5", "1 div 0",
    "''", "0 div 0", "'a'", "'2024-05-05'", "'12:30:00.000+09:00'", "'1 2 0 0'", "today()", "now()",
    "true()", "'가상'", "9999999999999999", "'%Y-%m-%d'", "/data/none",
    "'1 2 0 0; 3 4 0 0; 1 2 0 0'",
)  # fmt: skip
_OPERATORS = (" + ", " - ", " * ", " div ", " mod ", " = ", " != ", " < ", " >= ", " and ", " or ")
_STEPS = ("q", "in/v", "@x", "*", "..", "preceding-sibling::*", "descendant-or-self::node()/text()")
_FUNCTIONS = tuple(sorted(FUNCTIONS))
_NAMES = (
    "bind", "instance", "input", "select1", "group", "repeat", "label", "output", "itemset",
    "value", "setvalue", "translation", "text", "item", "meta", "instanceID", "model", "entity",
    "data", "range",
)  # fmt: skip
_ATTRIBUTES = (
    "ref", "nodeset", "relevant", "calculate", "constraint", "required", "readonly", "type", "id",
    "src", "value", "event", "default", "lang", "form", "start", "end", "step", "mediatype",
    "version", "appearance", "{http://openrosa.org/javarosa}count", "{http://openrosa.org/javarosa}preload",
    "{http://openrosa.org/javarosa}preloadParams", "{http://openrosa.org/javarosa}template",
    "{http://openrosa.org/javarosa}noAddRemove", "{http://openrosa.org/javarosa}constraintMsg",
)  # fmt: skip
_EXPRESSIVE = frozenset({
    "relevant", "calculate", "constraint", "required", "readonly", "value", "nodeset", "ref",
    "{http://openrosa.org/javarosa}count",
})  # fmt: skip
_EVENTS = ("odk-instance-first-load", "odk-new-repeat", "xforms-value-changed", "odk-instance-load")
_TYPES = ("int", "decimal", "date", "time", "dateTime", "boolean", "geopoint", "geoshape", "select")

Mutation = Callable[[random.Random, etree._Element], None]


def expression(chance: random.Random, seed: str | None = None) -> str:
    """An expression grown of others, with a few of its tokens changed."""
    text = _grown(chance, chance.choice((0, 1, 2, 3))) if seed is None else seed
    for _ in range(chance.choice((0, 0, 1, 1, 2, 5))):
        tokens = _TOKEN.findall(text) or [""]
        place = chance.randrange(len(tokens))
        match chance.randrange(7):
            case 0:
                del tokens[place]
            case 1:
                tokens.insert(place, chance.choice(_ODD_TOKENS))
            case 2:
                tokens[place] = chance.choice(_ODD_TOKENS)
            case 3:
                other = chance.randrange(len(tokens))
                tokens[place], tokens[other] = tokens[other], tokens[place]
            case 4:
                tokens[place] = f"({_grown(chance, 1)})"
            case 5:
                tokens[place] *= chance.choice((2, 3, 70))
            case _:
                start = chance.randrange(len(tokens))
                tokens[start:start] = tokens[place : place + 5]
        text = "".join(tokens)[:5_000]
    return text


def _grown(chance: random.Random, depth: int) -> str:
    """An expression that can be read: functions of every name, operators, predicates."""
    if depth == 0:
        return chance.choice((*EXPRESSIONS, *_ATOMS, *_ATOMS))
    match chance.randrange(4):
        case 0:
            return f"({_grown(chance, depth - 1)}){chance.choice(_OPERATORS)}{_grown(chance, 0)}"
        case 1:
            return f"/data/r[{_grown(chance, depth - 1)}]/{chance.choice(_STEPS)}"
        case _:
            name = chance.choice(_FUNCTIONS)
            count = chance.choice((FUNCTIONS[name].required, chance.randrange(5)))
            arguments = (_grown(chance, depth - 1) for _ in range(count))
            return f"{name}({', '.join(arguments)})"


def form(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """A form with one to a dozen of its parts changed."""
    seed = chance.choice(seeds)
    if chance.random() < 0.1:
        return _bytes(chance, seed, chance.choice(seeds))
    root = etree.fromstring(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        chance.choice(_MUTATIONS)(chance, root)
    content = etree.tostring(root)
    return _bytes(chance, content, seed) if chance.random() < 0.03 else content


def list_file(chance: random.Random, seeds: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    """The address and content of a list with a few of its bytes changed."""
    address, content = chance.choice(seeds)
    other_address, other = chance.choice(seeds)
    if chance.random() < 0.2:
        return other_address, content
    return address, _bytes(chance, content, other)


def _bytes(chance: random.Random, content: bytes, other: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 8))):
        place = chance.randrange(len(changed) + 1)
        length = chance.choice((1, 4, 50, 400))
        match chance.randrange(5):
            case 0:
                del changed[place : place + length]
            case 1:
                changed[place:place] = chance.randbytes(min(length, 4))
            case 2:
                start = chance.randrange(len(other))
                changed[place:place] = other[start : start + length]
            case 3:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            case _:
                changed[place:place] = changed[place : place + length]
    return bytes(changed)


# Of a tree


def _any(chance: random.Random, root: etree._Element) -> etree._Element:
    """Some element; those of the model and body, which mean something, as often as all others."""
    found = [e for e in root.iter() if isinstance(e.tag, str)]
    telling = [e for e in found if any(str(name) in _EXPRESSIVE for name in e.attrib)]
    return chance.choice(telling if telling and chance.random() < 0.5 else found)


def _inner(chance: random.Random, root: etree._Element) -> etree._Element | None:
    element = _any(chance, root)
    return element if element.getparent() is not None else None


def _removes(chance: random.Random, root: etree._Element) -> None:
    element = _inner(chance, root)
    if element is not None:
        element.getparent().remove(element)  # type: ignore[union-attr]


def _doubles(chance: random.Random, root: etree._Element) -> None:
    element = _inner(chance, root)
    if element is not None and sum(1 for _ in element.iter()) < 500:
        element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))


def _moves(chance: random.Random, root: etree._Element) -> None:
    element, target = _inner(chance, root), _any(chance, root)
    if element is not None and element not in (target, *target.iterancestors()):
        target.insert(chance.randrange(len(target) + 1), element)


def _renames(chance: random.Random, root: etree._Element) -> None:
    element, other = _any(chance, root), _any(chance, root)
    namespace = chance.choice((etree.QName(element).namespace, etree.QName(other).namespace, None))
    name = chance.choice((etree.QName(other).localname, chance.choice(_NAMES)))
    element.tag = f"{{{namespace}}}{name}" if namespace else name


def _nests(chance: random.Random, root: etree._Element) -> None:
    element = _inner(chance, root)
    for _ in range(chance.choice((1, 3, 110))):
        if element is None or element.getparent() is None:
            return
        shell = etree.Element(element.tag)
        element.addprevious(shell)
        shell.append(element)


def _writes(chance: random.Random, root: etree._Element) -> None:
    _any(chance, root).text = _plain(chance.choice(_ODD_TEXTS))


def _drops(chance: random.Random, root: etree._Element) -> None:
    element = _any(chance, root)
    if element.keys():
        del element.attrib[chance.choice(element.keys())]


def _gives(chance: random.Random, root: etree._Element) -> None:
    element, other = _any(chance, root), _any(chance, root)
    name = chance.choice(_ATTRIBUTES)
    values = (
        _plain(expression(chance)),
        _plain(chance.choice(_ODD_TEXTS)),
        other.get(name, "") or chance.choice(other.values() or [""]),
        chance.choice(_EVENTS),
        chance.choice(_TYPES),
    )
    element.set(name, chance.choice(values))


def _twists(chance: random.Random, root: etree._Element) -> None:
    element = _any(chance, root)
    written = [name for name in element.attrib if str(name) in _EXPRESSIVE]
    if written:
        name = chance.choice(written)
        element.set(name, _plain(expression(chance, str(element.get(name)))))


def _swaps(chance: random.Random, root: etree._Element) -> None:
    """One attribute gets what the same one has elsewhere: rings, wrong paths, wrong types."""
    element, other = _any(chance, root), _any(chance, root)
    for name in set(element.keys()) & set(other.keys()):
        mine, theirs = str(element.get(name)), str(other.get(name))
        element.set(name, theirs)
        other.set(name, mine if chance.random() < 0.5 else theirs)


_MUTATIONS: tuple[Mutation, ...] = (
    _removes, _doubles, _moves, _renames, _nests, _writes, _drops, _gives, _gives, _twists, _twists,
    _twists, _swaps, _swaps,
)  # fmt: skip


def _plain(text: str) -> str:
    """Without the letters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def answer(chance: random.Random) -> str:
    """Something a person, a colleague's file or a mistake might put into a question."""
    return chance.choice((*_ODD_TEXTS, "a", "b", "1", "2", "2024-05-05", "12:30", "가상"))
