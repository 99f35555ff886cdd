"""The arithmetic of XPath 1.0 §3.5: IEEE 754, where dividing by zero is no error."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

_NUMBER_RULES: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def rule_of(sign: str) -> Callable[[float, float], float]:
    """What `+ - * div mod` do with two numbers."""
    if sign == "div":
        return divide
    return remainder if sign == "mod" else _NUMBER_RULES[sign]


def divide(left: float, right: float) -> float:
    """IEEE 754 division (XPath 1.0 §3.5): by zero gives an infinity or NaN."""
    try:
        return left / right
    except ZeroDivisionError:
        if left == 0 or left != left:  # noqa: PLR0124 (NaN)
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)


def remainder(left: float, right: float) -> float:
    """The remainder with the sign of the dividend (XPath 1.0 §3.5)."""
    if right == 0 or math.isinf(left) or left != left or right != right:  # noqa: PLR0124
        return math.nan
    return math.fmod(left, right)
