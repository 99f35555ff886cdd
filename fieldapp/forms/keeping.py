"""How a definition is kept: pickled so that reading it back is quick.

A frozen dataclass with slots pickles itself by a walk over its fields in Python, both ways; a form
of 5,000 questions holds 70,000 of them. Here each is kept as its class and its fields in order.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from io import BytesIO
from operator import attrgetter
from typing import Any

from fieldapp.forms.collecting import without_collecting


def to_bytes(value: object) -> bytes:
    """The value as bytes that `pickle.loads` reads."""
    kept = BytesIO()
    with without_collecting():
        _Keeper(kept, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return kept.getvalue()


class _Keeper(pickle.Pickler):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._known: dict[type, Callable[[Any], tuple[object, ...]] | None] = {}

    def reducer_override(self, kept: object) -> Any:
        """A dataclass with slots as its class and its fields; anything else as pickle does it."""
        kind = type(kept)
        if kind not in self._known:
            self._known[kind] = _fields_of(kind)
        get = self._known[kind]
        return NotImplemented if get is None else (kind, get(kept))


def _fields_of(kind: type) -> Callable[[Any], tuple[object, ...]] | None:
    """What gives the fields of an instance; None for what is no dataclass with slots alone."""
    if not is_dataclass(kind) or "__slots__" not in vars(kind):
        return None
    names = [field.name for field in fields(kind)]
    if not all(field.init and not field.kw_only for field in fields(kind)):
        return None
    if len(names) > 1:
        return attrgetter(*names)
    return lambda kept: tuple(getattr(kept, name) for name in names)
