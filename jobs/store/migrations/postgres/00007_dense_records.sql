-- +goose Up
-- A record is settled with its delivery, so its row is written once and seldom again: half-empty pages only cost.
ALTER TABLE records SET (fillfactor = 90);
