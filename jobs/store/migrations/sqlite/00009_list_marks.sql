-- +goose Up
-- What an entry can be found by: hashes of its numbers and of its name, written with the entry. A mark of an entry that
-- went with its version finds nothing.
CREATE TABLE list_marks (
    stream INTEGER NOT NULL,
    mark   BIGINT NOT NULL,
    key    TEXT NOT NULL,
    since  BIGINT NOT NULL
);
CREATE INDEX list_marks_mark ON list_marks (stream, mark);
CREATE INDEX list_marks_entry ON list_marks (stream, since, key);
DROP INDEX list_entries_code;
DROP INDEX list_entries_name;
ALTER TABLE list_entries DROP COLUMN credit_code;
ALTER TABLE list_entries DROP COLUMN name;
-- Entries of before have no marks: until the next pull the lists are too old to clear anybody.
UPDATE list_versions SET started = 1 WHERE state = 'current' AND stream IN (SELECT id FROM streams WHERE name LIKE 'list%');
