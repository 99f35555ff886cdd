"""Places that the author of a form wrote down wrongly: found when it is read, not in the field."""

from __future__ import annotations

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms.definition import Expression, FormDefinition, ModelNode
from fieldapp.forms.references import references_of
from fieldapp.forms.xpath import trees
from fieldapp.forms.xpath.ast import Path
from fieldapp.forms.xpath.functions.geography import are_points


def refuse_bad_points(definition: FormDefinition, model: ModelNode, expression: Expression) -> None:
    """Raises FormRefused where distance() is asked of a question whose default is no point.

    ODK's engines do not open such a form. What a person answers is never refused so: there
    distance() is NaN until the answer is a place.
    """
    if "distance" not in expression.text:
        return
    for call in trees.calls_of(expression.tree, "distance"):
        for argument in call.arguments:
            if not isinstance(argument, Path):
                continue
            for reference in references_of(argument, definition, model).found:
                written = definition.nodes[reference.path].default
                if written and not are_points(written, is_one=len(call.arguments) > 1):
                    raise FormRefused(
                        node=f"/{definition.root.local}/{reference.path}",
                        reason=FormReason.NOT_POINTS,
                        name=written,
                        expression=expression.text,
                        column=call.column,
                    )
