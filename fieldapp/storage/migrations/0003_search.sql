-- What 찾기 looks through: a line an entity of what it is known by, as written and as 초성; sort_key
-- orders it by its label (collation.py).
ALTER TABLE search RENAME TO search_before;
CREATE TABLE search (
    position INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    text TEXT NOT NULL,
    choseong TEXT NOT NULL,
    UNIQUE (list, id)
) STRICT;
INSERT INTO search (list, id, sort_key, text, choseong)
SELECT list, id, sort_key(substr(text, 1, instr(text || char(10), char(10)) - 1)), text, choseong
FROM search_before ORDER BY list, id;
DROP TABLE search_before;
-- Read in its order until enough was found: what many lines have is looked into there and then.
CREATE INDEX search_order ON search (sort_key, id, list, text, choseong);
CREATE INDEX search_list ON search (list, sort_key, id);

-- By what pieces a line is looked up (grams.py): each with the positions that have it.
CREATE VIRTUAL TABLE search_gram USING fts5 (
    grams, tokenize = 'ascii', content = '', contentless_delete = 1, detail = 'none',
    prefix = '1'
);
INSERT INTO search_gram (rowid, grams)
SELECT position, search_grams(list, text, choseong) FROM search;
