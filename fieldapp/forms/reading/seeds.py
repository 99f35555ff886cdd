"""What the form and every new repeat instance begin with: the primary instance, read as such.

`<r jr:template="">` says what a new instance holds; every plain `<r>` is one that the form begins
with, with defaults of its own (ODK XForms, repeats). Without a template a new instance is empty.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from fieldapp.forms.definition import ModelNode, Seed
from fieldapp.forms.reading.xml import JAVAROSA, local_name, tag
from fieldapp.forms.xpath.nodes import is_element

_TEMPLATE = tag(JAVAROSA, "template")


def seeds_of(element: etree._Element, root: ModelNode) -> tuple[Seed, Mapping[str, Seed]]:
    """The seed of the whole form, and of each repeat's new instances by path."""
    reading = _Reading()
    seed = reading.seed(element, root)
    for path, first in reading.firsts.items():
        reading.templates.setdefault(path, _emptied(first))
    return seed, reading.templates


class _Reading:
    def __init__(self) -> None:
        self.templates: dict[str, Seed] = {}
        self.firsts: dict[str, Seed] = {}

    def seed(self, element: etree._Element, node: ModelNode) -> Seed:
        defaults: dict[str, str] = {}
        repeats: dict[str, list[Seed]] = {}
        self._collect(element, node, defaults, repeats)
        return Seed(defaults, {path: tuple(seeds) for path, seeds in repeats.items()})

    def _collect(
        self,
        element: etree._Element,
        node: ModelNode,
        defaults: dict[str, str],
        repeats: dict[str, list[Seed]],
    ) -> None:
        for child in element:
            model = node.child(local_name(child)) if is_element(child) else None
            if model is None:
                continue
            if model.is_repeat:
                seed = self.seed(child, model)
                if child.get(_TEMPLATE) is not None:
                    self.templates.setdefault(model.path, seed)
                else:
                    self.firsts.setdefault(model.path, seed)
                    repeats.setdefault(model.path, []).append(seed)
            elif model.children:
                self._collect(child, model, defaults, repeats)
            elif child.text and child.text.strip():
                defaults.setdefault(model.path, child.text.strip())


def _emptied(seed: Seed) -> Seed:
    return Seed({}, {path: tuple(map(_emptied, seeds)) for path, seeds in seed.repeats.items()})
