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
DIGEST = "/sync/v1/digest"
LOG = "/sync/v1/log"
#: What devices sign of it.
LOG_CHECKPOINTS = "/sync/v1/log/checkpoints"
#: Official numbers that a laptop knows, for a server that was restored.
NUMBERS = "/sync/v1/numbers"
FILES = "/files"
#: The versions offered; with `/{kind}/{id}/{version}` the bytes of one.
CATALOGUE = "/sync/v1/catalogue"
#: Before the id of a record; `?before=REV` asks for what is older than that revision.
HISTORY = "/sync/v1/history"

#: Before the list and the id of an entity: who sees it.
SIGHTS = "/sync/v1/sights"

#: A push carries at most so many operations and, unless it is a single one, so many bytes of JSON.
PUSH_MAX_OPERATIONS = 500
PUSH_MAX_BYTES = 1_048_576
#: The server refuses a request body larger than this once decompressed.
BODY_MAX_BYTES = 8_388_608
#: What a pull asks for in one page, in bytes of JSON.
PULL_BUDGET_BYTES = 1_000_000
#: A device brings at most so many lines of its access log at once (and PUSH_MAX_BYTES of them).
LOG_MAX_LINES = 500
#: And so many of its signed checkpoints.
CHECKPOINTS_MAX = 500
#: A device tells at most so many official numbers at once.
NUMBERS_MAX = 500
#: A page of a record's history carries at most so many revisions, and so many bytes of JSON.
HISTORY_MAX_REVISIONS = 50

#: Attachments (tus): the version spoken, the most of one PATCH, the most of one file, its name.
TUS_VERSION = "1.0.0"
FILE_CHUNK_BYTES = 262_144
FILE_MAX_BYTES = 20 * 1024 * 1024
FILE_NAME_PATTERN = r"[0-9a-f]{64}\.[a-z]{3,4}"

#: A greeting's command: bring what you have, and ask for nothing. Unknown ones are passed over.
COMMAND_DRAIN = "drain"

#: Commands of a hello: compare digests in this round; a restored server is being refilled, so that
#: what it does not show is not lost yet.
COMMAND_DIGEST = "send-digest"
COMMAND_REFILLING = "refilling"

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
#: The device is being returned: it may bring, and receives nothing.
CODE_REPLICA_DRAINED = "replica_drained"
#: The device is used no more.
CODE_REPLICA_REVOKED = "replica_revoked"
#: The object's id belongs to another object already.
CODE_ID_TAKEN = "id_taken"
#: Moving and sharing are not for this role.
CODE_ROLE_MISSING = "role_missing"
#: The operation's author is not the account that brings it.
CODE_NOT_THE_AUTHOR = "not_the_author"
#: The record is locked: its answers change only by 정정 요청.
CODE_LOCKED = "locked"
#: Two seats of one record are never signed by the same person.
CODE_CO_SIGNER = "co_signer"
#: The object was deleted: nothing is written to it any more, and what was is kept.
CODE_DELETED = "deleted"
#: Nobody deletes what others have worked on or name; or not without a reason.
CODE_NOT_DELETABLE = "not_deletable"
#: Somebody changed it meanwhile, and whoever deletes it has not seen that.
CODE_CHANGED_SINCE = "changed_since"
#: Taken in, but the answers had changed after the signature was given: it does not stand.
CODE_SIGNATURE_VOID = "signature_void"
#: A text that PostgreSQL cannot hold (a NUL character).
CODE_NOT_STORABLE = "not_storable"
