-- +goose Up
-- New leads, as far as they have come: a form that is sent again goes on with what is there.
CREATE TABLE beginnings (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    by_id INTEGER NOT NULL,             -- Chatwoot user; 0 when unknown
    key TEXT NOT NULL,                  -- what the browser calls this form
    contact_id INTEGER NOT NULL,        -- 0 while not known
    conversation_id INTEGER NOT NULL,   -- 0 while not known
    begun_at INTEGER NOT NULL,          -- when the conversation was asked for; 0 before
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, by_id, key)
) STRICT, WITHOUT ROWID;
