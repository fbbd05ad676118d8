-- +goose Up
-- What a delivery may do. The rows come from the program's own table, each time it starts.
CREATE TABLE transitions (
    from_state TEXT NOT NULL,
    cause      TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    PRIMARY KEY (from_state, to_state, cause)
) WITHOUT ROWID;

-- An attempt begins when a delivery stops waiting, and only then.
-- +goose StatementBegin
CREATE TRIGGER deliveries_moved BEFORE UPDATE OF state, attempt ON deliveries
WHEN NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state)
    OR NEW.attempt <> OLD.attempt + (OLD.state = 'waiting' AND NEW.state IN ('sending', 'unknown'))
BEGIN
    SELECT RAISE(ABORT, 'undrawn transition of a delivery');
END;
-- +goose StatementEnd
