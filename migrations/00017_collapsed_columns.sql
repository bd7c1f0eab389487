-- +goose Up
-- The columns of a board that a person has made narrow.
CREATE TABLE collapsed_columns (
    person_id INTEGER NOT NULL,         -- 0 for the operator
    board_id INTEGER NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    stage_id INTEGER NOT NULL,          -- 0 for No stage
    PRIMARY KEY (person_id, board_id, stage_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX collapsed_columns_board ON collapsed_columns (board_id);
