-- The tables as they stand today. A store is never made from this file but by the migrations; a
-- test sees to it that both come to the same. The projection's tables (answer_<form>) are not
-- here: answers.py makes them from what each pack names.

-- One value a row; typed by meta.py.
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each scope was pulled. Opaque; stored in the transaction that stores the rows.
CREATE TABLE cursor (
    scope TEXT PRIMARY KEY,
    token TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A filled form. server_doc is what the server sent last; local_doc is that with one's own
-- operations laid over it, NULL while there are none. rev 0: the server has sent none yet, and
-- revisions of another epoch do not compare.
CREATE TABLE record (
    id TEXT PRIMARY KEY,
    form_id TEXT NOT NULL,
    form_version TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_list TEXT,
    subject_id TEXT,
    scope TEXT NOT NULL,
    state TEXT NOT NULL,
    rev INTEGER NOT NULL DEFAULT 0,
    epoch TEXT,
    hash TEXT,
    server_doc TEXT,
    local_doc TEXT,
    author TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    -- The same instant as a number, since texts of different offsets do not sort.
    updated_ms INTEGER NOT NULL,
    -- As shown here, one's own operations included; then as the server has it.
    deleted INTEGER NOT NULL DEFAULT 0,
    server_deleted INTEGER NOT NULL DEFAULT 0,
    -- The server took it off this replica; it goes when nothing here still waits on it.
    evicted INTEGER NOT NULL DEFAULT 0,
    -- Its answers changed and the projection does not show it yet.
    is_due INTEGER NOT NULL DEFAULT 0,
    CHECK (server_doc IS NOT NULL OR local_doc IS NOT NULL)
) STRICT;
CREATE INDEX record_newest ON record (updated_ms DESC, id DESC) WHERE deleted = 0;
CREATE INDEX record_form ON record (form_id, updated_ms DESC) WHERE deleted = 0;
CREATE INDEX record_subject ON record (subject_list, subject_id) WHERE subject_id IS NOT NULL;
-- Asked after every page and every batch of receipts.
CREATE INDEX record_evicted ON record (id) WHERE evicted = 1;
CREATE INDEX record_due ON record (form_id) WHERE is_due = 1;

-- What lives on between records: a household, a site, an improvement. Documents as in `record`.
CREATE TABLE entity (
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    scope TEXT NOT NULL,
    -- The entity that this one turned out to be; never followed in circles.
    merged_into TEXT,
    rev INTEGER NOT NULL DEFAULT 0,
    epoch TEXT,
    hash TEXT,
    server_doc TEXT,
    local_doc TEXT,
    -- The Korean day of its first revision, or of the operation that made it here.
    created_on TEXT NOT NULL,
    updated TEXT NOT NULL,
    updated_ms INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    server_deleted INTEGER NOT NULL DEFAULT 0,
    evicted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (list, id),
    CHECK (server_doc IS NOT NULL OR local_doc IS NOT NULL)
) STRICT;
-- Lists are read in its order, and counted from it without touching a document.
CREATE INDEX entity_label ON entity (list, label, id, deleted, merged_into, scope, created_on);
CREATE INDEX entity_merged ON entity (list, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX entity_evicted ON entity (list, id) WHERE evicted = 1;

-- The properties of an entity as shown here, by which forms, lists and tables find and count it.
-- Of a long text its beginning alone.
CREATE TABLE entity_value (
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (list, name, value, id)
) STRICT, WITHOUT ROWID;

-- Own operations: outbox, audit and undo. doc leaves out replica and seq, which a restore or an
-- enrolment may renumber; position is the order in which they were made, for ever.
CREATE TABLE operation (
    position INTEGER PRIMARY KEY,
    replica TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    op_id TEXT NOT NULL UNIQUE,
    object_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    base_op TEXT,
    doc TEXT NOT NULL,
    op_state TEXT NOT NULL CHECK (op_state IN ('new', 'sent', 'acked', 'settled', 'quarantined')),
    status TEXT,
    code TEXT,
    -- The revision that includes it, once the server named one.
    rev INTEGER,
    sent_at TEXT,
    acked_at TEXT,
    -- The state of a record whose signatures it voided, until the server says so.
    unsigned_state TEXT,
    UNIQUE (replica, incarnation, seq)
) STRICT;
CREATE INDEX operation_object ON operation (object_id, position);
CREATE INDEX operation_open ON operation (position) WHERE op_state IN ('new', 'sent', 'quarantined');
-- SQLite takes a partial index only for a condition written as its own.
CREATE INDEX operation_pending ON operation (position) WHERE op_state IN ('new', 'sent');
CREATE INDEX operation_refused ON operation (op_id) WHERE op_state = 'quarantined';
CREATE INDEX operation_acked ON operation (position) WHERE op_state = 'acked';
CREATE INDEX operation_settled ON operation (acked_at) WHERE op_state = 'settled';
CREATE INDEX operation_base ON operation (base_op) WHERE base_op IS NOT NULL;

-- Which entities an own operation changes: its object, or by the effects in a record's. rev: the
-- revision of the entity that includes it, once known; 0 for one that the server left out.
CREATE TABLE operation_entity (
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    rev INTEGER,
    PRIMARY KEY (list, id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_entity_position ON operation_entity (position);

-- What is being typed, keyed by the record it is or will be.
CREATE TABLE draft (
    record_id TEXT PRIMARY KEY,
    form_id TEXT NOT NULL,
    form_version TEXT NOT NULL,
    is_amendment INTEGER NOT NULL,
    base TEXT,
    seen TEXT NOT NULL,
    answers TEXT NOT NULL,
    cursor_path TEXT,
    updated TEXT NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Headers of a record's revisions, kept longer than the twenty a document carries.
CREATE TABLE revision (
    record_id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (record_id, rev)
) STRICT, WITHOUT ROWID;

-- The answers of a record as somebody but its author saw them when taking a step here.
CREATE TABLE reviewed (
    record_id TEXT PRIMARY KEY,
    answers TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Records whose text was copied into another system from this laptop (옮김).
CREATE TABLE copied (
    record_id TEXT PRIMARY KEY,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the second, blind keying of a paper sheet gave (종이 입력).
CREATE TABLE keyed (
    record_id TEXT PRIMARY KEY,
    answers TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- doc is the server's word; the local decision stands until the server confirms or refuses it.
CREATE TABLE conflict (
    id TEXT PRIMARY KEY,
    object_type TEXT NOT NULL CHECK (object_type IN ('record', 'entity')),
    -- NULL for a record.
    list TEXT,
    object_id TEXT NOT NULL,
    doc TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    decided_by TEXT,
    decided_at TEXT,
    reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX conflict_object ON conflict (object_id);
CREATE INDEX conflict_open ON conflict (id) WHERE is_open = 1;

-- Installed form versions, as packs wrote them. A version is immutable.
CREATE TABLE pack (
    form_id TEXT NOT NULL,
    form_version TEXT NOT NULL,
    content BLOB NOT NULL,
    content_sha256 TEXT NOT NULL,
    workbook_sha256 TEXT NOT NULL,
    PRIMARY KEY (form_id, form_version)
) STRICT;

-- The tables that show answers: a form's own (empty repeat_path) and one for each repeat that
-- something names, by its generic path.
CREATE TABLE projected_table (
    form_id TEXT NOT NULL,
    repeat_path TEXT NOT NULL,
    table_name TEXT NOT NULL UNIQUE,
    PRIMARY KEY (form_id, repeat_path)
) STRICT, WITHOUT ROWID;

-- Which column of them shows an answer. A path whose type a later version changes has two.
CREATE TABLE projected_column (
    form_id TEXT NOT NULL,
    repeat_path TEXT NOT NULL,
    path TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('text', 'integer', 'decimal', 'date')),
    column_name TEXT NOT NULL,
    PRIMARY KEY (form_id, repeat_path, path, type)
) STRICT, WITHOUT ROWID;

-- Pulled rows that this app cannot read yet, kept as they came.
CREATE TABLE kept_row (
    scope TEXT NOT NULL,
    scope_seq INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (scope, scope_seq)
) STRICT, WITHOUT ROWID;

-- Attachments, each an encrypted file beside the store. blob_state waiting: the server has it not.
CREATE TABLE blob (
    name TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    path TEXT NOT NULL,
    blob_state TEXT NOT NULL CHECK (blob_state IN ('waiting', 'sent', 'erased'))
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_open ON blob (blob_state) WHERE blob_state <> 'sent';

-- Whom a worker means to see on a day; nobody's business but this device's.
CREATE TABLE plan (
    day TEXT NOT NULL,
    list TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (day, list, entity_id)
) STRICT, WITHOUT ROWID;

-- 접속기록 (고시 제8조): who did what to whom, when and on which device. Each row carries the hash of
-- the one before it. Ids only: no name, no number of a person, no typed text.
CREATE TABLE access_log (
    log_seq INTEGER PRIMARY KEY,
    -- Korean time, always +09:00, so that texts sort.
    at TEXT NOT NULL CHECK (at LIKE '____-__-__T__:__:__+09:00'),
    user TEXT NOT NULL,
    device TEXT NOT NULL,
    deed TEXT NOT NULL CHECK (deed IN ('view', 'search', 'create', 'change', 'delete', 'print',
        'export', 'unmask', 'login', 'logout', 'failure', 'restore', 'backup', 'key')),
    subjects TEXT NOT NULL,
    object_id TEXT NOT NULL,
    form_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX access_log_at ON access_log (at);

-- The hash that stood last at a moment, signed by this device.
CREATE TABLE log_checkpoint (
    log_seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    public_key TEXT NOT NULL
) STRICT;

-- Rows are added at the end and never changed: the app itself has no way to do otherwise. The guards
-- of INSERT also stop INSERT OR REPLACE, for which no trigger of DELETE runs.
CREATE TRIGGER access_log_appended BEFORE INSERT ON access_log
WHEN NEW.log_seq IS NOT (SELECT 1 + coalesce(max(log_seq), 0) FROM access_log)
BEGIN
    SELECT RAISE(ABORT, 'the access log is appended to');
END;
CREATE TRIGGER access_log_unchanged BEFORE UPDATE ON access_log
BEGIN
    SELECT RAISE(ABORT, 'the access log does not change');
END;
CREATE TRIGGER access_log_kept BEFORE DELETE ON access_log
BEGIN
    SELECT RAISE(ABORT, 'the access log is kept');
END;
CREATE TRIGGER log_checkpoint_appended BEFORE INSERT ON log_checkpoint
WHEN NEW.log_seq <= (SELECT max(log_seq) FROM log_checkpoint)
BEGIN
    SELECT RAISE(ABORT, 'checkpoints are appended to');
END;
CREATE TRIGGER log_checkpoint_unchanged BEFORE UPDATE ON log_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint does not change');
END;
CREATE TRIGGER log_checkpoint_kept BEFORE DELETE ON log_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'a checkpoint is kept');
END;

-- What 찾기 looks through: a line an entity of what it is known by, as written and as 초성; sort_key
-- orders it by its label (collation.py).
CREATE TABLE search (
    position INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    text TEXT NOT NULL,
    choseong TEXT NOT NULL,
    UNIQUE (list, id)
) STRICT;
-- Read in its order until enough was found: what many lines have is looked into there and then.
CREATE INDEX search_order ON search (sort_key, id, list, text, choseong);
CREATE INDEX search_list ON search (list, sort_key, id);

-- By what pieces a line is looked up (grams.py): each with the positions that have it.
CREATE VIRTUAL TABLE search_gram USING fts5 (
    grams, tokenize = 'ascii', content = '', contentless_delete = 1, detail = 'none',
    prefix = '1'
);

-- What a worker looks for again and again, under a name of their own; this laptop's alone.
CREATE TABLE saved_filter (
    screen TEXT NOT NULL,
    name TEXT NOT NULL,
    chosen TEXT NOT NULL,
    PRIMARY KEY (screen, name)
) STRICT, WITHOUT ROWID;

-- The search that is being typed, and whom it has shown so far: kept before it is shown, until the
-- next entry of the access log makes one entry of it (open_search.py).
CREATE TABLE open_search (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at TEXT NOT NULL,
    user TEXT NOT NULL,
    fields TEXT NOT NULL,
    text TEXT NOT NULL,
    texts INTEGER NOT NULL
) STRICT;
CREATE TABLE open_search_shown (
    position INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    UNIQUE (list, id)
) STRICT;

-- What each scope brought here: an object (list '' for a record), or a conflict by its own id, with
-- revision and hash as they came (of a conflict: 1 once decided). is_raw: this app cannot read it
-- yet. reading: which reading of the scope from its beginning brought it last.
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

-- How often a scope was read from its beginning; open until what it did not bring again has gone.
CREATE TABLE reading (
    scope TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    is_open INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a worker decided about an own operation that the server refused (again: what it said was
-- taken up anew; dropped: given up), or that they have seen what of it was not taken in (seen).
-- root: the refused operation on which it was built, or itself. is_unanswered: the server gave it
-- no final word, so that its number leaves a hole.
CREATE TABLE put_aside (
    op_id TEXT PRIMARY KEY,
    root TEXT NOT NULL,
    deed TEXT NOT NULL CHECK (deed IN ('again', 'dropped', 'seen')),
    at TEXT NOT NULL,
    is_unanswered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX put_aside_root ON put_aside (root);
-- Taken in, but not all of it.
CREATE INDEX operation_noticed ON operation (position)
WHERE op_state IN ('acked', 'settled') AND code IS NOT NULL;

-- Pulled rows that take something off this device, where they were many, until somebody agreed.
-- list: '' for a record.
CREATE TABLE waiting_row (
    scope TEXT NOT NULL,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    scope_seq INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (scope, list, id)
) STRICT, WITHOUT ROWID;

-- Reference data (참고 목록) that forms look things up in: the newest version of each list, its rows
-- in the order of the table, and by which texts a row is found (their first characters).
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

-- What has come so far of a programme or list, by the hash of the whole: a line that breaks costs a
-- piece and not the whole.
CREATE TABLE arriving (
    sha256 TEXT NOT NULL,
    at_byte INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (sha256, at_byte)
) STRICT, WITHOUT ROWID;

-- Which versions are written on: asked after every round.
CREATE INDEX record_version ON record (form_id, form_version);
