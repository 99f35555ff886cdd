"""A small document, a world that stands still, and what an expression gives there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from random import Random

from lxml import etree

from fieldapp.forms.xpath import Context, compile_text
from fieldapp.forms.xpath.nodes import Document, Node, document_from
from fieldapp.forms.xpath.values import Value, text_of

KOREA = timezone(timedelta(hours=9))
PHOENIX = timezone(timedelta(hours=-7))
NAMESPACES = {"jr": "http://openrosa.org/javarosa", "a": "urn:a"}


def document(text: str) -> Document:
    """The nodes of an XML text."""
    return document_from(etree.fromstring(text.encode()).getroottree())


DATA = document(
    "<data xml:lang='ko-KR' xmlns:a='urn:a'>"
    "<n id='one'>3</n><n>1</n><n>2</n><empty/><empty/><word>abc</word>"
    "<day>2026-03-02</day><many>a b c</many><row><x>1</x></row><row><x>2</x></row>"
    "<a:named a:kind='k'/></data>"
)
TOWNS = document(
    "<instance id='towns'><root>"
    "<item code='n'><name>north</name><label>북면</label></item>"
    "<item code='s'><name>south</name><label>남면</label></item>"
    "<item code='t'><name>south</name><label>남면 2</label></item>"
    "</root></instance>"
)


@dataclass
class Here:
    """A world with a clock that stands still, one list, and chance from a seed."""

    root: Node = DATA
    zone: tzinfo = KOREA
    is_korean: bool = True
    version: str = "2026-1"
    instances: Mapping[str, Node] = field(default_factory=lambda: {"towns": TOWNS.children[0]})
    chance: Random = field(default_factory=lambda: Random(4))
    looked_up: list[tuple[str, str, str]] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 12, 1, 9, 30, tzinfo=KOREA)

    def random(self) -> float:
        return self.chance.random()

    def uuid(self) -> str:
        return "00000000-0000-4000-8000-000000000000"

    def property(self, name: str) -> str:
        return {"deviceid": "laptop-1"}.get(name, "")

    def instance(self, name: str) -> Node | None:
        return self.instances.get(name)

    def rows(self, name: str, column: str, value: str) -> list[Node]:
        self.looked_up.append((name, column, value))
        items = [item for item in self.instances[name].walk() if item.local == "item"]
        return [item for item in items if any(c.text() == value for c in item.named(column))]

    def choice_label(self, node: Node, value: str) -> str:
        return f"{node.local}={value}"

    def text(self, text_id: str) -> str:
        return f"<{text_id}>"


def value_of(text: str, *, at: Node | None = None, world: Here | None = None) -> Value:
    """What an expression gives at a node, at the document's element if not said otherwise."""
    made = compile_text(text, namespaces=NAMESPACES)
    return made.run(Context(DATA.children[0] if at is None else at, world or Here()))


def answer(text: str, *, at: Node | None = None, world: Here | None = None) -> str:
    """The same as a text, as a calculate would keep it."""
    return text_of(value_of(text, at=at, world=world))
