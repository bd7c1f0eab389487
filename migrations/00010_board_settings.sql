-- +goose Up
-- What administrators settle about a board beyond its stages and its scope.
ALTER TABLE boards ADD COLUMN lost_reasons TEXT NOT NULL DEFAULT '[]';      -- JSON list: the reasons to choose from, in their order
ALTER TABLE boards ADD COLUMN reason_required INTEGER NOT NULL DEFAULT 0;   -- 1 when no card is lost without a reason
ALTER TABLE boards ADD COLUMN archived_at INTEGER NOT NULL DEFAULT 0;       -- 0 while the board is in use
ALTER TABLE boards ADD COLUMN audience TEXT NOT NULL DEFAULT '{}';          -- JSON of kanban.Audience
ALTER TABLE boards ADD COLUMN hidden_fields TEXT NOT NULL DEFAULT '[]';     -- JSON list of kanban.CardField: what cards leave out
ALTER TABLE stages ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;            -- 1 for a stage without a column
ALTER TABLE stages ADD COLUMN leaving TEXT NOT NULL DEFAULT '';             -- JSON of kanban.Leaving while the stage's cards are moved out of it
ALTER TABLE stages ADD COLUMN removed_at INTEGER NOT NULL DEFAULT 0;        -- 0 while the board has the stage; history still names it

-- The boards that a person put first.
CREATE TABLE favourites (
    person_id INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, board_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX favourites_board ON favourites (board_id);
