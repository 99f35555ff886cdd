CREATE TABLE put_aside (
    op_id TEXT PRIMARY KEY,
    root TEXT NOT NULL,
    deed TEXT NOT NULL CHECK (deed IN ('again', 'dropped', 'seen')),
    at TEXT NOT NULL,
    is_unanswered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX put_aside_root ON put_aside (root);

CREATE INDEX operation_noticed ON operation (position)
WHERE op_state IN ('acked', 'settled') AND code IS NOT NULL;

CREATE TABLE waiting_row (
    scope TEXT NOT NULL,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    scope_seq INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (scope, list, id)
) STRICT, WITHOUT ROWID;
