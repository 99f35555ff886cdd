"""The ODK XForms engine: questions and answers, nothing of welfare.

    definition = read_form(xform)                       # frozen; raises FormRefused
    filling = Filling.start(definition, surroundings)   # one record open for typing
    changed = filling.answer("items/q1", "4")           # what a view has to redraw
    filling.answers()                                   # F1

It knows no Qt, no SQL, no network, no clock.
"""

from fieldapp.forms.definition import FormDefinition, Leaf
from fieldapp.forms.entities import EntityDeclaration
from fieldapp.forms.expressions import CompiledExpression, compile_expression
from fieldapp.forms.filling import Filling
from fieldapp.forms.instances import Instance, SearchedInstance
from fieldapp.forms.reading import read_form
from fieldapp.forms.recalculation import ChangeSet
from fieldapp.forms.submission import answers_from_xml, submission_xml
from fieldapp.forms.surroundings import Surroundings
from fieldapp.forms.undoing import Act
from fieldapp.forms.validity import Violation
from fieldapp.forms.view import Choice, Element, Group, Question, Repeat
from fieldapp.forms.xpath import ast, parse

__all__ = [
    "Act",
    "ChangeSet",
    "Choice",
    "CompiledExpression",
    "Element",
    "EntityDeclaration",
    "Filling",
    "FormDefinition",
    "Group",
    "Instance",
    "Leaf",
    "Question",
    "Repeat",
    "SearchedInstance",
    "Surroundings",
    "Violation",
    "answers_from_xml",
    "ast",
    "compile_expression",
    "parse",
    "read_form",
    "submission_xml",
]
