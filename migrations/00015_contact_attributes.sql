-- +goose Up
-- What contacts have besides a name: their custom attributes are defined apart from those of conversations, and may bear the same keys.
CREATE TABLE attributes_of (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    model TEXT NOT NULL CHECK (model IN ('conversation', 'contact')),
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    choices TEXT NOT NULL,              -- JSON list
    pattern TEXT NOT NULL,
    cue TEXT NOT NULL,
    PRIMARY KEY (account_id, model, key)
) STRICT, WITHOUT ROWID;
INSERT INTO attributes_of SELECT account_id, 'conversation', key, name, type, choices, pattern, cue FROM attributes;
DROP TABLE attributes;
ALTER TABLE attributes_of RENAME TO attributes;
