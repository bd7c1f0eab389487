-- +goose Up
-- Whoever signed in with their own Chatwoot. A person of two servers is two.
CREATE TABLE people (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    base_url TEXT NOT NULL,
    user_id INTEGER NOT NULL,           -- Chatwoot's
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    avatar_url TEXT NOT NULL,
    token BLOB NOT NULL,                -- encrypted; of an empty text when they have to sign in again
    epoch INTEGER NOT NULL,             -- sessions of an earlier one are over
    seen_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (base_url, user_id)
) STRICT;

-- What a person is in an account, as Chatwoot last said with the person's own token.
CREATE TABLE seats (
    person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    role TEXT NOT NULL,                 -- empty: no member any more
    inboxes TEXT NOT NULL,              -- JSON list
    teams TEXT NOT NULL,                -- JSON list
    narrow INTEGER NOT NULL,            -- 1 with a custom role that sees less than its inboxes
    only_ids TEXT NOT NULL,             -- JSON list of the conversations that such a role may see
    checked_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, account_id)
) STRICT, WITHOUT ROWID;
