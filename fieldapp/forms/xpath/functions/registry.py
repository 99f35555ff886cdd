"""How a function is declared, and the one table of them.

    @function("substring-before string string", gives="string")
    def substring_before(text: str, mark: str) -> str: ...

The first word is the name; the rest are the kinds its arguments are turned into before it is
called: `string number boolean nodes any`, `?` for one that may be left out, `*` for any number of
them. A function that takes its arguments unevaluated is `special`: it compiles itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, Protocol, TypeVar, cast

from fieldapp.errors import FormReason
from fieldapp.forms.xpath.ast import Call, Expr
from fieldapp.forms.xpath.evaluation import Compiled, Context, Nodes, Spot
from fieldapp.forms.xpath.values import Value, ValueKind


class Arguments(Protocol):
    """What a special function asks of the compiler about its arguments."""

    def number(self, tree: Expr) -> Callable[[Context], float]: ...
    def string(self, tree: Expr) -> Callable[[Context], str]: ...
    def boolean(self, tree: Expr) -> Callable[[Context], bool]: ...
    def nodes(self, tree: Expr, asker: str, column: int) -> Nodes: ...
    def compiled(self, tree: Expr) -> Compiled: ...
    def spot(self, call: Call) -> Spot: ...
    def refuse(self, reason: FormReason, column: int, name: str) -> NoReturn: ...


@dataclass(frozen=True, slots=True)
class Function:
    """One XPath function."""

    name: str
    parameters: tuple[str, ...]
    required: int
    repeated: str | None
    gives: ValueKind
    wants_context: bool
    is_special: bool
    body: Callable[..., object]

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        if count < self.required:
            return False
        return self.repeated is not None or count <= len(self.parameters)

    def kinds(self, count: int) -> tuple[str, ...]:
        """The kinds that so many arguments are turned into."""
        extra = count - len(self.parameters)
        if extra <= 0 or self.repeated is None:
            return self.parameters[:count]
        return self.parameters + (self.repeated,) * extra

    @property
    def apply(self) -> Callable[..., Value]:
        """Call it with evaluated arguments (after the context, where it wants one)."""
        return cast("Callable[..., Value]", self.body)

    def special(self, compiler: Arguments, call: Call) -> Compiled:
        """Let it compile itself."""
        return cast("Callable[[Arguments, Call], Compiled]", self.body)(compiler, call)


FUNCTIONS: dict[str, Function] = {}

Body = TypeVar("Body", bound=Callable[..., object])


def function(signature: str, *, gives: ValueKind, context: bool = False) -> Callable[[Body], Body]:
    """Declare a function whose arguments are evaluated before it is called."""
    return _declare(signature, gives, context=context, special=False)


def special(signature: str, *, gives: ValueKind) -> Callable[[Body], Body]:
    """Declare a function that compiles itself: `(compiler, call) -> Compiled`.

    `gives` is what its calls give at any rate; "any" where that hangs on the arguments.
    """
    return _declare(signature, gives, context=False, special=True)


def _declare(
    signature: str, gives: ValueKind, *, context: bool, special: bool
) -> Callable[[Body], Body]:
    name, *kinds = signature.split()
    repeated = next((kind[:-1] for kind in kinds if kind.endswith("*")), None)
    single = [kind for kind in kinds if not kind.endswith("*")]
    required = sum(not kind.endswith("?") for kind in single)

    def declare(body: Body) -> Body:
        FUNCTIONS[name] = Function(
            name=name,
            parameters=tuple(kind.rstrip("?") for kind in single),
            required=required,
            repeated=repeated,
            gives=gives,
            wants_context=context,
            is_special=special,
            body=body,
        )
        return body

    return declare
