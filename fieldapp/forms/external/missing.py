"""Which lists a form asks for and does not get, and where it will miss them."""

from __future__ import annotations

from collections.abc import Collection

from fieldapp.errors import FormReason
from fieldapp.forms.definition import FormDefinition, Remark
from fieldapp.forms.external.addresses import file_name
from fieldapp.forms.program import program_of


def missing_lists(definition: FormDefinition, given: Collection[str]) -> tuple[Remark, ...]:
    """A remark for every expression and question that looks into a list that is not given.

    `given` are the names of the lists that a filling would be started with. The form opens all
    the same: such a list is empty, and the remark says at which node that will be felt.
    """
    remarks: dict[Remark, None] = {}
    for name, address in definition.external_instances.items():
        if name in given:
            continue
        nodes = {
            rule.model.path: None
            for rule in program_of(definition).rules
            if name in rule.references.instances
        }
        for node in nodes or {f"instance('{name}')": None}:
            remarks[Remark(node, FormReason.MISSING_FILE, file_name(address))] = None
    return tuple(remarks)
