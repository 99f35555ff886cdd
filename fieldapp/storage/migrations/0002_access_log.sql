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
