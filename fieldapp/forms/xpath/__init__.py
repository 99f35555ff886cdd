"""XPath 1.0 with the ODK additions: text → tree → closures over nodes.

    tree = parse("../age >= 18")          # frozen data, see `ast`
    made = compile_text("../age >= 18")   # a function of a Context

Nothing here knows of forms; a form hands in a `Binder` for the nodes it can reach directly and a
`World` for what an expression may ask beyond its document.
"""

from fieldapp.forms.xpath import ast
from fieldapp.forms.xpath.compiler import compile_text, compile_tree
from fieldapp.forms.xpath.evaluation import Binder, Compiled, Context, World
from fieldapp.forms.xpath.parser import parse

__all__ = [
    "Binder",
    "Compiled",
    "Context",
    "World",
    "ast",
    "compile_text",
    "compile_tree",
    "parse",
]
