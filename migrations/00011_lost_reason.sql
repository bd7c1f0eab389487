-- +goose Up
-- Why a deal was lost, on its way to Chatwoot together with the move that loses it.
ALTER TABLE moves ADD COLUMN lost_reason TEXT NOT NULL DEFAULT '';
