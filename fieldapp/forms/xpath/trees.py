"""Going over a tree without recursion: an expression may be as deep as its text is long."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.forms.xpath.ast import Binary, Call, Expr, Filtered, Negation, Path


def parts_of(tree: Expr) -> Iterator[Expr]:
    """The tree and every expression in it, predicates included."""
    pending: list[Expr] = [tree]
    while pending:
        found = pending.pop()
        yield found
        match found:
            case Negation(operand):
                pending.append(operand)
            case Binary(left, _, right):
                pending += (left, right)
            case Call(_, arguments):
                pending += arguments
            case Path(start, steps):
                pending += [predicate for step in steps for predicate in step.predicates]
                pending += () if isinstance(start, str) else (start,)
            case Filtered(primary, predicates):
                pending += (primary, *predicates)
            case _:
                pass


def calls_of(tree: Expr, name: str) -> Iterator[Call]:
    """The calls of a function anywhere in the tree."""
    return (part for part in parts_of(tree) if isinstance(part, Call) and part.name == name)
