"""The form versions this server knows: their plans, guards and recalculation, all made by packs.

They come from a folder beside the server, and from the database, where they are published while the
server runs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.domain.operation import FormRef
from fieldapp.domain.plans import Plans
from fieldapp.domain.workflow import Guard
from fieldapp.errors import MalformedMessage, PackMissing
from fieldapp.packs import Catalogue, Pack, PackWorker, Surroundings, guard, read_pack, rerun
from fieldapp.server.catalogue import published_content, published_packs
from fieldapp.server.database import Pool

log = logging.getLogger("fieldapp.server")


@dataclass(frozen=True, slots=True)
class FormRules:
    """What the server asks of a form version.

    rerun: (record id, answers) → answers after one full recalculation (F5).
    """

    plans: Plans
    guard: Guard
    rerun: Callable[[str, Mapping[str, str]], dict[str, str]]


class Forms:
    """Form versions by (id, version)."""

    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._rules: dict[FormRef, FormRules] = {}
        self._cards = _cards_of(catalogue)
        # From old to new: the last one of a form is its newest.
        self._beside = {form.id: form.version for form in catalogue.forms()}
        self._published: frozenset[FormRef] = frozenset()
        self._learning = threading.Lock()

    @classmethod
    def load(cls, packs_dir: Path, clock: Clock) -> Forms:
        """Every workbook of a folder (`*.xlsx`), and every one compiled before (`*.pack`).

        A workbook whose compiled form lies beside it is not compiled again.
        Raises PackRefused, which names the workbook.
        """
        catalogue = Catalogue()
        for path in sorted(packs_dir.glob("*.pack")):
            catalogue.add_compiled(path.read_bytes())
        compiled = {catalogue.find(form).workbook for form in catalogue.forms()}
        with PackWorker() as worker:
            for path in sorted(packs_dir.glob("*.xlsx")):
                workbook = path.read_bytes()
                if workbook not in compiled:
                    catalogue.add(read_pack(workbook, path.name, converter=worker))
        return cls(catalogue, clock)

    def refreshed(self, pool: Pool) -> Forms:
        """These, with what was published since. Asked before a push, while no connection is held.

        A version that this server cannot read is told to the log once: what is written on it is
        held, as for one that was never published.
        """
        published = published_packs(pool)
        if not published <= self._published:
            with self._learning:
                for form in sorted(published - self._published, key=lambda form: form.id):
                    self._learn(form, published_content(pool, form))
                self._cards = _cards_of(self._catalogue)
                self._published |= published
        return self

    def _learn(self, form: FormRef, content: bytes) -> None:
        try:
            pack = Pack.from_stored(content)
        except MalformedMessage as error:
            reason = error.facts.get("reason")
            log.error("published form %s %s is unreadable: %s", form.id, form.version, reason)
            return
        if self._catalogue.add(pack).workbook_sha256 != pack.workbook_sha256:
            # Whoever wrote on either means another form: said, since only a person can mend it.
            log.error("form %s %s: another workbook in the folder", form.id, form.version)

    def rules(self, form: FormRef) -> FormRules:
        """The rules of a form version. Raises PackMissing."""
        known = self._rules.get(form)
        if known is None:
            pack = self._catalogue.find(form)
            known = FormRules(pack.plans, guard(pack), self._rerun_of(pack))
            self._rules[form] = known
        return known

    def beside(self) -> dict[str, str]:
        """The newest version of each form that came with the server, by form id: for everybody.

        What was published is for whom it was published (`catalogue.offered`).
        """
        return dict(self._beside)

    def follows(self, form: FormRef) -> bool:
        """Whether records of a form may be read where whom they are about has moved to."""
        try:
            return self.rules(form).plans.follows
        except PackMissing:
            return False

    def card_of(self, list_name: str) -> frozenset[str]:
        """The properties that a card of this list shows: what the newest forms mark as such."""
        return self._cards.get(list_name, frozenset())

    def _rerun_of(self, pack: Pack) -> Callable[[str, Mapping[str, str]], dict[str, str]]:
        def again(record: str, answers: Mapping[str, str]) -> dict[str, str]:
            surroundings = Surroundings(now=self._clock.now, record_id=record, seed=0)
            return rerun(pack, surroundings, answers)

        return again


def _cards_of(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """What the newest forms mark as shown on a card, by list."""
    cards: dict[str, frozenset[str]] = {}
    for form_id in {form.id for form in catalogue.forms()}:
        for saved in catalogue.newest(form_id).plans.entities:
            cards[saved.name] = cards.get(saved.name, frozenset()) | frozenset(saved.card)
    return cards
