"""Signatures of a record (formats F6): who may give one, which ones stand, what voids them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.domain.operation import Operation, PatchLine
from fieldapp.domain.plans import Workflow
from fieldapp.domain.record import Signature
from fieldapp.domain.shapes import decode
from fieldapp.domain.workflow import (
    seats_to_sign,
    signed_hash,
    standing_signatures,
    state_without_signatures,
    with_signatures,
)
from fieldapp.errors import MalformedMessage
from fieldapp.server.sessions import Account
from fieldapp.server.standing import Refused
from fieldapp.sync.protocol import (
    CODE_CO_SIGNER,
    CODE_NOT_THE_AUTHOR,
    CODE_UNSUPPORTED,
)

SIGNED = "@signed/"


@dataclass(frozen=True, slots=True)
class Signed:
    """The signatures that stand after an operation.

    is_voided: one that stood before it does no longer; is_late: one that came with it was given to
    answers that are no longer these.
    """

    signatures: tuple[Signature, ...]
    is_voided: bool
    is_late: bool


def is_signature(line: PatchLine) -> bool:
    """Whether a line signs for a seat or takes a signature back."""
    return line.path.startswith(SIGNED)


def signed(
    operation: Operation,
    account: Account,
    workflow: Workflow,
    *,
    given: Sequence[Signature],
    answers: Mapping[str, str],
) -> Signed:
    """Void what the answers no longer bear out, then take what the operation signs.

    given: the signatures that stood before it; answers: as it leaves them. Raises Refused.
    """
    standing = standing_signatures(given, answers) if given else ()
    by_seat = {one.part: one for one in standing}
    is_voided = len(by_seat) < len(given)
    is_late = False
    for line in filter(is_signature, operation.patch):
        seat = line.path.removeprefix(SIGNED)
        if seat not in seats_to_sign(workflow):
            raise Refused("rejected", CODE_UNSUPPORTED)
        if line.new is None:
            is_voided = _withdrawn(by_seat, seat, account) or is_voided
            continue
        signature = _checked(line.new, seat, account, by_seat)
        if signature.hash == signed_hash(answers):
            by_seat[seat] = signature
        else:
            is_late = True
    return Signed(tuple(by_seat.values()), is_voided, is_late)


def state_after(workflow: Workflow, state: str, signed_: Signed) -> str:
    """Where a record stands with these signatures: before signing, when one of them is void."""
    return state_without_signatures(workflow, state) if signed_.is_voided else state


def asked_of(answers: Mapping[str, str], signatures: Sequence[Signature]) -> Mapping[str, str]:
    """What guards ask: the answers, and who signed them. Few records are signed: no hash then."""
    return with_signatures(answers, signatures) if signatures else answers


def _withdrawn(by_seat: dict[str, Signature], seat: str, account: Account) -> bool:
    """Whether there was a signature to take back. Raises Refused for another person's."""
    signature = by_seat.get(seat)
    if signature is None:
        return False
    if signature.by not in _names(account):
        raise Refused("rejected", CODE_NOT_THE_AUTHOR)
    del by_seat[seat]
    return True


def _checked(text: str, seat: str, account: Account, by_seat: Mapping[str, Signature]) -> Signature:
    """A signature that its signer may give for the seat. Raises Refused."""
    try:
        signature = decode(Signature, text)
    except MalformedMessage as error:
        raise Refused("rejected", CODE_UNSUPPORTED) from error
    if signature.part != seat:
        raise Refused("rejected", CODE_UNSUPPORTED)
    is_own = signature.by in _names(account)
    if not is_own and not signature.same_device:
        raise Refused("rejected", CODE_NOT_THE_AUTHOR)
    signers = {one.by for other, one in by_seat.items() if other != seat}
    # On one screen the second person signs: never the one who is signed in there.
    is_twice = bool(signers & (_names(account) if is_own else {signature.by}))
    if is_twice or (is_own and signature.same_device):
        raise Refused("rejected", CODE_CO_SIGNER)
    return signature


def _names(account: Account) -> frozenset[str]:
    """What the signed-in person is called by in operations."""
    return frozenset({account.id, account.name})
