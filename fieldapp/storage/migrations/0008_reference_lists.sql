CREATE TABLE reference_list (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reference_row (
    list TEXT NOT NULL,
    position INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (list, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference_value (
    list TEXT NOT NULL,
    head TEXT NOT NULL,
    value TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (list, head, value, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE arriving (
    sha256 TEXT NOT NULL,
    at_byte INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (sha256, at_byte)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_version ON record (form_id, form_version);
