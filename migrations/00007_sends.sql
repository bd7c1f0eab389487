-- +goose Up
-- Messages on their way to Chatwoot.
CREATE TABLE sends (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL,
    by_id INTEGER NOT NULL,             -- Chatwoot user; 0 when unknown
    by_name TEXT NOT NULL,
    key TEXT NOT NULL,                  -- what the browser calls this composition
    private INTEGER NOT NULL,
    body BLOB NOT NULL,                 -- sealed: text, files, template; empty once it arrived
    state TEXT NOT NULL,                -- waiting, begun, unknown, lost, failed, done
    newest INTEGER NOT NULL,            -- the newest message of the conversation before this was sent; 0 before
    message_id INTEGER NOT NULL,        -- what it became in Chatwoot; 0 before
    reason TEXT NOT NULL,               -- why it waits or failed
    detail TEXT NOT NULL,               -- Chatwoot's own words for it
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,          -- when it was last sent; 0 before
    due_at INTEGER NOT NULL,            -- when to go on with it
    UNIQUE (account_id, by_id, key)
) STRICT;
CREATE INDEX sends_open ON sends (due_at) WHERE state IN ('waiting', 'begun', 'unknown');
CREATE INDEX sends_conversation ON sends (account_id, conversation_id, by_id);
