-- +goose Up
-- One deed that is done with many cards of a board, one after the other.
CREATE TABLE batches (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL,         -- whoever began it; 0 the operator
    by_id INTEGER NOT NULL,             -- Chatwoot user
    by_name TEXT NOT NULL,
    field TEXT NOT NULL,                -- stage, assignee, team, priority, status, add_label, remove_label, next_step
    value TEXT NOT NULL,                -- what it is to be
    more TEXT NOT NULL,                 -- what goes with that: a reason, a time, a day
    undoes INTEGER NOT NULL,            -- the batch that this one takes back; 0 for none
    created_at INTEGER NOT NULL,
    served_at INTEGER NOT NULL,         -- when a card of it was last begun: batches take turns
    ended_at INTEGER NOT NULL,          -- when no card of it waited any more; 0 before
    closed_at INTEGER NOT NULL          -- when its person had seen enough of it; 0 before
) STRICT;
CREATE INDEX batches_open ON batches (account_id, served_at) WHERE ended_at = 0;
CREATE INDEX batches_shown ON batches (board_id, person_id) WHERE closed_at = 0;

CREATE TABLE batch_cards (
    batch_id INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,             -- in the order in which they were chosen
    conversation_id INTEGER NOT NULL,
    value TEXT NOT NULL,                -- what it is to be with this card: of a batch that takes another one back, what it was
    more TEXT NOT NULL,
    guarded INTEGER NOT NULL CHECK (guarded IN (0, 1)),
    expected TEXT NOT NULL,             -- if guarded, what it has to be before, or somebody else has changed it
    was TEXT NOT NULL,                  -- what it was when this was begun
    was_more TEXT NOT NULL,
    begun INTEGER NOT NULL CHECK (begun IN (0, 1)),
    state TEXT NOT NULL,                -- waiting, done, same, failed, left
    reason TEXT NOT NULL,               -- why it failed
    move_id INTEGER NOT NULL,           -- the move that does it; 0 for none
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (batch_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_cards_waiting ON batch_cards (batch_id, due_at) WHERE state = 'waiting';
CREATE INDEX batch_cards_moves ON batch_cards (move_id) WHERE move_id > 0;
