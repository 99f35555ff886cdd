"""Rows of the visit log that its parts have in common, and the conditions they are asked under."""

from __future__ import annotations

from typing import Final

from household_lists import FACTS, FAILED, PAUSING, any_of
from making import CHOOSE, Row, Text, calculate, question

MET: Final = "${result}='self'"
SPOKEN: Final = "${result}='self' or ${result}='indirect' or ${result}='refused'"
NOT_MET: Final = any_of("result", FAILED)
PAUSES: Final = any_of("result", PAUSING)


def known(name: str, prop: str) -> Row:
    """A property of the household as it stood when it was chosen.

    Taken once: read again for an amendment, it would already hold what this record left there.
    """
    return calculate(
        name,
        f"instance('household')/root/item[name=${{household}}]/{prop}",
        trigger="${household}",
    )


def asked(
    kind: str,
    name: str,
    label: Text,
    relevant: str = "",
    *,
    default: str = "",
    choice_filter: str = "",
    merge_group: str = "",
) -> Row:
    """A question that must be answered wherever it is asked."""
    return question(
        kind,
        name,
        label,
        required=True,
        required_message=CHOOSE,
        relevant=relevant,
        default=default,
        choice_filter=choice_filter,
        merge_group=merge_group,
    )


def words(
    name: str, label: Text, hint: Text = FACTS, *, required: str = "", relevant: str = ""
) -> Row:
    """A free text of several lines."""
    return question(
        "text",
        name,
        label,
        hint=hint,
        required=required,
        relevant=relevant,
        appearance="multiline",
    )
