"""The function library: XPath 1.0 core (§4) and the ODK XForms additions.

Every function stands in one of these modules and says in its docstring where it comes from.
`FUNCTIONS` is the one table; a name that is not in it is refused when a form is read.
"""

from fieldapp.forms.xpath.functions import (
    choices,
    core,
    dates,
    foreign,
    geography,
    lists,
    logic,
    mathematics,
    nodesets,
    surroundings,
    texts,
)
from fieldapp.forms.xpath.functions.registry import FUNCTIONS, Function

__all__ = [
    "FUNCTIONS",
    "Function",
    "choices",
    "core",
    "dates",
    "foreign",
    "geography",
    "lists",
    "logic",
    "mathematics",
    "nodesets",
    "surroundings",
    "texts",
]
