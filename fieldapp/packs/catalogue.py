"""The form versions that are at hand."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.operation import FormRef
from fieldapp.errors import PackMissing
from fieldapp.packs.reading import Pack


class Catalogue:
    """The versions that are at hand, each read once and kept open.

    One thread adds while others look: what they look through is never changed, but replaced.
    """

    def __init__(self) -> None:
        self._packs: Mapping[tuple[str, str], Pack] = {}
        self._current: Mapping[str, str] = {}

    def add(self, pack: Pack) -> Pack:
        """Install a version; the same one again changes nothing."""
        known = self._packs.get((pack.form.id, pack.form.version))
        if known is not None:
            return known
        self._packs = {**self._packs, (pack.form.id, pack.form.version): pack}
        return pack

    def add_compiled(self, stored: bytes) -> Pack:
        """Install a version from `Pack.to_stored`. Raises MalformedMessage."""
        return self.add(Pack.from_stored(stored))

    def find(self, form: FormRef) -> Pack:
        """That very version. Raises PackMissing."""
        try:
            return self._packs[form.id, form.version]
        except KeyError:
            raise PackMissing(form_id=form.id, version=form.version) from None

    def put_current(self, versions: Mapping[str, str]) -> None:
        """Which version of a form (by its id) new records are written on, whatever stands above."""
        self._current = dict(versions)

    def newest(self, form_id: str) -> Pack:
        """The version that is current, if it is here; else the highest. Raises PackMissing."""
        current = self._packs.get((form_id, self._current.get(form_id, "")))
        if current is not None:
            return current
        versions = [pack for (found, _), pack in self._packs.items() if found == form_id]
        if not versions:
            raise PackMissing(form_id=form_id, version="-")
        return max(versions, key=lambda pack: version_order(pack.form.version))

    def forms(self) -> tuple[FormRef, ...]:
        """Every version there is, by form and from old to new."""
        return tuple(
            sorted(
                (pack.form for pack in self._packs.values()),
                key=lambda form: (form.id, version_order(form.version)),
            )
        )


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Orders versions as people read them: `10` after `9`, `v2.10` after `v2.9`."""
    pieces: list[tuple[int, int, str]] = []
    text = version
    while text:
        is_digit = _is_digit(text[0])
        length = next(
            (place for place, letter in enumerate(text) if _is_digit(letter) != is_digit), len(text)
        )
        piece, text = text[:length], text[length:]
        pieces.append((1, int(piece), "") if is_digit else (0, 0, piece))
    return tuple(pieces)


def _is_digit(letter: str) -> bool:
    return letter.isascii() and letter.isdigit()
