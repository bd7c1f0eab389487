-- +goose Up
-- AUTOINCREMENT: history, pages and links refer to ids of rows that are gone, so none is given twice.
-- Times are integer milliseconds UTC, 0 when unset, unless a comment says otherwise. Text from Chatwoot is foreign and bounded by the client.

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    base_url TEXT NOT NULL,
    chatwoot_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    version TEXT NOT NULL,              -- of Chatwoot, such as 4.14.2
    token BLOB NOT NULL,                -- encrypted; an administrator's
    owner_id INTEGER NOT NULL,          -- whose token it is
    owner_name TEXT NOT NULL,
    allow_private INTEGER NOT NULL,     -- the operator vouched for the address
    webhook_id INTEGER NOT NULL,        -- Chatwoot's; 0 when none is registered
    webhook_url BLOB NOT NULL,          -- encrypted, because the key is part of it
    webhook_key BLOB NOT NULL,          -- encrypted
    webhook_secret BLOB NOT NULL,       -- encrypted; of an empty text below Chatwoot 4.12
    webhook_at INTEGER NOT NULL,        -- last authentic delivery
    deal TEXT NOT NULL,                 -- JSON of kanban.DealKeys
    import TEXT NOT NULL,               -- JSON of kanban.ImportState
    sync TEXT NOT NULL,                 -- JSON of kanban.SyncState
    created_at INTEGER NOT NULL,
    UNIQUE (base_url, chatwoot_id)
) STRICT;

CREATE TABLE labels (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    title TEXT NOT NULL,
    color TEXT NOT NULL,
    description TEXT NOT NULL,
    former TEXT NOT NULL,               -- JSON list of earlier titles
    gone INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inboxes (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    gone INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    avatar_url TEXT NOT NULL,
    role TEXT NOT NULL,
    gone INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE teams (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    gone INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attributes (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    choices TEXT NOT NULL,              -- JSON list
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,                -- Chatwoot's display id
    version INTEGER NOT NULL,           -- Chatwoot's updated_at in microseconds
    by_read INTEGER NOT NULL,           -- 1 when what is stored came from a read of the API
    seen_at INTEGER NOT NULL,           -- when a read last confirmed that it exists
    learned_at INTEGER NOT NULL,        -- when what is stored was asked for or received
    inbox_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    assignee_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    face TEXT NOT NULL,                 -- JSON of kanban.Conversation: what a card shows
    PRIMARY KEY (account_id, id)
) STRICT;
CREATE INDEX conversations_seen ON conversations (account_id, seen_at);
CREATE INDEX conversations_contact ON conversations (account_id, contact_id);
CREATE INDEX conversations_assignee ON conversations (account_id, assignee_id);
CREATE INDEX conversations_team ON conversations (account_id, team_id);

CREATE TABLE boards (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,             -- ISO 4217
    scope TEXT NOT NULL,                -- JSON of kanban.Scope
    hide_no_stage INTEGER NOT NULL,
    winner TEXT NOT NULL,
    compact INTEGER NOT NULL,
    version INTEGER NOT NULL            -- moves with each change to settings or stages
) STRICT;
CREATE INDEX boards_account ON boards (account_id, position);

CREATE TABLE stages (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label_id INTEGER NOT NULL,          -- of the board's account; titles come from labels
    title TEXT NOT NULL,                -- as last seen, for a label that is gone
    name TEXT NOT NULL,
    kind TEXT NOT NULL,                 -- open, won, lost
    color TEXT NOT NULL,                -- empty: the label's
    wip INTEGER NOT NULL,
    rotting_days INTEGER NOT NULL,
    probability INTEGER NOT NULL,       -- percent
    UNIQUE (board_id, label_id)
) STRICT;

-- Where each board shows each conversation: a derived index, kept in the transaction that changes a conversation, a board or a move.
-- kanban.Board.Place decides; this table makes a column's page, count and sum one indexed read.
CREATE TABLE placements (
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    stage_id INTEGER NOT NULL,          -- where it is shown; 0 for no stage
    confirmed_id INTEGER NOT NULL,      -- what its labels say
    conflict INTEGER NOT NULL,          -- 1 with two stage labels
    inbox_id INTEGER NOT NULL,
    sort_key INTEGER NOT NULL,
    value INTEGER NOT NULL,             -- deal value in thousandths
    valued INTEGER NOT NULL,            -- 1 when there is a deal value
    entered_at INTEGER NOT NULL,        -- into the confirmed stage; 0 when before our time
    pending_id INTEGER NOT NULL,        -- the move under way; 0 for none
    refused_id INTEGER NOT NULL,        -- the refused move that nobody has acknowledged; 0 for none
    PRIMARY KEY (board_id, conversation_id),
    FOREIGN KEY (account_id, conversation_id) REFERENCES conversations (account_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX placements_page ON placements (board_id, stage_id, sort_key DESC, conversation_id DESC);
CREATE INDEX placements_total ON placements (board_id, stage_id, inbox_id, value, valued, conflict);
CREATE INDEX placements_conversation ON placements (account_id, conversation_id);

CREATE TABLE moves (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    board_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    from_id INTEGER NOT NULL,
    to_id INTEGER NOT NULL,
    by_id INTEGER NOT NULL,             -- Chatwoot user; 0 when unknown
    by_name TEXT NOT NULL,
    undoes INTEGER NOT NULL,            -- move taken back; 0 for none
    repair INTEGER NOT NULL,            -- 1 when Chatlane repeats a move lost in a race
    state TEXT NOT NULL,                -- pending, done, refused, superseded
    reason TEXT NOT NULL,               -- message key
    attempts INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    base TEXT NOT NULL,                 -- JSON list: labels as read before writing
    written TEXT NOT NULL,              -- JSON list: labels as sent
    written_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    settled_at INTEGER NOT NULL
) STRICT;
CREATE INDEX moves_pending ON moves (due_at, id) WHERE state = 'pending';
CREATE INDEX moves_conversation ON moves (account_id, conversation_id, id);
-- After its neighbour, because of two that serve a query SQLite takes the later: the few that wait, not all that ever were.
CREATE INDEX moves_waiting ON moves (account_id, conversation_id, id) WHERE state = 'pending';

CREATE TABLE transitions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    board_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    from_id INTEGER NOT NULL,
    to_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    at_known INTEGER NOT NULL,          -- 0 when the time is only a bound
    source TEXT NOT NULL,               -- move, webhook, reconcile, import
    by_id INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    move_id INTEGER NOT NULL
) STRICT;
CREATE INDEX transitions_card ON transitions (board_id, conversation_id, at);
CREATE INDEX transitions_time ON transitions (board_id, at);

CREATE TABLE deliveries (
    id INTEGER NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL,
    key BLOB NOT NULL,                  -- tells a replay: the signature, or the hash of an unsigned body
    body BLOB NOT NULL,                 -- JSON, secrets blanked; empty once consumed
    received_at INTEGER NOT NULL,
    consumed INTEGER NOT NULL,
    UNIQUE (account_id, key)
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries (account_id, id) WHERE consumed = 0;
CREATE INDEX deliveries_consumed ON deliveries (received_at) WHERE consumed = 1;

CREATE TABLE sessions (
    token BLOB NOT NULL PRIMARY KEY,    -- hash of what the browser holds
    data BLOB NOT NULL,                 -- encrypted
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_expiry ON sessions (expires_at);
