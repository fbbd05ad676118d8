-- +goose Up
-- An epoch begins when the store may have forgotten what it did: it was restored, copied, rolled back, or silent too long.
-- name begins the numbers of the deliveries formed in it; until is from when absence on the far side may count.
CREATE TABLE epochs (
    number      BIGINT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    cause       TEXT NOT NULL,
    began       BIGINT NOT NULL,
    until       BIGINT NOT NULL,
    last_beat   BIGINT NOT NULL
);
INSERT INTO epochs (number, name, cause, began, until, last_beat)
    SELECT 0, value, 'epoch.new', 0, 0, 0 FROM meta WHERE name = 'instance';

-- One row: the last sign of life, and where the store lives.
CREATE TABLE life (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    beat  BIGINT NOT NULL,
    beats BIGINT NOT NULL,
    place TEXT NOT NULL
);
INSERT INTO life (id, beat, beats, place) VALUES (1, 0, 0, '');

-- doubt is 0, or the first read that ends the doubt when it was whole and is completed.
ALTER TABLE streams ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE streams ADD COLUMN doubt BIGINT NOT NULL DEFAULT 0;
-- assured is the epoch in which nothing of the record can have been sent without our knowing.
ALTER TABLE exceptions ADD COLUMN assured BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN doubt BOOLEAN NOT NULL DEFAULT FALSE;
-- claims counts what was handed out; blocked is why nothing is, "" if nothing stands against it.
ALTER TABLE channels ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN claims BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN blocked TEXT NOT NULL DEFAULT '';
