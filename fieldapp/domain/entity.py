"""An entity is what lives on between records: household 가구, site 시설, improvement 개선사항.

Its state and its official number are properties like any other (`state`, `no`), so that effects
carry them and conflicts name them (formats F4, F9, F10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldapp.domain.operation import PatchLine
from fieldapp.domain.record import RevisionHeader
from fieldapp.domain.scalars import AnswerText, Name, Uuid
from fieldapp.domain.shapes import Shape

#: The property names that mean something to the core.
STATE = "state"
NUMBER = "no"
#: The label's name in patches and effects; ODK keeps it free of properties.
LABEL = "label"
MERGED_INTO = "@merged_into"
#: The path of a share given or taken back, its value the view and the scope: `card 햇살동` (F8).
SHARE = "@share"
#: Where an entity is at home, as the history names it; a move says so itself (F8).
HOME = "@home"
#: The state of an entity whose repeat was taken out of the form that made it (F4).
SOURCE_DELETED = "원본 삭제"


class EntityDoc(Shape, frozen=True, kw_only=True):
    """The document of an entity as push and pull carry it (F10). Empty properties have no key."""

    label: AnswerText
    props: dict[Name, AnswerText]
    merged_into: Uuid | None = None
    history: tuple[RevisionHeader, ...] = ()

    @property
    def state(self) -> str | None:
        """The state that workflow rows about its list speak of; None for a list without."""
        return self.props.get(STATE)


def flat(doc: EntityDoc) -> dict[str, str]:
    """Label, properties and alias as one flat object, the way patches name them."""
    lines = {LABEL: doc.label, **doc.props}
    return lines if doc.merged_into is None else {**lines, MERGED_INTO: doc.merged_into}


def entity_doc(values: Mapping[str, str], history: Sequence[RevisionHeader] = ()) -> EntityDoc:
    """The document of such a flat object; an entity that nobody named is called by `-`."""
    return EntityDoc(
        label=values.get(LABEL, "-"),
        props={name: value for name, value in values.items() if name not in (LABEL, MERGED_INTO)},
        merged_into=values.get(MERGED_INTO),
        history=tuple(history),
    )


def patch_lines(changes: Mapping[str, tuple[str | None, str | None]]) -> tuple[PatchLine, ...]:
    """(old, new) by property as the lines of a patch, in the order of the names."""
    return tuple(
        PatchLine(path=name, old=old, new=new) for name, (old, new) in sorted(changes.items())
    )


__all__ = [
    "HOME", "LABEL", "MERGED_INTO", "NUMBER", "SHARE", "SOURCE_DELETED", "STATE", "EntityDoc",
    "entity_doc", "flat", "patch_lines",
]  # fmt: skip
