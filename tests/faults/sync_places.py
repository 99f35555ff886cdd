"""Where laptop and server are killed in an exchange, and what each was doing then.

The general places stand at every transaction and at every request, so that a pass of them is a
place of its own; the others name what is between. `test_places.py` asks that no place in the code
is missing from the tables of the kill tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Of a laptop: each transaction of its store, each request and its answer.
ON_ANY_LAPTOP = (
    "store.before_commit",
    "store.after_commit",
    "line.before_request",
    "line.after_answer",
)
#: Of an app server: each transaction, each pair of tokens, each reply.
ON_ANY_SERVER = ("transaction.before_commit", "token.before_commit", "door.before_reply")
#: Of whoever runs the server: each command.
ON_ANY_COMMAND = ("owner.before_commit", "owner.after_commit")

IN_A_ROUND = (
    "exchange.before_push",
    "exchange.after_push_reply",
    "receipts.before_commit",
    "scopes.before_commit",
    "exchange.after_pull_reply",
    "rows.before_commit",
    "exchange.before_log",
    "exchange.after_log_reply",
    "files.after_piece",
    "files.before_note",
    "blob.before_file",
    "blob.before_row",
)
BY_A_COPY = ("incarnation.before_commit",)
ANSWERING = (
    "push.before_commit",
    "push.after_commit",
    "pull.before_reply",
    "file.before_commit",
    "file.after_commit",
    "file.before_store",
    "file.before_sync",
    "file.after_store",
)

#: Of what is no exchange: another test dies there.
ELSEWHERE = {"sweep.after_file": "tests/server/test_sweeping.py"}

Errand = Literal["round", "copied", "enrolment"]


@dataclass(frozen=True)
class Place:
    """A failpoint of one side, and the errand on which it is passed."""

    errand: Errand
    side: Literal["laptop", "server"]
    name: str
    #: The pass of it at which the short run dies; 0 when it leaves this place to the long one.
    once: int = 1

    def __str__(self) -> str:
        return f"{self.name} ({self.side}, {self.errand})"


#: Of an enrolment, what lies after the server has spent the code.
_SPENT = {"store.before_commit": 2, "line.after_answer": 2, "door.before_reply": 2}

#: Where there is a defect besides that a digest is to find; elsewhere none may have to.
SPOILT = ("pull.before_reply", "door.before_reply")

#: `make fault-test` dies at every pass of each, `make test` at one.
PLACES = (
    *(Place("round", "laptop", name) for name in (*IN_A_ROUND, *ON_ANY_LAPTOP)),
    *(Place("round", "server", name) for name in (*ANSWERING, *ON_ANY_SERVER)),
    *(Place("copied", "laptop", name) for name in BY_A_COPY),
    *(Place("enrolment", "laptop", name, _SPENT.get(name, 0)) for name in ON_ANY_LAPTOP),
    *(Place("enrolment", "server", name, _SPENT.get(name, 0)) for name in ON_ANY_SERVER),
)
