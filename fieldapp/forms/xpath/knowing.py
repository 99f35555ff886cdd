"""What of an expression is known before it runs, and before it is compiled.

`false() and …` and `if(true(), …, …)` have parts that no answer can reach (XPath 1.0 §3.4: what
is decided is not evaluated further). ODK's engines never look at them, so the compiler does not
compile them either.
"""

from __future__ import annotations

from fieldapp.forms.xpath.ast import Binary, Call, Expr, Negation, NumberLiteral

_TRUTHS = {"true": True, "false": False}
_LOGIC = frozenset({"and", "or"})


def known_truth(tree: Expr) -> bool | None:
    """The truth of a tree that is the same for every answer; None when it depends on one."""
    # Nearly always asked of a comparison, a path or a call, and in vain.
    if isinstance(tree, Binary):
        return _known_of_chain(tree) if tree.operator in _LOGIC else None
    if isinstance(tree, Call):
        return _known_of_call(tree)
    if isinstance(tree, Negation):
        tree = tree.operand
    if isinstance(tree, NumberLiteral):
        return tree.value != 0
    return None


def chain_of(tree: Binary) -> list[Expr]:
    """The operands of a chain of one operator, which leans left, in the order written."""
    operands: list[Expr] = []
    rest: Expr = tree
    while isinstance(rest, Binary) and rest.operator == tree.operator:
        operands.append(rest.right)
        rest = rest.left
    operands.append(rest)
    operands.reverse()
    return operands


def _known_of_call(tree: Call) -> bool | None:
    if not tree.arguments:
        return _TRUTHS.get(tree.name)
    if tree.name == "not" and len(tree.arguments) == 1:
        known = known_truth(tree.arguments[0])
        return None if known is None else not known
    return None


def _known_of_chain(tree: Binary) -> bool | None:
    decisive = tree.operator == "or"
    truths = [known_truth(operand) for operand in chain_of(tree)]
    if decisive in truths:
        # An operand before it may depend on answers, but whatever it gives, the chain is decided.
        return decisive
    return None if None in truths else not decisive
