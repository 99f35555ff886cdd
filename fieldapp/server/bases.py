"""Which revision an operation builds on; an operation on one that the server lacks waits (F3)."""

from __future__ import annotations

from fieldapp.domain.operation import Base, ObjectRef, ReceiptStatus
from fieldapp.server.scopes import was_visible
from fieldapp.server.standing import EntityStanding, Refused, Standing, View
from fieldapp.sync.protocol import CODE_BASE_NOT_VISIBLE, CODE_BASE_WAITS, CODE_UNKNOWN_OBJECT


def base_of_record(base: Base, view: View, standing: Standing | None) -> int:
    """The revision of a record that the author had seen. Raises Refused."""
    if base.op is not None:
        receipt = view.receipt_of(base.op)
        if receipt is None or receipt.rev is None or receipt.status in ("held", "rejected"):
            raise Refused("held", CODE_BASE_WAITS)
        return receipt.rev
    return _known(base, view, standing)


def base_of_entity(base: Base, of: ObjectRef, view: View, standing: EntityStanding | None) -> int:
    """The revision of an entity that the author had seen. Raises Refused.

    An own operation whose effects were refused made none: 0 then, and the old values tell what
    its author had seen.
    """
    if base.op is not None:
        receipt = view.receipt_of(base.op)
        if receipt is None or receipt.status in ("held", "rejected"):
            raise Refused("held", CODE_BASE_WAITS)
        return view.entity_rev_of(base.op, of) or 0
    rev = _known(base, view, standing)
    if not was_visible(view.sights(of), view.scopes, rev):
        raise Refused("rejected", CODE_BASE_NOT_VISIBLE)
    return rev


def unknown_object(view: View) -> Refused:
    """What is said of an object that is not here, or not for this account to see.

    After a restore it may be one that the backup lacked: then it waits for whoever made it (I2).
    """
    return Refused("held" if view.is_refilling else "rejected", CODE_UNKNOWN_OBJECT)


def _known(base: Base, view: View, standing: Standing | EntityStanding | None) -> int:
    """The revision that was seen, of an object that is here."""
    if standing is None or base.rev is None:
        raise unknown_object(view)
    if not 1 <= base.rev <= standing.rev:
        # A revision this server does not have: it was restored from a backup. Whoever made that
        # revision will bring it again; once everybody has been back, nobody will.
        status: ReceiptStatus = "held" if view.is_refilling else "rejected"
        raise Refused(status, CODE_BASE_NOT_VISIBLE, rev=standing.rev)
    return base.rev
