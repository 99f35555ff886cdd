CREATE TABLE held_row (
    scope TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('put', 'conflict')),
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    hash TEXT NOT NULL,
    is_raw INTEGER NOT NULL,
    reading INTEGER NOT NULL,
    PRIMARY KEY (scope, change, list, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_row_object ON held_row (list, id, change, scope);

CREATE TABLE reading (
    scope TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    is_open INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO held_row
SELECT scope, 'put', '', id, rev, coalesce(hash, ''), 0, 0 FROM record WHERE server_doc IS NOT NULL;
INSERT INTO held_row
SELECT scope, 'put', list, id, rev, coalesce(hash, ''), 0, 0 FROM entity
WHERE server_doc IS NOT NULL;

CREATE INDEX operation_settled ON operation (acked_at) WHERE op_state = 'settled';
