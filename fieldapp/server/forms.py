"""The form versions this server knows: their plans, guards and recalculation, all made by packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.domain.operation import FormRef
from fieldapp.domain.plans import Plans
from fieldapp.domain.workflow import Guard
from fieldapp.errors import PackMissing
from fieldapp.packs import Catalogue, Pack, PackWorker, Surroundings, guard, read_pack, rerun


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
        self._cards: dict[str, frozenset[str]] = {}
        for form_id in {form.id for form in catalogue.forms()}:
            for saved in catalogue.newest(form_id).plans.entities:
                shown = self._cards.get(saved.name, frozenset())
                self._cards[saved.name] = shown | frozenset(saved.card)

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

    def rules(self, form: FormRef) -> FormRules:
        """The rules of a form version. Raises PackMissing."""
        known = self._rules.get(form)
        if known is None:
            pack = self._catalogue.find(form)
            known = FormRules(pack.plans, guard(pack), self._rerun_of(pack))
            self._rules[form] = known
        return known

    def newest(self) -> dict[str, str]:
        """The newest version of each form, by form id: the catalogue tags of hello."""
        ids = {form.id for form in self._catalogue.forms()}
        return {
            form_id: self._catalogue.newest(form_id).plans.form.version for form_id in sorted(ids)
        }

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
