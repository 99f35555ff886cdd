"""Texts beyond the core: ODK XForms, string functions."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

from fieldapp.errors import FormReason
from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.ast import Call, Expr, StringLiteral
from fieldapp.forms.xpath.evaluation import (
    LONGEST_RESULT,
    Compiled,
    Context,
    Spot,
    too_much_work,
)
from fieldapp.forms.xpath.functions.registry import Arguments, function, special
from fieldapp.forms.xpath.patterns import (
    Pattern,
    PatternRefused,
    PatternTooHard,
    pattern_of,
)
from fieldapp.forms.xpath.signatures import is_signed

_LONGEST_TOKEN = 10_000
_SIGNATURE_BYTES = 64


@special("concat any*", gives="string")
def concat(compiler: Arguments, call: Call) -> Compiled:
    """XPath 1.0 §4.2; ODK XForms, string functions: of a node list every node, not the first."""
    spot = compiler.spot(call)
    texts = _texts(compiler, call.arguments, spot)
    return Compiled(lambda context: _joined("", texts(context), spot), "string")


@special("join string any*", gives="string")
def join(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms, string functions: the texts of all nodes and arguments, a separator between."""
    spot = compiler.spot(call)
    separator = compiler.string(call.arguments[0])
    texts = _texts(compiler, call.arguments[1:], spot)
    return Compiled(lambda context: _joined(separator(context), texts(context), spot), "string")


def _texts(
    compiler: Arguments, arguments: tuple[Expr, ...], spot: Spot
) -> Callable[[Context], list[str]]:
    runs = [compiler.compiled(argument).run for argument in arguments]

    def texts(context: Context) -> list[str]:
        result: list[str] = []
        for run in runs:
            value = run(context)
            if isinstance(value, list):
                context.spend(len(value), spot)
                result += [node.text() for node in value]
            else:
                result.append(values.text_of(value))
        return result

    return texts


def _joined(separator: str, texts: list[str], spot: Spot) -> str:
    # Counted before it is made: doubling a text forty times over needs only forty brackets.
    length = sum(map(len, texts)) + len(separator) * len(texts)
    if length > LONGEST_RESULT:
        raise too_much_work(spot)
    return separator.join(texts)


@function("substr string number number?", gives="string")
def substr(text: str, start: float, end: float | None = None) -> str:
    """Characters from start to before end, counted from 0; negative from the end.

    ODK XForms, string functions.
    """
    if start != start:  # noqa: PLR0124 (NaN counts as 0)
        start = 0.0
    first = _place(start, len(text))
    last = len(text) if end is None else _place(end, len(text))
    return text[first:last] if first < last else ""


def _place(number: float, length: int) -> int:
    if number != number:  # noqa: PLR0124 (NaN)
        return 0
    bounded = max(-float(length), min(float(length), number))
    return int(bounded) + (length if bounded < 0 else 0)


@function("ends-with string string", gives="boolean")
def ends_with(text: str, end: str) -> bool:
    """ODK XForms, string functions."""
    return text.endswith(end)


@special("regex any any", gives="boolean")
def regex(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms, boolean functions: whether the whole text fits the pattern.

    The specification leaves open whether a part will do; ODK's documentation (regex) asks for an
    exact and complete match, and Collect does so.
    """
    subject, pattern = call.arguments
    spot = compiler.spot(call)
    text = compiler.string(subject)
    if isinstance(pattern, StringLiteral):
        known = _pattern(pattern.value)
        if known is None:
            compiler.refuse(FormReason.BAD_PATTERN, call.column, pattern.value)
        return Compiled(lambda context: _fits(known, text(context), spot), "boolean")
    pattern_text = compiler.string(pattern)

    def fits(context: Context) -> bool:
        found = _pattern(pattern_text(context))
        return found is not None and _fits(found, text(context), spot)

    return Compiled(fits, "boolean")


def _pattern(text: str) -> Pattern | None:
    try:
        return pattern_of(text)
    except PatternRefused:
        return None


def _fits(pattern: Pattern, text: str, spot: Spot) -> bool:
    try:
        return pattern.fits(text)
    except PatternTooHard:
        raise too_much_work(spot) from None


@function("digest string string string?", gives="string")
def digest(text: str, algorithm: str, encoding: str = "base64") -> str:
    """ODK XForms: MD5 or SHA of the text in UTF-8, as `base64` or `hex`."""
    name = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384",
            "SHA-512": "sha512"}.get(algorithm.upper())  # fmt: skip
    if name is None:
        return ""
    made = hashlib.new(name, text.encode(), usedforsecurity=False)
    return made.hexdigest() if encoding == "hex" else base64.b64encode(made.digest()).decode()


@function("base64-decode string", gives="string")
def base64_decode(text: str) -> str:
    """ODK XForms, string functions: the text that stands in base64, read as UTF-8.

    White space and a lacking `=` at the end are forgiven (WHATWG Infra, forgiving-base64); bytes
    that are no UTF-8 become U+FFFD, as in ODK's engines; what is no base64 at all is empty.
    """
    packed = "".join(text.split())
    if len(packed) % 4 == 0:
        packed = packed.removesuffix("=").removesuffix("=")
    if "=" in packed:
        return ""
    try:
        unpacked = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except ValueError:
        return ""
    return unpacked.decode(errors="replace")


@function("extract-signed string string", gives="string")
def extract_signed(text: str, key: str) -> str:
    """ODK XForms (form functions, extract-signed): the words of a signed text, if truly signed.

    `text` is base64 of a 64-byte Ed25519 signature (RFC 8032) and the words it signs in UTF-8,
    `key` base64 of the 32-byte public key. Empty when the signature is not that key's.
    """
    try:
        signed, public = base64.b64decode(text, validate=True), base64.b64decode(key, validate=True)
        signature, words = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
        return words.decode() if is_signed(words, signature, public) else ""
    except ValueError:
        return ""


@function("uuid number?", gives="string", context=True)
def uuid(context: Context, length: float | None = None) -> str:
    """ODK XForms, string functions: a random UUID, or with a length so many random characters."""
    if length is None:
        return context.world.uuid()
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    size = int(length) if 0 < length <= _LONGEST_TOKEN else 0
    return "".join(letters[int(context.world.random() * len(letters))] for _ in range(size))


@function("jr:itext string", gives="string", context=True)
def itext(context: Context, text_id: str) -> str:
    """ODK XForms, translation functions: a text of the form in the language that is shown."""
    return context.world.text(text_id)
