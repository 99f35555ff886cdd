"""Answers written as instance XML, as text and in one walk over the form.

A tree of 2,500 elements, built to be written out once and thrown away, takes three times as long.
Names come out of the form, which the parser has read; answers are escaped here, all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from fieldapp.forms.definition import FormDefinition, ModelNode
from fieldapp.forms.paths import below, parts_of
from fieldapp.forms.reading.xml import FIELDAPP, JAVAROSA, OPENROSA
from fieldapp.forms.repeats import key_rank

# XML 1.0 §2.4 and §3.3.3: what a reader would take for markup, or hand back as something else.
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
# XML 1.0 §2.2: no Char.
_NO_CHAR = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(definition: FormDefinition, answers: Mapping[str, str]) -> bytes:
    """The instance XML, UTF-8; raises ValueError for an answer that no XML can hold."""
    writing = _Writing(definition, answers)
    writing.element(definition.root, "", "")
    text = "".join(writing.parts)
    if _NO_CHAR.search(text):
        message = "an answer has a character that no XML can hold"
        raise ValueError(message)
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{text}".encode()


class _Writing:
    """The text so far, and which places have an answer at or below them."""

    def __init__(self, definition: FormDefinition, answers: Mapping[str, str]) -> None:
        self.parts: list[str] = []
        self._answers = answers
        self._places, self._keys = _places_of(answers)
        self._namespace = definition.root_namespace
        prefixes = _prefixes_of(definition, has_keys=bool(self._keys))
        self._prefix = {namespace: f"{prefix}:" for namespace, prefix in prefixes.items()}
        declared = [("xmlns", self._namespace)] if self._namespace else []
        declared += [(f"xmlns:{prefix}", namespace) for namespace, prefix in prefixes.items()]
        self._declared = "".join(
            f' {name}="{namespace.translate(_IN_ATTRIBUTE)}"' for name, namespace in declared
        )

    def element(self, node: ModelNode, here: str, key: str) -> None:
        """An element with its attributes and all below it."""
        name = self._name(node)
        opening = f"<{name}" if here else f"<{name}{self._declared}"
        if key:
            opening += f' fa:key="{key.translate(_IN_ATTRIBUTE)}"'
        self.parts.append(opening + self._attributes(node, here))
        if node.is_leaf:
            text = self._answers.get(here)
            closing = "/>" if text is None else f">{text.translate(_IN_TEXT)}</{name}>"
            self.parts.append(closing)
            return
        place = len(self.parts)
        self._below(node, here)
        if len(self.parts) == place:
            self.parts.append("/>")
        else:
            self.parts[place] = f">{self.parts[place]}"
            self.parts.append(f"</{name}>")

    def _below(self, node: ModelNode, here: str) -> None:
        start = f"{here}/" if here else ""
        places, answers, parts = self._places, self._answers, self.parts
        for child in node.children:
            place = start + child.local
            if child.is_repeat:
                for key in self._keys.get(place, ()):
                    self.element(child, f"{place}[{key}]", key)
            elif place not in places:
                continue
            elif child.children or child.attributes or place not in answers:
                self.element(child, place, "")
            else:
                # Most of the form: what is answered, and no more.
                name = self._name(child) if child.written_namespace else child.local
                parts.append(f"<{name}>{answers[place].translate(_IN_TEXT)}</{name}>")

    def _name(self, node: ModelNode) -> str:
        namespace = node.written_namespace
        if not namespace or namespace == self._namespace:
            return node.local
        return self._prefix[namespace] + node.local

    def _attributes(self, node: ModelNode, here: str) -> str:
        told = ""
        for attribute in node.attributes:
            text = self._answers.get(below(here, f"@{attribute.local}"), attribute.default)
            prefix = self._prefix[attribute.namespace] if attribute.namespace else ""
            told += f' {prefix}{attribute.local}="{text.translate(_IN_ATTRIBUTE)}"'
        return told


def _prefixes_of(definition: FormDefinition, *, has_keys: bool) -> dict[str, str]:
    """Namespace → the prefix it has in the whole document, where it needs one."""
    prefixes = {FIELDAPP: "fa"} if has_keys else {}
    prefixes |= {JAVAROSA: "jr", OPENROSA: "orx"}
    taken = set(prefixes.values())
    for node in definition.nodes.values():
        namespace = node.written_namespace
        if namespace and namespace not in prefixes:
            if not node.is_attribute and namespace == definition.root_namespace:
                continue
            wanted = node.prefix if node.prefix and node.prefix not in taken else ""
            prefixes[namespace] = wanted or f"ns{len(prefixes)}"
            taken.add(prefixes[namespace])
    return prefixes


def _places_of(answers: Mapping[str, str]) -> tuple[set[str], Mapping[str, list[str]]]:
    """Every place on the way to an answer, and the repeat keys at each repeat in order."""
    places: set[str] = set()
    keys: dict[str, dict[str, None]] = {}
    for path in answers:
        outer, _, last = path.rpartition("/")
        if outer in places and not last.endswith("]"):
            places.add(path)
            continue
        here = ""
        for name, key in parts_of(path) or ():
            here = below(here, name)
            if key:
                keys.setdefault(here, {})[key] = None
                here += f"[{key}]"
            places.add(here)
    return places, {place: sorted(known, key=key_rank) for place, known in keys.items()}
