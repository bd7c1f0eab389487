-- +goose Up
-- 1 when Chatwoot's messages were asked how a card got to where it was found.
ALTER TABLE transitions ADD COLUMN sought INTEGER NOT NULL DEFAULT 0;
CREATE INDEX transitions_unsought ON transitions (account_id, conversation_id)
WHERE source = 'import' AND at_known = 0 AND sought = 0 AND from_id = 0;

-- 1 when a part of the lead's way is known from those messages only.
ALTER TABLE leads ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
