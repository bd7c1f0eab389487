-- +goose Up
-- What an attribute's value has to look like.
ALTER TABLE attributes ADD COLUMN pattern TEXT NOT NULL DEFAULT '';
ALTER TABLE attributes ADD COLUMN cue TEXT NOT NULL DEFAULT '';
