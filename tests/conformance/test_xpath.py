"""Our XPath beside the recorded cases of the field's own engine (engine.md §3, §7).

A case is a document, a context, an expression and what it must give. The bars hold for any half
of the recording; why single cases differ is known for one half (`xpath_deviations.py`).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

from fieldapp.errors import ExpressionRefused
from fieldapp.forms.xpath import Context, compile_text
from fieldapp.forms.xpath.nodes import Document, Node, document_from
from fieldapp.forms.xpath.values import Value, number_of, text_of, truth_of
from tests.conformance.recorded_nodes import RecordedNodes, identity, in_model_order
from tests.conformance.xpath_deviations import DATA_MODEL, KNOWN_FILE, REASONS
from tests.forms.xpath.asking import PHOENIX, Here

CORPUS = Path(os.environ.get("FIELDAPP_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
# Percent of the cases that must agree (issue: the form engine), clock and chance apart.
BAR = 99.0

# In the recorder's zone, America/Phoenix: no summer time since 1968.
RECORDED_AT = datetime(2026, 11, 21, 12, 0, tzinfo=PHOENIX)


@dataclass
class RecordedWorld(Here):
    """The recorder's clock and zone; chance from a fixed seed; instances inside the document."""

    zone: tzinfo = PHOENIX
    is_korean: bool = False

    def now(self) -> datetime:
        return RECORDED_AT

    def uuid(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def instance(self, name: str) -> Node | None:
        for node in self.root.root().walk():
            if node.local == "instance" and any(
                a.local == "id" and a.value == name for a in node.attributes
            ):
                return node
        return None


@dataclass
class Tally:
    """How the cases of one kind went."""

    counts: Counter[str] = field(default_factory=Counter)
    by_data_model: int = 0

    def percent(self) -> float:
        return 100 * self.counts["agrees"] / self.counts.total()

    def line(self, kind: str) -> str:
        counts = self.counts
        return (
            f"XPath, {kind:24} {counts['agrees']:4} of {counts.total():4} agree"
            f" ({self.percent():5.2f} %), {counts['differs']} differ, {counts['refused']} refused;"
            f" {self.by_data_model} of the agreeing ones by XPath's data model, not the DOM's"
        )


def _corpus() -> tuple[dict[str, Any], str]:
    file = CORPUS / "xpath.json.gz"
    if not file.exists():
        pytest.skip(f"no XPath corpus at {file}: set FIELDAPP_CORPUS")
    packed = file.read_bytes()
    return json.loads(gzip.decompress(packed)), hashlib.sha256(packed).hexdigest()


def _document(text: str) -> Document:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
    tree = etree.fromstring(text.encode(), parser).getroottree()
    # As a form's instances are read: unprefixed names in its expressions mean these.
    return document_from(tree, without_namespace="http://www.w3.org/2002/xforms")


def _same_nodes(wanted: list[Node], value: Value, *, is_ordered: bool) -> bool:
    if not isinstance(value, list):
        return False
    one, other = ([identity(node) for node in in_model_order(nodes)] for nodes in (wanted, value))
    return one == other if is_ordered else sorted(one, key=str) == sorted(other, key=str)


def _agrees(kind: str, expected: Any, value: Value, nodes: RecordedNodes) -> bool:  # noqa: PLR0911
    match kind:
        case "number":
            number = number_of(value, PHOENIX)
            wanted = float(expected)
            return bool(number == wanted) or (math.isnan(number) and math.isnan(wanted))
        case "number_rounded":
            wanted, factor = expected
            number = number_of(value, PHOENIX)
            return not math.isnan(number) and bool(
                math.floor(number * factor + 0.5) / factor == wanted
            )
        case "string":
            return bool(text_of(value) == expected)
        case "string_length":
            return bool(len(text_of(value)) == expected)
        case "string_matches":
            return re.search(expected[0], text_of(value)) is not None
        case "boolean":
            return bool(truth_of(value) == expected)
        case "nodeset" | "nodeset_unordered":
            return _same_nodes(nodes.all_at(expected), value, is_ordered=kind == "nodeset")
        case "node":
            wanted_node = nodes.at(expected) if expected else None
            first = value[0] if isinstance(value, list) and value else None
            return first is wanted_node
    return False  # a kind that nobody has met yet differs, loudly


def _outcome(case: dict[str, Any], nodes: RecordedNodes, namespaces: dict[str, str]) -> str:
    """How one case goes, and for one that does not agree what came instead."""
    declared = {
        prefix: uri
        for node in nodes.document.walk()
        for prefix, uri in (node.declared or {}).items()
    }
    try:
        root, start = nodes.at(case["root"]), nodes.at(case["ctx"])
        if root is None or start is None:
            return f"differs: {case['ctx']} is no node of XPath's"
        made = compile_text(case["expr"], namespaces=namespaces | declared)
        value = made.run(Context(start, RecordedWorld(root)))
        if _agrees(case["kind"], case["expected"], value, nodes):
            return "agrees"
    except ExpressionRefused as refusal:
        return f"refused: {refusal.facts}"
    except LookupError as missing:
        return f"differs: no such place in the document: {missing}"
    shown = [n.name for n in value] if isinstance(value, list) else value
    return f"differs: {shown!r}, recorded {case['expected']!r}"


def _asks_of_the_dom(case: dict[str, Any], nodes: RecordedNodes) -> bool:
    """Whether what is recorded can be met in XPath's data model only, not literally."""
    if not case["kind"].startswith("nodeset"):
        return False
    wanted = nodes.all_at(case["expected"])
    return len(wanted) < len(case["expected"]) or in_model_order(wanted) != wanted


def test_expressions_give_what_the_recorded_engine_gave(capsys: pytest.CaptureFixture[str]) -> None:
    corpus, digest = _corpus()

    @cache
    def nodes_of(name: str) -> RecordedNodes:
        text = corpus["docs"][name]
        return RecordedNodes.of(text, _document(text))

    tallies: dict[str, Tally] = {}
    failures: dict[str, str] = {}
    for case in corpus["cases"]:
        kind = ("XForms" if case["xforms"] else "native") + (
            ", clock or chance" if case.get("volatile") else ""
        )
        counts = tallies.setdefault(kind, Tally()).counts
        nodes = nodes_of(case["doc"])
        outcome = _outcome(case, nodes, corpus["namespaces"])
        counts[outcome.partition(":")[0]] += 1
        if outcome != "agrees":
            failures[case["id"]] = f"{kind} {case['expr']!r} at {case['ctx']}: {outcome}"
        elif _asks_of_the_dom(case, nodes):
            tallies[kind].by_data_model += 1
    reasons = {
        name: reason for reason, names in REASONS.items() for name in names.split()
    } if digest == KNOWN_FILE else {}  # fmt: skip
    with capsys.disabled():
        print()
        for kind, tally in sorted(tallies.items()):
            print(tally.line(kind))
        print(f"  {DATA_MODEL}")
        for name, failure in failures.items():
            print(f"  {name} {failure[:300]}\n    {reasons.get(name, 'not looked at')}")
    if digest == KNOWN_FILE:
        assert set(failures) == set(reasons)
    assert tallies["native"].percent() >= BAR
    assert tallies["XForms"].percent() >= BAR
