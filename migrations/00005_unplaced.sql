-- +goose Up
-- Boards whose conversations are being placed anew, some thousand at a time. Those after after_id have yet to be.
CREATE TABLE unplaced (
    board_id INTEGER NOT NULL PRIMARY KEY REFERENCES boards (id) ON DELETE CASCADE,
    account_id INTEGER NOT NULL,
    after_id INTEGER NOT NULL,
    source TEXT NOT NULL                -- why: import, reconcile
) STRICT;
CREATE INDEX unplaced_account ON unplaced (account_id, board_id);
