"""What both sides speak, and its version. The messages themselves are `domain.exchange` (F10)."""

from __future__ import annotations

PROTOCOL_MIN = 1
PROTOCOL_MAX = 1

#: Request header: the protocol version this side speaks.
PROTOCOL_HEADER = "Sync-Protocol"
#: Request header: the replica that asks (hello, push, pull).
REPLICA_HEADER = "X-Replica"

SIGN_IN = "/auth/sign-in"
REFRESH = "/auth/refresh"
ENROLL = "/enroll"
HELLO = "/sync/v1/hello"
PUSH = "/sync/v1/push"
PULL = "/sync/v1/pull"

#: A push carries at most so many operations and, unless it is a single one, so many bytes of JSON.
PUSH_MAX_OPERATIONS = 500
PUSH_MAX_BYTES = 1_048_576
#: The server refuses a request body larger than this once decompressed.
BODY_MAX_BYTES = 8_388_608
#: What a pull asks for in one page, in bytes of JSON.
PULL_BUDGET_BYTES = 1_000_000

#: Receipt codes of `held` and `rejected`, and error codes of refused requests.
CODE_UNKNOWN_FORM = "unknown_form"
CODE_UNKNOWN_OBJECT = "unknown_object"
CODE_NOT_A_MEMBER = "not_a_member"
CODE_BASE_WAITS = "base_waits"
CODE_BASE_NOT_VISIBLE = "base_not_visible"
CODE_OP_MUTATED = "op_mutated"
CODE_UNSUPPORTED = "unsupported"
CODE_STEP_REFUSED = "step_refused"
CODE_REPLICA_CLONED = "replica_cloned"
#: The object's id belongs to another object already.
CODE_ID_TAKEN = "id_taken"
#: The operation's author is not the account that brings it.
CODE_NOT_THE_AUTHOR = "not_the_author"
#: The record is locked: its answers change only by 정정 요청.
CODE_LOCKED = "locked"
#: Two seats of one record are never signed by the same person.
CODE_CO_SIGNER = "co_signer"
#: Taken in, but the answers had changed after the signature was given: it does not stand.
CODE_SIGNATURE_VOID = "signature_void"
#: A text that PostgreSQL cannot hold (a NUL character).
CODE_NOT_STORABLE = "not_storable"
