"""접속기록 (고시 제8조): who did what to whom, when and on which device, as a chain of hashes.

Ids only: no name, no number of a person, no typed text. Whoever changes, removes or inserts an
entry breaks the chain at that place; whoever writes it anew from there on breaks the signed
checkpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from fieldapp.domain.canonical import canonical_hash, canonical_json
from fieldapp.domain.ids import ReplicaId, UserId

#: 수행업무. failure: a login that failed; unmask: names read that are otherwise masked; print: a
#: page as it goes to paper (PDF); export: a file that can be worked on; restore: of a backup;
#: backup: one made by hand or in another place; key: a password, a keyring or the data key changed.
Deed = Literal[
    "view", "search", "create", "change", "delete", "print", "export", "unmask",
    "login", "logout", "failure", "restore", "backup", "key",
]  # fmt: skip
DEEDS: tuple[Deed, ...] = get_args(Deed)

#: Before the first entry.
CHAIN_BEGINS = "0" * 64


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One deed.

    log_seq: from 1, no holes; at: an instant's text, Korean time; user: 식별자; device: 접속지, the
    replica's id; subjects: 처리한 정보주체, as (list, id); object_id: the record, "" for none;
    detail: small facts about nobody (counts, purpose, kind of file, fields searched, the keyed hash
    of what was typed).
    """

    log_seq: int
    at: str
    user: UserId
    device: ReplicaId
    deed: Deed
    subjects: tuple[tuple[str, str], ...] = ()
    object_id: str = ""
    form_id: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)


def entry_hash(previous: str, entry: LogEntry) -> str:
    """sha256 of the canonical JSON of the hash before it and the entry, 64 hex digits."""
    return canonical_hash({"previous": previous, "entry": _plain(entry)})


def checkpoint_message(log_seq: int, at: str, hash_: str, device: str) -> bytes:
    """What a device signs: up to `log_seq` the chain stood at this hash."""
    return canonical_json(
        {"fieldapp": "access-log checkpoint v1", "log_seq": log_seq, "at": at, "hash": hash_}
        | {"device": device}
    )


def _plain(entry: LogEntry) -> dict[str, Any]:
    return {
        "log_seq": entry.log_seq,
        "at": entry.at,
        "user": entry.user,
        "device": entry.device,
        "deed": entry.deed,
        "subjects": [list(subject) for subject in entry.subjects],
        "object": entry.object_id,
        "form": entry.form_id,
        "detail": dict(entry.detail),
    }
