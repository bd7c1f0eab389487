-- +goose Up
-- Where people put a card by hand: the greatest first. Until somebody does it follows from when the conversation began: kanban.FirstRank.
ALTER TABLE placements ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
UPDATE placements SET rank = 1024 * coalesce((SELECT CAST(round(unixepoch(json_extract(c.face, '$.CreatedAt'), 'subsec') * 1000) AS INTEGER)
    FROM conversations c WHERE c.account_id = placements.account_id AND c.id = placements.conversation_id), 0);
ALTER TABLE boards ADD COLUMN sort TEXT NOT NULL DEFAULT '';                -- kanban.Sort; empty for the latest activity first

-- Filters that people kept.
CREATE TABLE views (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL,         -- whose it is; 0 for the operator
    shared INTEGER NOT NULL,            -- 1 when everybody on the board has it
    name TEXT NOT NULL,
    query TEXT NOT NULL,                -- as kanban.Filter.Query writes it
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX views_board ON views (board_id, id);

-- The view that a person's board begins with.
CREATE TABLE default_views (
    person_id INTEGER NOT NULL,
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    view_id INTEGER NOT NULL REFERENCES views (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, board_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX default_views_board ON default_views (board_id);
CREATE INDEX default_views_view ON default_views (view_id);
