-- +goose Up
-- Until when the stage that a transition led into lasted: the time of the card's next transition, 0 while there is none,
-- -1 of conversations that are gone.
ALTER TABLE transitions ADD COLUMN left_at INTEGER NOT NULL DEFAULT 0;
UPDATE transitions SET left_at = coalesce((SELECT min(n.at) FROM transitions n
    WHERE n.board_id = transitions.board_id AND n.conversation_id = transitions.conversation_id AND n.id > transitions.id), 0);
UPDATE transitions SET left_at = -1
WHERE NOT EXISTS (SELECT 1 FROM conversations c WHERE c.account_id = transitions.account_id AND c.id = transitions.conversation_id);
CREATE INDEX transitions_stay ON transitions (board_id, to_id, left_at, at, at_known, source, conversation_id);

-- Conversations that are or were in a stage of a board, as reports count them: a derived roll-up of transitions, kept in the transaction
-- that changes a conversation or its placement. kanban/report decides what is in it.
CREATE TABLE leads (
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    came_at INTEGER NOT NULL,           -- into its first stage; when the conversation began, if that was before our time
    earlier INTEGER NOT NULL,           -- 1 when it was in a stage before our time
    visited TEXT NOT NULL,              -- JSON list of the stages it has been in, ascending
    stage_id INTEGER NOT NULL,          -- the last of them
    place INTEGER NOT NULL,             -- 0 in that stage, 1 back in the intake, 2 off the board
    entered_at INTEGER NOT NULL,        -- into that stage
    entered_known INTEGER NOT NULL,     -- 0 when that was before our time
    inbox_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    assignee_id INTEGER NOT NULL,
    value INTEGER NOT NULL,             -- deal value in thousandths
    valued INTEGER NOT NULL,            -- 1 when there is a deal value
    closes_on TEXT NOT NULL,            -- expected close, such as 2026-12-01, or empty
    lost_reason TEXT NOT NULL,
    labels TEXT NOT NULL,               -- titles in lower case, each between line feeds
    PRIMARY KEY (board_id, conversation_id),
    FOREIGN KEY (account_id, conversation_id) REFERENCES conversations (account_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX leads_came ON leads (board_id, came_at);
CREATE INDEX leads_entered ON leads (board_id, entered_at, stage_id);
CREATE INDEX leads_conversation ON leads (account_id, conversation_id);

-- What the open deals of a board promised on a day, by the month of their expected close. One row a day, month and inbox.
CREATE TABLE forecasts (
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    day TEXT NOT NULL,                  -- of UTC, such as 2026-11-23
    month TEXT NOT NULL,                -- such as 2026-12
    inbox_id INTEGER NOT NULL,
    cards INTEGER NOT NULL,
    value INTEGER NOT NULL,             -- in thousandths
    weighted INTEGER NOT NULL,          -- by the probability of each stage, in thousandths
    PRIMARY KEY (board_id, day, month, inbox_id)
) STRICT, WITHOUT ROWID;

-- What administrators want to be won in a month.
CREATE TABLE goals (
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    month TEXT NOT NULL,                -- such as 2026-12
    value INTEGER NOT NULL,             -- in thousandths
    PRIMARY KEY (board_id, month)
) STRICT, WITHOUT ROWID;

-- What administrators settle about a board's reports.
CREATE TABLE report_rules (
    board_id INTEGER NOT NULL PRIMARY KEY REFERENCES boards (id) ON DELETE CASCADE,
    hide_agents INTEGER NOT NULL        -- 1 when agents see no figures of each other
) STRICT;

-- Boards that are in use already fill their leads by placing their conversations once more.
INSERT INTO unplaced (board_id, account_id, after_id, source)
SELECT id, account_id, 0, 'import' FROM boards WHERE true
ON CONFLICT (board_id) DO NOTHING;
