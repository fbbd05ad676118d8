-- +goose Up
-- Every change of rules is a row: who proposed it, why, what it was seen to do, who confirmed it. in_force is 0 until it is.
ALTER TABLE rules ADD COLUMN proposed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN impact TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN confirmed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE rules ADD COLUMN resend INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rules ADD COLUMN restores BIGINT NOT NULL DEFAULT 0;
