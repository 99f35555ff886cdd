"""Texts beyond the core: ODK XForms §8.4."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from functools import lru_cache

from fieldapp.errors import FormReason
from fieldapp.forms.xpath import values
from fieldapp.forms.xpath.ast import Call, StringLiteral
from fieldapp.forms.xpath.evaluation import Compiled, Context
from fieldapp.forms.xpath.functions.registry import Arguments, function, special
from fieldapp.forms.xpath.values import Value

_LONGEST_TOKEN = 10_000


@function("concat any*", gives="string")
def concat(*arguments: Value) -> str:
    """XPath 1.0 §4.2; ODK XForms: of a node list every node, not only the first."""
    return "".join(text for argument in arguments for text in _all_texts(argument))


@function("join string any*", gives="string")
def join(separator: str, *arguments: Value) -> str:
    """ODK XForms: the texts of all nodes and arguments with the separator between."""
    return separator.join(text for argument in arguments for text in _all_texts(argument))


def _all_texts(value: Value) -> list[str]:
    if isinstance(value, list):
        return [node.text() for node in value]
    return [values.text_of(value)]


@function("substr string number number?", gives="string")
def substr(text: str, start: float, end: float | None = None) -> str:
    """ODK XForms: characters from start to before end, counted from 0; negative from the end."""
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
    """ODK XForms (XPath 2.0)."""
    return text.endswith(end)


@special("regex any any")
def regex(compiler: Arguments, call: Call) -> Compiled:
    """ODK XForms: whether the whole text fits the pattern."""
    subject, pattern = call.arguments
    if isinstance(pattern, StringLiteral) and _pattern(pattern.value) is None:
        compiler.refuse(FormReason.BAD_PATTERN, call.column, pattern.value)
    text, pattern_text = compiler.string(subject), compiler.string(pattern)

    def fits(context: Context) -> bool:
        compiled = _pattern(pattern_text(context))
        return compiled is not None and compiled.search(text(context)) is not None

    return Compiled(fits, "boolean")


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str] | None:
    # ODK's engines anchor a pattern at both ends only when the form does, apart from JavaRosa,
    # which always does: anchoring twice changes nothing.
    try:
        return re.compile(rf"\A(?:{text})\Z")
    except (re.error, RecursionError, OverflowError):
        return None


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
    """ODK XForms: UTF-8 text out of base64; empty when it is none."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


@function("uuid number?", gives="string", context=True)
def uuid(context: Context, length: float | None = None) -> str:
    """ODK XForms: a random UUID, or with a length so many random characters."""
    if length is None:
        return context.world.uuid()
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    size = int(length) if 0 < length <= _LONGEST_TOKEN else 0
    return "".join(letters[int(context.world.random() * len(letters))] for _ in range(size))


@function("jr:itext string", gives="string", context=True)
def itext(context: Context, text_id: str) -> str:
    """ODK XForms: a text of the form in the language that is shown."""
    return context.world.text(text_id)
