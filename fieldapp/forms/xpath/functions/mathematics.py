"""Numbers beyond the core: ODK XForms, number functions (mathematics, rounding, chance)."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.evaluation import Context
from fieldapp.forms.xpath.functions.registry import function
from fieldapp.forms.xpath.values import NAN, Value


@function("round number number?", gives="number")
def round_to(number: float, places: float = 0.0) -> float:
    """ODK XForms, number functions: to the nearest whole number, or to so many decimal places.

    Half goes away from zero (XPath 1.0 §4.4 would send -1.5 to -1, ODK's engines to -2), judged
    on the number as written: 2.675 to two places is 2.68 although its nearest double lies below.
    """
    if not math.isfinite(number) or not math.isfinite(places):
        return NAN if places != places else number  # noqa: PLR0124 (NaN)
    exponent = max(-300, min(300, int(places)))
    written = Decimal(repr(number))
    if exponent >= -int(written.as_tuple().exponent):
        return number
    return float(written.quantize(Decimal(1).scaleb(-exponent), rounding=ROUND_HALF_UP))


@function("int number", gives="number")
def whole(number: float) -> float:
    """ODK XForms, number functions: the number towards zero, without its fraction."""
    return float(math.trunc(number)) if math.isfinite(number) else number


@function("abs number", gives="number")
def absolute(number: float) -> float:
    """ODK XForms, number functions."""
    return abs(number)


@function("pow number number", gives="number")
def power(base: float, exponent: float) -> float:
    """ODK XForms, number functions."""
    return _guarded(lambda: math.pow(base, exponent))


@function("sqrt number", gives="number")
def root(number: float) -> float:
    """ODK XForms, number functions."""
    return _guarded(lambda: math.sqrt(number))


@function("exp number", gives="number")
def exponential(number: float) -> float:
    """ODK XForms, number functions."""
    return _guarded(lambda: math.exp(number))


@function("exp10 number", gives="number")
def exponential_of_ten(number: float) -> float:
    """ODK XForms, number functions."""
    return _guarded(lambda: math.pow(10.0, number))


@function("log number", gives="number")
def logarithm(number: float) -> float:
    """ODK XForms, number functions: natural; of zero minus infinity."""
    return -math.inf if number == 0 else _guarded(lambda: math.log(number))


@function("log10 number", gives="number")
def logarithm_of_ten(number: float) -> float:
    """ODK XForms, number functions: base ten; of zero minus infinity."""
    return -math.inf if number == 0 else _guarded(lambda: math.log10(number))


@function("sin number", gives="number")
def sine(angle: float) -> float:
    """ODK XForms, number functions; radians."""
    return _guarded(lambda: math.sin(angle))


@function("cos number", gives="number")
def cosine(angle: float) -> float:
    """ODK XForms, number functions; radians."""
    return _guarded(lambda: math.cos(angle))


@function("tan number", gives="number")
def tangent(angle: float) -> float:
    """ODK XForms, number functions; radians."""
    return _guarded(lambda: math.tan(angle))


@function("asin number", gives="number")
def arc_sine(number: float) -> float:
    """ODK XForms, number functions; radians."""
    return _guarded(lambda: math.asin(number))


@function("acos number", gives="number")
def arc_cosine(number: float) -> float:
    """ODK XForms, number functions; radians."""
    return _guarded(lambda: math.acos(number))


@function("atan number", gives="number")
def arc_tangent(number: float) -> float:
    """ODK XForms, number functions; radians."""
    return math.atan(number)


@function("atan2 number number", gives="number")
def arc_tangent_of_two(y: float, x: float) -> float:
    """ODK XForms, number functions; radians."""
    return math.atan2(y, x)


@function("pi", gives="number")
def pi() -> float:
    """ODK XForms, number functions."""
    return math.pi


@function("random", gives="number", context=True)
def random(context: Context) -> float:
    """At least 0, less than 1; the chance comes from the world given.

    ODK XForms, number functions.
    """
    return context.world.random()


@function("min any*", gives="number", context=True)
def least(context: Context, *arguments: Value) -> float:
    """The least of the nodes or arguments; NaN when one is no number or none is.

    ODK XForms, number functions.
    """
    return _extreme(min, context, arguments)


@function("max any*", gives="number", context=True)
def greatest(context: Context, *arguments: Value) -> float:
    """ODK XForms, number functions: the greatest of the nodes or arguments; NaN as for min."""
    return _extreme(max, context, arguments)


def _extreme(
    choose: Callable[[list[float]], float], context: Context, arguments: tuple[Value, ...]
) -> float:
    zone = context.world.zone
    numbers: list[float] = []
    for argument in arguments:
        if isinstance(argument, list):
            numbers += [values.number_in(node.text(), zone) for node in argument]
        else:
            numbers.append(values.number_of(argument, zone))
    if not numbers or any(math.isnan(number) for number in numbers):
        return NAN
    return choose(numbers)


def _guarded(compute: Callable[[], float]) -> float:
    try:
        return compute()
    except ValueError:
        return NAN
    except OverflowError:
        return math.inf
