"""Expressions from outside a form, asked of a filling: guards, conditions, copy blocks."""

from __future__ import annotations

from fieldapp.errors import UnknownPath
from fieldapp.forms.binding import FormBinder
from fieldapp.forms.definition import FormDefinition
from fieldapp.forms.filling import Filling
from fieldapp.forms.paths import without_keys
from fieldapp.forms.xpath.ast import Expr
from fieldapp.forms.xpath.compiler import compile_tree
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.parser import parse
from fieldapp.forms.xpath.values import Value, number_of, text_of, truth_of


class CompiledExpression:
    """An expression compiled for one form version, to be asked of any filling of it."""

    def __init__(self, text: str, tree: Expr, compiled: Compiled, context_path: str) -> None:
        self.text = text
        self.tree = tree
        self._compiled = compiled
        self._context_path = context_path

    def boolean(self, filling: Filling) -> bool:
        """Its truth."""
        return truth_of(self._value(filling))

    def string(self, filling: Filling) -> str:
        """Its text."""
        return text_of(self._value(filling))

    def number(self, filling: Filling) -> float:
        """Its number; NaN when it is none."""
        return number_of(self._value(filling), filling.world.zone)

    def _value(self, filling: Filling) -> Value:
        context = Context(filling.slot(self._context_path), filling.world)
        return self._compiled.run(context)


def compile_expression(
    definition: FormDefinition, text: str, context_path: str = ""
) -> CompiledExpression:
    """Compile an expression that stands at a node of the form, its root if not said otherwise.

    Raises ExpressionRefused, or UnknownPath for a context that the form does not have.
    """
    model = definition.nodes.get(without_keys(context_path))
    if model is None:
        raise UnknownPath(path=context_path)
    tree = parse(text)
    compiled = compile_tree(
        tree,
        text,
        namespaces=definition.namespaces,
        binder=FormBinder(definition, model, text),
    )
    return CompiledExpression(text, tree, compiled, context_path)
