-- +goose Up
-- A new conversation of a contact enters the stage that the one before it is in, on boards that wish it.
ALTER TABLE boards ADD COLUMN carry_stage INTEGER NOT NULL DEFAULT 0 CHECK (carry_stage IN (0, 1));
-- The conversation whose stage a move carries on; 0 for all other moves.
ALTER TABLE moves ADD COLUMN carries INTEGER NOT NULL DEFAULT 0;
