-- +goose Up
-- Conversations that Chatwoot said it no longer has. News of one may still be on its way and must not bring it back.
CREATE TABLE forgotten (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_at ON forgotten (account_id, at);
