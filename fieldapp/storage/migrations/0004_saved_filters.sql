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
