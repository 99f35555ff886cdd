"""The words of a form's choices, for lists and boards."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import FormRef
from fieldapp.errors import PackMissing
from fieldapp.packs import Pack, open_form, question_words
from fieldapp.usecases.lists import lists_of
from fieldapp.usecases.session import Session, surroundings

#: A form is opened to read its words, and nothing is ever written under this name.
_NOBODY = RecordId("00000000-0000-7000-8000-000000000000")


def choice_words(session: Session, pack: Pack, name: str) -> Mapping[str, str]:
    """Choice → label of the question of that name; empty when the form has none."""
    filling = open_form(pack, surroundings(session, _NOBODY), None, lists_of(session, pack))
    return next(
        (
            words.choices
            for path, words in question_words(filling).items()
            if path.rpartition("/")[2] == name
        ),
        {},
    )


class ChoiceWords:
    """Choices of many records in words: each form is opened once, for as long as this lives."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[FormRef, str], Mapping[str, str]] = {}

    def of(self, form: FormRef, name: str, value: str) -> str:
        """A choice in words; as it is written where this device lacks the form."""
        key = form, name
        if value and key not in self._known:
            try:
                pack = self._session.catalogue.find(form)
                self._known[key] = choice_words(self._session, pack, name)
            except PackMissing:
                self._known[key] = {}
        return self._known[key].get(value, value) if value else ""
