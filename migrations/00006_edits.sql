-- +goose Up
-- What changed in conversations besides their stages: the deal's fields, and labels.
CREATE TABLE edits (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    field TEXT NOT NULL,                -- value, expected_close, next_step, next_step_on, lost_reason, labels
    was TEXT NOT NULL,                  -- as kanban.Edit has it
    became TEXT NOT NULL,
    at INTEGER NOT NULL,
    at_known INTEGER NOT NULL,          -- 0 when the time is only a bound
    source TEXT NOT NULL,               -- move, webhook, stream, reconcile
    by_id INTEGER NOT NULL,             -- Chatwoot user; 0 when unknown
    by_name TEXT NOT NULL,
    FOREIGN KEY (account_id, conversation_id) REFERENCES conversations (account_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX edits_conversation ON edits (account_id, conversation_id, id);
