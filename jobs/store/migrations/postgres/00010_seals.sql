-- +goose Up
-- Sealed blocks of the log, and the hashes of the tree over them.
CREATE TABLE seals (
    number     BIGINT PRIMARY KEY,
    first_id   BIGINT NOT NULL,
    last_id    BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    from_at    BIGINT NOT NULL,
    to_at      BIGINT NOT NULL,
    sealed_at  BIGINT NOT NULL,
    root       TEXT NOT NULL
);
CREATE TABLE seal_hashes (place BIGINT PRIMARY KEY, hash TEXT NOT NULL);
